import { decodeId, encodeId, type ProxyPolicy } from '@grantry/api'
import { sql } from 'kysely'
import type { Context } from '../context.ts'
import type { Db } from '../db/connect.ts'
import type { ConnectionRow } from '../db/schema.ts'
import { invalid, notFound, problem } from '../errors.ts'
import { advise } from '../http/advise.ts'
import { serves } from '../http/narrowing.ts'
import type { Principal } from '../http/principal.ts'
import type { Integration } from '../integrations/store.ts'

export type Connection = ConnectionRow

/**
 * @param path as of {@link notFound}
 * @throws ApiError not_found
 */
export async function loadConnection(
  ctx: Pick<Context, 'db'>,
  workspace: string,
  id: string,
  path?: string,
): Promise<Connection> {
  const row = await ctx.db
    .selectFrom('connections')
    .selectAll()
    .where('workspace_id', '=', workspace)
    .where('id', '=', id)
    .executeTakeFirst()
  if (!row) throw notFound('connection', path)
  return row
}

/**
 * The connection that an id names, if this credential reaches it: a key that is narrowed to an app reaches that app's only, one
 * that is narrowed to providers theirs.
 * @param path as of {@link notFound}
 * @throws ApiError not_found
 */
export async function readConnection(
  ctx: Pick<Context, 'db'>,
  principal: Principal,
  text: string,
  path?: string,
): Promise<Connection> {
  const id = decodeId('con', text)
  if (!id) throw notFound('connection', path)
  const connection = await loadConnection(ctx, principal.workspace, id, path)
  if (!reaches(principal, connection)) throw notFound('connection', path)
  return connection
}

/** What the provider said that the tokens may; null where it did not say. */
export function grantedScopes({ scopes_granted }: Pick<Connection, 'scopes_granted'>): string[] | null {
  return scopes_granted === null ? null : (JSON.parse(scopes_granted) as string[])
}

/** Active, or waiting for the first tokens of a grant that needs nobody's consent. */
export function isRenewable({ status }: Pick<Connection, 'status'>): boolean {
  return status === 'active' || status === 'pending'
}

/**
 * Whether a credential's narrowing, to an app, to providers, to an end user and to the connections
 * chosen at consent, leaves this in reach.
 */
export function reaches(
  principal: Principal,
  {
    id,
    app_id,
    end_user_id,
    provider,
    integration_id,
  }: Pick<Connection, 'id' | 'app_id' | 'end_user_id' | 'provider' | 'integration_id'>,
): boolean {
  return (
    serves(principal, { provider, integration: integration_id }) &&
    (principal.app === null || principal.app === app_id) &&
    (principal.endUser === null || principal.endUser === end_user_id) &&
    (principal.connections === null || principal.connections.has(id))
  )
}

/**
 * What was chosen at consent is all there is for such a credential: it makes nothing beside.
 * @throws ApiError insufficient_scope
 */
export function refuseBeyondChosen(principal: Principal): void {
  if (principal.connections === null) return
  throw problem(
    'insufficient_scope',
    'This token reaches the connections that were chosen when it was allowed, and can make no other.',
  )
}

/**
 * Whose connections a request means: the end user whom it names, else the one its credential is narrowed to.
 * @throws ApiError other_end_user where it names another than its credential's own
 */
export function whose<T extends string | null | undefined>(
  principal: Principal,
  named: T,
  path = 'end_user',
): T | string {
  if (principal.endUser === null) return named
  if (named !== undefined && named !== null && named !== principal.endUser)
    throw invalid(path, 'is not the end user of this token', 'other_end_user')
  return principal.endUser
}

/**
 * An end user's own token may not say what they are called: the confirm page shows it to whoever follows their link.
 * @throws ApiError insufficient_scope
 */
export function refuseOwnWords(
  principal: Principal,
  named: { email?: string | undefined; display_name?: string | undefined } | undefined,
): void {
  const path = named?.email !== undefined ? 'end_user.email' : 'end_user.display_name'
  if (principal.endUser === null || (named?.email ?? named?.display_name) === undefined) return
  throw invalid(path, 'can be said with an API key only', 'insufficient_scope')
}

export async function updateConnection(
  db: Db,
  { workspace_id, id }: Pick<Connection, 'workspace_id' | 'id'>,
  set: Partial<ConnectionRow>,
): Promise<void> {
  await db
    .updateTable('connections')
    .set(set)
    .where('workspace_id', '=', workspace_id)
    .where('id', '=', id)
    .execute()
}

/** What changes in the row of one that ends: from the commit on nobody reads its tokens, and no refresh that is under way moves them. */
export const ended = (reason: 'deleted' | 'break_glass', now: number) =>
  ({
    status: 'revoked',
    reason,
    reason_detail: null,
    refresh_at: null,
    claimed_until: null,
    ends_at: null,
    warn_at: null,
    refresh_token_hash: null,
    expires_at: null,
    token_version: sql<number>`token_version + 1`,
    updated_at: now,
  }) as const

/** Whether a living connection of this integration is to this account; null means those of which it is not known. */
export async function isConnected(
  db: Db,
  { workspace, id }: Pick<Integration, 'workspace' | 'id'>,
  account: string | null,
): Promise<boolean> {
  const found = await db
    .selectFrom('connections')
    .select('id')
    .where('workspace_id', '=', workspace)
    .where('integration_id', '=', id)
    .where('account_id', account === null ? 'is' : '=', account)
    .where('status', 'in', ['active', 'needs_reauth'])
    .executeTakeFirst()
  return found !== undefined
}

const iso = (ms: number) => new Date(ms).toISOString()

/** A connection as the API shows it: never its tokens. */
export function presentConnection({ catalogue }: Pick<Context, 'catalogue'>, row: Connection) {
  return {
    id: encodeId('con', row.id),
    integration_id: encodeId('int', row.integration_id),
    provider: row.provider,
    app_id: row.app_id && encodeId('app', row.app_id),
    end_user:
      row.end_user_id === null
        ? null
        : { id: row.end_user_id, email: row.end_user_email, display_name: row.end_user_name },
    status: row.status,
    reason: row.reason,
    reason_detail: row.reason_detail,
    advice: adviceOn(row, catalogue),
    account:
      row.account_id === null
        ? null
        : { id: row.account_id, label: row.account_label, email: row.account_email },
    scopes_requested: JSON.parse(row.scopes_requested) as string[],
    scopes_granted: grantedScopes(row),
    metadata: JSON.parse(row.metadata) as Record<string, string>,
    proxy_policy: row.proxy_policy === null ? null : (JSON.parse(row.proxy_policy) as ProxyPolicy),
    expires_at: row.expires_at === null ? null : iso(row.expires_at),
    ends_at: row.ends_at === null ? null : iso(row.ends_at),
    last_refresh:
      row.last_refresh_at === null
        ? null
        : { at: iso(row.last_refresh_at), ok: row.last_refresh_ok === 1, error: row.last_refresh_error },
    created_at: iso(row.created_at),
    updated_at: iso(row.updated_at),
  }
}

/** While something is wrong with it: what, and what to do. */
function adviceOn(row: Connection, catalogue: Context['catalogue']) {
  const words = troubleOf(row)
  if (words === null) return null
  const name = row.provider && (catalogue.get(row.provider)?.display_name ?? row.provider)
  return advise(words.split(':')[0]!, words, name ?? 'The provider')
}

/** The code and words of what is wrong: the end of the grant first, then a failing refresh, then what the API refused. */
function troubleOf({
  status,
  reason,
  reason_detail,
  last_refresh_ok,
  last_refresh_error,
  api_error,
}: Connection): string | null {
  if (status === 'needs_reauth')
    return reason === 'expired' ? 'refresh_token_missing' : `${reason}: ${reason_detail ?? ''}`
  if (status !== 'active') return null
  return last_refresh_ok === 0 ? last_refresh_error : api_error
}

/** What an event says of the connection that it is about. */
export function eventOf(connection: Connection) {
  return {
    workspace: connection.workspace_id,
    app: connection.app_id,
    connection: connection.id,
    integration: connection.integration_id,
    endUser: connection.end_user_id,
  }
}
