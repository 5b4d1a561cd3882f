import { sql } from 'kysely'
import type { Clock } from '../context.ts'
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
 * Compares the root keys with the database and writes nothing, so that it can come before the migrations. Each root key that
 * was ever the one that wraps has a row; the newest of them must be known, and whatever still wraps a data key.
 * A database that has never been sealed takes any key.
 * @param others what may still have wrapped data keys
 * @throws {VaultError} wrong_root_key
 */
export async function checkRootKey(
  db: AnyDb,
  rootKey: RootKey,
  others: readonly RootKey[] = [],
): Promise<void> {
  const known = [rootKey, ...others]
  const check = await readCheck(db)
  if (check) await compare(check, known, rootKey)
  const left = await countUnknown(db, known)
  if (left) throw stillWraps(left)
}

/**
 * Ties the database to the root key at the first start, and compares at every other. Of several first processes
 * with different keys, all but one are refused.
 * @throws {VaultError} wrong_root_key
 */
export async function tieRootKey(
  db: Db,
  rootKey: RootKey,
  now: () => number,
  others: readonly RootKey[] = [],
): Promise<void> {
  // In this order: the first process writes the check before any data key.
  const hasKeys = await hasDataKeys(db)
  if (!(await readCheck(db))) {
    if (hasKeys)
      throw new VaultError(
        'vault_tampered',
        'The database has data keys but its key check is gone: restore a backup',
      )
    const sealed = await sealCheck(rootKey)
    await insertCheck(db, { id: ID, root_key_id: rootKey.id, sealed, created_at: now() })
  }
  await checkRootKey(db, rootKey, others)
}

/**
 * Makes a root key the one by which data keys are to be wrapped: every process that wraps by it re-wraps the others'. A key
 * that has been that before is not made it again but by `again`: while processes are restarted one by one, those that still
 * wrap by the former key must not take everything back.
 * @returns the id of the key that it follows, or null where nothing changed
 */
export type Appointment = (tx: Db, options: { again: boolean }) => Promise<string | null>

/** Seals the key's check, where it has none yet, before the transaction that writes it: that may take a call to a service. */
export async function prepareAppointment(
  { db, clock }: { db: Db; clock: Pick<Clock, 'now'> },
  rootKey: RootKey,
): Promise<Appointment> {
  const sealed = (await hasCheckOf(db, rootKey)) ? null : await sealCheck(rootKey)
  return async (tx, { again }) => {
    const newest = await readCheck(tx)
    if (!newest || newest.root_key_id === rootKey.id) return null
    const at = Math.max(clock.now(), newest.created_at + 1)
    if (sealed && !(await hasCheckOf(tx, rootKey))) {
      const made = await insertCheck(tx, { id: rootKey.id, root_key_id: rootKey.id, sealed, created_at: at })
      return made ? newest.root_key_id : null
    }
    if (!again) return null
    await tx
      .updateTable('vault_check')
      .set({ created_at: at })
      .where('root_key_id', '=', rootKey.id)
      .execute()
    return newest.root_key_id
  }
}

/** By which root key data keys are to be wrapped. */
export async function appointedRootKey(db: AnyDb): Promise<string | null> {
  return (await readCheck(db))?.root_key_id ?? null
}

const sealCheck = (rootKey: RootKey) => rootKey.wrap(KNOWN, PURPOSE)

async function hasCheckOf(db: Db, { id }: RootKey): Promise<boolean> {
  const rows = await db.selectFrom('vault_check').select('id').where('root_key_id', '=', id).execute()
  return rows.length > 0
}

async function insertCheck(db: Db, row: VaultCheckRow): Promise<boolean> {
  const result = await db
    .insertInto('vault_check')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return (result.numInsertedOrUpdatedRows ?? 0n) > 0n
}

/** The newest: of the root key that wraps now. */
async function readCheck(db: AnyDb): Promise<VaultCheckRow | null> {
  if (!(await hasTable(db, 'vault_check'))) return null
  const row = await db
    .selectFrom('vault_check')
    .selectAll()
    .orderBy('created_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return (row as VaultCheckRow | undefined) ?? null
}

/** How many data keys no known root key wraps, and one that does. */
async function countUnknown(
  db: AnyDb,
  known: readonly RootKey[],
): Promise<{ root_key_id: string; keys: number } | null> {
  if (!(await hasTable(db, 'data_keys'))) return null
  const rows = await db
    .selectFrom('data_keys')
    .select(['root_key_id', ({ fn }) => fn.countAll<number>().as('keys')])
    .where('retired_at', 'is', null)
    .groupBy('root_key_id')
    .execute()
  const unknown = (rows as { root_key_id: string; keys: number }[]).filter(
    (row) => !known.some(({ id }) => id === row.root_key_id),
  )
  return unknown[0] ?? null
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

async function compare(check: VaultCheckRow, known: readonly RootKey[], rootKey: RootKey): Promise<void> {
  const by = known.find(({ id }) => id === check.root_key_id)
  const opened = by ? await by.unwrap(check.sealed, PURPOSE) : null
  if (opened && KNOWN.equals(opened)) return
  throw new VaultError(
    'wrong_root_key',
    `This database was sealed with another root key (${check.root_key_id}, not ${rootKey.id}). ` +
      'Give that key in GRANTRY_ENCRYPTION_KEY or its file, or beside a new one in GRANTRY_OTHER_ENCRYPTION_KEYS; ' +
      'or name another database. Nothing was changed',
  )
}

function stillWraps({ root_key_id, keys }: { root_key_id: string; keys: number }): VaultError {
  return new VaultError(
    'wrong_root_key',
    `${keys} data ${keys === 1 ? 'key is' : 'keys are'} still wrapped by the root key ${root_key_id}, which is not given. ` +
      'Give it in GRANTRY_OTHER_ENCRYPTION_KEYS until all are re-wrapped (grantry vault status). Nothing was changed',
  )
}
