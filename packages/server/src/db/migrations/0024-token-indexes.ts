import { sql } from 'kysely'
import type { Migration } from '../migrate.ts'

/** What a walk over sealed values reads and counts: each token of a workspace, among requests most of which hold none any more. */
export const tokenIndexes: Migration = {
  name: '0024-token-indexes',
  async up(db) {
    for (const token of ['access_token', 'refresh_token'])
      await db.schema
        .createIndex(`token_requests_${token}`)
        .on('token_requests')
        .columns(['workspace_id', 'id'])
        .where(sql.ref(token), 'is not', null)
        .execute()
  },
}
