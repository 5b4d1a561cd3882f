import { setTimeout as sleep } from 'node:timers/promises'
import type { Kysely, Transaction } from 'kysely'
import type { Database } from './schema.ts'
import { isBusy } from './sqlite-busy.ts'

const ATTEMPTS = 5
const PAUSE_MS = 10

/**
 * Runs `work` in one transaction, which commits when it resolves. Within a transaction it joins that one.
 *
 * `work` runs again, from the start, when the database had to give up for concurrency (deadlock, serialization
 * failure, SQLite busy), so it must have no effect outside the database. A commit whose fate is unknown is not repeated.
 */
export async function transaction<Result, Tables = Database>(
  db: Kysely<Tables> | Transaction<Tables>,
  work: (tx: Transaction<Tables>) => Promise<Result>,
): Promise<Result> {
  if (db.isTransaction) return work(db as Transaction<Tables>)
  for (let attempt = 1; ; attempt++) {
    try {
      return await db.transaction().execute(work)
    } catch (error) {
      if (attempt === ATTEMPTS || !isConflict(error)) throw error
      await sleep(PAUSE_MS * 2 ** attempt)
    }
  }
}

const SERIALIZATION_FAILURE = '40001'
const DEADLOCK_DETECTED = '40P01'

function isConflict(error: unknown): boolean {
  const { code } = error as { code?: unknown }
  return code === SERIALIZATION_FAILURE || code === DEADLOCK_DETECTED || isBusy(error)
}
