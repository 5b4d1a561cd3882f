/** Why a database or disk does not take what is written: `full`, `read_only`, or away, damaged, locked for too long. */
export type StorageFault = 'full' | 'read_only' | 'unavailable'

const SQLITE_READONLY = 8
const SQLITE_FULL = 13

/** Of the system, and SQLSTATEs of PostgreSQL. */
const byCode: [RegExp, StorageFault][] = [
  [/^(ENOSPC|EDQUOT|53100)$/, 'full'],
  [/^(EROFS|25006)$/, 'read_only'],
  [/^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EIO|57P0[123]|53\d\d\d|58\d\d\d|08\d\d\d)$/, 'unavailable'],
]

/** What is wrong with where things are stored, where an error is about that: ours to mend, worth another try. Else null. */
export function storageFault(error: unknown): StorageFault | null {
  const { code = '', errcode, message = '' } = error as { code?: string; errcode?: number; message?: string }
  if (code === 'ERR_SQLITE_ERROR') {
    // Whatever else it refuses (locked, damaged, an I/O error): what was asked is known to be right.
    const primary = (errcode ?? 0) & 0xff
    return primary === SQLITE_FULL ? 'full' : primary === SQLITE_READONLY ? 'read_only' : 'unavailable'
  }
  const said = byCode.find(([pattern]) => pattern.test(code))
  if (said) return said[1]
  return /Connection terminated|timeout exceeded when trying to connect/.test(message) ? 'unavailable' : null
}
