import { sql } from 'kysely'
import type { Migration } from '../migrate.ts'

/** When this database came back out of a backup, and which token pairs came with it. */
export const restores: Migration = {
  name: '0023-restores',
  async up(db, types) {
    const { time, integer } = types
    await db.schema
      .createTable('restores')
      .addColumn('epoch', integer, (column) => column.primaryKey())
      .addColumn('restored_at', time, (column) => column.notNull())
      .addColumn('taken_at', time)
      .$call(types.strict)
      .execute()
    // Written again and again by whoever asks whether anything can be written.
    await db.insertInto('rolled_up').values({ name: 'write probe', up_to: 0 }).execute()
    await db.schema.alterTable('token_requests').addColumn('restored_in', integer).execute()
    await db.schema
      .createIndex('token_requests_restored')
      .on('token_requests')
      .columns(['workspace_id', 'id'])
      .where(sql.ref('restored_in'), 'is not', null)
      .execute()
  },
}
