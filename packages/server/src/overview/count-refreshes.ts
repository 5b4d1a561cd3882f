import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../db/connect.ts'
import { firstIdAt } from '../db/new-id.ts'
import { type Lags, stepEnds, unmeasured } from './lag-steps.ts'

export const hourMs = 3_600_000
export const dayMs = 24 * hourMs

/** Refreshes of one integration that began in the same hour or day. */
export type Figure = {
  workspace_id: string
  starts_at: number
  integration_id: string
  provider: string | null
  stored: number
  refused: number
  transient: number
  uncertain: number
  lags: Lags
  most_lag_ms: number
  answer_ms: number
  most_answer_ms: number
}

type Row = {
  workspace_id: string
  starts_at: number
  integration_id: string
  provider: string | null
  outcome: 'stored' | 'refused' | 'transient' | 'uncertain'
  lag_step: number
  attempts: number
  most_lag_ms: number
  answer_ms: number
  most_answer_ms: number
}

/**
 * Counts the refreshes that began from `from` until before `to`, as they stand now, by the hour. Ids are in the order of
 * time, so that the primary key finds them.
 * @param workspace of all workspaces where it is null
 */
export async function countRefreshes(
  db: Db,
  workspace: string | null,
  { from, to }: { from: number; to: number },
): Promise<Figure[]> {
  const { rows } = await sql<Row>`
    select request.workspace_id, (request.sent_at / ${sql.lit(hourMs)}) * ${sql.lit(hourMs)} as starts_at,
      request.integration_id, integration.provider, ${outcome} as outcome, ${lagStep} as lag_step,
      count(*) as attempts,
      coalesce(max(${lag}), 0) as most_lag_ms,
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
  return addUp(rows.map(toFigure))
}

const nothing = { stored: 0, refused: 0, transient: 0, uncertain: 0 }

/** PostgreSQL tells sums as text. */
function toFigure(row: Row): Figure {
  const { workspace_id, integration_id, provider, outcome } = row
  const attempts = Number(row.attempts)
  const step = Number(row.lag_step)
  return {
    workspace_id,
    integration_id,
    provider,
    starts_at: Number(row.starts_at),
    ...nothing,
    [outcome]: attempts,
    lags: step === unmeasured ? {} : { [step]: attempts },
    most_lag_ms: Number(row.most_lag_ms),
    answer_ms: Number(row.answer_ms),
    most_answer_ms: Number(row.most_answer_ms),
  }
}

/** Those of one integration that begin at the same time, as one. */
function addUp(figures: readonly Figure[]): Figure[] {
  const groups = Map.groupBy(
    figures,
    ({ workspace_id, starts_at, integration_id }) => `${workspace_id} ${starts_at} ${integration_id}`,
  )
  return [...groups.values()].map((group) => group.reduce(sum))
}

/** Two figures as one, by what the first is of. */
export function sum(one: Figure, other: Figure): Figure {
  const lags = { ...one.lags }
  for (const [step, attempts] of Object.entries(other.lags)) lags[step] = (lags[step] ?? 0) + attempts
  return {
    ...one,
    stored: one.stored + other.stored,
    refused: one.refused + other.refused,
    transient: one.transient + other.transient,
    uncertain: one.uncertain + other.uncertain,
    lags,
    most_lag_ms: Math.max(one.most_lag_ms, other.most_lag_ms),
    answer_ms: one.answer_ms + other.answer_ms,
    most_answer_ms: Math.max(one.most_answer_ms, other.most_answer_ms),
  }
}

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
