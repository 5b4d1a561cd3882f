import { sql } from 'kysely'
import type { Context } from '../context.ts'
import { timeOf } from '../db/new-id.ts'
import type { QueueFigures } from '../metrics/queues.ts'

/** Nobody needs to know more exactly than that; counting them costs. */
const mostCounted = 100_000

type Needs = Pick<Context, 'clock' | 'db'>

/** What waits in the whole deployment, for whoever watches it: numbers of all workspaces together. */
export async function readQueues({ clock, db }: Needs): Promise<QueueFigures> {
  const now = clock.now()
  const since = (at: number | null) => (at === null ? 0 : Math.max(0, (now - at) / 1000))
  const [webhooks, endpoints, revocations, unsettled, overdue] = await Promise.all([
    db
      .selectFrom(
        db
          .selectFrom('webhook_deliveries')
          .select(sql<string>`cast(event_id as text)`.as('oldest'))
          // As the partial index has it, word for word.
          .where('status', '=', sql.lit('pending'))
          .limit(mostCounted)
          .as('some'),
      )
      .select(({ fn }) => [fn.countAll<number | string>().as('waiting'), fn.min('oldest').as('oldest')])
      .executeTakeFirstOrThrow(),
    db
      .selectFrom('webhook_endpoints')
      .select(({ fn, eb }) => [
        fn
          .sum<number | string | null>(
            eb
              .case()
              .when(eb.and([eb('enabled', '=', 1), eb('failing_since', 'is not', null)]))
              .then(1)
              .else(0)
              .end(),
          )
          .as('failing'),
        fn.count<number | string>('disabled_reason').as('stopped'),
      ])
      .executeTakeFirstOrThrow(),
    db
      .selectFrom(db.selectFrom('revocations').select('created_at as oldest').limit(mostCounted).as('some'))
      .select(({ fn }) => [fn.countAll<number | string>().as('waiting'), fn.min('oldest').as('oldest')])
      .executeTakeFirstOrThrow(),
    db
      .selectFrom(
        db
          .selectFrom('token_requests')
          .select(sql<string>`cast(id as text)`.as('oldest'))
          .where('settle_at', 'is not', null)
          .limit(mostCounted)
          .as('some'),
      )
      .select(({ fn }) => [fn.countAll<number | string>().as('waiting'), fn.min('oldest').as('oldest')])
      .executeTakeFirstOrThrow(),
    db
      .selectFrom(
        db
          .selectFrom('connections')
          .select('refresh_at as oldest')
          .where('refresh_at', '<', now)
          .limit(mostCounted)
          .as('some'),
      )
      .select(({ fn }) => [fn.countAll<number | string>().as('waiting'), fn.min('oldest').as('oldest')])
      .executeTakeFirstOrThrow(),
  ])
  const byTime = ({ waiting, oldest }: { waiting: number | string; oldest: number | string | null }) => ({
    waiting: Number(waiting),
    oldestSeconds: since(oldest === null ? null : Number(oldest)),
  })
  const byId = ({ waiting, oldest }: { waiting: number | string; oldest: string | null }) => ({
    waiting: Number(waiting),
    oldestSeconds: since(oldest === null ? null : timeOf(oldest)),
  })
  return {
    webhooks: byId(webhooks),
    endpoints: { failing: Number(endpoints.failing ?? 0), stopped: Number(endpoints.stopped) },
    revocations: byTime(revocations),
    unsettled: byId(unsettled),
    overdue: byTime(overdue),
  }
}
