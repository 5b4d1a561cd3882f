import type { RefreshFigureFigure } from '@grantry/sdk/transport'
import { expect, test } from 'vitest'
import { inPercent, inSeconds } from './figures.ts'
import { bySource, byTime, lagByTime, totalOf } from './sum-refreshes.ts'

const figure = (at: string, provider: string, stored: number, p95: number | null = null) =>
  ({
    ...{ at, provider, integration_id: null, name: provider.toUpperCase() },
    ...{ stored, refused: 1, transient: 0, uncertain: 0, answer: null },
    lag: p95 === null ? null : { refreshes: stored, p50: p95, p95, max: p95 },
  }) as RefreshFigureFigure
const span = {
  bucket: 'hour',
  since: '2026-11-21T10:00:00.000Z',
  until: '2026-11-21T12:30:00.000Z',
} as const
const figures = [
  figure('2026-11-21T10:00:00Z', 'gmail', 2, 3),
  figure('2026-11-21T10:00:00Z', 'slack', 9, 8),
  figure('2026-11-21T12:00:00Z', 'gmail', 4),
]

test('every hour of the span is there, with the sums of its providers and the lag of the worst', () => {
  expect(
    byTime(figures, span).map(({ at, stored, refused, p95 }) => [at.slice(11, 16), stored, refused, p95]),
  ).toEqual([
    ['10:00', 11, 2, 8],
    ['11:00', 0, 0, null],
    ['12:00', 4, 1, null],
  ])
  expect(totalOf(figures)).toEqual({ stored: 15, refused: 3, transient: 0, uncertain: 0 })
})

test('providers come by how much they refresh, and their lag apart', () => {
  expect(bySource(figures)).toEqual([
    { key: 'slack', name: 'SLACK' },
    { key: 'gmail', name: 'GMAIL' },
  ])
  expect(lagByTime(figures, span).map(({ lag }) => Object.fromEntries(lag))).toEqual([
    { gmail: 3, slack: 8 },
    {},
    {},
  ])
})

test('what is not all is never told as all', () => {
  expect(inPercent(999_999, 1_000_000)).toBe('99.9%')
  expect(inPercent(5, 5)).toBe('100%')
  expect(inPercent(0, 0)).toBe('none')
  expect([0.25, 90, 600, 7200].map(inSeconds)).toEqual(['250 ms', '90 s', '10 min', '2 h'])
})
