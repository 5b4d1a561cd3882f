import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { copyFile, mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Config } from '../config.ts'
import type { Context } from '../context.ts'
import { type Db, dialectOf, openDatabase } from '../db/connect.ts'
import { migrate } from '../db/migrate.ts'
import { migrations } from '../db/migrations/index.ts'
import { syncFile } from '../db/sync-file.ts'
import { syncFolder } from '../db/sync-folder.ts'
import { checkRootKey } from '../vault/key-check.ts'
import type { RootKey } from '../vault/root-key.ts'
import { readOtherRootKeys, readRootKey, whereRootKeyIs } from '../vault/root-key-file.ts'
import { databaseFile } from './database-file.ts'
import { BackupError } from './errors.ts'
import { hashFile, readManifest } from './manifest.ts'
import { markRestored, type Restored } from './mark-restored.ts'
import { refuseWhileConnected, refuseWhileServed } from './refuse-while-served.ts'

type Needs = Pick<Context, 'clock' | 'random'> & {
  config: Pick<Config, 'databaseUrl' | 'dataDir' | 'rootKey' | 'otherRootKeys'>
}

export type RestoredFile = Restored & {
  file: string
  /** Where the database lies that was there before; null where there was none. */
  aside: string | null
}

const byPgRestore =
  'This Grantry keeps its data in PostgreSQL: restore it with pg_restore, then run grantry restore --mark, and start Grantry after that. docs/backup.md has the commands.'

/**
 * Puts a backup in the place of the database that the configuration names, and marks the epoch. All that can be wrong is
 * found out on a copy: until that is whole and opens with the root key, nothing has changed.
 * @param options.replace moves a database that is there aside
 * @throws BackupError, VaultError (another root key), DatabaseError (made by a newer Grantry)
 */
export async function restoreBackup(
  ctx: Needs,
  source: string,
  { replace = false }: { replace?: boolean } = {},
): Promise<RestoredFile> {
  const { config } = ctx
  const file = databaseFile(config, byPgRestore)
  const manifest = await readManifest(source)
  const keys = await readKeys(ctx)
  if (!keys.rootKey && manifest.root_key_id !== null)
    throw new BackupError(
      `This backup was sealed with the root key ${manifest.root_key_id}, which is not here. Put its file at ${whereRootKeyIs(config)}, or give the key in GRANTRY_ENCRYPTION_KEY.`,
    )
  if (existsSync(file)) {
    if (!replace)
      throw new BackupError(
        `There is a database at ${file}. With --replace it is moved aside, and not deleted.`,
      )
    refuseWhileServed(file)
  }
  const folder = dirname(file)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const copy = join(folder, `.grantry-restore-${randomUUID()}`)
  try {
    await copyPrivately(source, copy)
    if ((await hashFile(copy)) !== manifest.sha256)
      throw new BackupError(`${source} is not as it was written: its SHA-256 is not that of its manifest.`)
    checkIntegrity(copy)
    const restored = await prepare(ctx, copy, keys, Date.parse(manifest.taken_at))
    if (existsSync(file)) refuseWhileServed(file)
    const aside = await moveAside(file, ctx.clock.now())
    await rename(copy, file)
    await syncFolder(folder)
    return { ...restored, file, aside }
  } finally {
    for (const path of [copy, `${copy}-wal`, `${copy}-shm`]) await rm(path, { force: true })
  }
}

/**
 * Marks the epoch of a database that was put back by other means: PostgreSQL's, or a file system's.
 * @throws BackupError while a server runs on it, VaultError, DatabaseError
 */
export async function markDatabase(ctx: Needs, takenAt: number | null): Promise<Restored> {
  const { config } = ctx
  const url = config.databaseUrl.expose()
  if (url.startsWith('sqlite:')) {
    const file = databaseFile(config, '')
    if (!existsSync(file)) throw new BackupError(`There is no database at ${file}.`)
    refuseWhileServed(file)
  }
  const keys = await readKeys(ctx)
  const db = await openDatabase(url, { poolSize: 1 })
  try {
    if (dialectOf(db) === 'postgres') await refuseWhileConnected(db)
    return await begin(ctx, db, keys, takenAt)
  } finally {
    await db.destroy()
  }
}

type Keys = { rootKey: RootKey | null; others: RootKey[] }

/** Those that the configuration names: a backup may be of before the root key was replaced. */
const readKeys = async ({ config, random }: Needs): Promise<Keys> => ({
  rootKey: await readRootKey(config, random),
  others: await readOtherRootKeys(config, random),
})

/** The schema of today, the right root key, the mark; and then one file with nothing beside it. */
async function prepare(ctx: Needs, copy: string, keys: Keys, takenAt: number): Promise<Restored> {
  const db = await openDatabase(`sqlite:${copy}`)
  try {
    return await begin(ctx, db, keys, takenAt)
  } finally {
    await db.destroy()
    await syncFile(copy)
  }
}

async function begin(
  { clock, random }: Needs,
  db: Db,
  { rootKey, others }: Keys,
  takenAt: number | null,
): Promise<Restored> {
  if (rootKey) await checkRootKey(db, rootKey, others)
  await migrate(db, migrations, () => clock.now())
  return markRestored({ db, clock, random }, takenAt)
}

function checkIntegrity(file: string): void {
  const database = new DatabaseSync(file)
  try {
    const verdict = Object.values(database.prepare('pragma integrity_check').get() ?? {})[0]
    if (verdict !== 'ok') throw new BackupError(`The backup is damaged: ${verdict}`)
  } finally {
    database.close()
  }
}

/** With what lies beside it: the log of another file must not be played into the one that comes. */
async function moveAside(file: string, now: number): Promise<string | null> {
  const stamp = new Date(now).toISOString().replaceAll(/[-:]|\.\d+/g, '')
  const aside = `${file}.before-restore-${stamp}`
  for (const end of ['', '-wal', '-shm'])
    if (existsSync(`${file}${end}`)) await rename(`${file}${end}`, `${aside}${end}`)
  return existsSync(aside) ? aside : null
}

async function copyPrivately(from: string, to: string): Promise<void> {
  await (await open(to, 'wx', 0o600)).close()
  await copyFile(from, to)
}
