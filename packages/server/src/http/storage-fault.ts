/** Why a database or disk does not take what is written: `full`, `read_only`, or away, damaged, locked for too long. */
export type StorageFault = 'full' | 'read_only' | 'unavailable'

/** SQLite's result codes of a file that cannot be used just now; the others are about what was asked. */
const bySqlite: Record<number, StorageFault> = {
  5: 'unavailable', // SQLITE_BUSY
  6: 'unavailable', // SQLITE_LOCKED
  8: 'read_only', // SQLITE_READONLY
  10: 'unavailable', // SQLITE_IOERR
  11: 'unavailable', // SQLITE_CORRUPT
  13: 'full', // SQLITE_FULL
  14: 'unavailable', // SQLITE_CANTOPEN
  15: 'unavailable', // SQLITE_PROTOCOL
  26: 'unavailable', // SQLITE_NOTADB
}

/** Of the system, and SQLSTATEs of PostgreSQL. */
const byCode: [RegExp, StorageFault][] = [
  [/^(ENOSPC|EDQUOT|53100)$/, 'full'],
  [/^(EROFS|25006)$/, 'read_only'],
  [/^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EIO|57P0[123]|53\d\d\d|58\d\d\d|08\d\d\d)$/, 'unavailable'],
]

/** What is wrong with where things are stored, where an error is about that: ours to mend, worth another try. Else null. */
export function storageFault(error: unknown): StorageFault | null {
  const { code = '', errcode, message = '' } = error as { code?: string; errcode?: number; message?: string }
  if (code === 'ERR_SQLITE_ERROR') return bySqlite[(errcode ?? 0) & 0xff] ?? null
  const said = byCode.find(([pattern]) => pattern.test(code))
  if (said) return said[1]
  return /Connection terminated|timeout exceeded when trying to connect/.test(message) ? 'unavailable' : null
}
