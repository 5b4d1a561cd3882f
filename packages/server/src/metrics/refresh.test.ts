import { readFileSync } from 'node:fs'
import { catalogue } from '@grantry/providers'
import { beforeEach, expect, test } from 'vitest'
import { createMetrics, type Metrics } from './create.ts'

let metrics: Metrics
beforeEach(() => {
  metrics = createMetrics({ catalogue, worker: 3 })
})

/** Values by `name{labels}`, without the worker, and without the buckets of histograms. */
async function values(): Promise<Record<string, number>> {
  const lines = (await metrics.render()).split('\n').filter((line) => /^grantry_(?!.*_bucket\{)/.test(line))
  return Object.fromEntries(
    lines.map((line) => {
      const [, name, labels = '', value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line)!
      const others = labels.split(',').filter((label) => !label.startsWith('worker='))
      return [`${name}${others.length ? `{${others.join(',')}}` : ''}`, Number(value)]
    }),
  )
}

test('attempts by provider and outcome, with how long they took', async () => {
  metrics.refresh.attempt({ provider: 'gmail', outcome: 'stored', seconds: 0.2 })
  metrics.refresh.attempt({ provider: 'gmail', outcome: 'stored', seconds: 0.4 })
  metrics.refresh.attempt({ provider: 'gmail', outcome: 'uncertain', seconds: 10 })
  metrics.refresh.attempt({ provider: null, outcome: 'refused', seconds: 1 })
  expect(await values()).toMatchObject({
    'grantry_refresh_attempts_total{provider="gmail",outcome="stored"}': 2,
    'grantry_refresh_attempts_total{provider="gmail",outcome="uncertain"}': 1,
    'grantry_refresh_attempts_total{provider="generic",outcome="refused"}': 1,
    'grantry_refresh_duration_seconds_count{provider="gmail"}': 3,
    'grantry_refresh_duration_seconds_sum{provider="gmail"}': expect.closeTo(10.6),
  })
})

test('lag by provider; a refresh that was started early lags by nothing', async () => {
  metrics.refresh.lag({ provider: 'jira', seconds: 90 })
  metrics.refresh.lag({ provider: 'jira', seconds: -20 })
  expect(await values()).toMatchObject({
    'grantry_refresh_lag_seconds_count{provider="jira"}': 2,
    'grantry_refresh_lag_seconds_sum{provider="jira"}': 90,
  })
  expect(await metrics.render()).toContain(
    'grantry_refresh_lag_seconds_bucket{le="60",worker="3",provider="jira"} 1\n',
  )
})

test('leases outlived, losses, and what waits in the spool', async () => {
  expect(await values()).toMatchObject({ grantry_spool_files: 0 })
  metrics.refresh.leaseOutlived('xero')
  metrics.refresh.lost('xero')
  metrics.refresh.lost('xero')
  metrics.refresh.spool(7)
  expect(await values()).toMatchObject({
    'grantry_refresh_leases_outlived_total{provider="xero"}': 1,
    'grantry_refresh_losses_total{provider="xero"}': 2,
    grantry_spool_files: 7,
  })
})

test('breakers: how often one opened, and how many are open now', async () => {
  const { breaker } = metrics.refresh
  breaker({ provider: 'slack', state: 'opened' })
  breaker({ provider: 'slack', state: 'opened' })
  breaker({ provider: 'slack', state: 'closed' })
  expect(await values()).toMatchObject({
    'grantry_breaker_opened_total{provider="slack"}': 2,
    'grantry_breakers_open{provider="slack"}': 1,
  })
  // Closed more often than opened: the count does not go below none.
  for (const state of ['closed', 'closed', 'opened'] as const) breaker({ provider: 'slack', state })
  expect(await values()).toMatchObject({ 'grantry_breakers_open{provider="slack"}': 1 })
})

test('a provider that the catalogue does not have is generic: nothing else becomes a label', async () => {
  for (const provider of ['https://idp.example/token', 'constructor', '', null])
    metrics.refresh.lost(provider)
  expect(await values()).toMatchObject({ 'grantry_refresh_losses_total{provider="generic"}': 4 })
})

test('no number breaks what is counted', async () => {
  for (const seconds of [Number.NaN, Infinity, -Infinity]) {
    metrics.refresh.attempt({ provider: 'gmail', outcome: 'transient', seconds })
    metrics.refresh.lag({ provider: 'gmail', seconds })
    metrics.refresh.spool(seconds)
  }
  const now = await values()
  expect(now['grantry_refresh_attempts_total{provider="gmail",outcome="transient"}']).toBe(3)
  expect(now['grantry_refresh_duration_seconds_count{provider="gmail"}']).toBeUndefined()
  expect(now.grantry_spool_files).toBe(0)
})

test('two servers in one process count for themselves', async () => {
  const other = createMetrics({ catalogue })
  other.refresh.lost('gmail')
  expect(await metrics.render()).not.toContain('grantry_refresh_losses_total{')
})

test('docs/metrics.md tells of every metric of ours, with its kind, and of no other', async () => {
  const docs = readFileSync(new URL('../../../../docs/metrics.md', import.meta.url), 'utf8')
  const told = [...docs.matchAll(/^\| `(grantry_\w+)` \| (\w+) \| (.*?) \|/gm)].map((row) => row.slice(1))
  const all = createMetrics({ catalogue })
  all.watchQueues(() => Promise.reject(new Error('not asked here')))
  const kinds = [...(await all.render()).matchAll(/^# TYPE (grantry_\w+) (\w+)$/gm)]
  expect(told.map(([name, kind]) => `${name} ${kind}`).sort()).toEqual(
    kinds.map(([, name, kind]) => `${name} ${kind}`).sort(),
  )
})
