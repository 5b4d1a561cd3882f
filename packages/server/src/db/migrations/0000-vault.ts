import type { Migration } from '../migrate.ts'

/** The wrapped data keys of each workspace, and the one row that knows the root key. */
export const vaultTables: Migration = {
  name: '0000-vault',
  async up(db, types) {
    const { uuid, text, bytes, time } = types
    await db.schema
      .createTable('data_keys')
      .addColumn('workspace_id', uuid, (column) => column.notNull())
      .addColumn('id', uuid, (column) => column.notNull())
      .addColumn('wrapped', bytes, (column) => column.notNull())
      .addColumn('root_key_id', text, (column) => column.notNull())
      .addColumn('created_at', time, (column) => column.notNull())
      .addColumn('retired_at', time)
      .addPrimaryKeyConstraint('data_keys_pkey', ['workspace_id', 'id'])
      .$call(types.strict)
      .execute()
    await db.schema
      .createTable('vault_check')
      .addColumn('id', text, (column) => column.primaryKey())
      .addColumn('root_key_id', text, (column) => column.notNull())
      .addColumn('sealed', bytes, (column) => column.notNull())
      .addColumn('created_at', time, (column) => column.notNull())
      .$call(types.strict)
      .execute()
  },
}
