import { expect, test } from 'vitest'
import { eachDatabase } from '../../../../test/support/databases.ts'
import type { Migration } from './migrate.ts'
import { preparedQuery } from './prepared-query.ts'

type Tables = { notes: { id: string; size: number; text: string | null } }

const notes: Migration = {
  name: 'notes',
  async up(db, types) {
    await db.schema
      .createTable('notes')
      .addColumn('id', types.text, (column) => column.primaryKey())
      .addColumn('size', types.integer)
      .addColumn('text', types.text)
      .execute()
  },
}

let built = 0
const larger = preparedQuery<{ than: number; id: string }, { id: string }, Tables>((db, { than, id }) => {
  built++
  return db
    .selectFrom('notes')
    .select('id')
    .where('size', '>', than)
    .where('id', '!=', id)
    .where('text', '=', 'same')
})
const rename = preparedQuery<{ id: string; text: string | null }, { id: string }, Tables>(
  (db, { id, text }) => db.updateTable('notes').set({ text }).where('id', '=', id).returning('id'),
)

eachDatabase(
  'a prepared query',
  (open) => {
    test('is built once and takes its values by name', async () => {
      const db = await open<Tables>()
      await db
        .insertInto('notes')
        .values(['a', 'b', 'c'].map((id, size) => ({ id, size, text: 'same' })))
        .execute()
      built = 0
      expect(await larger(db, { than: 0, id: 'b' })).toEqual([{ id: 'c' }])
      expect(await larger(db, { than: 1, id: 'x' })).toEqual([{ id: 'c' }])
      expect(await larger(db, { than: 2, id: 'x' })).toEqual([])
      expect(built).toBe(1)
    })

    test('runs within a transaction, and sets null', async () => {
      const db = await open<Tables>()
      await db.transaction().execute(async (tx) => {
        expect(await rename(tx, { id: 'a', text: null })).toEqual([{ id: 'a' }])
      })
      expect(await db.selectFrom('notes').select('text').where('id', '=', 'a').execute()).toEqual([
        { text: null },
      ])
      expect(await rename(db, { id: 'nobody', text: 'x' })).toEqual([])
    })
  },
  { migrations: [notes] },
)
