import { expect, test } from 'vitest'
import { evaluate, type Json } from './evaluate.ts'

test.each<[Json, Json]>([
  ['1773133200.000256', '2026-03-10T09:00:00Z'],
  [1_773_133_200, '2026-03-10T09:00:00Z'],
  [0, '1970-01-01T00:00:00Z'],
  ['soon', null],
  ['', null],
  [null, null],
  [1e300, null],
])('seconds %j are %j', (ts, time) => {
  expect(evaluate('seconds_to_iso(ts)', { ts })).toBe(time)
})

test.each<[Json, Json]>([
  ['2026-03-10T10:00:00+01:00', 1_773_133_200],
  ['2026-03-10T09:00:00Z', 1_773_133_200],
  ['2026-03-10T09:00:00', 1_773_133_200],
  ['2026-03-10', 1_773_100_800],
  ['2026-03-10T09:00:00.5Z', 1_773_133_200.5],
  ['yesterday', null],
  [null, null],
])('%j is %j in seconds', (time, seconds) => {
  expect(evaluate('iso_to_seconds(time)', { time })).toBe(seconds)
})

test('times in milliseconds are told in ISO 8601; what is no time is null', () => {
  expect(evaluate('iso_time(@)', '1772352000123')).toBe('2026-03-01T08:00:00Z')
  expect(evaluate('iso_time(@)', 1772352000000)).toBe('2026-03-01T08:00:00Z')
  expect([evaluate('iso_time(@)', null), evaluate('iso_time(@)', 'soon')]).toEqual([null, null])
})
