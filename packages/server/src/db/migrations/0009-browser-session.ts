import type { Migration } from '../migrate.ts'

/** Who was signed in where an authorization began, so that it ends in the same session. */
export const browserSession: Migration = {
  name: '0009-browser-session',
  async up(db, types) {
    await db.schema.alterTable('authorizations').addColumn('browser_session_id', types.uuid).execute()
  },
}
