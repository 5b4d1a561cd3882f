import { type Kysely, sql } from 'kysely'
import { dialectOf } from '../connect.ts'
import type { Migration } from '../migrate.ts'
import { type Searched, searchTerms } from '../search-terms.ts'

/** What connections are found by, in a table of its own: their rows change with every refresh, and these do not. */
export const search: Migration = {
  name: '0016-search',
  async up(db, types) {
    // Ranges are by code point, whatever the language of the database is.
    const term = dialectOf(db) === 'postgres' ? sql`text collate "C"` : types.text
    await db.schema
      .createTable('connection_terms')
      .addColumn('workspace_id', types.uuid, (column) => column.notNull())
      .addColumn('term', term, (column) => column.notNull())
      .addColumn('connection_id', types.uuid, (column) => column.notNull())
      .addPrimaryKeyConstraint('connection_terms_pkey', ['workspace_id', 'term', 'connection_id'])
      .$call(types.appended)
      .execute()
    await db.schema
      .createIndex('connection_terms_of_one')
      .on('connection_terms')
      .columns(['workspace_id', 'connection_id', 'term'])
      .execute()
    await fill(db)
  },
}

type Row = Searched & { workspace_id: string; id: string }

const rowsAtOnce = 500

// biome-ignore lint/suspicious/noExplicitAny: the tables of this time have no type
async function fill(db: Kysely<any>): Promise<void> {
  let after = {
    workspace_id: '00000000-0000-0000-0000-000000000000',
    id: '00000000-0000-0000-0000-000000000000',
  }
  for (;;) {
    const rows: Row[] = await db
      .selectFrom('connections')
      .select([
        'workspace_id',
        'id',
        'end_user_id',
        'end_user_email',
        'end_user_name',
        'account_id',
        'account_label',
        'account_email',
      ])
      .where(sql<boolean>`(workspace_id, id) > (${after.workspace_id}, ${after.id})`)
      .orderBy('workspace_id')
      .orderBy('id')
      .limit(rowsAtOnce)
      .execute()
    const terms = rows.flatMap((row) =>
      searchTerms(row).map((term) => ({ workspace_id: row.workspace_id, term, connection_id: row.id })),
    )
    for (let from = 0; from < terms.length; from += rowsAtOnce)
      await db
        .insertInto('connection_terms')
        .values(terms.slice(from, from + rowsAtOnce))
        .execute()
    if (rows.length < rowsAtOnce) return
    after = rows.at(-1)!
  }
}
