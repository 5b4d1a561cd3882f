import { type ColumnDataType, type CreateTableBuilder, type RawBuilder, sql } from 'kysely'
import { type AnyDb, dialectOf } from './connect.ts'

/** What a column is called on each database, so that one migration makes both. */
export type ColumnTypes = {
  uuid: ColumnDataType
  text: ColumnDataType
  /** JSON as text: parsed by its reader's schema, never queried. */
  json: ColumnDataType
  bytes: RawBuilder<Uint8Array>
  /** Milliseconds since the epoch, and every other number that may pass 2³¹. */
  time: ColumnDataType
  integer: ColumnDataType
  /** 0 or 1. */
  flag: ColumnDataType
  /** Makes SQLite keep to the types, as PostgreSQL does: `schema.createTable(…)….$call(types.strict)`. */
  strict<Builder extends CreateTableBuilder<string, string>>(table: Builder): Builder
  /** The same for a table that only grows: SQLite keeps its rows in the order of the primary key, one B-tree instead of two. */
  appended<Builder extends CreateTableBuilder<string, string>>(table: Builder): Builder
}

export function columnTypes(db: AnyDb): ColumnTypes {
  return dialectOf(db) === 'postgres' ? POSTGRES : SQLITE
}

const POSTGRES: ColumnTypes = {
  uuid: 'uuid',
  text: 'text',
  json: 'text',
  bytes: sql`bytea`,
  time: 'bigint',
  integer: 'bigint',
  flag: 'smallint',
  strict: (table) => table,
  appended: (table) => table,
}

const SQLITE: ColumnTypes = {
  uuid: 'text',
  text: 'text',
  json: 'text',
  bytes: sql`blob`,
  time: 'integer',
  integer: 'integer',
  flag: 'integer',
  strict: <Builder extends CreateTableBuilder<string, string>>(table: Builder) =>
    table.modifyEnd(sql`strict`) as Builder,
  appended: <Builder extends CreateTableBuilder<string, string>>(table: Builder) =>
    table.modifyEnd(sql`strict, without rowid`) as Builder,
}
