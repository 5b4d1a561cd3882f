import type { Context } from '../context.ts'
import type { Db } from '../db/connect.ts'
import type { ConnectionRow } from '../db/schema.ts'
import { problem } from '../errors.ts'
import type { Integration } from '../integrations/store.ts'
import { changeTerms, removeTerms } from './keep-terms.ts'
import { shed } from './shed.ts'
import { type Connection, loadConnection } from './store.ts'

/** Puts a connection, with its journal, on another integration of the same OAuth app. */
export async function moveConnection(
  tx: Db,
  { workspace_id, id }: Connection,
  { id: integration_id, provider }: Pick<Integration, 'id' | 'provider'>,
): Promise<void> {
  await tx
    .updateTable('connections')
    .set({ integration_id, provider })
    .where('workspace_id', '=', workspace_id)
    .where('id', '=', id)
    .execute()
  await tx
    .updateTable('token_requests')
    .set({ integration_id })
    .where('workspace_id', '=', workspace_id)
    .where('connection_id', '=', id)
    .execute()
}

/** What comes with tokens; whose connection it is, and what it is called by, stays. */
const withTokens = [
  'integration_id',
  'provider',
  'account_id',
  'account_label',
  'account_email',
  'scopes_granted',
  'api_error',
  'token_request_id',
  'refresh_token_hash',
  'expires_at',
  'refresh_at',
  'refresh_token_expires_at',
  'grant_ends_at',
  'ends_at',
  'warn_at',
  'last_refresh_at',
  'last_refresh_ok',
  'last_refresh_error',
] as const satisfies (keyof ConnectionRow)[]

/**
 * Gives a connection the tokens of another, which is there no more afterwards. Its own are let go when the new are in
 * its place.
 * @throws ApiError conflict where it was ended meanwhile
 */
export async function moveTokens(
  ctx: Pick<Context, 'clock' | 'random' | 'vault'>,
  tx: Db,
  {
    from,
    to,
    integration,
  }: { from: Connection; to: Connection /** That `to` stands on until now. */; integration: Integration },
): Promise<Connection> {
  const given = await loadConnection({ db: tx }, from.workspace_id, from.id)
  const before = await loadConnection({ db: tx }, to.workspace_id, to.id)
  const set = Object.fromEntries(withTokens.map((name) => [name, given[name]]))
  const metadata = JSON.stringify({ ...JSON.parse(before.metadata), ...JSON.parse(given.metadata) })
  const row = await tx
    .updateTable('connections')
    .set((eb) => ({
      ...set,
      metadata,
      status: 'active',
      reason: null,
      reason_detail: null,
      claimed_until: null,
      refused_at: null,
      refresh_failures: 0,
      token_version: eb('token_version', '+', 1),
      updated_at: ctx.clock.now(),
    }))
    .where('workspace_id', '=', to.workspace_id)
    .where('id', '=', to.id)
    .where('status', '!=', 'revoked')
    .where('token_version', '=', before.token_version)
    .returningAll()
    .executeTakeFirst()
  if (!row)
    throw problem('conflict', 'This connection was ended or renewed meanwhile. Look again, and repeat this.')
  const { account_id } = given
  const account =
    account_id === null
      ? null
      : { id: account_id, label: given.account_label, email: given.account_email, metadata: {} }
  await shed(ctx, tx, integration, before, account)
  await tx
    .updateTable('token_requests')
    .set({ connection_id: to.id })
    .where('workspace_id', '=', from.workspace_id)
    .where('connection_id', '=', from.id)
    .execute()
  await tx
    .deleteFrom('connections')
    .where('workspace_id', '=', from.workspace_id)
    .where('id', '=', from.id)
    .execute()
  await removeTerms(tx, from)
  await changeTerms(tx, before, row)
  return row
}
