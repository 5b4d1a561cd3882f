import type { Context } from '../context.ts'
import { type StorageFault, storageFault } from '../http/storage-fault.ts'

/** `slow`: not answered in time, and no fault so far. */
export type Writes = 'taken' | 'slow' | StorageFault

const everyMs = 2_000
const patienceMs = 2_000

/**
 * Whether the database takes writes: one row is written and committed, at most every 2 s however often it is asked, and
 * nobody waits for longer than that.
 */
export function createWriteProbe({ db, clock }: Pick<Context, 'clock' | 'db'>): () => Promise<Writes> {
  let asked = Number.NEGATIVE_INFINITY
  let answer: Promise<Writes> | undefined

  const write = () =>
    db
      .updateTable('rolled_up')
      .set({ up_to: clock.now() })
      .where('name', '=', 'write probe')
      .execute()
      .then(
        (): Writes => 'taken',
        (error: unknown): Writes => storageFault(error) ?? 'unavailable',
      )

  return () => {
    const now = clock.now()
    if (answer === undefined || Math.abs(now - asked) >= everyMs) {
      asked = now
      const over = new AbortController()
      const late = clock.sleep(patienceMs, over.signal).then((): Writes => 'slow')
      answer = Promise.race([write(), late]).finally(() => over.abort('over'))
    }
    return answer
  }
}
