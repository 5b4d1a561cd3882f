import { type RawBuilder, sql } from 'kysely'
import { type AnyDb, dialectOf } from './connect.ts'

/** However many UUIDs there are, they are one value, so that a query's text stays the same and no limit of values is met. */
export function idListValue(db: AnyDb, ids: readonly string[]): string {
  return dialectOf(db) === 'postgres' ? `{${ids.join(',')}}` : JSON.stringify(ids)
}

/** What stands behind `in` for such a value. */
export function idListOf(db: AnyDb, value: string): RawBuilder<string> {
  return dialectOf(db) === 'postgres'
    ? sql`(select unnest(${value}::uuid[]))`
    : sql`(select value from json_each(${value}))`
}

/**
 * Any number of UUIDs as the right side of `in`.
 * @example query.where('id', 'in', idList(db, ids))
 */
export const idList = (db: AnyDb, ids: readonly string[]): RawBuilder<string> =>
  idListOf(db, idListValue(db, ids))
