import { type RawBuilder, sql } from 'kysely'
import { type AnyDb, dialectOf } from './connect.ts'

/**
 * The clock that leases run on. Hosts disagree about the time, so with PostgreSQL it is the database's; with SQLite
 * there is one process, and its monotonic time cannot jump with the host's clock.
 */
export type LeaseClock = {
  /** Milliseconds since the epoch that never run backwards within this process. */
  monotonicNow(): number
  /** New at every start of the process. */
  bootId: string
}

/** `now` is read once, at the start; from then on only `elapsed` (milliseconds, monotonic) counts. */
export function createLeaseClock(now: () => number, elapsed: () => number, bootId: string): LeaseClock {
  const origin = now() - elapsed()
  return { monotonicNow: () => Math.floor(origin + elapsed()), bootId }
}

/** SQL for the lease clock's time in milliseconds, for WHERE and SET: `leaseNow(db, clock)`, ``sql`${…} + ${15_000}` ``. */
export function leaseNow(db: AnyDb, clock: LeaseClock): RawBuilder<number> {
  return dialectOf(db) === 'postgres'
    ? sql<number>`(extract(epoch from clock_timestamp()) * 1000)::bigint`
    : sql<number>`cast(${clock.monotonicNow()} as integer)`
}

/**
 * What to store beside a lease: times of another boot are another clock's, so a lease with another `boot_id` has ended.
 * The database's clock outlives every process, and its leases are all of one boot.
 */
export function leaseBootId(db: AnyDb, clock: LeaseClock): string {
  return dialectOf(db) === 'postgres' ? 'database' : clock.bootId
}
