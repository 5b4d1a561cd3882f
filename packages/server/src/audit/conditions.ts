import { type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely'
import { firstIdAt } from '../db/new-id.ts'
import type { Database } from '../db/schema.ts'

/** Neither a read of a token nor a call of an API. As the partial indexes have it, word for word. */
export const isChange = sql<boolean>`type not in ('token.read', 'proxy.called')`

/** An event's id is made in the moment that it tells, or just after. */
const slackMs = 60_000

/** From `since` on, and before `until` (milliseconds since the epoch): by their ids too, in which every index ends. */
export const isBetween =
  (since: number | null | undefined, until: number | null | undefined) =>
  (event: ExpressionBuilder<Database, 'events'>): Expression<SqlBool> =>
    event.and([
      ...(since == null ? [] : [event('at', '>=', since), event('id', '>=', firstIdAt(since - slackMs))]),
      ...(until == null ? [] : [event('at', '<', until), event('id', '<', firstIdAt(until + slackMs))]),
    ])
