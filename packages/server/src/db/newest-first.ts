import { type SelectQueryBuilder, sql } from 'kysely'
import type { Page } from '../http/cursor.ts'

/** One page of rows whose later ids sort later, and one row more: it tells that there is another page. */
export function newestFirst<Tables, From extends keyof Tables, Row>(
  query: SelectQueryBuilder<Tables, From, Row>,
  page: Page,
): SelectQueryBuilder<Tables, From, Row> {
  const id = sql.ref<string>('id')
  const first = query.orderBy(id, 'desc').limit(page.limit + 1)
  return page.after ? first.where(id, '<', page.after) : first
}
