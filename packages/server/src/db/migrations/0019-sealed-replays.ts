import { sql } from 'kysely'
import type { Migration } from '../migrate.ts'

/** By which the sealed values of one workspace are found; those of other tables have the workspace first in their key. */
export const sealedReplays: Migration = {
  name: '0019-sealed-replays',
  async up(db) {
    await db.schema
      .createIndex('oauth_records_replay')
      .on('oauth_records')
      .columns(['workspace_id', 'model', 'id_hash'])
      .where(sql.ref('replay'), 'is not', null)
      .execute()
  },
}
