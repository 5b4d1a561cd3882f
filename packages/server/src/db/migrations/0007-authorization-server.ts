import type { Migration } from '../migrate.ts'

/** What Grantry keeps as an authorization server: its clients, what people allowed them, and what was issued. */
export const authorizationServer: Migration = {
  name: '0007-authorization-server',
  async up(db, types) {
    const { uuid, text, json, time, bytes } = types
    const create = (name: string) =>
      db.schema.createTable(name).addColumn('workspace_id', uuid, (column) => column.notNull())

    await create('oauth_clients')
      .addColumn('id', uuid, (column) => column.notNull())
      .addColumn('client_id', text, (column) => column.notNull())
      .addColumn('origin', text, (column) => column.notNull())
      .addColumn('metadata', json, (column) => column.notNull())
      .addColumn('created_by', text)
      .addColumn('created_at', time, (column) => column.notNull())
      .addColumn('updated_at', time, (column) => column.notNull())
      .addColumn('last_used_at', time)
      .addPrimaryKeyConstraint('oauth_clients_pkey', ['workspace_id', 'id'])
      .addUniqueConstraint('oauth_clients_client_id_key', ['client_id'])
      .$call(types.strict)
      .execute()

    await create('oauth_client_secrets')
      .addColumn('client', uuid, (column) => column.notNull())
      .addColumn('hash', text, (column) => column.notNull())
      .addColumn('created_at', time, (column) => column.notNull())
      .addColumn('ends_at', time)
      .addPrimaryKeyConstraint('oauth_client_secrets_pkey', ['workspace_id', 'client', 'hash'])
      .$call(types.strict)
      .execute()

    await create('oauth_grants')
      .addColumn('id', uuid, (column) => column.notNull())
      .addColumn('grant_hash', text, (column) => column.notNull())
      .addColumn('client_id', text, (column) => column.notNull())
      .addColumn('client_name', text)
      .addColumn('subject', text, (column) => column.notNull())
      .addColumn('scopes', json, (column) => column.notNull())
      .addColumn('resources', json, (column) => column.notNull())
      .addColumn('connections', json)
      .addColumn('created_at', time, (column) => column.notNull())
      .addColumn('updated_at', time, (column) => column.notNull())
      .addColumn('last_used_at', time)
      .addColumn('ended_at', time)
      .addPrimaryKeyConstraint('oauth_grants_pkey', ['workspace_id', 'id'])
      .addUniqueConstraint('oauth_grants_grant_hash_key', ['grant_hash'])
      .$call(types.strict)
      .execute()
    await db.schema
      .createIndex('oauth_grants_subject')
      .on('oauth_grants')
      .columns(['workspace_id', 'subject', 'client_id'])
      .execute()

    await create('oauth_records')
      .addColumn('model', text, (column) => column.notNull())
      .addColumn('id_hash', text, (column) => column.notNull())
      .addColumn('grant_hash', text)
      .addColumn('uid_hash', text)
      .addColumn('client_id', text)
      .addColumn('payload', json, (column) => column.notNull())
      .addColumn('created_at', time, (column) => column.notNull())
      .addColumn('expires_at', time, (column) => column.notNull())
      .addColumn('consumed_at', time)
      .addColumn('used_at', time)
      .addColumn('successor_hash', text)
      .addColumn('replay_digest', text)
      .addColumn('replay', bytes)
      .addPrimaryKeyConstraint('oauth_records_pkey', ['model', 'id_hash'])
      .$call(types.strict)
      .execute()
    for (const column of ['grant_hash', 'uid_hash', 'expires_at'])
      await db.schema.createIndex(`oauth_records_${column}`).on('oauth_records').columns([column]).execute()

    await db.schema.createIndex('mcp_servers_id').on('mcp_servers').column('id').execute()

    await create('signing_keys')
      .addColumn('id', uuid, (column) => column.notNull())
      .addColumn('kind', text, (column) => column.notNull())
      .addColumn('sealed', bytes, (column) => column.notNull())
      .addColumn('created_at', time, (column) => column.notNull())
      .addPrimaryKeyConstraint('signing_keys_pkey', ['workspace_id', 'id'])
      .$call(types.strict)
      .execute()
  },
}
