import type { Context } from '../../context.ts'
import type { Db } from '../../db/connect.ts'
import type { TokenRequestRow } from '../../db/schema.ts'
import { transaction } from '../../db/transaction.ts'
import { loadIntegration } from '../../integrations/store.ts'
import { endsSiblings } from '../ends-siblings.ts'
import { destroyTokens, queueRevocation } from '../queue-revocation.ts'
import type { Connection } from '../store.ts'
import { findHolders, postponeAttempt } from './journal.ts'
import { type Attempt, isStale, type Scene } from './store.ts'

type Needs = Pick<Context, 'catalogue' | 'clock' | 'config' | 'db' | 'random' | 'vault'>

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
