import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { eachDatabase } from '../../../test/support/databases.ts'
import { sealedColumns } from './sealed-columns.ts'

/** Bytes that no data key sealed: the keys themselves are wrapped by the root key, and hashes of events are no secret. */
const notSealed = ['data_keys.wrapped', 'event_links.links', 'vault_check.sealed']

const queries = {
  sqlite: sql<{ name: string }>`
    select m.name || '.' || c.name as name from sqlite_schema m, pragma_table_info(m.name) c
    where m.type = 'table' and upper(c.type) = 'BLOB'`,
  postgres: sql<{ name: string }>`
    select table_name || '.' || column_name as name from information_schema.columns
    where table_schema = current_schema() and data_type = 'bytea'`,
}

eachDatabase('the list of sealed columns', (open) => {
  test('names every column of bytes', async () => {
    const { rows } = await queries[open.dialect].execute(await open())
    const listed = sealedColumns.map(({ table, column }) => `${table}.${column}`)
    expect(rows.map(({ name }) => name).sort()).toEqual([...listed, ...notSealed].sort())
  })
})
