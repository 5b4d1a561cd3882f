import { randomBytes } from 'node:crypto'
import { Secret } from '@grantry/oauth'
import { sql } from 'kysely'
import type { Db, DialectName } from '../db/connect.ts'
import { newId } from '../db/new-id.ts'
import { sealedColumns } from '../sealed-columns.ts'
import type { SealedColumn } from '../vault/sealed-column.ts'
import type { Place, Vault } from '../vault/vault.ts'

/** A row made for one sealed column, and what was sealed in it. */
export type SealedRow = { column: SealedColumn; row: Record<string, unknown>; place: Place; secret: Secret }

type Field = { name: string; type: string; required: boolean }

const queries = {
  sqlite: (table: string) => sql<Field>`
    select name, lower(type) as type, "notnull" as required from pragma_table_info(${table})`,
  postgres: (table: string) => sql<Field>`
    select column_name as name, data_type as type, is_nullable = 'NO' as required from information_schema.columns
    where table_schema = current_schema() and table_name = ${table}`,
}

const random = (bytes: number) => randomBytes(bytes)

/**
 * Puts a row with sealed values into the table of every listed column, with whatever its other columns need to be there: a
 * column that is added to the list is tested without a word more.
 */
export async function insertSealedRows(
  ctx: { db: Db; vault: Pick<Vault, 'seal'>; dialect: DialectName },
  workspace: string,
): Promise<SealedRow[]> {
  const made: SealedRow[] = []
  for (const table of new Set(sealedColumns.map((column) => column.table))) {
    const columns = sealedColumns.filter((column) => column.table === table)
    const row = await makeRow(ctx, columns, workspace)
    for (const column of columns) {
      const secret = new Secret(`canary ${table}.${column.column} ${randomBytes(6).toString('hex')}`)
      const place = column.place(row)
      // The signing keys are the deployment's own, whatever workspace their row names.
      row.workspace_id = place.workspace
      row[column.column] = await ctx.vault.seal(place, secret)
      made.push({ column, row, place, secret })
    }
    const names = Object.keys(row)
    await sql`insert into ${sql.table(table)} (${sql.join(names.map((name) => sql.ref(name)))})
      values (${sql.join(names.map((name) => row[name]))})`.execute(ctx.db)
  }
  return made
}

async function makeRow(
  { db, dialect }: { db: Db; dialect: DialectName },
  columns: SealedColumn[],
  workspace: string,
): Promise<Record<string, unknown>> {
  const { rows: fields } = await queries[dialect](columns[0]!.table).execute(db)
  const named = new Set(columns.flatMap(({ key, reads }) => [...key, ...reads]))
  const needed = fields.filter(({ name, required }) => required || named.has(name))
  return {
    ...Object.fromEntries(needed.map(({ name, type }) => [name, anyValue(type, name)])),
    workspace_id: workspace,
  }
}

/** What rests there now. */
export async function readSealed(db: Db, { column, row }: SealedRow): Promise<Uint8Array> {
  const { rows } = await sql<{ sealed: Uint8Array }>`
    select ${sql.ref(column.column)} as sealed from ${sql.table(column.table)} where ${whereRow({ column, row })}`.execute(
    db,
  )
  return Uint8Array.from(rows[0]!.sealed)
}

/** Puts bytes there, as one would who may write to the database and has no key. */
export async function writeSealed(
  db: Db,
  { column, row }: Pick<SealedRow, 'column' | 'row'>,
  bytes: Uint8Array,
): Promise<void> {
  await sql`update ${sql.table(column.table)} set ${sql.ref(column.column)} = ${bytes}
    where ${whereRow({ column, row })}`.execute(db)
}

const whereRow = ({ column, row }: Pick<SealedRow, 'column' | 'row'>) =>
  sql`${sql.join(
    column.key.map((name) => sql`${sql.ref(name)} = ${row[name]}`),
    sql` and `,
  )}`

function anyValue(type: string, name: string): unknown {
  if (/int/.test(type)) return 2
  // SQLite has no type for ids.
  return name === 'id' || /(^|_)id$/.test(name) || type === 'uuid'
    ? newId({ clock: { now: () => Date.now() }, random })
    : randomBytes(8).toString('hex')
}
