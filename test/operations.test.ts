import { existsSync, readFileSync } from 'node:fs'
import { catalogue } from '@grantry/providers'
import { collectDefaultMetrics, Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { createMetrics } from '../packages/server/src/metrics/create.ts'

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')

/** Every series that a scrape can hold. */
async function seriesNames(): Promise<Set<string>> {
  const metrics = createMetrics({ catalogue })
  metrics.watchQueues(() => Promise.reject(new Error('not asked here')))
  const ofNode = new Registry()
  collectDefaultMetrics({ register: ofNode })
  const text = `${await metrics.render()}\n${await ofNode.metrics()}`
  ofNode.clear()
  return new Set([
    'up',
    ...[...text.matchAll(/^# TYPE (\S+) (\w+)$/gm)].flatMap(([, name, kind]) =>
      kind === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name!],
    ),
  ])
}

/** What a query of PromQL reads: a word that is no function, keyword, label or text. */
function metricsIn(expression: string): string[] {
  const bare = expression
    .replace(/"(?:[^"\\]|\\.)*"/g, '')
    .replace(/\{[^}]*\}/g, ' ')
    .replace(/\[[^\]]*\]/g, ' ')
    .replace(/\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g, ' ')
  return [...bare.matchAll(/\b[a-z_][\w:]*\b(?!\s*\()/g)]
    .map(([word]) => word)
    .filter((word) => !/^(and|or|unless|bool|offset|by|without)$/.test(word))
}

function expectReadable(expressions: string[], series: Set<string>): void {
  for (const expression of expressions) {
    const names = metricsIn(expression)
    expect(names.length, expression).toBeGreaterThan(0)
    expect(
      names.filter((name) => !series.has(name)),
      expression,
    ).toEqual([])
    for (const [open, close] of ['()', '{}', '[]'])
      expect(expression.split(open!).length, expression).toBe(expression.split(close!).length)
  }
}

test('every alert reads metrics that exist', async () => {
  const rows = read('docs/operations.md').match(/^\| [a-z].* \| `.*` \|.*$/gm) ?? []
  const expressions = rows.map((row) => /\| `(.*?)` \|/.exec(row)![1]!.replaceAll('\\|', '|'))
  expect(expressions.length).toBeGreaterThan(15)
  expectReadable(expressions, await seriesNames())
})

type Target = { expr: string; refId: string }
type Panel = {
  id: number
  type: string
  title: string
  gridPos: { x: number; y: number; w: number; h: number }
  targets?: Target[]
}

test('the dashboard is one that Grafana takes, and every query of it reads metrics that exist', async () => {
  const dashboard = JSON.parse(read('docs/grafana/grantry.json')) as {
    uid: string
    title: string
    schemaVersion: number
    panels: Panel[]
    templating: { list: { name: string }[] }
  }
  expect(dashboard).toMatchObject({ uid: 'grantry', title: 'Grantry', schemaVersion: expect.any(Number) })
  const { panels } = dashboard
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length)
  for (const { type, title, gridPos, targets = [] } of panels) {
    expect(['row', 'stat', 'timeseries'], title).toContain(type)
    expect(gridPos.x + gridPos.w, title).toBeLessThanOrEqual(24)
    expect(new Set(targets.map(({ refId }) => refId)).size, title).toBe(targets.length)
    expect(targets.length > 0, title).toBe(type !== 'row')
  }
  const queries = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr))
  const series = await seriesNames()
  expectReadable(queries, series)
  const known = new Set(['__all', ...dashboard.templating.list.map(({ name }) => name)])
  for (const [, name] of JSON.stringify(dashboard).matchAll(/\$\{?(\w+)/g)) expect(known).toContain(name)
})

test('what the security model points to is there', () => {
  const model = read('docs/security-model.md')
  const paths = [...model.matchAll(/\]\((\.\.\/[^)]+)\)/g)].map(([, path]) => path!.slice(3))
  expect(paths.length).toBeGreaterThan(20)
  expect(paths.filter((path) => !existsSync(new URL(`../${path}`, import.meta.url)))).toEqual([])
  // Nobody is left without a word on what does not hold.
  for (const row of model.match(/^\| (?!who|-).*$/gm) ?? [])
    expect(
      row.split(' | ').every((cell) => cell.replaceAll('|', '').trim() !== ''),
      row,
    ).toBe(true)
})

test('every runbook that an alert leads to is there', () => {
  const page = read('docs/operations.md')
  const anchors = [...page.matchAll(/^## (.*)$/gm)].map(([, title]) =>
    title!.toLowerCase().replaceAll(' ', '-'),
  )
  for (const [, to] of page.matchAll(/\]\(#([\w-]+)\)/g)) expect(anchors).toContain(to)
})
