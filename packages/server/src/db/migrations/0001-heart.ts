import {
  type ColumnDataType,
  type ColumnDefinitionBuilder,
  type CreateTableBuilder,
  type Expression,
  type Kysely,
  sql,
} from 'kysely'
import type { ColumnTypes } from '../column-types.ts'
import type { Migration } from '../migrate.ts'

type Column = ColumnDataType | Expression<unknown>

/** Workspaces, keys, integrations, connecting, connections with their token requests, and the audit log. */
export const heart: Migration = {
  name: '0001-heart',
  async up(db, types) {
    const { uuid, text, json, bytes, time, integer, flag } = types
    const required = (column: ColumnDefinitionBuilder) => column.notNull()

    await table(db, types, 'workspaces')
      .addColumn('id', uuid, (column) => column.primaryKey())
      .addColumn('name', text, required)
      .addColumn('allowed_origins', json, required)
      .addColumn('return_urls', json, required)
      .addColumn('allow_direct_links', flag, required)
      .addColumn('plan', text)
      .addColumn('quotas', json, required)
      .addColumn('created_at', time, required)
      .addColumn('deleted_at', time)
      .execute()

    await ours(db, types, 'apps')
      .addColumn('name', text, required)
      .addColumn('created_at', time, required)
      .execute()

    await ours(db, types, 'api_keys')
      .addColumn('name', text, required)
      .addColumn('scopes', json, required)
      .addColumn('app_id', uuid)
      .addColumn('created_by', uuid)
      .addColumn('created_at', time, required)
      .addColumn('expires_at', time)
      .addColumn('last_used_at', time)
      .execute()
    await table(db, types, 'api_key_secrets')
      .addColumn('hash', text, (column) => column.primaryKey())
      .addColumn('workspace_id', uuid, required)
      .addColumn('key_id', uuid, required)
      .addColumn('ends_at', time)
      .execute()
    await index(db, 'api_key_secrets', ['workspace_id', 'key_id'])

    await ours(db, types, 'integrations')
      .addColumn('app_id', uuid)
      .addColumn('label', text, required)
      .addColumn('provider', text)
      .addColumn('grant_type', text, required)
      .addColumn('authorization_url', text)
      .addColumn('token_url', text)
      .addColumn('revocation_url', text)
      .addColumn('issuer', text)
      .addColumn('discovered', json)
      .addColumn('api_base_url', text)
      .addColumn('client_id', text, required)
      .addColumn('client_secret', bytes)
      .addColumn('secret_version', integer, required)
      .addColumn('token_auth_method', text, required)
      .addColumn('scopes', json, required)
      .addColumn('params', json, required)
      .addColumn('extra_authorize_params', json, required)
      .addColumn('tenant_id', text)
      .addColumn('validation', json, required)
      .addColumn('connection_id', uuid)
      .addColumn('created_at', time, required)
      .addColumn('updated_at', time, required)
      .execute()
    await index(db, 'integrations', ['workspace_id', 'provider'])

    await ours(db, types, 'connect_sessions')
      .addColumn('integration_id', uuid, required)
      .addColumn('app_id', uuid)
      .addColumn('end_user_id', text)
      .addColumn('end_user_email', text)
      .addColumn('end_user_name', text)
      .addColumn('access_type', text)
      .addColumn('scopes', json, required)
      .addColumn('binding', text, required)
      .addColumn('caller_state', text)
      .addColumn('return_to', text)
      .addColumn('origin', text)
      .addColumn('reconnect_id', uuid)
      .addColumn('allow_account_change', flag, required)
      .addColumn('start_token_hash', text, required)
      .addColumn('connect_token_hash', text, required)
      .addColumn('status', text, required)
      .addColumn('error', text)
      .addColumn('error_description', text)
      .addColumn('connection_id', uuid)
      .addColumn('created_at', time, required)
      .addColumn('expires_at', time, required)
      .execute()
    await index(db, 'connect_sessions', ['expires_at'])

    await ours(db, types, 'authorizations')
      .addColumn('session_id', uuid, required)
      .addColumn('state_hash', text, required)
      .addColumn('callback_key', text, required)
      .addColumn('redirect_uri', text, required)
      .addColumn('code_verifier', bytes, required)
      .addColumn('created_at', time, required)
      .addColumn('expires_at', time, required)
      .addColumn('consumed_at', time)
      .addColumn('code', bytes)
      .addColumn('code_expires_at', time)
      .addColumn('callback_metadata', json, required)
      .addColumn('confirm_hash', text)
      .addColumn('finish_hash', text)
      .addColumn('finish_used_at', time)
      .addColumn('settled_at', time)
      .execute()
    await index(db, 'authorizations', ['workspace_id', 'session_id'])
    await index(db, 'authorizations', ['expires_at'])

    await ours(db, types, 'connections')
      .addColumn('integration_id', uuid, required)
      .addColumn('app_id', uuid)
      .addColumn('provider', text)
      .addColumn('end_user_id', text)
      .addColumn('end_user_email', text)
      .addColumn('end_user_name', text)
      .addColumn('identity', text, required)
      .addColumn('status', text, required)
      .addColumn('reason', text)
      .addColumn('reason_detail', text)
      .addColumn('account_id', text)
      .addColumn('account_label', text)
      .addColumn('account_email', text)
      .addColumn('scopes_requested', json, required)
      .addColumn('scopes_granted', json)
      .addColumn('metadata', json, required)
      .addColumn('token_version', integer, required)
      .addColumn('token_request_id', uuid)
      .addColumn('refresh_token_hash', text)
      .addColumn('expires_at', time)
      .addColumn('refresh_at', time)
      .addColumn('refresh_failures', integer, required)
      .addColumn('last_refresh_at', time)
      .addColumn('last_refresh_ok', flag)
      .addColumn('last_refresh_error', text)
      .addColumn('created_at', time, required)
      .addColumn('updated_at', time, required)
      .execute()
    await db.schema
      .createIndex('connections_workspace_id_integration_id_identity_key')
      .unique()
      .on('connections')
      .columns(['workspace_id', 'integration_id', 'identity'])
      .where(sql.ref('status'), '!=', sql.lit('revoked'))
      .execute()
    await index(db, 'connections', ['workspace_id', 'provider', 'end_user_id'])
    await index(db, 'connections', ['workspace_id', 'end_user_id'])
    await index(db, 'connections', ['workspace_id', 'integration_id', 'refresh_token_hash'])
    await db.schema
      .createIndex('connections_refresh_at')
      .on('connections')
      .columns(['refresh_at'])
      .where(sql.ref('refresh_at'), 'is not', null)
      .execute()

    await ours(db, types, 'token_requests')
      .addColumn('integration_id', uuid, required)
      .addColumn('connection_id', uuid, required)
      .addColumn('kind', text, required)
      .addColumn('fence', integer, required)
      .addColumn('spent_hash', text)
      .addColumn('sent_at', time)
      .addColumn('received_at', time)
      .addColumn('access_token', bytes)
      .addColumn('refresh_token', bytes)
      .addColumn('refresh_token_hash', text)
      .addColumn('token_type', text)
      .addColumn('scopes', json)
      .addColumn('expires_at', time)
      .addColumn('lifetime', integer)
      .addColumn('outcome', text)
      .addColumn('error', text)
      .addColumn('error_description', text)
      .execute()
    await index(db, 'token_requests', ['workspace_id', 'connection_id', 'id'])
    await db.schema
      .createIndex('token_requests_open')
      .on('token_requests')
      .columns(['sent_at'])
      .where(sql.ref('outcome'), 'is', null)
      .execute()

    await table(db, types, 'refresh_leases')
      .addColumn('workspace_id', uuid, required)
      .addColumn('integration_id', uuid, required)
      .addColumn('token_key', text, required)
      .addColumn('holder', text, required)
      .addColumn('boot_id', text, required)
      .addColumn('fence', integer, required)
      .addColumn('expires_at', time, required)
      .addPrimaryKeyConstraint('refresh_leases_pkey', [
        'workspace_id',
        'integration_id',
        'token_key',
      ] as never)
      .execute()

    await ours(db, types, 'revocations')
      .addColumn('integration_id', uuid, required)
      .addColumn('connection_id', uuid, required)
      .addColumn('token', bytes, required)
      .addColumn('token_kind', text, required)
      .addColumn('attempts', integer, required)
      .addColumn('next_attempt_at', time, required)
      .addColumn('gives_up_at', time, required)
      .addColumn('created_at', time, required)
      .execute()
    await index(db, 'revocations', ['next_attempt_at'])

    await ours(db, types, 'events', types.appended)
      .addColumn('type', text, required)
      .addColumn('at', time, required)
      .addColumn('actor_kind', text, required)
      .addColumn('actor_id', uuid)
      .addColumn('app_id', uuid)
      .addColumn('connection_id', uuid)
      .addColumn('integration_id', uuid)
      .addColumn('end_user_id', text)
      .addColumn('request_id', text)
      .addColumn('data', json, required)
      .execute()
    await index(db, 'events', ['workspace_id', 'connection_id', 'id'])
  },
}

// biome-ignore lint/suspicious/noExplicitAny: the tables of this time have no type
type Untyped = Kysely<any>
type Table = CreateTableBuilder<string, string>

function table(db: Untyped, types: ColumnTypes, name: string, kind = types.strict): Table {
  return kind(db.schema.createTable(name) as unknown as Table)
}

/** A table of a workspace's own things: the workspace comes first in the key. */
function ours(db: Untyped, types: ColumnTypes, name: string, kind = types.strict): Table {
  const uuid = types.uuid as Column
  return table(db, types, name, kind)
    .addColumn('workspace_id', uuid as never, (column) => column.notNull())
    .addColumn('id', uuid as never, (column) => column.notNull())
    .addPrimaryKeyConstraint(`${name}_pkey`, ['workspace_id', 'id'] as never) as unknown as Table
}

async function index(db: Untyped, on: string, columns: string[]): Promise<void> {
  await db.schema
    .createIndex(`${on}_${columns.join('_')}`)
    .on(on)
    .columns(columns)
    .execute()
}
