import { sql } from 'kysely'
import type { Migration } from '../migrate.ts'

/** When data keys are followed by others, and the walks that seal anew what rests under an old one. */
export const keyRotation: Migration = {
  name: '0019-key-rotation',
  async up(db, types) {
    const { uuid, integer, time } = types
    await db.schema.alterTable('data_keys').addColumn('superseded_at', time).execute()
    await db.schema.alterTable('data_keys').addColumn('rotate_at', time).execute()
    await db.schema
      .alterTable('data_keys')
      .addColumn('seals', integer, (column) => column.notNull().defaultTo(0))
      .execute()
    await db.schema
      .createIndex('data_keys_rotate_at')
      .on('data_keys')
      .column('rotate_at')
      .where(sql.ref('rotate_at'), 'is not', null)
      .execute()
    await db.schema
      .createTable('reseals')
      .addColumn('workspace_id', uuid, (column) => column.primaryKey())
      .addColumn('next_at', time, (column) => column.notNull())
      .addColumn('claimed_until', time)
      .addColumn('values_left', integer)
      .addColumn('values_refused', integer, (column) => column.notNull().defaultTo(0))
      .$call(types.strict)
      .execute()
  },
}
