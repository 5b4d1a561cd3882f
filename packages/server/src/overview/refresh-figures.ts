import { encodeId } from '@grantry/api'
import type { Context } from '../context.ts'
import type { Db } from '../db/connect.ts'
import { countRefreshes, dayMs, type Figure, hourMs, sum } from './count-refreshes.ts'
import { measured, quantile } from './lag-steps.ts'
import { keptMs, readFigure, rolledUpTo, spanMs } from './roll-up-refreshes.ts'

type Needs = Pick<Context, 'catalogue' | 'clock' | 'db'>
type Span = keyof typeof spanMs

export type Wanted = {
  workspace: string
  span: Span
  since: number | null
  until: number | null
  provider?: string | undefined
  /** UUID. */
  integration?: string | undefined
}

const usual = { hour: dayMs, day: 30 * dayMs } as const
/** Attempts that nobody has added up yet are counted now, but no more than of so long: then the background is behind. */
const tailMs = hourMs

/** How refreshes went over time: what the background has added up, and what it has not yet. */
export async function readRefreshFigures(ctx: Needs, wanted: Wanted) {
  const { span } = wanted
  const now = ctx.clock.now()
  const until = Math.min(wanted.until ?? now, now)
  const from = Math.max(wanted.since ?? until - usual[span], now - keptMs[span])
  const since = Math.floor(from / spanMs[span]) * spanMs[span]
  // What begins in this very millisecond belongs to it.
  const rows = await readRows(ctx, wanted, { since, until: until === now ? now + 1 : until, now })
  const labels = await labelsOf(ctx.db, wanted.workspace, rows)
  const series = Map.groupBy(rows, (row) => `${row.starts_at} ${row.provider ?? row.integration_id}`)
  return {
    bucket: span,
    since: iso(since),
    until: iso(until),
    figures: [...series.values()]
      .map((group) => present(ctx, group, labels))
      .sort((a, b) => compare(a.at, b.at) || compare(a.name ?? '', b.name ?? '')),
  }
}

async function readRows(
  { db }: Needs,
  { workspace, span, provider, integration }: Wanted,
  { since, until, now }: { since: number; until: number; now: number },
): Promise<Figure[]> {
  const { kept, tail } = await atOneMoment(db, async (upTo) => {
    const kept = await db
      .selectFrom('refresh_figures')
      .selectAll()
      .where('workspace_id', '=', workspace)
      .where('span', '=', span)
      .where('starts_at', '>=', since)
      .where('starts_at', '<', until)
      .$if(integration !== undefined, (query) => query.where('integration_id', '=', integration!))
      .execute()
    const from = Math.max(upTo, now - tailMs)
    return { kept, tail: until > from ? await countRefreshes(db, workspace, { from, to: now + 1 }) : [] }
  })
  const fresh = tail
    .map((row) => ({ ...row, starts_at: Math.floor(row.starts_at / spanMs[span]) * spanMs[span] }))
    .filter(
      (row) =>
        row.starts_at >= since &&
        row.starts_at < until &&
        (integration === undefined || row.integration_id === integration),
    )
  return [...kept.map(readFigure), ...fresh].filter(
    (row) => provider === undefined || row.provider === provider,
  )
}

/** What is added up while it is read would be there twice, or not at all. */
async function atOneMoment<T>(db: Db, read: (upTo: number) => Promise<T>): Promise<T> {
  let upTo = (await rolledUpTo(db)) ?? 0
  for (let attempt = 1; ; attempt++) {
    const found = await read(upTo)
    const after = (await rolledUpTo(db)) ?? 0
    if (after === upTo || attempt === 3) return found
    upTo = after
  }
}

async function labelsOf(db: Db, workspace: string, rows: readonly Figure[]): Promise<Map<string, string>> {
  const ids = [...new Set(rows.flatMap((row) => (row.provider === null ? row.integration_id : [])))]
  if (ids.length === 0) return new Map()
  const found = await db
    .selectFrom('integrations')
    .select(['id', 'label'])
    .where('workspace_id', '=', workspace)
    .where('id', 'in', ids)
    .execute()
  return new Map(found.map(({ id, label }) => [id, label]))
}

function present({ catalogue }: Needs, group: Figure[], labels: Map<string, string>) {
  const figure = group.reduce(sum)
  const { starts_at, provider, integration_id, stored, refused, transient, uncertain, lags } = figure
  const { most_lag_ms, answer_ms, most_answer_ms } = figure
  const refreshes = measured(lags)
  return {
    at: iso(starts_at),
    provider,
    integration_id: provider === null ? encodeId('int', integration_id) : null,
    name:
      provider === null
        ? (labels.get(integration_id) ?? null)
        : (catalogue.get(provider)?.display_name ?? provider),
    stored,
    refused,
    transient,
    uncertain,
    lag:
      refreshes === 0
        ? null
        : {
            refreshes,
            p50: seconds(quantile(lags, 0.5, most_lag_ms)),
            p95: seconds(quantile(lags, 0.95, most_lag_ms)),
            max: seconds(most_lag_ms),
          },
    answer: stored === 0 ? null : { mean: seconds(answer_ms / stored), max: seconds(most_answer_ms) },
  }
}

const seconds = (ms: number) => Math.round(ms) / 1000
const iso = (ms: number) => new Date(ms).toISOString()
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
