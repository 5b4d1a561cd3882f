import { type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely'

/**
 * A condition: `column` is one of the ids; false where there are none, of which SQL knows no list.
 * @example query.where(isAmong('id', ids))
 */
export const isAmong =
  (column: string, ids: ReadonlySet<string>) =>
  // biome-ignore lint/suspicious/noExplicitAny: the tables are the query's
  (eb: ExpressionBuilder<any, any>): Expression<SqlBool> =>
    ids.size === 0 ? sql<SqlBool>`1 = 0` : eb(column, 'in', [...ids])
