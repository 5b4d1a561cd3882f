import { sql, type Transaction } from 'kysely'
import { type ColumnTypes, columnTypes } from './column-types.ts'
import { type AnyDb, type Db, dialectOf } from './connect.ts'
import { DatabaseError } from './errors.ts'
import { transaction } from './transaction.ts'

/** One step of the schema. `up` names its own tables: it must go on working when the types of today have moved on. */
export type Migration = {
  /** Unique and never changed: the ledger holds it. */
  name: string
  up(tx: AnyDb, types: ColumnTypes): Promise<void>
}

type Ledger = { migrations: { name: string; applied_at: number } }

/** Any number that other users of the database are not likely to lock. */
const LOCK = 7_238_401_155

/**
 * Brings the schema up to date, one transaction per migration; several processes may do this at once.
 * @returns the names of the migrations that this call applied
 * @throws {DatabaseError} when the database was made by a newer Grantry, or by another order of migrations
 */
export async function migrate(
  db: AnyDb,
  migrations: readonly Migration[],
  now: () => number,
): Promise<string[]> {
  const ledger: Db<Ledger> = db
  const applied: string[] = []
  for (;;) {
    const name = await transaction(ledger, (tx) => applyNext(tx, migrations, now))
    if (name === null) return applied
    applied.push(name)
  }
}

async function applyNext(
  tx: Transaction<Ledger>,
  migrations: readonly Migration[],
  now: () => number,
): Promise<string | null> {
  await lock(tx)
  await tx.schema
    .createTable('migrations')
    .ifNotExists()
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('applied_at', columnTypes(tx).time, (column) => column.notNull())
    .execute()
  const done = await tx.selectFrom('migrations').select('name').execute()
  const next = nextOf(migrations, new Set(done.map(({ name }) => name)))
  if (!next) return null
  await next.up(tx, columnTypes(tx))
  await tx.insertInto('migrations').values({ name: next.name, applied_at: now() }).execute()
  return next.name
}

/** SQLite's transactions begin immediate, which is the lock. The others' migrations may take longer than a query may. */
async function lock(tx: Transaction<Ledger>): Promise<void> {
  if (dialectOf(tx) === 'sqlite') return
  await sql`set local statement_timeout = 0`.execute(tx)
  await sql`select pg_advisory_xact_lock(${LOCK})`.execute(tx)
}

function nextOf(migrations: readonly Migration[], done: ReadonlySet<string>): Migration | undefined {
  const known = new Set(migrations.map(({ name }) => name))
  const unknown = [...done].filter((name) => !known.has(name))
  if (unknown.length > 0)
    throw new DatabaseError(
      `This database was made by a newer Grantry (it has ${unknown.join(', ')}): start that version, or restore a backup`,
    )
  const missing = migrations.findIndex(({ name }) => !done.has(name))
  const late = migrations.slice(missing + 1).find(({ name }) => done.has(name))
  if (missing >= 0 && late)
    throw new DatabaseError(
      `Migration ${migrations[missing]!.name} stands before ${late.name}, which was applied`,
    )
  return migrations[missing]
}
