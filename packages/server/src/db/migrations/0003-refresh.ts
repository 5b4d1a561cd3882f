import { type Kysely, sql } from 'kysely'
import type { Migration } from '../migrate.ts'

/** What the background refresh goes by. */
export const refresh: Migration = {
  name: '0003-refresh',
  async up(db, types) {
    const { uuid, text, json, time, integer } = types
    for (const column of [
      'claimed_until',
      'refused_at',
      'refresh_token_expires_at',
      'grant_ends_at',
      'warn_at',
    ])
      await db.schema.alterTable('connections').addColumn(column, time).execute()
    await db.schema.alterTable('token_requests').addColumn('settle_at', time).execute()
    await db.schema.alterTable('token_requests').addColumn('refresh_lifetime', integer).execute()
    // What an older version left without an outcome is looked at again.
    await sql`update token_requests set settle_at = sent_at where outcome is null`.execute(db)
    await db.schema.dropIndex('token_requests_open').execute()
    await partialIndex(db, 'token_requests_settle_at', 'token_requests', ['settle_at'], 'settle_at')
    await partialIndex(
      db,
      'token_requests_open',
      'token_requests',
      ['workspace_id', 'integration_id', 'spent_hash'],
      'settle_at',
    )
    await partialIndex(db, 'connections_warn_at', 'connections', ['warn_at'], 'warn_at')

    const gates = db.schema
      .createTable('refresh_gates')
      .addColumn('workspace_id', uuid, (column) => column.notNull())
      .addColumn('integration_id', uuid, (column) => column.notNull())
      .addColumn('failing', json, (column) => column.notNull())
      .addColumn('opened_at', time)
      .addColumn('probe_at', time)
      .addColumn('probed', text)
      .addColumn('budget', integer, (column) => column.notNull())
      .addColumn('filled_at', time, (column) => column.notNull())
      .addPrimaryKeyConstraint('refresh_gates_pkey', ['workspace_id', 'integration_id'] as never)
    await (types.strict(gates as never) as typeof gates).execute()
  },
}

// biome-ignore lint/suspicious/noExplicitAny: the tables of this time have no type
async function partialIndex(db: Kysely<any>, name: string, on: string, columns: string[], notNull: string) {
  await db.schema.createIndex(name).on(on).columns(columns).where(sql.ref(notNull), 'is not', null).execute()
}
