import type { Context } from '../context.ts'
import { sealedColumns } from '../sealed-columns.ts'
import { unreadable, VaultError } from '../vault/errors.ts'
import { resealWorkspace } from '../vault/reseal.ts'
import { countOtherForms } from '../vault/sealed-values.ts'
import { type Claim, claimReseal, endClaim, renewClaim, takeOverReseals } from './reseals.ts'
import { graceMs } from './retire.ts'

type Needs = Pick<Context, 'clock' | 'db' | 'log' | 'metrics' | 'vault'>

const idleMs = 1000
const againMs = 60_000
/** What does not open will not open by itself. */
const refusedMs = 3_600_000
/** By then every process has heard of a new key, and what was under way with the former has been written. */
const lateMs = 120_000

/** Seals anew what rests otherwise than it would be sealed now, workspace by workspace, until `signal` aborts. */
export async function resealInBackground(ctx: Needs, signal: AbortSignal): Promise<void> {
  await takeOverReseals(ctx).catch((error: unknown) => ctx.log.error({ err: error }, 'sealing anew waits'))
  while (!signal.aborted) {
    const worked = await resealNext(ctx, signal).catch((error: unknown) => {
      ctx.log.error({ err: error }, 'sealing anew waits')
      return false
    })
    if (!worked) await ctx.clock.sleep(idleMs, signal)
  }
}

/** One workspace. False where none is due. */
export async function resealNext(ctx: Needs, signal: AbortSignal): Promise<boolean> {
  const claim = await claimReseal(ctx)
  if (!claim) return false
  const holder: Holder = { held: claim }
  try {
    await walk(ctx, claim, holder, signal)
  } catch (error) {
    const over = error instanceof VaultError && unreadable.includes(error.code)
    const nextAt = over ? null : ctx.clock.now() + againMs
    if (holder.held) await endClaim(ctx, holder.held, { nextAt, left: null, refused: 0 })
    // A workspace that has ended has no key to seal by, and nothing that matters.
    if (!over) throw error
  }
  return true
}

/** null once somebody else has taken over. */
type Holder = { held: Claim | null }

async function walk(ctx: Needs, claim: Claim, holder: Holder, signal: AbortSignal): Promise<void> {
  const { workspace } = claim
  const total = await countOtherForms(ctx, sealedColumns, workspace)
  let last = 0
  const done = await resealWorkspace(ctx, {
    columns: sealedColumns,
    workspace,
    signal,
    async onBatch({ resealed, refused }) {
      ctx.metrics.vault.resealed(resealed - last)
      last = resealed
      const left = Math.max(0, total - resealed)
      holder.held = holder.held && (await renewClaim(ctx, holder.held, { left, refused }))
      return holder.held !== null
    },
  })
  if (holder.held === null) return
  const left = await countOtherForms(ctx, sealedColumns, workspace)
  // Who was told to stop leaves it to whoever comes next.
  const nextAt = signal.aborted
    ? claim.nextAt
    : await nextWalk(ctx, workspace, { left, refused: done.refused })
  await endClaim(ctx, holder.held, { nextAt, left, refused: Math.min(left, done.refused) })
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
