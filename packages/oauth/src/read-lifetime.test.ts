import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readLifetime, readLifetimeUntil } from './read-lifetime.ts'

const tenYears = 315_360_000

test.each([
  [3600, 3600],
  ['3600', 3600],
  [' 3600 ', 3600],
  ['3599.9', 3599],
  [3599.9, 3599],
  [1e300, tenYears],
  [Number.POSITIVE_INFINITY, tenYears],
  ['99999999999999999999', tenYears],
  [0, null],
  [0.5, null],
  [-1, null],
  ['-1', null],
  [Number.NaN, null],
  ['NaN', null],
  ['Infinity', null],
  ['1e3', null],
  ['0x10', null],
  ['', null],
  ['soon', null],
  [null, null],
  [undefined, null],
  [true, null],
  [[3600], null],
  [{ valueOf: () => 3600 }, null],
])('%j is %j seconds', (value, seconds) => {
  expect(readLifetime(value)).toBe(seconds)
})

test('milliseconds', () => {
  expect(readLifetime(3_600_000, 'ms')).toBe(3600)
  expect(readLifetime('7199999', 'ms')).toBe(7199)
  expect(readLifetime(999, 'ms')).toBeNull()
})

test('an end instead of a lifetime', () => {
  const now = Date.parse('2026-01-01T00:00:00Z')
  expect(readLifetimeUntil('2026-01-01T01:00:00Z', now)).toBe(3600)
  expect(readLifetimeUntil(now / 1000 + 3600, now)).toBe(3600)
  expect(readLifetimeUntil(String(now + 3_600_000), now)).toBe(3600)
  expect(readLifetimeUntil('2025-12-31T23:59:59Z', now)).toBeNull()
  expect(readLifetimeUntil('tomorrow', now)).toBeNull()
  expect(readLifetimeUntil(undefined, now)).toBeNull()
})

test('always whole seconds from 1 to ten years, or nothing', () => {
  fc.assert(
    fc.property(fc.anything(), fc.constantFrom('s' as const, 'ms' as const), (value, unit) => {
      for (const seconds of [readLifetime(value, unit), readLifetimeUntil(value, 0)]) {
        if (seconds === null) continue
        expect(Number.isInteger(seconds) && seconds >= 1 && seconds <= tenYears).toBe(true)
      }
    }),
  )
})
