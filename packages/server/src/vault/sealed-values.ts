import { type RawBuilder, type SqlBool, sql } from 'kysely'
import { type Db, dialectOf } from '../db/connect.ts'
import { parseUuid } from '../db/new-id.ts'
import type { SealedColumn } from './sealed-column.ts'
import { FORM_BYTES } from './sealed-record.ts'
import type { Vault } from './vault.ts'

/** One value of a column, and the row that it is in: its key, and what its place is made of. */
export type SealedValue = { row: Record<string, unknown>; sealed: Uint8Array }

/** What walks over sealed values asks the database; whose columns they are is said by the list of them. */
type Within = { db: Db; column: SealedColumn; workspace: string }

type Read<Sealed> = { [name: string]: unknown; sealed: Sealed }

/** The next values of a workspace that do not begin with `form`, in the order of the primary key, after `after`. */
export async function readOtherForms(
  { db, column, workspace }: Within,
  { form, after, limit }: { form: Uint8Array; after: SealedValue | null; limit: number },
): Promise<SealedValue[]> {
  const order = orderOf(column)
  const { rows } = await sql<Read<Uint8Array>>`
    ${select(column)} where ${ofWorkspace(column, workspace)} and ${isOther(column, form)}
      ${after === null ? sql`` : sql`and ${tuple(order)} > ${values(order, after.row)}`}
    order by ${sql.join(order.map((name) => sql.ref(name)))}
    limit ${limit}`.execute(db)
  return rows.map(({ sealed, ...row }) => ({ row, sealed }))
}

/** What a column holds in one row; null where the row is not there. For columns whose key is workspace and id. */
export async function readRow(
  { db, column, workspace }: Within,
  id: string,
): Promise<{ row: Record<string, unknown>; sealed: Uint8Array | null } | null> {
  const { rows } = await sql<Read<Uint8Array | null>>`
    ${select(column)} where workspace_id = ${workspace} and id = ${id}`.execute(db)
  if (!rows[0]) return null
  const { sealed, ...row } = rows[0]
  return { row, sealed }
}

/**
 * Puts another value in the place of one that is still there. False where it is not, or where somebody is just changing its
 * row: whoever swaps many in one transaction waits for nobody, and so cannot lock one out.
 */
export async function swapValue(
  { db, column }: Pick<Within, 'db' | 'column'>,
  { row, sealed }: SealedValue,
  anew: Uint8Array,
): Promise<boolean> {
  const table = sql.table(column.table)
  const same = sql`${tuple(column.key)} = ${values(column.key, row)} and ${sql.ref(column.column)} = ${sealed}`
  const found =
    dialectOf(db) === 'postgres'
      ? sql`${tuple(column.key)} in (
          select ${sql.join(column.key.map((name) => sql.ref(name)))} from ${table} where ${same}
          for update skip locked)`
      : same
  const result = await sql`update ${table} set ${sql.ref(column.column)} = ${anew} where ${found}`.execute(db)
  return (result.numAffectedRows ?? 0n) > 0n
}

/** How many values of a workspace are not as they would be sealed now. */
export async function countOtherForms(
  { db, vault }: { db: Db; vault: Pick<Vault, 'form'> },
  columns: readonly SealedColumn[],
  workspace: string,
): Promise<number> {
  let total = 0
  for (const column of columns)
    total += await count(
      { db, column, workspace },
      isOther(column, await vault.form(workspace, { brief: column.brief })),
    )
  return total
}

/** How many values of a workspace are sealed by this data key, in whatever back end they rest. */
export async function countSealedBy(
  db: Db,
  columns: readonly SealedColumn[],
  { workspace, keyId }: { workspace: string; keyId: string },
): Promise<number> {
  let total = 0
  for (const column of columns)
    total += await count(
      { db, column, workspace },
      sql`substr(${sql.ref(column.column)}, 2, ${sql.lit(FORM_BYTES - 1)}) = ${parseUuid(keyId)}`,
    )
  return total
}

async function count({ db, column, workspace }: Within, which: RawBuilder<SqlBool>): Promise<number> {
  const { rows } = await sql<{ values: number }>`
    select count(*) as "values" from ${sql.table(column.table)}
    where ${ofWorkspace(column, workspace)} and ${which}`.execute(db)
  return rows[0]!.values
}

/** What a {@link SealedValue} is made of. */
function select({ table, column, key, reads }: SealedColumn): RawBuilder<unknown> {
  const names = [...new Set([...key, ...reads])].map((name) => sql.ref(name))
  return sql`select ${sql.join(names)}, ${sql.ref(column)} as "sealed" from ${sql.table(table)}`
}

/** Also said of columns that cannot be null, so that a partial index is used where there is one. */
const ofWorkspace = ({ column }: SealedColumn, workspace: string) =>
  sql<SqlBool>`workspace_id = ${workspace} and ${sql.ref(column)} is not null`

const isOther = ({ column }: SealedColumn, form: Uint8Array) =>
  sql<SqlBool>`substr(${sql.ref(column)}, 1, ${sql.lit(FORM_BYTES)}) is distinct from ${form}`

/** What orders the rows of one workspace. */
const orderOf = ({ key }: SealedColumn) => key.filter((name) => name !== 'workspace_id')

const tuple = (names: readonly string[]) => sql`(${sql.join(names.map((name) => sql.ref(name)))})`

const values = (names: readonly string[], row: Record<string, unknown>) =>
  sql`(${sql.join(names.map((name) => row[name]))})`
