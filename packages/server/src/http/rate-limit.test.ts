import { expect, test } from 'vitest'
import { ApiError } from '../errors.ts'
import { createRateLimit } from './rate-limit.ts'

function limited(options: { burst: number; perMs: number }) {
  const world = { now: 1_000_000 }
  const limit = createRateLimit({ ...options, now: () => world.now, what: 'visits' })
  const take = (key: string): true | number => {
    try {
      limit(key)
      return true
    } catch (error) {
      if (error instanceof ApiError && error.code === 'rate_limited') return error.retryAfter!
      throw error
    }
  }
  return { world, take }
}

test('a burst passes, the next is told when; waiting that long is enough, and just that', () => {
  const { world, take } = limited({ burst: 3, perMs: 60_000 })
  expect([take('a'), take('a'), take('a')]).toEqual([true, true, true])
  expect(take('a')).toBe(20)
  world.now += 19_999
  expect(take('a')).toBe(1)
  world.now += 1
  expect(take('a')).toBe(true)
  expect(take('a')).toBe(20)
})

test('refused tries cost nothing, and no wait saves up more than a burst', () => {
  const { world, take } = limited({ burst: 2, perMs: 2000 })
  expect([take('a'), take('a')]).toEqual([true, true])
  for (let i = 0; i < 100; i++) expect(take('a')).toBe(1)
  world.now += 1_000_000
  expect([take('a'), take('a'), take('a')]).toEqual([true, true, 1])
})

test('each has its own; one that floods with names does not take memory without end', () => {
  const { take } = limited({ burst: 1, perMs: 60_000 })
  expect(take('a')).toBe(true)
  expect(take('b')).toBe(true)
  expect(take('a')).toBe(60)
  for (let i = 0; i < 10_000; i++) take(`flood ${i}`)
  // The oldest was forgotten, so that it is let in again.
  expect(take('b')).toBe(true)
})
