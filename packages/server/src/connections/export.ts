import { encodeId, type ProxyPolicy } from '@grantry/api'
import type { Secret } from '@grantry/oauth'
import { record, toRow } from '../audit/record.ts'
import type { Context } from '../context.ts'
import { insertRows } from '../db/insert-rows.ts'
import { isServed } from '../db/is-served.ts'
import { firstIdAt } from '../db/new-id.ts'
import type { ConnectionRow, TokenRequestRow } from '../db/schema.ts'
import type { Actor, Principal } from '../http/principal.ts'
import { eventOf, grantedScopes } from './store.ts'
import { tokenPlace } from './token-set.ts'

type Needs = Pick<Context, 'clock' | 'db' | 'random' | 'vault'>

export type Export = {
  principal: Pick<Principal, 'app' | 'services' | 'workspace'>
  actor: Actor
  /** UUID of the one integration whose connections are wanted. */
  integration: string | null
  /** Whom it is sealed to; for the audit log. */
  recipients: string[]
}

/** Of a page, also those without tokens: how many it has says whether it is the last. */
type Row = ConnectionRow &
  Pick<TokenRequestRow, 'access_token' | 'refresh_token'> & { client_id: string | null }

const rowsAtOnce = 200

/** Writes down that an export begins. Without that none does. */
export async function beginExport(ctx: Needs, { principal, actor, integration, recipients }: Export) {
  await record(ctx, ctx.db, {
    workspace: principal.workspace,
    type: 'connections.export_started',
    actor,
    app: principal.app,
    integration,
    data: { recipients },
  })
}

/**
 * Every living connection that there is now and that has tokens, as a line of JSON each, oldest first. Of each it is
 * written down that its tokens left before they do, and at the end how many there were.
 */
export async function* exportLines(ctx: Needs, wanted: Export): AsyncGenerator<string> {
  const { principal, actor, integration } = wanted
  // What is made from now on is not of this export, which else might never end.
  const end = firstIdAt(ctx.clock.now() + 1)
  let after = ''
  let count = 0
  for (;;) {
    const rows = await readRows(ctx, wanted, after, end)
    const left = rows.filter(({ access_token, refresh_token }) => access_token ?? refresh_token)
    await insertRows(
      ctx.db,
      'events',
      left.map((row) => toRow(ctx, { ...eventOf(row), type: 'token.exported', actor })),
    )
    for (const row of left) yield `${JSON.stringify(await present(ctx, row))}\n`
    count += left.length
    if (rows.length < rowsAtOnce) break
    after = rows.at(-1)!.id
  }
  await record(ctx, ctx.db, {
    workspace: principal.workspace,
    type: 'connections.exported',
    actor,
    app: principal.app,
    integration,
    data: { connections: count },
  })
}

/** Connection and tokens in one query, so that they are of one moment. */
function readRows(
  { db }: Needs,
  { principal, integration }: Export,
  after: string,
  end: string,
): Promise<Row[]> {
  let page = db
    .selectFrom('connections')
    .selectAll()
    .where('workspace_id', '=', principal.workspace)
    .where('status', '!=', 'revoked')
    .where('id', '<', end)
  if (after !== '') page = page.where('id', '>', after)
  if (principal.app !== null) page = page.where('app_id', '=', principal.app)
  if (principal.services !== null) page = page.where(isServed(principal.services))
  if (integration !== null) page = page.where('integration_id', '=', integration)
  // The page first: a database that does not know its sizes yet, after an import, would join the whole workspace.
  return db
    .selectFrom(page.orderBy('id').limit(rowsAtOnce).as('connection'))
    .leftJoin('integrations as integration', (join) =>
      join
        .onRef('integration.workspace_id', '=', 'connection.workspace_id')
        .onRef('integration.id', '=', 'connection.integration_id'),
    )
    .leftJoin('token_requests as request', (join) =>
      join
        .onRef('request.workspace_id', '=', 'connection.workspace_id')
        .onRef('request.id', '=', 'connection.token_request_id'),
    )
    .selectAll('connection')
    .select(['request.access_token', 'request.refresh_token', 'integration.client_id'])
    .orderBy('connection.id')
    .execute()
}

/** As `importConnections` takes it, but for ids that mean something here only, and with what is good to know beside. */
async function present(ctx: Needs, row: Row) {
  const { workspace_id, token_request_id } = row
  const open = (
    column: 'access_token' | 'refresh_token',
    sealed: Uint8Array | null,
  ): Promise<Secret> | null =>
    sealed && ctx.vault.open(tokenPlace(workspace_id, token_request_id!, column), sealed)
  const time = (ms: number | null) => (ms === null ? undefined : new Date(ms).toISOString())
  return {
    key: encodeId('con', row.id),
    integration: encodeId('int', row.integration_id),
    provider: row.provider,
    client_id: row.client_id,
    end_user:
      row.end_user_id === null
        ? undefined
        : {
            id: row.end_user_id,
            email: row.end_user_email ?? undefined,
            display_name: row.end_user_name ?? undefined,
          },
    app_id: row.app_id === null ? undefined : encodeId('app', row.app_id),
    account:
      row.account_id === null
        ? undefined
        : {
            id: row.account_id,
            label: row.account_label ?? undefined,
            email: row.account_email ?? undefined,
          },
    status: row.status,
    reason: row.reason,
    tokens: {
      access_token: (await open('access_token', row.access_token))?.expose(),
      refresh_token: (await open('refresh_token', row.refresh_token))?.expose(),
      expires_at: time(row.expires_at),
      refresh_token_expires_at: time(row.refresh_token_expires_at),
      scope: grantedScopes(row)?.join(' '),
    },
    scopes: JSON.parse(row.scopes_requested) as string[],
    metadata: JSON.parse(row.metadata) as Record<string, string>,
    proxy_policy: row.proxy_policy === null ? undefined : (JSON.parse(row.proxy_policy) as ProxyPolicy),
    created_at: time(row.created_at),
  }
}
