import type { Migration } from '../migrate.ts'

/** Whose grant a revocation ends, and what its address and parameters are filled with: its connection may be another account's by now. */
export const revokedAccounts: Migration = {
  name: '0004-revoked-accounts',
  async up(db, types) {
    await db.schema.alterTable('revocations').addColumn('metadata', types.json).execute()
    await db.schema.alterTable('revocations').addColumn('account_id', types.text).execute()
  },
}
