import type { Migration } from '../migrate.ts'

/** What the pages for end users need: branding, a choice among integrations, and an end user's own page. */
export const pages: Migration = {
  name: '0014-pages',
  async up(db, types) {
    const { uuid, text, json, time, flag } = types
    await db.schema.alterTable('workspaces').addColumn('color', text).execute()
    await db.schema
      .createTable('workspace_logos')
      .addColumn('workspace_id', uuid, (column) => column.primaryKey())
      .addColumn('image', text, (column) => column.notNull())
      .$call(types.strict)
      .execute()

    await db.schema.alterTable('connect_sessions').addColumn('choices', json).execute()
    await db.schema
      .alterTable('connect_sessions')
      .addColumn('chosen', flag, (column) => column.notNull().defaultTo(1))
      .execute()
    await db.schema.alterTable('connect_sessions').addColumn('retry_token_hash', text).execute()
    await db.schema.alterTable('authorizations').addColumn('integration_id', uuid).execute()
    await db.schema.alterTable('authorizations').addColumn('exchanged_at', time).execute()

    await db.schema
      .createTable('manage_pages')
      .addColumn('workspace_id', uuid, (column) => column.notNull())
      .addColumn('id', uuid, (column) => column.notNull())
      .addColumn('app_id', uuid)
      .addColumn('end_user_id', text, (column) => column.notNull())
      .addColumn('link_hash', text)
      .addColumn('cookie_hash', text)
      .addColumn('created_at', time, (column) => column.notNull())
      .addColumn('expires_at', time, (column) => column.notNull())
      .addPrimaryKeyConstraint('manage_pages_pkey', ['workspace_id', 'id'])
      .$call(types.strict)
      .execute()
    await db.schema
      .createIndex('manage_pages_expires_at')
      .on('manage_pages')
      .columns(['expires_at'])
      .execute()
  },
}
