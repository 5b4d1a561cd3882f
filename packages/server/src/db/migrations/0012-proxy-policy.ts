import type { Migration } from '../migrate.ts'

/** What may be called through the proxy, for an integration's connections and for one of them; and what of a budget is spent. */
export const proxyPolicy: Migration = {
  name: '0012-proxy-policy',
  async up(db, types) {
    const { uuid, json, time, integer } = types
    await db.schema.alterTable('integrations').addColumn('proxy_policy', json).execute()
    await db.schema.alterTable('connections').addColumn('proxy_policy', json).execute()
    await db.schema
      .createTable('proxy_calls')
      .addColumn('workspace_id', uuid, (column) => column.notNull())
      .addColumn('connection_id', uuid, (column) => column.notNull())
      .addColumn('period_begins', time, (column) => column.notNull())
      .addColumn('calls', integer, (column) => column.notNull())
      .addPrimaryKeyConstraint('proxy_calls_pkey', ['workspace_id', 'connection_id'])
      .$call(types.strict)
      .execute()
  },
}
