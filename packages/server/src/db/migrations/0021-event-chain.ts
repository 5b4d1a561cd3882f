import { type Kysely, sql } from 'kysely'
import { dialectOf } from '../connect.ts'
import type { Migration } from '../migrate.ts'

/** Events linked into a chain for each workspace, and what signs how far it went. */
export const eventChain: Migration = {
  name: '0021-event-chain',
  async up(db, types) {
    const { uuid, text, time, integer, bytes } = types
    await db.schema
      .createTable('unlinked_events')
      .addColumn('workspace_id', uuid, (column) => column.notNull())
      .addColumn('id', uuid, (column) => column.notNull())
      .addPrimaryKeyConstraint('unlinked_events_pkey', ['workspace_id', 'id'])
      .$call(types.appended)
      .execute()
    await db.schema
      .createTable('event_chains')
      .addColumn('workspace_id', uuid, (column) => column.notNull())
      .addColumn('seq', integer, (column) => column.notNull())
      .addColumn('hash', text, (column) => column.notNull())
      .addColumn('signed_seq', integer, (column) => column.notNull())
      .addColumn('signed_at', time, (column) => column.notNull())
      .addColumn('pruned_seq', integer, (column) => column.notNull())
      .addPrimaryKeyConstraint('event_chains_pkey', ['workspace_id'])
      .$call(types.strict)
      .execute()
    await db.schema
      .createTable('event_links')
      .addColumn('workspace_id', uuid, (column) => column.notNull())
      .addColumn('last_seq', integer, (column) => column.notNull())
      .addColumn('links', bytes, (column) => column.notNull())
      .addPrimaryKeyConstraint('event_links_pkey', ['workspace_id', 'last_seq'])
      .$call(types.strict)
      .execute()
    await db.schema
      .createTable('event_checkpoints')
      .addColumn('workspace_id', uuid, (column) => column.notNull())
      .addColumn('seq', integer, (column) => column.notNull())
      .addColumn('at', time, (column) => column.notNull())
      .addColumn('jws', text, (column) => column.notNull())
      .addPrimaryKeyConstraint('event_checkpoints_pkey', ['workspace_id', 'seq'])
      .$call(types.strict)
      .execute()
    await db.schema
      .createTable('audit_keys')
      .addColumn('workspace_id', uuid, (column) => column.notNull())
      .addColumn('id', uuid, (column) => column.notNull())
      .addColumn('public', text, (column) => column.notNull())
      .addColumn('sealed', bytes, (column) => column.notNull())
      .addColumn('created_at', time, (column) => column.notNull())
      .addPrimaryKeyConstraint('audit_keys_pkey', ['workspace_id', 'id'])
      .$call(types.strict)
      .execute()
    await db.schema
      .createTable('event_feeds')
      .addColumn('workspace_id', uuid, (column) => column.notNull())
      .addColumn('sent_seq', integer, (column) => column.notNull())
      .addColumn('sent_checkpoint', integer, (column) => column.notNull())
      .addColumn('claimed_until', time, (column) => column.notNull())
      .addPrimaryKeyConstraint('event_feeds_pkey', ['workspace_id'])
      .$call(types.strict)
      .execute()
    // Before the copy: from here on whoever writes an event waits for us, so that none is between the two.
    await queueByTrigger(db)
    // What there is already waits like what comes.
    await sql`insert into unlinked_events (workspace_id, id) select workspace_id, id from events where true
      on conflict do nothing`.execute(db)
    // Or many would be sorted for each few, until it is done by itself.
    if (dialectOf(db) === 'postgres') await sql`analyze unlinked_events`.execute(db)
  },
}

/**
 * Whoever writes an event, and in whatever statement: it waits for its link from the same commit on. By the database, so
 * that no way of writing forgets it, and so that the commit of a token's read is not a statement longer.
 */
// biome-ignore lint/suspicious/noExplicitAny: the tables of this time have no type
async function queueByTrigger(db: Kysely<any>): Promise<void> {
  if (dialectOf(db) === 'sqlite') {
    await sql`create trigger events_wait after insert on events begin
      insert into unlinked_events (workspace_id, id) values (new.workspace_id, new.id);
    end`.execute(db)
    return
  }
  await sql`create function grantry_events_wait() returns trigger language plpgsql as $$
    begin
      insert into unlinked_events (workspace_id, id) select workspace_id, id from fresh;
      return null;
    end
  $$`.execute(db)
  await sql`create trigger events_wait after insert on events referencing new table as fresh
    for each statement execute function grantry_events_wait()`.execute(db)
}
