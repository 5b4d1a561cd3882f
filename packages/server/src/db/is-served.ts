import { type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely'
import type { Services } from '../http/principal.ts'

type Columns = { provider: string; integration: string }

/** Where a row of connections says of what it is; joined as `connection`; where one of integrations does. */
const connectionItself: Columns = { provider: 'provider', integration: 'integration_id' }
export const joinedConnection: Columns = {
  provider: 'connection.provider',
  integration: 'connection.integration_id',
}
export const integrationItself: Columns = { provider: 'provider', integration: 'id' }

/**
 * A condition: a row's integration, by the columns that hold its provider and its id, is one of those that a credential is
 * narrowed to.
 * @example query.where(isServed(services, joinedConnection))
 */
export const isServed =
  ({ providers, integrations }: Services, columns: Columns = connectionItself) =>
  // biome-ignore lint/suspicious/noExplicitAny: the tables are the query's
  (eb: ExpressionBuilder<any, any>): Expression<SqlBool> => {
    const either = [
      ...(providers.size > 0 ? [eb(columns.provider, 'in', [...providers])] : []),
      ...(integrations.size > 0 ? [eb(columns.integration, 'in', [...integrations])] : []),
    ]
    return either.length === 0 ? sql<SqlBool>`1 = 0` : eb.or(either)
  }
