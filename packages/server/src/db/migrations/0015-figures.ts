import { type Kysely, sql } from 'kysely'
import type { Migration } from '../migrate.ts'

/** What the console counts, filters and reserves. */
export const figures: Migration = {
  name: '0015-figures',
  async up(db, types) {
    const { uuid, text, json, time, integer } = types
    await db.schema.alterTable('connections').addColumn('ends_at', time).execute()
    await fillEnds(db)
    // With the id at their end they give a page, newest first, without reading what is not in it.
    for (const name of [
      'connections_workspace_id_provider_end_user_id',
      'connections_workspace_id_end_user_id',
    ])
      await db.schema.dropIndex(name).execute()
    await index(db, 'connections_of_end_user', 'connections', ['workspace_id', 'end_user_id', 'id'])
    await index(db, 'connections_of_end_user_at_provider', 'connections', [
      'workspace_id',
      'provider',
      'end_user_id',
      'id',
    ])
    await index(db, 'connections_of_provider', 'connections', ['workspace_id', 'provider', 'id'])
    await index(db, 'connections_of_integration', 'connections', ['workspace_id', 'integration_id', 'id'])
    await index(db, 'connections_ending', 'connections', ['workspace_id', 'ends_at'], 'ends_at is not null')
    // Nearly all are active, and a refresh does not touch what leaves those out.
    await index(
      db,
      'connections_not_active',
      'connections',
      ['workspace_id', 'status', 'id', 'reason', 'integration_id'],
      "status <> 'active'",
    )
    await index(
      db,
      'connections_with_reason',
      'connections',
      ['workspace_id', 'reason', 'id'],
      'reason is not null',
    )

    // Reads are nearly all that is written here, and must not pay for how the others are looked for.
    const changes = "type not in ('token.read', 'proxy.called')"
    await index(db, 'events_changes_by_type', 'events', ['workspace_id', 'type', 'id'], changes)
    await index(
      db,
      'events_changes_of_integration',
      'events',
      ['workspace_id', 'integration_id', 'id'],
      changes,
    )
    await index(
      db,
      'events_of_members',
      'events',
      ['workspace_id', 'actor_id', 'id'],
      "actor_kind = 'member'",
    )
    await index(db, 'events_changes_of_end_user', 'events', ['workspace_id', 'end_user_id', 'id'], changes)

    await db.schema.alterTable('token_requests').addColumn('due_at', time).execute()
    await db.schema
      .createTable('refresh_figures')
      .addColumn('workspace_id', uuid, (column) => column.notNull())
      .addColumn('span', text, (column) => column.notNull())
      .addColumn('starts_at', time, (column) => column.notNull())
      .addColumn('integration_id', uuid, (column) => column.notNull())
      .addColumn('provider', text)
      .addColumn('stored', integer, (column) => column.notNull())
      .addColumn('refused', integer, (column) => column.notNull())
      .addColumn('transient', integer, (column) => column.notNull())
      .addColumn('uncertain', integer, (column) => column.notNull())
      .addColumn('lags', json, (column) => column.notNull())
      .addColumn('most_lag_ms', integer, (column) => column.notNull())
      .addColumn('answer_ms', integer, (column) => column.notNull())
      .addColumn('most_answer_ms', integer, (column) => column.notNull())
      .addPrimaryKeyConstraint('refresh_figures_pkey', [
        'workspace_id',
        'span',
        'starts_at',
        'integration_id',
      ])
      .$call(types.strict)
      .execute()
    await db.schema
      .createTable('rolled_up')
      .addColumn('name', text, (column) => column.primaryKey())
      .addColumn('up_to', time, (column) => column.notNull())
      .$call(types.strict)
      .execute()
    await db.schema
      .createTable('call_figures')
      .addColumn('workspace_id', uuid, (column) => column.notNull())
      .addColumn('starts_at', time, (column) => column.notNull())
      .addColumn('type', text, (column) => column.notNull())
      .addColumn('calls', integer, (column) => column.notNull())
      .addPrimaryKeyConstraint('call_figures_pkey', ['workspace_id', 'starts_at', 'type'])
      .$call(types.strict)
      .execute()

    await db.schema
      .createTable('reserved_integrations')
      .addColumn('workspace_id', uuid, (column) => column.notNull())
      .addColumn('id', uuid, (column) => column.notNull())
      .addColumn('expires_at', time, (column) => column.notNull())
      .addPrimaryKeyConstraint('reserved_integrations_pkey', ['workspace_id', 'id'])
      .$call(types.strict)
      .execute()
  },
}

// biome-ignore lint/suspicious/noExplicitAny: the tables of this time have no type
type Untyped = Kysely<any>

/** Of connections that there are: as well as can be told without what their providers said. */
async function fillEnds(db: Untyped): Promise<void> {
  await sql`update connections set ends_at = grant_ends_at where status = 'active'`.execute(db)
  await sql`update connections set ends_at = expires_at
    where status = 'active' and refresh_at is null and expires_at is not null
    and (ends_at is null or ends_at > expires_at)`.execute(db)
  // Where its owner has been told, it is near.
  await sql`update connections set ends_at = refresh_token_expires_at
    where status = 'active' and warn_at is null and refresh_token_expires_at is not null
    and (ends_at is null or ends_at > refresh_token_expires_at)`.execute(db)
}

function index(db: Untyped, name: string, on: string, columns: string[], where?: string): Promise<void> {
  const made = db.schema.createIndex(name).on(on).columns(columns)
  return (where === undefined ? made : made.where(sql<boolean>`${sql.raw(where)}`)).execute()
}
