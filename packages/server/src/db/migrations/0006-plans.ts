import type { Migration } from '../migrate.ts'

/** What a workspace may do and how much of it, the calls of a minute that it has spent, and the DPoP proofs that were used. */
export const plans: Migration = {
  name: '0006-plans',
  async up(db, types) {
    const { uuid, text, json, time, integer } = types
    await db.schema.alterTable('workspaces').addColumn('features', json).execute()
    await db.schema
      .alterTable('workspaces')
      .addColumn('experiments', json, (column) => column.notNull().defaultTo('[]'))
      .execute()
    await db.schema.alterTable('workspaces').addColumn('plan_expires_at', time).execute()

    await db.schema
      .createTable('workspace_calls')
      .addColumn('workspace_id', uuid, (column) => column.notNull())
      .addColumn('minute', integer, (column) => column.notNull())
      .addColumn('calls', integer, (column) => column.notNull())
      .addPrimaryKeyConstraint('workspace_calls_pkey', ['workspace_id', 'minute'])
      .$call(types.strict)
      .execute()
    await db.schema.createIndex('workspace_calls_minute').on('workspace_calls').columns(['minute']).execute()

    // Of no workspace: a proof is of a key, which any token may be bound to.
    await db.schema
      .createTable('dpop_proofs')
      .addColumn('hash', text, (column) => column.primaryKey())
      .addColumn('expires_at', time, (column) => column.notNull())
      .$call(types.strict)
      .execute()
    await db.schema.createIndex('dpop_proofs_expires_at').on('dpop_proofs').columns(['expires_at']).execute()
  },
}
