import type { Migration } from '../migrate.ts'

/** What API keys are narrowed to besides an app, and a budget of calls for each policy that has one. */
export const narrow: Migration = {
  name: '0022-narrow',
  async up(db, types) {
    const { uuid, text, json, time, integer, flag } = types
    await db.schema
      .createTable('api_key_limits')
      .addColumn('workspace_id', uuid, (column) => column.notNull())
      .addColumn('key_id', uuid, (column) => column.notNull())
      .addColumn('kind', text, (column) => column.notNull())
      .addColumn('value', text, (column) => column.notNull())
      .addPrimaryKeyConstraint('api_key_limits_pkey', ['workspace_id', 'key_id', 'kind', 'value'])
      .$call(types.strict)
      .execute()
    for (const column of ['by_service', 'by_network'])
      await db.schema
        .alterTable('api_keys')
        .addColumn(column, flag, (made) => made.notNull().defaultTo(0))
        .execute()
    await db.schema.alterTable('manage_pages').addColumn('services', json).execute()
    // Beside proxy_calls, which stays as it is: processes of the version before count in it until they are stopped. Nothing
    // here uses it; a later migration may drop it.
    await db.schema
      .createTable('proxy_spending')
      .addColumn('workspace_id', uuid, (column) => column.notNull())
      .addColumn('connection_id', uuid, (column) => column.notNull())
      .addColumn('policy', text, (column) => column.notNull())
      .addColumn('period_begins', time, (column) => column.notNull())
      .addColumn('calls', integer, (column) => column.notNull())
      .addPrimaryKeyConstraint('proxy_spending_pkey', ['workspace_id', 'connection_id', 'policy'])
      .$call(types.strict)
      .execute()
  },
}
