import { sql } from 'kysely'
import type { Context } from '../context.ts'
import type { RevocationRow } from '../db/schema.ts'
import { ApiError } from '../errors.ts'
import { isUnreachable } from '../vault/errors.ts'
import { endRevocation, type Failed, revokeUpstream } from './revoke-upstream.ts'

type Needs = Pick<Context, 'catalogue' | 'clock' | 'config' | 'db' | 'egress' | 'log' | 'random' | 'vault'>

/** While a claimed row is being worked on, nobody else takes it. */
const claimMs = 60_000
const atOnce = 100
/** Providers that one process waits for at the same time. */
const lanes = 10
/** So that a stopping server does not wait for all that there is. */
const roundsInARow = 5
/** Of one integration in a row: then its others are not tried now, either. */
const failuresToHold = 3
const holdMs = 30_000

/**
 * Tries the revocations that are due, several at once. Several processes may do this at once: each row is claimed by
 * compare-and-swap. A provider that fails, or asks for time, is left alone for a while with all that waits for it. Where the
 * vault cannot be asked, the rest waits for the next run, and what was tried longer: so it is not always the same that is tried.
 */
export async function runDueRevocations(ctx: Needs): Promise<void> {
  const run: Run = { failing: new Map(), vaultAway: false }
  for (let round = 0; round < roundsInARow; round++) {
    const held = [...run.failing].flatMap(([integration, times]) => (isHeld(times) ? integration : []))
    const due = await ctx.db
      .selectFrom('revocations')
      .selectAll()
      .where('next_attempt_at', '<=', ctx.clock.now())
      // However many of theirs are due, those of others are not behind them.
      .$if(held.length > 0, (query) => query.where('integration_id', 'not in', held))
      .orderBy('next_attempt_at')
      .limit(atOnce)
      .execute()
    const rest = due[Symbol.iterator]()
    await Promise.all(
      Array.from({ length: lanes }, async () => {
        for (const row of rest) await tryOne(ctx, row, run)
      }),
    )
    if (run.vaultAway || due.length < atOnce) return
  }
}

/** What is known since a run began: how often each integration has failed in a row, and whether the vault cannot be asked. */
type Run = { failing: Map<string, number>; vaultAway: boolean }

const isHeld = (times: number) => times >= failuresToHold

async function tryOne(ctx: Needs, row: RevocationRow, run: Run): Promise<void> {
  const { failing } = run
  const count = () => failing.get(row.integration_id) ?? 0
  if (run.vaultAway || isHeld(count())) return
  const claimedUntil = await claim(ctx, row)
  if (claimedUntil === null) return
  try {
    const came = await revokeUpstream(ctx, row)
    if (typeof came === 'string') return void failing.delete(row.integration_id)
    if (!isOfAll(came.pending)) return
    failing.set(row.integration_id, count() + 1)
    const wait = came.pending.retryAfterMs ?? (count() === failuresToHold ? holdMs : 0)
    if (wait <= 0) return
    failing.set(row.integration_id, failuresToHold)
    await holdAll(ctx, row, wait)
  } catch (error) {
    if (isUnreachable(error) && ctx.clock.now() < row.gives_up_at) {
      if (!run.vaultAway) ctx.log.warn({ err: error }, 'revocations wait for the vault')
      run.vaultAway = true
      return putBack(ctx, row, claimedUntil)
    }
    ctx.log.warn({ err: error, connection: row.connection_id }, 'a revocation could not be tried')
    const failed = { status: null, description: null }
    // With its integration went the client that could have asked.
    const gone = error instanceof ApiError && error.code === 'not_found'
    if (gone) await endRevocation(ctx, row, { ...failed, error: 'integration_deleted' })
    else if (ctx.clock.now() >= row.gives_up_at)
      await endRevocation(ctx, row, { ...failed, error: 'not_sent' })
  }
}

/** Whether the next would hear the same: the provider is down or busy, or does not take the client. A refused token is one token's. */
const isOfAll = ({ kind, error }: Failed): boolean =>
  kind !== 'refused' || error === 'invalid_client' || error === 'unauthorized_client'

/**
 * The first of those that have not been tried is due after `waitMs`, and the others as long after it as they were, so that
 * they come no closer together.
 */
async function holdAll(
  ctx: Needs,
  { workspace_id, integration_id }: RevocationRow,
  waitMs: number,
): Promise<void> {
  const first = await ctx.db
    .selectFrom('revocations')
    .select((row) => row.fn.min('next_attempt_at').as('due'))
    .where('workspace_id', '=', workspace_id)
    .where('integration_id', '=', integration_id)
    .where('attempts', '=', 0)
    .executeTakeFirst()
  const shift = ctx.clock.now() + Math.ceil(waitMs) - Number(first?.due ?? Number.POSITIVE_INFINITY)
  if (shift <= 0) return
  const later = sql<number>`next_attempt_at + ${shift}`
  await ctx.db
    .updateTable('revocations')
    .set({
      next_attempt_at: sql<number>`case when ${later} < gives_up_at then ${later} else gives_up_at end`,
    })
    .where('workspace_id', '=', workspace_id)
    .where('integration_id', '=', integration_id)
    .where('attempts', '=', 0)
    .execute()
}

/** Until when nobody else takes it; null where somebody has. */
async function claim(ctx: Needs, row: RevocationRow): Promise<number | null> {
  const until = ctx.clock.now() + claimMs
  return (await moveDue(ctx, row, row.next_attempt_at, until)) ? until : null
}

async function putBack(ctx: Needs, row: RevocationRow, claimedUntil: number): Promise<void> {
  await moveDue(ctx, row, claimedUntil, Math.min(row.gives_up_at, ctx.clock.now() + holdMs))
}

async function moveDue(
  ctx: Needs,
  { workspace_id, id }: RevocationRow,
  from: number,
  to: number,
): Promise<boolean> {
  const result = await ctx.db
    .updateTable('revocations')
    .set({ next_attempt_at: to })
    .where('workspace_id', '=', workspace_id)
    .where('id', '=', id)
    .where('next_attempt_at', '=', from)
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}
