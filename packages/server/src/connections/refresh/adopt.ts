import { system } from '../../audit/event.ts'
import { record } from '../../audit/record.ts'
import type { Context } from '../../context.ts'
import type { Db } from '../../db/connect.ts'
import type { TokenRequestRow } from '../../db/schema.ts'
import { transaction } from '../../db/transaction.ts'
import { loadIntegration } from '../../integrations/store.ts'
import { endsSiblings } from '../ends-siblings.ts'
import { destroyTokens, queueRevocation } from '../queue-revocation.ts'
import { type Connection, eventOf } from '../store.ts'
import { noteSuccess } from './gates.ts'
import { findHolders, postponeAttempt } from './journal.ts'
import type { Lease } from './lease.ts'
import type { Dates } from './schedule.ts'
import { type Adopted, type Attempt, isStale, type Scene } from './store.ts'

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
  // With the pair that was in use go the others of the same parent, kept in case that it was not the live one.
  await tx
    .updateTable('token_requests')
    .set({ access_token: null, refresh_token: null })
    .where('workspace_id', '=', connection.workspace_id)
    .where((eb) =>
      eb.or([
        eb('id', '=', before.id),
        eb.and([
          eb('connection_id', '=', connection.id),
          eb('spent_hash', '=', before.spent_hash),
          eb('outcome', '=', 'superseded'),
        ]),
      ]),
    )
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
    .execute()
}

/** RefreshStore.dismiss */
export async function dismissAttempt(ctx: Needs, attempt: Attempt): Promise<void> {
  await transaction(ctx.db, async (tx) => {
    const pair = await tx
      .selectFrom('token_requests')
      .selectAll()
      .where('workspace_id', '=', attempt.workspace_id)
      .where('id', '=', attempt.id)
      .executeTakeFirst()
    // Settled by somebody else since it was claimed: it may be the current one.
    if (!pair || pair.settle_at === null) return
    const close = (outcome: TokenRequestRow['outcome']) =>
      tx
        .updateTable('token_requests')
        .set({ outcome, settle_at: null })
        .where('workspace_id', '=', pair.workspace_id)
        .where('id', '=', pair.id)
        .execute()
    if (pair.received_at === null) {
      await close(pair.outcome ?? 'uncertain')
      return
    }
    const holders = await findHolders({ db: tx }, attempt)
    // It came in while somebody was about to close it: whoever settles it next will use it.
    if (holders.some((one) => one.refresh_token_hash === pair.spent_hash && !isStale(pair, one))) {
      await postponeAttempt({ db: tx }, pair, ctx.clock.now())
      return
    }
    await close('superseded')
    if (holders.length > 0) {
      const kin = await kinOf(tx, holders, pair)
      if (!kin) await destroyTokens(tx, pair)
      // Given up on the one pair; the other may be the one that the provider goes by.
      else if (kin.status === 'needs_reauth') await makeSuccessor(ctx, tx, kin, pair)
      return
    }
    const own = await tx
      .selectFrom('connections')
      .selectAll()
      .where('workspace_id', '=', pair.workspace_id)
      .where('id', '=', pair.connection_id)
      .executeTakeFirst()
    if (!own) return destroyTokens(tx, pair)
    const integration = await loadIntegration({ ...ctx, db: tx }, pair.workspace_id, pair.integration_id)
    if (await endsSiblings(tx, integration, own)) await destroyTokens(tx, pair)
    else await queueRevocation(ctx, tx, { connection: own, integration, request: pair })
  })
}

/** The connection that lives on another pair of the same parent: this one may then be the one that the provider goes by. */
async function kinOf(tx: Db, holders: Connection[], pair: TokenRequestRow): Promise<Connection | undefined> {
  const current = holders.flatMap(({ token_request_id }) => token_request_id ?? [])
  const rotated = pair.spent_hash !== null && pair.spent_hash !== pair.refresh_token_hash
  if (current.length === 0 || !rotated) return undefined
  const same = await tx
    .selectFrom('token_requests')
    .select('id')
    .where('workspace_id', '=', pair.workspace_id)
    .where('id', 'in', current)
    .where('spent_hash', '=', pair.spent_hash!)
    .executeTakeFirst()
  return same && holders.find(({ token_request_id }) => token_request_id === same.id)
}

/** From now on the pair counts as what came of the connection's current token, which was refused. */
async function makeSuccessor(
  ctx: Pick<Context, 'clock'>,
  tx: Db,
  { workspace_id, refresh_token_hash }: Connection,
  { id }: Pick<TokenRequestRow, 'id'>,
): Promise<void> {
  await tx
    .updateTable('token_requests')
    .set({ outcome: null, spent_hash: refresh_token_hash, settle_at: ctx.clock.now() })
    .where('workspace_id', '=', workspace_id)
    .where('id', '=', id)
    .execute()
}

/** RefreshStore.revive */
export async function reviveCandidate(
  ctx: Pick<Context, 'clock' | 'db'>,
  connection: Connection,
): Promise<boolean> {
  if (connection.token_request_id === null || connection.refresh_token_hash === null) return false
  return transaction(ctx.db, async (tx) => {
    const current = await tx
      .selectFrom('token_requests')
      .select(['spent_hash'])
      .where('workspace_id', '=', connection.workspace_id)
      .where('id', '=', connection.token_request_id)
      .executeTakeFirst()
    if (!current?.spent_hash) return false
    const candidate = await tx
      .selectFrom('token_requests')
      .select('id')
      .where('workspace_id', '=', connection.workspace_id)
      .where('connection_id', '=', connection.id)
      .where('spent_hash', '=', current.spent_hash)
      .where('outcome', '=', 'superseded')
      .where('refresh_token', 'is not', null)
      .where('refresh_token_hash', '!=', connection.refresh_token_hash)
      .orderBy('id', 'desc')
      .executeTakeFirst()
    if (!candidate) return false
    await makeSuccessor(ctx, tx, connection, candidate)
    return true
  })
}

/** RefreshStore.contested */
export async function isContested(
  ctx: Pick<Context, 'db'>,
  { connection, siblings }: Scene,
): Promise<boolean> {
  if (connection.token_request_id === null) return false
  const refused = await ctx.db
    .selectFrom('token_requests as current')
    .innerJoin('token_requests as other', (join) =>
      join
        .onRef('other.workspace_id', '=', 'current.workspace_id')
        .onRef('other.spent_hash', '=', 'current.spent_hash')
        .onRef('other.id', '!=', 'current.id'),
    )
    .select('other.id')
    .where('current.workspace_id', '=', connection.workspace_id)
    .where('current.id', '=', connection.token_request_id)
    .where((eb) => eb('current.spent_hash', '!=', eb.ref('current.refresh_token_hash')))
    .where(
      'other.connection_id',
      'in',
      [connection, ...siblings].map(({ id }) => id),
    )
    .where('other.outcome', 'in', ['refused', 'uncertain', 'lost'])
    .executeTakeFirst()
  return refused !== undefined
}
