import type { Migration } from '../migrate.ts'

/** What is kept in a back end outside, so that none is forgotten there. */
export const vaultItems: Migration = {
  name: '0018-vault-items',
  async up(db, types) {
    const { uuid, text, time } = types
    await db.schema
      .createTable('vault_items')
      .addColumn('workspace_id', uuid, (column) => column.notNull())
      .addColumn('id', uuid, (column) => column.notNull())
      .addColumn('back_end', text, (column) => column.notNull())
      .addColumn('table_name', text, (column) => column.notNull())
      .addColumn('row_id', uuid, (column) => column.notNull())
      .addColumn('column_name', text, (column) => column.notNull())
      .addColumn('created_at', time, (column) => column.notNull())
      .addColumn('placed_at', time)
      .addColumn('orphaned_at', time)
      .addPrimaryKeyConstraint('vault_items_pkey', ['workspace_id', 'id'])
      .$call(types.strict)
      .execute()
    await db.schema
      .createIndex('vault_items_orphaned')
      .on('vault_items')
      .columns(['orphaned_at'])
      .where('orphaned_at', 'is not', null)
      .execute()
  },
}
