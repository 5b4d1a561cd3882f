import { sql } from 'kysely'
import type { Context } from '../context.ts'
import type { RevocationRow } from '../db/schema.ts'
import { ApiError } from '../errors.ts'
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
 * compare-and-swap. A provider that fails, or asks for time, is left alone for a while with all that waits for it.
 */
export async function runDueRevocations(ctx: Needs): Promise<void> {
  const failing = new Map<string, number>()
  for (let round = 0; round < roundsInARow; round++) {
    const due = await ctx.db
      .selectFrom('revocations')
      .selectAll()
      .where('next_attempt_at', '<=', ctx.clock.now())
      .orderBy('next_attempt_at')
      .limit(atOnce)
      .execute()
    const rest = due[Symbol.iterator]()
    await Promise.all(
      Array.from({ length: lanes }, async () => {
        for (const row of rest) await tryOne(ctx, row, failing)
      }),
    )
    if (due.length < atOnce) return
  }
}

async function tryOne(ctx: Needs, row: RevocationRow, failing: Map<string, number>): Promise<void> {
  const count = () => failing.get(row.integration_id) ?? 0
  if (count() >= failuresToHold || !(await claim(ctx, row))) return
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

async function claim(ctx: Needs, row: RevocationRow): Promise<boolean> {
  const result = await ctx.db
    .updateTable('revocations')
    .set({ next_attempt_at: ctx.clock.now() + claimMs })
    .where('workspace_id', '=', row.workspace_id)
    .where('id', '=', row.id)
    .where('next_attempt_at', '=', row.next_attempt_at)
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}
