import { setTimeout as wait } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Clock } from '../context.ts'
import { type AnyDb, dialectOf } from './connect.ts'

/** What a clock is made of: the host's time, which can be set, and one that only runs. Milliseconds. */
export type RawClock = { wall(): number; elapsed(): number }

const systemClock: RawClock = { wall: Date.now, elapsed: () => performance.now() }

export type DatabaseClock = Pick<Clock, 'now'> & {
  /** Goes by this from now on: the database's time, asked at `askedAt` of the running clock. */
  agree(databaseNow: number, askedAt: number): void
  /** Of the running clock. */
  elapsed(): number
}

/**
 * The time that expiries are written and read by. Hosts that share a database go by the database's: each asks it now and
 * then, and in between counts on a clock that nobody can set. Alone, it is the host's time, but it never runs back: a
 * host whose clock was wrong and is put right would otherwise hand out tokens that have expired.
 */
export function createDatabaseClock(raw: RawClock = systemClock): DatabaseClock {
  let base = raw.wall()
  let at = raw.elapsed()
  let agreed = false
  return {
    elapsed: raw.elapsed,
    agree(databaseNow, askedAt) {
      base = databaseNow
      at = askedAt
      agreed = true
    },
    now() {
      const counted = base + (raw.elapsed() - at)
      if (agreed) return Math.floor(counted)
      const wall = raw.wall()
      // Ahead of what was counted: the host slept, or was put right.
      if (wall > counted) {
        base = wall
        at = raw.elapsed()
      }
      return Math.floor(Math.max(wall, counted))
    },
  }
}

/** Sets a clock by the database's. SQLite has none of its own: there the host's time counts. */
export async function askDatabaseTime(db: AnyDb, clock: DatabaseClock): Promise<void> {
  if (dialectOf(db) !== 'postgres') return
  // The quickest of a few answers tells the time best: it was on its way for the shortest.
  let best: { ms: number; askedAt: number; took: number } | null = null
  for (let sample = 0; sample < 3; sample++) {
    const before = clock.elapsed()
    const { rows } = await sql<{
      ms: number
    }>`select (extract(epoch from clock_timestamp()) * 1000)::bigint as ms`.execute(db)
    const took = clock.elapsed() - before
    if (!best || took < best.took) best = { ms: rows[0]!.ms, askedAt: before + took / 2, took }
  }
  clock.agree(best!.ms, best!.askedAt)
}

/** Resolves after `ms`, or when the signal aborts; never rejects, and keeps no process alive. */
export const sleep: Clock['sleep'] = async (ms, signal) => {
  await wait(ms, undefined, { signal, ref: false }).catch(() => {})
}
