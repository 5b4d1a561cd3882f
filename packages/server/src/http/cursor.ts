import { invalid } from '../errors.ts'

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** What a page needs: how many, and the id that the page before ended with. */
export type Page = { limit: number; after: string | null }

/** @throws ApiError invalid_request for a cursor that we did not make */
export function readPage(query: { limit: number; cursor?: string | undefined }): Page {
  if (query.cursor === undefined) return { limit: query.limit, after: null }
  const after = Buffer.from(query.cursor, 'base64url').toString()
  if (!uuid.test(after)) throw invalid('cursor', 'is not a cursor of this list')
  return { limit: query.limit, after }
}

/** Takes `limit + 1` rows; the one too many says that there is a next page. */
export function toList<Row extends { id: string }, Item>(
  rows: Row[],
  page: Page,
  present: (row: Row) => Item,
) {
  const shown = rows.slice(0, page.limit)
  const last = rows.length > page.limit ? shown.at(-1) : undefined
  return { data: shown.map(present), next_cursor: last ? Buffer.from(last.id).toString('base64url') : null }
}
