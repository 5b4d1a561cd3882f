import { setTimeout as sleep } from 'node:timers/promises'

const SQLITE_BUSY = 5
const PAUSE_MS = 5

/** Another connection, of this process or another, holds the lock that was needed. */
export function isBusy(error: unknown): boolean {
  const { code, errcode } = error as { code?: unknown; errcode?: unknown }
  return code === 'ERR_SQLITE_ERROR' && typeof errcode === 'number' && (errcode & 0xff) === SQLITE_BUSY
}

/**
 * Tries again while the file is locked, for `waitMs` at most. SQLite's own waiting would block the process,
 * and with it a transaction of this same process that has only to go on to let the lock go.
 */
export async function whenNotBusy<Result>(waitMs: number, attempt: () => Result): Promise<Result> {
  for (const deadline = performance.now() + waitMs; ; await sleep(PAUSE_MS)) {
    try {
      return attempt()
    } catch (error) {
      if (!isBusy(error) || performance.now() > deadline) throw error
    }
  }
}
