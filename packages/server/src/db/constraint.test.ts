import { expect, test } from 'vitest'
import { eachDatabase } from '../../../../test/support/databases.ts'
import { isForeignKeyViolation, isUniqueViolation } from './constraint.ts'
import type { Migration } from './migrate.ts'

type Row = { workspace_id: number; id: number; name: string | null; parent_id: number | null }

const things: Migration = {
  name: 'things',
  async up(db, types) {
    await db.schema
      .createTable('parents')
      .addColumn('id', types.integer, (column) => column.primaryKey())
      .execute()
    await db.schema
      .createTable('things')
      .addColumn('workspace_id', types.integer)
      .addColumn('id', types.integer)
      .addColumn('name', types.text, (column) => column.notNull())
      .addColumn('parent_id', types.integer, (column) => column.references('parents.id'))
      .addPrimaryKeyConstraint('things_pkey', ['workspace_id', 'id'])
      .execute()
    await db.schema
      .createIndex('things_workspace_id_name_key')
      .unique()
      .on('things')
      .columns(['workspace_id', 'name'])
      .where('name', '!=', 'anonymous')
      .execute()
  },
}

eachDatabase(
  'a violated constraint',
  (open) => {
    test('is told apart by its name', async () => {
      const db = await open<{ things: Row }>()
      const refused = async (row: Row) => {
        try {
          await db.insertInto('things').values(row).execute()
        } catch (error) {
          return error
        }
        return null
      }
      const row = { workspace_id: 1, id: 1, name: 'a', parent_id: null }
      expect(await refused(row)).toBeNull()
      expect(await refused({ ...row, id: 3, name: 'anonymous' })).toBeNull()
      expect(await refused({ ...row, id: 4, name: 'anonymous' })).toBeNull()

      const sameKey = await refused({ ...row, name: 'b' })
      const sameName = await refused({ ...row, id: 2 })
      const seen = (error: unknown) =>
        [undefined, 'things_pkey', 'things_workspace_id_name_key'].map((name) =>
          isUniqueViolation(error, name),
        )
      expect(seen(sameKey)).toEqual([true, true, false])
      expect(seen(sameName)).toEqual([true, false, true])

      const orphan = await refused({ ...row, id: 5, name: 'c', parent_id: 9 })
      const nameless = await refused({ ...row, id: 6, name: null })
      expect([sameKey, orphan, nameless, null, 'x'].map(isForeignKeyViolation)).toEqual([
        false,
        true,
        false,
        false,
        false,
      ])
      expect([orphan, nameless, null, 'x'].map((error) => isUniqueViolation(error))).toEqual([
        false,
        false,
        false,
        false,
      ])
    })
  },
  { migrations: [things] },
)
