import type { Clock } from '../context.ts'
import type { Db } from '../db/connect.ts'
import { transaction } from '../db/transaction.ts'
import { isUnreadable } from './errors.ts'
import type { SealedColumn } from './sealed-column.ts'
import { readOtherForms, type SealedValue, swapValue } from './sealed-values.ts'
import type { Place, Vault } from './vault.ts'

type Needs = { db: Db; vault: Pick<Vault, 'form' | 'place' | 'reseal'>; clock: Clock }

export type ResealOptions = {
  columns: readonly SealedColumn[]
  workspace: string
  signal: AbortSignal
  /** Called after each batch; where it answers false (somebody else has taken over), the walk ends. */
  onBatch?: (done: Resealed) => Promise<boolean>
  /** Values in one transaction. */
  atOnce?: number
}

/**
 * `resealed`: values that rest as they should now; `passed`: values that were changed meanwhile, and will be as they should
 * by that or in the next walk; `refused`: values that do not open, which stay as they are.
 */
export type Resealed = { resealed: number; passed: number; refused: number }

const BATCH = 50

/**
 * Walks over the sealed values of a workspace and seals anew what does not rest in the form that it would be given now: the
 * newest data key, the configured back end. Each is swapped by compare-and-swap on the bytes that were read, so nothing that
 * changes meanwhile is lost, several may walk at once, and a walk that was cut off goes on when it is begun again.
 * Between batches it rests as long as one took.
 */
export async function resealWorkspace(
  ctx: Needs,
  { columns, workspace, signal, onBatch, atOnce = BATCH }: ResealOptions,
): Promise<Resealed> {
  const done: Resealed = { resealed: 0, passed: 0, refused: 0 }
  for (const column of columns) {
    const form = await ctx.vault.form(workspace, column)
    let after: SealedValue | null = null
    while (!signal.aborted) {
      const began = ctx.clock.now()
      const found: SealedValue[] = await readOtherForms(
        { db: ctx.db, column, workspace },
        { form, after, limit: atOnce },
      )
      if (found.length > 0) {
        const batch = await resealBatch(ctx, column, found)
        for (const outcome of ['resealed', 'passed', 'refused'] as const) done[outcome] += batch[outcome]
        if (onBatch && !(await onBatch(done))) return done
      }
      if (found.length < atOnce) break
      after = found.at(-1)!
      await ctx.clock.sleep(Math.min(1000, Math.max(1, ctx.clock.now() - began)), signal)
    }
  }
  return done
}

/** Seals these anew, if their rows still hold them then. */
export async function resealBatch(
  ctx: Omit<Needs, 'clock'>,
  column: SealedColumn,
  found: SealedValue[],
): Promise<Resealed> {
  const made = await Promise.all(
    found.map(async (value) => {
      const place = column.place(value.row)
      const anew = await resealOne(ctx.vault, column, place, value.sealed)
      return { value, place, anew }
    }),
  )
  const ready = made.flatMap(({ anew, ...rest }) => (anew === null ? [] : [{ ...rest, anew }]))
  const swapped = await transaction(ctx.db, async (tx) => {
    const results: boolean[] = []
    for (const { value, place, anew } of ready)
      results.push(
        (await ctx.vault.place(tx, place, anew)) && (await swapValue({ db: tx, column }, value, anew)),
      )
    return results
  })
  const resealed = swapped.filter(Boolean).length
  return { resealed, passed: ready.length - resealed, refused: made.length - ready.length }
}

async function resealOne(
  vault: Pick<Vault, 'reseal'>,
  column: SealedColumn,
  place: Place,
  sealed: Uint8Array,
): Promise<Uint8Array | null> {
  try {
    return await vault.reseal(place, sealed, column)
  } catch (error) {
    if (isUnreadable(error)) return null
    throw error
  }
}
