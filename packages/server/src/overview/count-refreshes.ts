import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../db/connect.ts'
import { firstIdAt } from '../db/new-id.ts'
import type { RefreshFigureRow } from '../db/schema.ts'
import { stepEnds, unmeasured } from './lag-steps.ts'

export const hourMs = 3_600_000
export const dayMs = 24 * hourMs
export const spanMs = { hour: hourMs, day: dayMs } as const

/** Refreshes that are counted together. */
export type Counted = Omit<RefreshFigureRow, 'span'>

/**
 * Counts the refreshes that began from `from` until before `to`, as they stand now, by the hour. Ids are in the order of
 * time, so that the primary key finds them.
 * @param workspace of all workspaces where it is null
 */
export async function countRefreshes(
  db: Db,
  workspace: string | null,
  { from, to }: { from: number; to: number },
): Promise<Counted[]> {
  const { rows } = await sql<Counted>`
    select request.workspace_id, (request.sent_at / ${sql.lit(hourMs)}) * ${sql.lit(hourMs)} as starts_at,
      request.integration_id, integration.provider, ${outcome} as outcome, ${lagStep} as lag_step,
      count(*) as attempts,
      coalesce(max(${lag}), 0) as most_lag_ms,
      count(request.received_at) as answers,
      coalesce(sum(request.received_at - request.sent_at), 0) as answer_ms,
      coalesce(max(request.received_at - request.sent_at), 0) as most_answer_ms
    from workspaces as workspace
    join token_requests as request on request.workspace_id = workspace.id
      and request.id >= ${firstIdAt(from)} and request.id < ${firstIdAt(to)}
    left join integrations as integration
      on integration.workspace_id = request.workspace_id and integration.id = request.integration_id
    where request.kind in ('refresh', 'regrant') and request.sent_at is not null
      ${workspace === null ? sql`` : sql`and workspace.id = ${workspace}`}
    group by 1, 2, 3, 4, 5, 6`.execute(db)
  return rows.map((row) => ({ ...row, ...numbersOf(row) }))
}

const numbers = [
  'starts_at',
  'lag_step',
  'attempts',
  'most_lag_ms',
  'answers',
  'answer_ms',
  'most_answer_ms',
] as const

/** PostgreSQL tells sums as text. */
const numbersOf = (row: Counted) =>
  Object.fromEntries(numbers.map((name) => [name, Number(row[name])])) as Pick<
    Counted,
    (typeof numbers)[number]
  >

const outcome: RawBuilder<string> = sql`case
  when request.received_at is not null or request.outcome in ('stored', 'superseded') then 'stored'
  when request.outcome in ('refused', 'transient') then request.outcome
  else 'uncertain' end`

const lag = sql<number>`case when request.due_at is not null then request.sent_at - request.due_at end`

const lagStep: RawBuilder<number> = sql`case when request.due_at is null then ${sql.lit(unmeasured)}
  ${sql.join(
    stepEnds.map(
      (end, step) => sql`when request.sent_at - request.due_at <= ${sql.lit(end)} then ${sql.lit(step)}`,
    ),
    sql` `,
  )}
  else ${sql.lit(stepEnds.length)} end`
