import { sql } from 'kysely'
import type { Migration } from '../migrate.ts'

/** Connections and MCP servers that go by a name, and integrations that are only being tried. */
export const names: Migration = {
  name: '0011-names',
  async up(db, types) {
    const { uuid, text, json, time, flag } = types
    for (const [table, target] of [
      ['named_connections', 'connection_id'],
      ['named_mcp_servers', 'mcp_server_id'],
    ] as const) {
      await db.schema
        .createTable(table)
        .addColumn('workspace_id', uuid, (column) => column.notNull())
        .addColumn('app', text, (column) => column.notNull())
        .addColumn('name', text, (column) => column.notNull())
        .addColumn(target, uuid, (column) => column.notNull())
        .addColumn('display_name', text)
        .addColumn('labels', json, (column) => column.notNull())
        // What the caller called the integration; for a server, the name of its connection.
        .addColumn('stands_on', text, (column) => column.notNull())
        .addColumn('created_at', time, (column) => column.notNull())
        .addColumn('updated_at', time, (column) => column.notNull())
        .addPrimaryKeyConstraint(`${table}_pkey`, ['workspace_id', 'app', 'name'])
        .$call(types.strict)
        .execute()
      await db.schema
        .createIndex(`${table}_workspace_id_${target}_key`)
        .unique()
        .on(table)
        .columns(['workspace_id', target])
        .execute()
    }
    await db.schema
      .alterTable('integrations')
      .addColumn('trial', flag, (column) => column.notNull().defaultTo(0))
      .execute()
    await db.schema
      .createIndex('integrations_workspace_id_client_id')
      .on('integrations')
      .columns(['workspace_id', 'client_id'])
      .where(sql.ref('trial'), '=', 0)
      .execute()
  },
}
