import { sql } from 'kysely'
import { type Db, dialectOf } from '../../db/connect.ts'
import type { EventRow } from '../../db/schema.ts'

/**
 * Events by their ids; those that are gone are not in it. One text whatever their number, and nothing that a planner could
 * join otherwise: right after many were written it knows no sizes, and would read all of them each time.
 */
export async function readEvents(
  db: Db,
  workspace: string,
  ids: readonly string[],
): Promise<Map<string, EventRow>> {
  const among =
    dialectOf(db) === 'sqlite'
      ? sql`id in (select value from json_each(${JSON.stringify(ids)}))`
      : sql`id = any(${ids}::uuid[])`
  const { rows } =
    await sql<EventRow>`select * from events where workspace_id = ${workspace} and ${among}`.execute(db)
  return new Map(rows.map((row) => [row.id, row]))
}
