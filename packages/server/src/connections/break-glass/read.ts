import { type BreakGlassOutcome, breakGlassOutcomes, encodeId, manualOutcomes } from '@grantry/api'
import type { Expression, ExpressionBuilder, SqlBool } from 'kysely'
import { presentActor } from '../../audit/list.ts'
import type { Context } from '../../context.ts'
import type { BreakGlassRow, Database } from '../../db/schema.ts'
import type { Page } from '../../http/cursor.ts'

/** Whose break-glass revocations: a workspace's, or (null) those that the operator began, over all workspaces. */
export type Scope = {
  workspace: string | null
  /** Only what was begun within this app. */
  app: string | null
  /** Only what this key began. */
  actor: string | null
}

type Needs = Pick<Context, 'db'>

/** One break-glass revocation: its row in each workspace of the scope. */
export type BreakGlass = { id: string; rows: BreakGlassRow[]; outcomes: Record<BreakGlassOutcome, number> }

/** Newest first; `limit + 1` of them. */
export async function listBreakGlass({ db }: Needs, scope: Scope, page: Page): Promise<BreakGlass[]> {
  let query = db.selectFrom('break_glass').select('id').distinct().where(within(scope))
  if (page.after !== null) query = query.where('id', '<', page.after)
  const rows = await query
    .orderBy('id', 'desc')
    .limit(page.limit + 1)
    .execute()
  const found: BreakGlass[] = []
  for (const { id } of rows) {
    const one = await readBreakGlass({ db }, scope, id)
    if (one) found.push(one)
  }
  return found
}

export async function readBreakGlass({ db }: Needs, scope: Scope, id: string): Promise<BreakGlass | null> {
  const rows = await db
    .selectFrom('break_glass')
    .selectAll()
    .where('id', '=', id)
    .where(within(scope))
    .orderBy('workspace_id')
    .execute()
  if (rows.length === 0) return null
  let counting = db
    .selectFrom('break_glass_connections')
    .select((row) => ['outcome', row.fn.countAll<number | string>().as('count')])
    .where('break_glass_id', '=', id)
    .groupBy('outcome')
  if (scope.workspace !== null) counting = counting.where('workspace_id', '=', scope.workspace)
  const outcomes = Object.fromEntries(breakGlassOutcomes.map((name) => [name, 0])) as Record<
    BreakGlassOutcome,
    number
  >
  for (const { outcome, count } of await counting.execute()) outcomes[outcome] = Number(count)
  return { id, rows, outcomes }
}

const within =
  ({ workspace, app, actor }: Scope) =>
  (row: ExpressionBuilder<Database, 'break_glass'>): Expression<SqlBool> =>
    row.and([
      workspace === null ? row('by_operator', '=', 1) : row('workspace_id', '=', workspace),
      ...(app === null ? [] : [row('app_id', '=', app)]),
      ...(actor === null ? [] : [row('actor_id', '=', actor)]),
    ])

/** As the API shows it. It is as far as the slowest of its workspaces. */
export function presentBreakGlass({ id, rows, outcomes }: BreakGlass) {
  const [first] = rows as [BreakGlassRow]
  const states = rows.map(({ state }) => state)
  const state = (['ending', 'revoking', 'done'] as const).find((one) => states.includes(one))!
  const last = (times: (number | null)[]) =>
    times.includes(null) ? null : new Date(Math.max(...(times as number[]))).toISOString()
  const manual = manualOutcomes.reduce((sum, name) => sum + outcomes[name], 0)
  return {
    id: encodeId('bgl', id),
    state,
    criteria: JSON.parse(first.criteria) as Record<string, unknown>,
    force: first.force === 1,
    by: first.by_operator === 1 ? ('operator' as const) : ('workspace' as const),
    actor: presentActor(first),
    workspaces: rows.length,
    connections: Object.values(outcomes).reduce((sum, count) => sum + count, 0),
    outcomes,
    needs_manual_work: manual,
    api_key_deleted: rows.some(({ api_key_deleted }) => api_key_deleted === 1),
    started_at: new Date(first.started_at).toISOString(),
    ended_at: state === 'ending' ? null : last(rows.map(({ ended_at }) => ended_at)),
    done_at: state === 'done' ? last(rows.map(({ done_at }) => done_at)) : null,
  }
}
