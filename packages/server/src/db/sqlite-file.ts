import { chmodSync, closeSync, existsSync, mkdirSync, openSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { DatabaseError } from './errors.ts'

const MEMORY = ':memory:'

/** Readers wait for no writer in WAL mode, only for a file that is being recovered after a crash. */
const READER_TIMEOUT_MS = 5_000
/** A burst of writes must not leave its WAL on the disk for ever. */
const WAL_KEPT_BYTES = 64 * 1024 * 1024

export type SqliteHandles = { writer: DatabaseSync; reader: DatabaseSync }

/**
 * One connection that writes and one that can only read. In WAL mode the reader sees everything committed and never
 * waits for the writer. A database in memory cannot be opened twice: there both are the same.
 */
export function openSqlite(path: string): SqliteHandles {
  if (path === MEMORY) {
    const only = configure(new DatabaseSync(MEMORY), { journal_mode: 'memory' })
    return { writer: only, reader: only }
  }
  const file = filePath(path)
  makePrivate(file)
  const writer = configure(new DatabaseSync(file), {
    busy_timeout: 0,
    journal_mode: 'wal',
    // What is deleted or overwritten, a destroyed key for one, is zeroed in its page.
    secure_delete: 1,
    synchronous: 2,
    // Pages, 16 MB: what every commit changes, as events by connection, is copied back four times less often than by default.
    wal_autocheckpoint: 4000,
    journal_size_limit: WAL_KEPT_BYTES,
  })
  try {
    return {
      writer,
      reader: configure(new DatabaseSync(file, { timeout: READER_TIMEOUT_MS, readOnly: true })),
    }
  } catch (error) {
    writer.close()
    throw error
  }
}

/**
 * The file behind `sqlite:PATH`.
 * @throws {DatabaseError} for what is no path
 */
export function filePath(path: string): string {
  if (path === '') throw new DatabaseError('sqlite: needs a path, as in sqlite:./data/grantry.db')
  if (/^\/\/[^/]/.test(path)) throw new DatabaseError('sqlite: takes a path, not a host: sqlite:PATH')
  return resolve(path)
}

/** SQLite gives -wal and -shm the mode of the data file, so it has to be right before SQLite opens it. */
function makePrivate(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  closeSync(openSync(file, 'a', 0o600))
  for (const path of [file, `${file}-wal`, `${file}-shm`]) if (existsSync(path)) chmodSync(path, 0o600)
}

function configure(database: DatabaseSync, pragmas: Record<string, string | number> = {}): DatabaseSync {
  try {
    const wanted = { foreign_keys: 1, ...pragmas }
    for (const [name, value] of Object.entries(wanted)) setPragma(database, name, value)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

/** @throws {DatabaseError} when SQLite reads back something else */
export function setPragma(database: DatabaseSync, name: string, wanted: string | number): void {
  database.exec(`pragma ${name} = ${wanted}`)
  const found = Object.values(database.prepare(`pragma ${name}`).get() ?? {})[0]
  if (found !== wanted) throw new DatabaseError(`SQLite did not take ${name} = ${wanted}: it is ${found}`)
}
