import type { RefreshFigureFigure } from '@grantry/sdk/transport'

type Figure = RefreshFigureFigure
export type Span = { bucket: 'hour' | 'day'; since: string; until: string }
export type Outcomes = Pick<Figure, 'stored' | 'refused' | 'transient' | 'uncertain'>
/** Whose refreshes are counted together: a provider, or a generic integration. */
export type Source = { key: string; name: string }
/** One hour or day. `p95`: seconds, of the source that was worst; null where none was measured. */
export type Row = Outcomes & { at: string; p95: number | null }

const outcomes = ['stored', 'refused', 'transient', 'uncertain'] as const
const lengths = { hour: 3_600_000, day: 86_400_000 }

export function sourceOf({ provider, integration_id, name }: Figure): Source {
  const key = provider ?? integration_id ?? ''
  return { key, name: name ?? provider ?? integration_id ?? 'Not known' }
}

/** The sources there are, those with most refreshes first. */
export function bySource(figures: Figure[]): Source[] {
  const found = new Map<string, Source & { all: number }>()
  for (const figure of figures) {
    const source = sourceOf(figure)
    const all = (found.get(source.key)?.all ?? 0) + countOf(figure)
    found.set(source.key, { ...source, all })
  }
  return [...found.values()].sort((a, b) => b.all - a.all).map(({ key, name }) => ({ key, name }))
}

/** Every hour or day of the span, also those in which nothing was refreshed, oldest first. */
export function byTime(figures: Figure[], span: Span): Row[] {
  const rows = new Map(startsOf(span).map((at) => [at, { at, ...none, p95: null } as Row]))
  for (const figure of figures) {
    const at = new Date(figure.at).toISOString()
    const row = rows.get(at) ?? { at, ...none, p95: null }
    const p95 = figure.lag === null ? row.p95 : Math.max(row.p95 ?? 0, figure.lag.p95)
    rows.set(at, { ...add(row, figure), at, p95 })
  }
  return [...rows.values()].sort((a, b) => Date.parse(a.at) - Date.parse(b.at))
}

/** For each hour or day, how late the refreshes of each source were: seconds, by the source's key. */
export function lagByTime(figures: Figure[], span: Span): { at: string; lag: Map<string, number> }[] {
  const rows = startsOf(span).map((at) => ({ at, lag: new Map<string, number>() }))
  const found = new Map(rows.map((row) => [row.at, row]))
  for (const figure of figures)
    if (figure.lag)
      found.get(new Date(figure.at).toISOString())?.lag.set(sourceOf(figure).key, figure.lag.p95)
  return rows
}

export const totalOf = (figures: Outcomes[]): Outcomes => figures.reduce(add, none)

export const countOf = (figure: Outcomes): number =>
  outcomes.reduce((sum, outcome) => sum + figure[outcome], 0)

const none: Outcomes = { stored: 0, refused: 0, transient: 0, uncertain: 0 }

const add = (one: Outcomes, other: Outcomes): Outcomes => ({
  stored: one.stored + other.stored,
  refused: one.refused + other.refused,
  transient: one.transient + other.transient,
  uncertain: one.uncertain + other.uncertain,
})

function startsOf({ bucket, since, until }: Span): string[] {
  const starts: string[] = []
  for (let at = Date.parse(since); at < Date.parse(until); at += lengths[bucket])
    starts.push(new Date(at).toISOString())
  return starts
}
