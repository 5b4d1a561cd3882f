import type { Context } from '../context.ts'
import { resealBatch } from './reseal.ts'
import type { SealedColumn } from './sealed-column.ts'
import { readRow, type SealedValue } from './sealed-values.ts'
import type { Place } from './vault.ts'

/** Values that this process has sealed into their rows, and that are to rest outside. */
export type Moves = {
  add(place: Place): void
  /** How many wait. */
  readonly size: number
  /** Those whose turn has come; each is counted as tried. */
  take(limit: number): Waiting[]
  done(waiting: Waiting): void
  /** It could not be tried after all. */
  again(waiting: Waiting): void
}

type Needs = Pick<Context, 'clock' | 'db' | 'moves' | 'vault'>

type Waiting = { place: Place; tries: number; due: number }

/** What is forgotten here is found by the next walk over all values. */
const most = 20_000
const atOnce = 100
const restMs = 5000
/** A row that is not there after these is not coming: its transaction was given up. */
const pausesMs = [500, 2000, 10_000, 60_000]

export function createMoves({ clock }: Pick<Context, 'clock'>): Moves {
  const waiting = new Map<string, Waiting>()
  const nameOf = ({ table, column, row }: Place) => `${table}/${column}/${row}`
  return {
    get size() {
      return waiting.size
    },
    add(place) {
      if (waiting.size < most) waiting.set(nameOf(place), { place, tries: 0, due: clock.now() })
    },
    take(limit) {
      const now = clock.now()
      const due: Waiting[] = []
      for (const one of waiting.values()) {
        if (due.length === limit) break
        if (one.due > now) continue
        due.push(one)
        one.due = now + (pausesMs[one.tries] ?? 0)
        one.tries++
        if (one.tries > pausesMs.length) this.done(one)
      }
      return due
    },
    done(one) {
      // Another value may have been sealed for the place since, and waits by the same name.
      if (waiting.get(nameOf(one.place)) === one) waiting.delete(nameOf(one.place))
    },
    again(one) {
      const name = nameOf(one.place)
      if (!waiting.has(name)) waiting.set(name, one)
      Object.assign(one, { tries: 0, due: clock.now() + restMs })
    },
  }
}

/**
 * Moves what was sealed into its row to the back end that is to hold it. Where that is out of reach the values stay in their
 * rows, sealed, and are tried again.
 */
export async function moveOut(ctx: Needs, columns: readonly SealedColumn[]): Promise<void> {
  const due = ctx.moves.take(atOnce)
  for (const column of columns) {
    const own = due.filter(({ place }) => place.table === column.table && place.column === column.column)
    if (column.brief) own.forEach(ctx.moves.done)
    else if (own.length > 0) await moveOf(ctx, column, own)
  }
}

async function moveOf(ctx: Needs, column: SealedColumn, own: Waiting[]): Promise<void> {
  const found: SealedValue[] = []
  const there: Waiting[] = []
  try {
    for (const one of own) {
      const { workspace, row } = one.place
      const read = await readRow({ db: ctx.db, column, workspace }, row)
      // Its transaction may still be open.
      if (!read) continue
      there.push(one)
      const form = await ctx.vault.form(workspace, column)
      if (read.sealed && !startsWith(read.sealed, form)) found.push({ row: read.row, sealed: read.sealed })
    }
    if (found.length > 0) await resealBatch(ctx, column, found)
    there.forEach(ctx.moves.done)
  } catch (error) {
    own.forEach(ctx.moves.again)
    throw error
  }
}

function startsWith(bytes: Uint8Array, form: Uint8Array): boolean {
  return Buffer.from(form).equals(bytes.subarray(0, form.length))
}
