import type { Db } from '../db/connect.ts'
import { insertRows } from '../db/insert-rows.ts'
import { type Searched, searchTerms } from '../db/search-terms.ts'

type Found = Searched & { workspace_id: string; id: string }

/** Writes down what new connections are found by, in the transaction that stores them. */
export async function addTerms(tx: Db, rows: readonly Found[]): Promise<void> {
  await insertRows(
    tx,
    'connection_terms',
    rows.flatMap((row) =>
      searchTerms(row).map((term) => ({ workspace_id: row.workspace_id, term, connection_id: row.id })),
    ),
  )
}

/** The same for one whose account or end user may be called otherwise now than `before`. */
export async function changeTerms(tx: Db, before: Found, now: Found): Promise<void> {
  if (searchTerms(before).join('\n') === searchTerms(now).join('\n')) return
  await removeTerms(tx, now)
  await addTerms(tx, [now])
}

/** For whoever takes a connection's row away. */
export async function removeTerms(
  tx: Db,
  { workspace_id, id }: Pick<Found, 'workspace_id' | 'id'>,
): Promise<void> {
  await tx
    .deleteFrom('connection_terms')
    .where('workspace_id', '=', workspace_id)
    .where('connection_id', '=', id)
    .execute()
}
