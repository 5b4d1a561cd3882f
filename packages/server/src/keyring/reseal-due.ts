import type { Context } from '../context.ts'
import { sealedColumns } from '../sealed-columns.ts'
import { isUnreadable } from '../vault/errors.ts'
import { resealWorkspace } from '../vault/reseal.ts'
import { countOtherForms } from '../vault/sealed-values.ts'
import { claimReseal, endClaim, renewClaim } from './reseals.ts'
import { graceMs } from './retire.ts'

type Needs = Pick<Context, 'clock' | 'db' | 'metrics' | 'vault'>

const againMs = 60_000
/** What does not open will not open by itself. */
const refusedMs = 3_600_000
/** By then every process has heard of a new key, and what was under way with the former has been written. */
const lateMs = 120_000

/** Seals anew what rests otherwise than it would be sealed now, workspace by workspace, until none is due or `signal` aborts. */
export async function resealDue(ctx: Needs, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && (await resealNext(ctx, signal)));
}

/** One workspace. False where none is due. */
export async function resealNext(ctx: Needs, signal: AbortSignal): Promise<boolean> {
  // Where somebody else has taken over, it is no claim any more, and ending it changes nothing.
  let claim = await claimReseal(ctx)
  if (!claim) return false
  const { workspace, nextAt } = claim
  try {
    const total = await countOtherForms(ctx, sealedColumns, workspace)
    let last = 0
    const done = await resealWorkspace(ctx, {
      columns: sealedColumns,
      workspace,
      signal,
      async onBatch({ resealed, refused }) {
        ctx.metrics.vault.resealed(resealed - last)
        last = resealed
        const renewed = await renewClaim(ctx, claim!, { left: Math.max(0, total - resealed), refused })
        claim = renewed ?? claim
        return renewed !== null
      },
    })
    const left = await countOtherForms(ctx, sealedColumns, workspace)
    const { refused } = done
    await endClaim(ctx, claim, {
      // Who was told to stop leaves it to whoever comes next.
      nextAt: signal.aborted ? nextAt : await nextWalk(ctx, workspace, { left, refused }),
      left,
      refused: Math.min(left, refused),
    })
  } catch (error) {
    // A workspace that has ended has no key to seal by, and nothing that matters.
    const over = isUnreadable(error)
    await endClaim(ctx, claim, { nextAt: over ? null : ctx.clock.now() + againMs, left: null, refused: 0 })
    if (!over) throw error
  }
  return true
}

/**
 * When to look again: soon where something is left, and twice after a rotation, since for a moment other processes still
 * sealed with the former key. After that nobody does; null.
 */
async function nextWalk(
  { clock, db }: Pick<Context, 'clock' | 'db'>,
  workspace: string,
  { left, refused }: { left: number; refused: number },
): Promise<number | null> {
  const now = clock.now()
  if (left > 0) return now + (left <= refused ? refusedMs : againMs)
  const row = await db
    .selectFrom('data_keys')
    .select(({ fn }) => fn.max('superseded_at').as('at'))
    .where('workspace_id', '=', workspace)
    .where('retired_at', 'is', null)
    .executeTakeFirst()
  return [lateMs, graceMs].map((ms) => (row?.at ?? 0) + ms).find((at) => at > now) ?? null
}
