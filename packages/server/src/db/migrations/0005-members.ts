import type { CreateTableBuilder, Kysely } from 'kysely'
import type { ColumnTypes } from '../column-types.ts'
import type { Migration } from '../migrate.ts'

/** Who signs in: members and their sessions, invitations, outside OpenID providers, and what counts failed tries. */
export const members: Migration = {
  name: '0005-members',
  async up(db, types) {
    const { text, json, bytes, time, integer } = types

    await ours(db, types, 'members', (table, { required }) =>
      table
        .addColumn('email', text, required)
        .addColumn('name', text)
        .addColumn('role', text, required)
        .addColumn('password_hash', text)
        .addColumn('created_at', time, required)
        .addColumn('last_signed_in_at', time),
    )
    await unique(db, 'members', ['workspace_id', 'email'])
    await index(db, 'members', ['email'])

    await ours(db, types, 'sessions', (table, { required, uuid }) =>
      table
        .addColumn('hash', text, required)
        .addColumn('kind', text, required)
        .addColumn('member_id', uuid)
        .addColumn('end_user_id', text)
        .addColumn('email', text)
        .addColumn('name', text)
        .addColumn('identity_provider_id', uuid)
        .addColumn('network', text, required)
        .addColumn('browser', text)
        .addColumn('created_at', time, required)
        .addColumn('authenticated_at', time, required)
        .addColumn('last_seen_at', time, required)
        .addColumn('expires_at', time, required),
    )
    await index(db, 'sessions', ['workspace_id', 'member_id'])
    await index(db, 'sessions', ['expires_at'])

    await ours(db, types, 'invitations', (table, { required, uuid }) =>
      table
        .addColumn('email', text)
        .addColumn('role', text, required)
        .addColumn('token_hash', text, required)
        .addColumn('created_by', uuid)
        .addColumn('created_at', time, required)
        .addColumn('expires_at', time, required),
    )

    await ours(db, types, 'identity_providers', (table, { required }) =>
      table
        .addColumn('label', text, required)
        .addColumn('issuer', text, required)
        .addColumn('audience', text, required)
        .addColumn('client_id', text, required)
        .addColumn('client_secret', bytes)
        .addColumn('secret_version', integer, required)
        .addColumn('scopes', json, required)
        .addColumn('metadata', json, required)
        .addColumn('created_at', time, required)
        .addColumn('updated_at', time, required),
    )

    await ours(db, types, 'identities', (table, { required, uuid }) =>
      table
        .addColumn('member_id', uuid, required)
        .addColumn('identity_provider_id', uuid, required)
        .addColumn('issuer', text, required)
        .addColumn('subject', text, required)
        .addColumn('created_at', time, required),
    )
    await unique(db, 'identities', ['workspace_id', 'identity_provider_id', 'subject'])
    await index(db, 'identities', ['workspace_id', 'member_id'])

    await ours(db, types, 'outside_sign_ins', (table, { required, uuid }) =>
      table
        .addColumn('identity_provider_id', uuid, required)
        .addColumn('state_hash', text, required)
        .addColumn('browser_hash', text, required)
        .addColumn('nonce', text, required)
        .addColumn('code_verifier', bytes, required)
        .addColumn('next', text, required)
        .addColumn('invitation_id', uuid)
        .addColumn('invitation_hash', text)
        .addColumn('link_session_id', uuid)
        .addColumn('created_at', time, required)
        .addColumn('expires_at', time, required),
    )
    await index(db, 'outside_sign_ins', ['expires_at'])

    await db.schema
      .createTable('known_networks')
      .addColumn('workspace_id', types.uuid, (column) => column.notNull())
      .addColumn('member_id', types.uuid, (column) => column.notNull())
      .addColumn('network', text, (column) => column.notNull())
      .addColumn('last_at', time, (column) => column.notNull())
      .addPrimaryKeyConstraint('known_networks_pkey', ['workspace_id', 'member_id', 'network'])
      .$call((table) => types.strict(table as never) as typeof table)
      .execute()

    await db.schema
      .createTable('failed_tries')
      .addColumn('key', text, (column) => column.primaryKey())
      .addColumn('count', integer, (column) => column.notNull())
      .addColumn('at', time, (column) => column.notNull())
      .$call((table) => types.strict(table as never) as typeof table)
      .execute()
    await index(db, 'failed_tries', ['at'])
  },
}

// biome-ignore lint/suspicious/noExplicitAny: the tables of this time have no type
type Untyped = Kysely<any>
// biome-ignore lint/suspicious/noExplicitAny: so have their columns
type Column = any
type Table = CreateTableBuilder<string, string>
type Of = { uuid: Column; required: (column: Column) => Column }

/** A table of a workspace's own things: the workspace comes first in the key. */
async function ours(
  db: Untyped,
  types: ColumnTypes,
  name: string,
  columns: (table: Table, of: Of) => Table,
): Promise<void> {
  const required = (column: Column) => column.notNull()
  const uuid: Column = types.uuid
  const table = types.strict(db.schema.createTable(name) as unknown as Table)
  const keyed = table
    .addColumn('workspace_id', uuid, required)
    .addColumn('id', uuid, required)
    .addPrimaryKeyConstraint(`${name}_pkey`, ['workspace_id', 'id'] as never) as unknown as Table
  await columns(keyed, { required, uuid }).execute()
}

async function index(db: Untyped, on: string, columns: string[]): Promise<void> {
  await db.schema
    .createIndex(`${on}_${columns.join('_')}`)
    .on(on)
    .columns(columns)
    .execute()
}

async function unique(db: Untyped, on: string, columns: string[]): Promise<void> {
  await db.schema
    .createIndex(`${on}_${columns.join('_')}_key`)
    .unique()
    .on(on)
    .columns(columns)
    .execute()
}
