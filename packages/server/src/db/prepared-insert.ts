import type { CompiledQuery } from 'kysely'
import { type Db, type DialectName, dialectOf } from './connect.ts'
import type { Database } from './schema.ts'

export const MOST_ROWS = 500
const STEP = 100

/** How many of `count` rows to insert at once: any number to 100, then hundreds, so that there are few texts to keep. */
export function rowsAtOnce(count: number): number {
  return count <= STEP ? count : Math.min(MOST_ROWS, count - (count % STEP))
}

/**
 * Inserts rows of one table in one statement, which is built once for each number of rows: {@link rowsAtOnce}
 * says which numbers there should be.
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
    if (count < 1 || count !== rowsAtOnce(count))
      throw new RangeError(`${count} rows are not for one statement`)
    // Any value but undefined, which Kysely would leave out, makes a placeholder.
    const row = Object.fromEntries(columns.map((column) => [column, '']))
    return db.insertInto(table).values(Array(count).fill(row)).compile()
  }
}
