import type { Db } from './connect.ts'
import { preparedInsert, rowsAtOnce } from './prepared-insert.ts'
import type { Database } from './schema.ts'

type Insert<Table extends keyof Database> = (db: Db, rows: readonly Database[Table][]) => Promise<void>

const inserts = new Map<string, Insert<keyof Database>>()

/** Inserts any number of rows that have the same columns, in as few statements as that takes. */
export async function insertRows<Table extends keyof Database & string>(
  db: Db,
  table: Table,
  rows: readonly Database[Table][],
): Promise<void> {
  const [first] = rows
  if (!first) return
  const columns = Object.keys(first) as (keyof Database[Table] & string)[]
  const name = `${table}(${columns.join()})`
  const insert = (inserts.get(name) ?? preparedInsert(table, columns)) as Insert<Table>
  inserts.set(name, insert as Insert<keyof Database>)
  for (let from = 0; from < rows.length; ) {
    const count = rowsAtOnce(rows.length - from)
    await insert(db, rows.slice(from, from + count))
    from += count
  }
}
