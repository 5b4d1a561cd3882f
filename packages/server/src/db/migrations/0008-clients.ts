import { sql } from 'kysely'
import type { Migration } from '../migrate.ts'

/** How clients come to register themselves, and what must be found by the client when it or a grant ends. */
export const clients: Migration = {
  name: '0008-clients',
  async up(db, types) {
    const { uuid, text, time } = types
    await db.schema
      .createTable('registration_tokens')
      .addColumn('workspace_id', uuid, (column) => column.notNull())
      .addColumn('id', uuid, (column) => column.notNull())
      .addColumn('name', text, (column) => column.notNull())
      .addColumn('token_hash', text, (column) => column.notNull())
      .addColumn('created_at', time, (column) => column.notNull())
      .addColumn('expires_at', time)
      .addColumn('last_used_at', time)
      .addPrimaryKeyConstraint('registration_tokens_pkey', ['workspace_id', 'id'])
      .$call(types.strict)
      .execute()
    for (const table of ['oauth_grants', 'oauth_records'])
      await db.schema.createIndex(`${table}_client_id`).on(table).column('client_id').execute()
    await db.schema
      .createIndex('oauth_clients_origin_created_at')
      .on('oauth_clients')
      .columns(['origin', 'created_at'])
      .execute()
    // Events are many, and of these few: the index holds no others.
    await db.schema
      .createIndex('events_of_grants')
      .on('events')
      .columns(['workspace_id', 'actor_id', 'id'])
      .where(sql.ref('actor_kind'), '=', 'oauth_client')
      .execute()
  },
}
