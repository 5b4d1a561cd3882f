import { sql } from 'kysely'
import type { Migration } from '../migrate.ts'

/** Where events are posted to, and what of them has arrived. */
export const webhooks: Migration = {
  name: '0017-webhooks',
  async up(db, types) {
    const { uuid, text, json, time, integer, flag, bytes } = types
    await db.schema
      .createTable('webhook_endpoints')
      .addColumn('workspace_id', uuid, (column) => column.notNull())
      .addColumn('id', uuid, (column) => column.notNull())
      .addColumn('app_id', uuid)
      .addColumn('url', text, (column) => column.notNull())
      .addColumn('types', json, (column) => column.notNull())
      .addColumn('description', text, (column) => column.notNull())
      .addColumn('enabled', flag, (column) => column.notNull())
      .addColumn('disabled_reason', text)
      .addColumn('secret', bytes, (column) => column.notNull())
      .addColumn('secret_version', integer, (column) => column.notNull())
      .addColumn('old_secret', bytes)
      .addColumn('old_secret_until', time)
      .addColumn('failing_since', time)
      .addColumn('retry_at', time)
      .addColumn('claimed_until', time)
      .addColumn('created_at', time, (column) => column.notNull())
      .addColumn('updated_at', time, (column) => column.notNull())
      .addPrimaryKeyConstraint('webhook_endpoints_pkey', ['workspace_id', 'id'])
      .$call(types.strict)
      .execute()
    await db.schema
      .createTable('webhook_deliveries')
      .addColumn('workspace_id', uuid, (column) => column.notNull())
      .addColumn('endpoint_id', uuid, (column) => column.notNull())
      .addColumn('event_id', uuid, (column) => column.notNull())
      .addColumn('type', text, (column) => column.notNull())
      .addColumn('status', text, (column) => column.notNull())
      .addColumn('attempts', integer, (column) => column.notNull())
      .addColumn('tries', json, (column) => column.notNull())
      .addColumn('delivered_at', time)
      .addPrimaryKeyConstraint('webhook_deliveries_pkey', ['workspace_id', 'endpoint_id', 'event_id'])
      .$call(types.strict)
      .execute()
    await db.schema
      .createIndex('webhook_deliveries_pending')
      .on('webhook_deliveries')
      .columns(['workspace_id', 'endpoint_id', 'event_id'])
      .where(sql.ref('status'), '=', sql.lit('pending'))
      .execute()
  },
}
