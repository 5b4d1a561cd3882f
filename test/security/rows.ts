import { sql } from 'kysely'
import { dialectOf } from '../../packages/server/src/db/connect.ts'
import type { TestGrantry } from '../support/grantry.ts'

type WithDb = Pick<TestGrantry, 'ctx'>

/** What the background makes of the events that there are, when it comes to it. */
const ofEvents = [
  'audit_keys',
  'event_chains',
  'event_checkpoints',
  'event_feeds',
  'event_links',
  'unlinked_events',
]

/** How many rows each table has that a request can write to. */
export async function countRows({ ctx }: WithDb): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const table of await tablesOf({ ctx })) {
    if (ofEvents.includes(table)) continue
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
