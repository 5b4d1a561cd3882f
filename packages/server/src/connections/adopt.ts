import { system } from '../audit/event.ts'
import { record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import type { Db } from '../db/connect.ts'
import type { TokenRequestRow } from '../db/schema.ts'
import { transaction } from '../db/transaction.ts'
import type { Integration } from '../integrations/store.ts'
import { endsSiblings } from './ends-siblings.ts'
import type { Lease } from './lease.ts'
import { destroyTokens, queueRevocation } from './queue-revocation.ts'
import { type Connection, eventOf } from './store.ts'
import { refreshDue } from './token-set.ts'

/** Whose tokens are being renewed, as it was when the lease was taken. */
export type Target = {
  lease: Lease
  connection: Connection
  integration: Integration
  siblings: Connection[]
}

type Needs = Pick<Context, 'clock' | 'db' | 'random' | 'vault'>

/**
 * Moves the connection (and those that share its refresh token) to a received pair: only where fence and token version
 * are still the ones that the request was made with. Where none moves, a
 * connection that has been ended meanwhile gives the pair to the revocation queue; in any other case it stays where it is.
 * @returns whether the connection moved
 */
export async function adoptTokens(ctx: Needs, target: Target, request: string): Promise<boolean> {
  const { connection, siblings } = target
  return transaction(ctx.db, async (tx) => {
    const pair = await tx
      .selectFrom('token_requests')
      .selectAll()
      .where('workspace_id', '=', connection.workspace_id)
      .where('id', '=', request)
      .executeTakeFirstOrThrow()
    const moved: Connection[] = []
    for (const one of [connection, ...siblings])
      if (await movePointer(ctx, tx, target, one, pair)) moved.push(one)
    if (moved.length === 0) {
      await setAside(ctx, tx, target, pair)
      return false
    }
    await closeRequest(tx, pair, { outcome: 'stored' })
    for (const one of moved) {
      await shedTokens(tx, one)
      const type = one.refresh_failures > 0 ? 'connection.recovered' : 'connection.refreshed'
      await record(ctx, tx, { ...eventOf(one), type, actor: system })
    }
    return moved.includes(connection)
  })
}

/** A pair that nothing could move to, because of what has happened since its request was made. */
async function setAside(
  ctx: Needs,
  tx: Db,
  { connection, integration }: Target,
  pair: TokenRequestRow,
): Promise<void> {
  const now = await tx
    .selectFrom('connections')
    .select(['status', 'token_version'])
    .where('workspace_id', '=', connection.workspace_id)
    .where('id', '=', connection.id)
    .executeTakeFirst()
  // Only the lease has passed on: this may be the live pair, and the next holder finds it.
  if (now?.token_version === connection.token_version) return
  if (now?.status === 'revoked') {
    if (await endsSiblings(tx, integration, connection)) await destroyTokens(tx, pair)
    else await queueRevocation(ctx, tx, { connection, integration, request: pair })
  }
  await closeRequest(tx, pair, { outcome: 'superseded' })
}

async function movePointer(
  ctx: Needs,
  tx: Db,
  { lease, integration }: Target,
  connection: Connection,
  pair: TokenRequestRow,
): Promise<boolean> {
  const now = ctx.clock.now()
  const result = await tx
    .updateTable('connections')
    .set({
      status: 'active',
      token_request_id: pair.id,
      token_version: connection.token_version + 1,
      refresh_token_hash: pair.refresh_token_hash,
      expires_at: pair.expires_at,
      refresh_at: refreshDue(ctx, integration.profile, pair),
      refresh_failures: 0,
      last_refresh_at: now,
      last_refresh_ok: 1,
      last_refresh_error: null,
      ...(pair.scopes === null ? {} : { scopes_granted: pair.scopes }),
      updated_at: now,
    })
    .where('workspace_id', '=', connection.workspace_id)
    .where('id', '=', connection.id)
    .where('status', 'in', ['active', 'pending'])
    .where('token_version', '=', connection.token_version)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('refresh_leases')
          .select('fence')
          .where('workspace_id', '=', lease.workspace)
          .where('integration_id', '=', lease.integration)
          .where('token_key', '=', lease.tokenKey)
          .where('fence', '=', lease.fence),
      ),
    )
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}

/** The tokens before: of no use to anyone once nothing points at them. */
async function shedTokens(tx: Db, connection: Connection): Promise<void> {
  if (!connection.token_request_id) return
  await tx
    .updateTable('token_requests')
    .set({ access_token: null, refresh_token: null })
    .where('workspace_id', '=', connection.workspace_id)
    .where('id', '=', connection.token_request_id)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('connections')
            .select('id')
            .where('workspace_id', '=', connection.workspace_id)
            .where('integration_id', '=', connection.integration_id)
            .where('refresh_token_hash', '=', connection.refresh_token_hash)
            .where('token_request_id', '=', connection.token_request_id),
        ),
      ),
    )
    .execute()
}

export async function closeRequest(
  db: Db,
  { workspace_id, id }: Pick<TokenRequestRow, 'workspace_id' | 'id'>,
  outcome: Pick<TokenRequestRow, 'outcome'> & Partial<Pick<TokenRequestRow, 'error' | 'error_description'>>,
): Promise<void> {
  await db
    .updateTable('token_requests')
    .set(outcome)
    .where('workspace_id', '=', workspace_id)
    .where('id', '=', id)
    .execute()
}
