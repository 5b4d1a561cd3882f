import { sql } from 'kysely'
import { dialectOf } from '../../packages/server/src/db/connect.ts'
import type { TestGrantry } from '../support/grantry.ts'

type WithDb = Pick<TestGrantry, 'ctx'>

/** How many rows each table has. */
export async function countRows({ ctx }: WithDb): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const table of await tablesOf({ ctx })) {
    const { rows } = await sql<{ n: number }>`select count(*) as n from ${sql.table(table)}`.execute(ctx.db)
    counts[table] = Number(rows[0]!.n)
  }
  return counts
}

export async function tablesOf({ ctx }: WithDb): Promise<string[]> {
  const { rows } = await (dialectOf(ctx.db) === 'postgres'
    ? sql<{ name: string }>`select tablename as name from pg_tables where schemaname = 'public'`
    : sql<{ name: string }>`select name from sqlite_schema where type = 'table'`
  ).execute(ctx.db)
  return rows.map(({ name }) => name).sort()
}
