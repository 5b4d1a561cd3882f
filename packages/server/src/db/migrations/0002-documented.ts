import type { Migration } from '../migrate.ts'

/** End users' own tokens, MCP servers, and the name by which an integration is asked for. */
export const documented: Migration = {
  name: '0002-documented',
  async up(db, types) {
    const { uuid, text, json, time, integer } = types
    await db.schema.alterTable('integrations').addColumn('name', text).execute()
    await db.schema.alterTable('integrations').addColumn('callback_name', text).execute()
    await db.schema.alterTable('connections').addColumn('api_error', text).execute()
    // A callback belongs to one endpoint pair of the whole deployment (RFC 9700 §4.4).
    await db.schema
      .createTable('callback_names')
      .addColumn('name', text, (column) => column.primaryKey())
      .addColumn('authorization_url', text, (column) => column.notNull())
      .addColumn('token_url', text, (column) => column.notNull())
      .$call(types.strict)
      .execute()
    await db.schema
      .createIndex('integrations_workspace_id_name')
      .on('integrations')
      .columns(['workspace_id', 'name'])
      .execute()

    await db.schema
      .createTable('end_user_tokens')
      .addColumn('workspace_id', uuid, (column) => column.notNull())
      .addColumn('id', uuid, (column) => column.notNull())
      .addColumn('key_id', uuid)
      .addColumn('app_id', uuid)
      .addColumn('end_user_id', text, (column) => column.notNull())
      .addColumn('scopes', json, (column) => column.notNull())
      .addColumn('token_hash', text, (column) => column.notNull())
      .addColumn('created_at', time, (column) => column.notNull())
      .addColumn('expires_at', time, (column) => column.notNull())
      .addPrimaryKeyConstraint('end_user_tokens_pkey', ['workspace_id', 'id'])
      .$call(types.strict)
      .execute()
    await db.schema
      .createIndex('end_user_tokens_expires_at')
      .on('end_user_tokens')
      .columns(['expires_at'])
      .execute()

    await db.schema
      .alterTable('workspaces')
      .addColumn('mcp_servers_made', integer, (column) => column.notNull().defaultTo(0))
      .execute()
    await db.schema
      .createTable('mcp_servers')
      .addColumn('workspace_id', uuid, (column) => column.notNull())
      .addColumn('id', uuid, (column) => column.notNull())
      .addColumn('number', integer, (column) => column.notNull())
      .addColumn('provider', text, (column) => column.notNull())
      .addColumn('access_type', text, (column) => column.notNull())
      .addColumn('connection_id', uuid, (column) => column.notNull())
      .addColumn('owns_connection', types.flag, (column) => column.notNull())
      .addColumn('scopes', json, (column) => column.notNull())
      .addColumn('created_at', time, (column) => column.notNull())
      .addPrimaryKeyConstraint('mcp_servers_pkey', ['workspace_id', 'id'])
      .$call(types.strict)
      .execute()
    await db.schema
      .createIndex('mcp_servers_workspace_id_number_key')
      .unique()
      .on('mcp_servers')
      .columns(['workspace_id', 'number'])
      .execute()
    await db.schema
      .createIndex('mcp_servers_workspace_id_connection_id')
      .on('mcp_servers')
      .columns(['workspace_id', 'connection_id'])
      .execute()
  },
}
