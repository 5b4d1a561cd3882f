import { decodeId } from '@grantry/api'
import { type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely'
import type { Context } from '../context.ts'
import type { Database } from '../db/schema.ts'
import { rangeOf, toTerm } from '../db/search-terms.ts'

/** More terms than these that begin so, and what they stand for is looked for from the newest connection on. */
const many = 5000

/**
 * The condition that one of a connection's terms begins with a text, or that it is the connection of this id. Of a
 * beginning that few share these are read; of one that many share the first ones that are shown are soon found.
 */
export async function isCalled(
  { db }: Pick<Context, 'db'>,
  workspace: string,
  text: string,
): Promise<(eb: ExpressionBuilder<Database, 'connections'>) => Expression<SqlBool>> {
  const id = decodeId('con', text.trim().toLowerCase())
  if (id !== null) return (eb) => eb('connections.id', '=', id)
  const { from, to } = rangeOf(toTerm(text))
  const terms = db
    .selectFrom('connection_terms')
    .where('workspace_id', '=', workspace)
    .where('term', '>=', from)
    .where('term', '<', to)
  const another = await terms.select('term').limit(1).offset(many).executeTakeFirst()
  if (!another) return (eb) => eb('connections.id', 'in', terms.select('connection_id'))
  return (eb) =>
    eb.exists(
      eb
        .selectFrom('connection_terms')
        .select(sql.lit(1).as('one'))
        .whereRef('connection_terms.workspace_id', '=', 'connections.workspace_id')
        .whereRef('connection_terms.connection_id', '=', 'connections.id')
        .where('term', '>=', from)
        .where('term', '<', to),
    )
}
