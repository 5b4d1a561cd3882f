import { sql } from 'kysely'
import { type AnyDb, type Db, dialectOf } from '../db/connect.ts'
import type { VaultCheckRow } from '../db/schema.ts'
import { VaultError } from './errors.ts'
import type { RootKey } from './root-key.ts'

const ID = 'root'
const PURPOSE = ['key check']
const KNOWN = Buffer.from('the root key of this database')

/** Whether something in this database rests on a root key already; it need not have its tables yet. */
export async function isSealed(db: AnyDb): Promise<boolean> {
  return (await readCheck(db)) !== null || (await hasDataKeys(db))
}

/**
 * Compares the root key with the database and writes nothing, so that it can come before the migrations.
 * A database that has never been sealed takes any key.
 * @throws {VaultError} wrong_root_key
 */
export async function checkRootKey(db: AnyDb, rootKey: RootKey): Promise<void> {
  const check = await readCheck(db)
  if (check) await compare(check, rootKey)
}

/**
 * Ties the database to the root key at the first start, and compares at every other. Of several first processes
 * with different keys, all but one are refused.
 * @throws {VaultError} wrong_root_key
 */
export async function tieRootKey(db: Db, rootKey: RootKey, now: () => number): Promise<void> {
  // In this order: the first process writes the check before any data key.
  const hasKeys = await hasDataKeys(db)
  if (!(await readCheck(db))) {
    if (hasKeys)
      throw new VaultError(
        'vault_tampered',
        'The database has data keys but its key check is gone: restore a backup',
      )
    const sealed = await rootKey.wrap(KNOWN, PURPOSE)
    await db
      .insertInto('vault_check')
      .values({ id: ID, root_key_id: rootKey.id, sealed, created_at: now() })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  }
  await checkRootKey(db, rootKey)
}

async function readCheck(db: AnyDb): Promise<VaultCheckRow | null> {
  if (!(await hasTable(db, 'vault_check'))) return null
  const row = await db.selectFrom('vault_check').selectAll().where('id', '=', ID).executeTakeFirst()
  return (row as VaultCheckRow | undefined) ?? null
}

async function hasDataKeys(db: AnyDb): Promise<boolean> {
  if (!(await hasTable(db, 'data_keys'))) return false
  return (await db.selectFrom('data_keys').select('id').limit(1).execute()).length > 0
}

async function hasTable(db: AnyDb, name: string): Promise<boolean> {
  const found =
    dialectOf(db) === 'postgres'
      ? sql`select 1 where to_regclass(${name}) is not null`
      : sql`select 1 from sqlite_schema where type = 'table' and name = ${name}`
  return (await found.execute(db)).rows.length > 0
}

async function compare(check: VaultCheckRow, rootKey: RootKey): Promise<void> {
  const opened = check.root_key_id === rootKey.id ? await rootKey.unwrap(check.sealed, PURPOSE) : null
  if (opened && KNOWN.equals(opened)) return
  throw new VaultError(
    'wrong_root_key',
    `This database was sealed with another root key (${check.root_key_id}, not ${rootKey.id}). ` +
      'Give that key in GRANTRY_ENCRYPTION_KEY or its file, or name another database; nothing was changed',
  )
}
