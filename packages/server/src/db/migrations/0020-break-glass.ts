import { type Kysely, sql } from 'kysely'
import type { ColumnTypes } from '../column-types.ts'
import { dialectOf } from '../connect.ts'
import type { Migration } from '../migrate.ts'

/** Ending many connections at once, and what became of each at its provider. */
export const breakGlass: Migration = {
  name: '0020-break-glass',
  async up(db, types) {
    const { uuid, text, json, time, integer, flag, bytes } = types
    await db.schema
      .createTable('break_glass')
      .addColumn('workspace_id', uuid, (column) => column.notNull())
      .addColumn('id', uuid, (column) => column.notNull())
      .addColumn('by_operator', flag, (column) => column.notNull())
      .addColumn('actor_kind', text, (column) => column.notNull())
      .addColumn('actor_id', uuid)
      .addColumn('app_id', uuid)
      .addColumn('criteria', json, (column) => column.notNull())
      .addColumn('force', flag, (column) => column.notNull())
      .addColumn('api_key_deleted', flag, (column) => column.notNull())
      .addColumn('state', text, (column) => column.notNull())
      .addColumn('started_at', time, (column) => column.notNull())
      .addColumn('ended_at', time)
      .addColumn('done_at', time)
      .addColumn('claimed_until', time)
      .addPrimaryKeyConstraint('break_glass_pkey', ['workspace_id', 'id'])
      .$call(types.strict)
      .execute()
    await db.schema.createIndex('break_glass_id').on('break_glass').columns(['id']).execute()
    await db.schema
      .createIndex('break_glass_open')
      .on('break_glass')
      .columns(['state'])
      .where(sql.ref('state'), '<>', sql.lit('done'))
      .execute()
    await db.schema
      .createTable('break_glass_connections')
      .addColumn('workspace_id', uuid, (column) => column.notNull())
      .addColumn('connection_id', uuid, (column) => column.notNull())
      .addColumn('break_glass_id', uuid, (column) => column.notNull())
      .addColumn('outcome', text, (column) => column.notNull())
      .addColumn('attempts', integer, (column) => column.notNull())
      .addColumn('answered_at', time)
      .addColumn('status', integer)
      .addColumn('error', text)
      .addColumn('description', text)
      .addPrimaryKeyConstraint('break_glass_connections_pkey', ['workspace_id', 'connection_id'])
      .$call(types.strict)
      .execute()
    await index(db, 'break_glass_report', 'break_glass_connections', ['break_glass_id', 'connection_id'])
    await index(db, 'break_glass_outcomes', 'break_glass_connections', [
      'break_glass_id',
      'workspace_id',
      'outcome',
      'connection_id',
    ])

    // What waits to be revoked may stay where it rests: to seal ten thousand tokens anew takes longer than ending them may.
    await db.schema.alterTable('revocations').addColumn('token_request_id', uuid).execute()
    await takeNulls(db, bytes)
    await index(db, 'revocations_of_connection', 'revocations', ['workspace_id', 'connection_id'])
    await index(db, 'revocations_of_request', 'revocations', ['workspace_id', 'token_request_id'])
    // Who else is connected to an account is asked of each connection that ends.
    await index(db, 'connections_of_account', 'connections', ['workspace_id', 'integration_id', 'account_id'])
  },
}

// biome-ignore lint/suspicious/noExplicitAny: the tables of this time have no type
type Untyped = Kysely<any>

async function takeNulls(db: Untyped, bytes: ColumnTypes['bytes']): Promise<void> {
  if (dialectOf(db) === 'postgres') {
    await sql`alter table revocations alter column token drop not null`.execute(db)
    return
  }
  // SQLite cannot change a column, and can put another in its place.
  await db.schema.alterTable('revocations').addColumn('sealed', bytes).execute()
  await sql`update revocations set sealed = token`.execute(db)
  await db.schema.alterTable('revocations').dropColumn('token').execute()
  await db.schema.alterTable('revocations').renameColumn('sealed', 'token').execute()
}

function index(db: Untyped, name: string, on: string, columns: string[]): Promise<void> {
  return db.schema.createIndex(name).on(on).columns(columns).execute()
}
