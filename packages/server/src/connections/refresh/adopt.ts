import { system } from '../../audit/event.ts'
import { record } from '../../audit/record.ts'
import type { Context } from '../../context.ts'
import type { Db } from '../../db/connect.ts'
import type { TokenRequestRow } from '../../db/schema.ts'
import { transaction } from '../../db/transaction.ts'
import { type Connection, eventOf } from '../store.ts'
import { noteSuccess } from './gates.ts'
import { isNewest, type Lease } from './lease.ts'
import type { Dates } from './schedule.ts'
import type { Adopted, Attempt } from './store.ts'

type Needs = Pick<Context, 'catalogue' | 'clock' | 'config' | 'db' | 'random' | 'vault'>
const nothing: Adopted = { moved: [], closed: false }

type Move = { connection: Connection; dates: Dates }

/** RefreshStore.adopt: one transaction moves the connections, settles every use of the token that was spent, and tells of it. */
export async function adoptTokens(
  ctx: Needs,
  lease: Lease,
  attempt: Pick<Attempt, 'workspace_id' | 'id'>,
  moves: Move[],
): Promise<Adopted> {
  return transaction(ctx.db, async (tx) => {
    const pair = await tx
      .selectFrom('token_requests')
      .selectAll()
      .where('workspace_id', '=', attempt.workspace_id)
      .where('id', '=', attempt.id)
      .executeTakeFirst()
    // Settled otherwise since it was looked at: its tokens may be gone.
    if (!pair || pair.settle_at === null) return nothing
    const moved: Connection[] = []
    for (const move of moves) if (await movePointer(ctx, tx, lease, move, pair)) moved.push(move.connection)
    if (moved.length === 0) return nothing
    await settleUses(tx, pair)
    for (const one of moved) {
      await shedTokens(tx, one)
      const recovered = one.refresh_failures > 0 || one.status === 'needs_reauth'
      const type = recovered ? 'connection.recovered' : 'connection.refreshed'
      await record(ctx, tx, { ...eventOf(one), type, actor: system })
    }
    if (pair.refresh_token_hash !== lease.tokenKey) await endLease(tx, lease)
    return { moved: moved.map(({ id }) => id), closed: await noteSuccess(tx, lease) }
  })
}

/** The token that it was for is spent: nobody will ask for this lease again. */
async function endLease(tx: Db, { workspace, integration, tokenKey, fence }: Lease): Promise<void> {
  await tx
    .deleteFrom('refresh_leases')
    .where('workspace_id', '=', workspace)
    .where('integration_id', '=', integration)
    .where('token_key', '=', tokenKey)
    .where('fence', '=', fence)
    .execute()
}

async function movePointer(
  ctx: Needs,
  tx: Db,
  lease: Lease,
  { connection, dates }: Move,
  pair: TokenRequestRow,
): Promise<boolean> {
  const now = ctx.clock.now()
  const result = await tx
    .updateTable('connections')
    .set({
      ...dates,
      status: 'active',
      reason: null,
      reason_detail: null,
      token_request_id: pair.id,
      token_version: connection.token_version + 1,
      refresh_token_hash: pair.refresh_token_hash,
      expires_at: pair.expires_at,
      claimed_until: null,
      refused_at: null,
      refresh_failures: 0,
      last_refresh_at: now,
      last_refresh_ok: 1,
      last_refresh_error: null,
      ...(pair.scopes === null ? {} : { scopes_granted: pair.scopes }),
      updated_at: now,
    })
    .where('workspace_id', '=', connection.workspace_id)
    .where('id', '=', connection.id)
    // A pair that turns up late reopens what was taken for ended; nothing else does.
    .where('status', 'in', ['active', 'pending', 'needs_reauth'])
    .where('token_version', '=', connection.token_version)
    .where(isNewest(lease))
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}

/** The pair is in use; whatever other uses of its parent were open need no more thought. Their pairs are kept for a while. */
async function settleUses(tx: Db, pair: TokenRequestRow): Promise<void> {
  const { workspace_id, integration_id, id, spent_hash } = pair
  const mine = tx
    .updateTable('token_requests')
    .where('workspace_id', '=', workspace_id)
    .set({ settle_at: null })
  await mine.set({ outcome: 'stored' }).where('id', '=', id).execute()
  let others = mine.where('integration_id', '=', integration_id).where('settle_at', 'is not', null)
  others =
    spent_hash === null
      ? others.where('spent_hash', 'is', null).where('connection_id', '=', pair.connection_id)
      : others.where('spent_hash', '=', spent_hash)
  await others
    .where('id', '!=', id)
    .set(
      (eb) =>
        ({
          outcome: eb
            .case()
            .when('received_at', 'is not', null)
            .then('superseded')
            .else(eb.fn.coalesce('outcome', eb.val('uncertain')))
            .end(),
        }) as never,
    )
    .execute()
}

/** The tokens of generations before: of no use to anyone once nothing points at them. */
async function shedTokens(tx: Db, connection: Connection): Promise<void> {
  if (!connection.token_request_id) return
  const before = await tx
    .selectFrom('token_requests')
    .select(['id', 'spent_hash'])
    .where('workspace_id', '=', connection.workspace_id)
    .where('id', '=', connection.token_request_id)
    .executeTakeFirst()
  if (!before) return
  const tokens = tx
    .updateTable('token_requests')
    .set({ access_token: null, refresh_token: null })
    .where('workspace_id', '=', connection.workspace_id)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('connections')
            .select('id')
            .whereRef('connections.token_request_id', '=', 'token_requests.id')
            .where('workspace_id', '=', connection.workspace_id)
            .where('integration_id', '=', connection.integration_id)
            .where('refresh_token_hash', '=', connection.refresh_token_hash),
        ),
      ),
    )
  // Two statements, because a condition with "or" goes by no index.
  await tokens.where('id', '=', before.id).execute()
  // With the pair that was in use go the others of the same parent, kept in case that it was not the live one.
  await tokens
    .where('connection_id', '=', connection.id)
    .where('spent_hash', '=', before.spent_hash)
    .where('outcome', '=', 'superseded')
    .execute()
}
