import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { type FileHandle, link, open, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import pkg from '../../package.json' with { type: 'json' }
import type { Config } from '../config.ts'
import { keepTokens } from '../connections/refresh/journal.ts'
import { createSpool } from '../connections/refresh/spool.ts'
import type { Kept } from '../connections/refresh/store.ts'
import type { Context } from '../context.ts'
import { openDatabase } from '../db/connect.ts'
import { syncFile } from '../db/sync-file.ts'
import { syncFolder } from '../db/sync-folder.ts'
import { databaseFile } from './database-file.ts'
import { BackupError } from './errors.ts'
import { hashFile, type Manifest, manifestOf } from './manifest.ts'

type Needs = { config: Pick<Config, 'databaseUrl' | 'dataDir'>; log: Context['log']; now: () => number }

/**
 * Copies the database of a SQLite installation to `target`, whether a server runs on it or not, and writes the manifest
 * beside it: both whole, or neither. What is in it is of one moment. Pairs that wait in the spool are put where they belong.
 * The root key is not in it.
 * @throws BackupError
 */
export async function writeBackup({ config, log, now }: Needs, target: string): Promise<Manifest> {
  const source = databaseFile(config, byPgDump(config, target))
  if (!existsSync(source)) throw new BackupError(`There is no database at ${source}.`)
  for (const path of [target, manifestOf(target)])
    if (existsSync(path)) throw new BackupError(`${path} exists: give another name, or move it away.`)
  const folder = dirname(target)
  if (!existsSync(folder)) throw new BackupError(`There is no folder ${folder}.`)
  const part = join(folder, `.grantry-backup-${randomUUID()}`)
  const parts = [part, `${part}-wal`, `${part}-shm`, manifestOf(part)]
  try {
    const takenAt = now()
    // Before the copy: what leaves the spool meanwhile is in the database by then.
    const waiting = await createSpool({ log }, join(config.dataDir, 'spool')).list()
    await writePrivately(part, async () => copy(source, part))
    await addSpooled(part, waiting, now())
    const read = examine(part)
    const manifest: Manifest = {
      format: 'grantry backup 1',
      taken_at: new Date(takenAt).toISOString(),
      version: pkg.version,
      migrations: read.migrations,
      root_key_id: read.rootKeyId,
      bytes: (await stat(part)).size,
      sha256: await hashFile(part),
      counts: { ...read.counts, spooled: waiting.length },
    }
    await syncFile(part)
    await writePrivately(manifestOf(part), (file) => file.writeFile(`${JSON.stringify(manifest, null, 2)}\n`))
    // The manifest last: with it the backup is there. Neither takes the place of another file.
    await putInPlace(part, target)
    await putInPlace(manifestOf(part), manifestOf(target))
    await syncFolder(folder)
    return manifest
  } finally {
    for (const path of parts) await rm(path, { force: true })
  }
}

/** A copy of one moment, without what has been deleted. Writers go on meanwhile; what they write is not in it. */
function copy(source: string, part: string): void {
  // Not for reading only: whoever closes last takes away the files beside the database.
  const database = new DatabaseSync(source, { timeout: 10_000 })
  try {
    database.prepare('vacuum into ?').run(part)
  } finally {
    database.close()
  }
}

/** Puts the pairs of the spool into the copy, sealed as they are; the server puts them into the database by itself. */
async function addSpooled(part: string, waiting: Kept[], settleAt: number): Promise<void> {
  if (waiting.length === 0) return
  const db = await openDatabase(`sqlite:${part}`)
  try {
    for (const kept of waiting) await keepTokens({ db }, kept, settleAt)
  } finally {
    await db.destroy()
  }
}

/** Without the password, which would be in the process list: PGPASSWORD or a password file has it. */
function byPgDump({ databaseUrl }: Pick<Config, 'databaseUrl'>, target: string): string {
  const { hostname, port, username, pathname } = new URL(databaseUrl.expose())
  const where = [`--host=${hostname}`, `--port=${port || 5432}`, `--username=${username}`, pathname.slice(1)]
  return `Nothing was written. This Grantry keeps its data in PostgreSQL, whose own tools back it up:\n  pg_dump --format=custom --no-owner --file=${target} ${where.join(' ')}\nor a base backup with its WAL. See docs/backup.md.`
}

type Examined = Pick<Manifest, 'migrations'> & {
  rootKeyId: string | null
  counts: Omit<Manifest['counts'], 'spooled'>
}

/** @throws BackupError where the copy is not sound, or is no database of Grantry */
function examine(part: string): Examined {
  const database = new DatabaseSync(part)
  const one = (sql: string) => Object.values(database.prepare(sql).get() ?? {})[0]
  const count = (table: string) => Number(one(`select count(*) from ${table}`))
  try {
    // One file by itself, which anybody can look into without making others beside it.
    one('pragma journal_mode = delete')
    const verdict = one('pragma integrity_check')
    if (verdict !== 'ok')
      throw new BackupError(
        `The database is damaged, and so would its backup be: ${verdict}. See docs/backup.md.`,
      )
    const tables = database.prepare("select name from sqlite_schema where type = 'table'").all()
    if (!tables.some(({ name }) => name === 'vault_check'))
      throw new BackupError('This is not a database of Grantry, or no server has started on it yet.')
    return {
      migrations: database
        .prepare('select name from migrations order by name')
        .all()
        .map(({ name }) => String(name)),
      rootKeyId:
        (one('select root_key_id from vault_check order by created_at desc limit 1') as string | undefined) ??
        null,
      counts: {
        workspaces: count('workspaces'),
        connections: count('connections'),
        events: count('events'),
      },
    }
  } finally {
    database.close()
  }
}

/** A file that only its owner can read, on the disk when this resolves. */
async function writePrivately(path: string, write: (file: FileHandle) => Promise<void>): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    await write(file)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** Where the file system has no second names, a file that came there since it was looked at would be replaced. */
async function putInPlace(from: string, to: string): Promise<void> {
  try {
    await link(from, to)
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes(code)) throw error
    await rename(from, to)
  }
}
