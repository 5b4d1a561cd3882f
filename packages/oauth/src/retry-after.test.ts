import { expect, test } from 'vitest'
import { readRetryAfter } from './retry-after.ts'

const now = Date.parse('2026-01-01T00:00:00Z')

test.each([
  ['120', 120_000],
  [' 0 ', 0],
  ['3600', 3_600_000],
  ['3601', 3_600_000],
  ['999999999999999', 3_600_000],
  ['Thu, 01 Jan 2026 00:00:30 GMT', 30_000],
  ['Thursday, 01-Jan-26 00:00:30 GMT', 30_000],
  ['Thu Jan  1 00:00:30 2026 GMT', 30_000],
  ['Fri, 02 Jan 2026 00:00:00 GMT', 3_600_000],
  ['Wed, 31 Dec 2025 23:59:00 GMT', 0],
  ['-5', null],
  ['1.5', null],
  ['1e3', null],
  ['soon', null],
  ['Infinity', null],
  ['NaN', null],
  ['', null],
  [null, null],
])('RFC 9110 §10.2.3: %j is %j ms', (header, ms) => {
  expect(readRetryAfter(header, now)).toBe(ms)
})
