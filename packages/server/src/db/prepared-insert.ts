import type { CompiledQuery } from 'kysely'
import { type Db, type DialectName, dialectOf } from './connect.ts'
import type { Database } from './schema.ts'

/** Texts kept per database: one for each number of rows. */
export const MOST_ROWS = 100

/**
 * Inserts rows of one table in one statement, which is built once for each number of rows (at most {@link MOST_ROWS}).
 * @example const insertEvents = preparedInsert('events', ['workspace_id', 'id', 'type'])
 */
export function preparedInsert<Table extends keyof Database & string>(
  table: Table,
  columns: readonly (keyof Database[Table] & string)[],
): (db: Db, rows: readonly Database[Table][]) => Promise<void> {
  const compiled: Record<DialectName, Map<number, CompiledQuery>> = { sqlite: new Map(), postgres: new Map() }
  return async (db, rows) => {
    const kept = compiled[dialectOf(db)]
    const query = kept.get(rows.length) ?? build(db, rows.length)
    kept.set(rows.length, query)
    const parameters: unknown[] = []
    for (const row of rows) for (const column of columns) parameters.push(row[column])
    await db.executeQuery({ ...query, parameters })
  }

  function build(db: Db, count: number): CompiledQuery {
    if (count < 1 || count > MOST_ROWS) throw new RangeError(`${count} rows are not 1 to ${MOST_ROWS}`)
    // Any value but undefined, which Kysely would leave out, makes a placeholder.
    const row = Object.fromEntries(columns.map((column) => [column, '']))
    return db.insertInto(table).values(Array(count).fill(row)).compile()
  }
}
