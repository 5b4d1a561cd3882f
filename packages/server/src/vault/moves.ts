import type { Context } from '../context.ts'
import type { Place } from './vault.ts'

/** Values that this process has sealed into their rows, and that are to rest outside. */
export type Moves = {
  add(place: Place): void
  /** How many wait. */
  readonly size: number
  /** Workspaces whose values were too many to be kept in mind: a walk has to be asked for, which finds them. */
  readonly tooMany: Set<string>
  /** Those whose turn has come; each is counted as tried. */
  take(limit: number): Waiting[]
  done(waiting: Waiting): void
  /** It could not be tried after all. */
  again(waiting: Waiting): void
}

/** `last`: it is not tried again by itself. */
export type Waiting = { place: Place; tries: number; due: number; last: boolean }

const restMs = 5000
/** A row that is not there after these is not coming: its transaction was given up. */
const pausesMs = [500, 2000, 10_000, 60_000]

export function createMoves({ clock }: Pick<Context, 'clock'>, most = 20_000): Moves {
  const waiting = new Map<string, Waiting>()
  const tooMany = new Set<string>()
  const nameOf = ({ table, column, row }: Place) => `${table}/${column}/${row}`
  return {
    get size() {
      return waiting.size
    },
    tooMany,
    add(place) {
      if (waiting.size < most) waiting.set(nameOf(place), { place, tries: 0, due: clock.now(), last: false })
      else tooMany.add(place.workspace)
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
        one.last = one.tries > pausesMs.length
        if (one.last) this.done(one)
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
      Object.assign(one, { tries: 0, due: clock.now() + restMs, last: false })
    },
  }
}
