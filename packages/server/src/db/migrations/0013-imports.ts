import type { Migration } from '../migrate.ts'

/** What importers call what they have brought, so that it is brought once; and how far ahead first refreshes are planned. */
export const imports: Migration = {
  name: '0013-imports',
  async up(db, types) {
    const { uuid, text, time } = types
    await db.schema
      .createTable('import_keys')
      .addColumn('workspace_id', uuid, (column) => column.notNull())
      .addColumn('key_hash', text, (column) => column.notNull())
      .addColumn('connection_id', uuid, (column) => column.notNull())
      .addColumn('created_at', time, (column) => column.notNull())
      .addPrimaryKeyConstraint('import_keys_pkey', ['workspace_id', 'key_hash'])
      .$call(types.strict)
      .execute()
    await db.schema
      .createTable('import_paces')
      .addColumn('workspace_id', uuid, (column) => column.notNull())
      .addColumn('integration_id', uuid, (column) => column.notNull())
      .addColumn('until', time, (column) => column.notNull())
      .addPrimaryKeyConstraint('import_paces_pkey', ['workspace_id', 'integration_id'])
      .$call(types.strict)
      .execute()
  },
}
