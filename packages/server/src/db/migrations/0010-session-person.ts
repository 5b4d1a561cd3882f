import type { Migration } from '../migrate.ts'

/** Who must be signed in where a connect link is opened, if it was made for one person. */
export const sessionPerson: Migration = {
  name: '0010-session-person',
  async up(db, types) {
    await db.schema.alterTable('connect_sessions').addColumn('person', types.text).execute()
  },
}
