import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { newId, timeOf } from './new-id.ts'

const start = Date.UTC(2026, 0, 1)

function idsOf(times: number[]): string[] {
  let at = 0
  const clock = { now: () => times[at++]! }
  return times.map(() => newId({ clock, random: randomBytes }))
}

test('ids of one millisecond sort in the order in which they were made, also more than the counter holds', () => {
  const ids = idsOf(Array<number>(10_000).fill(start))
  expect([...ids].sort()).toEqual(ids)
  expect(new Set(ids).size).toBe(ids.length)
  expect(timeOf(ids[0]!)).toBe(start)
  expect(timeOf(ids.at(-1)!) - start).toBeLessThanOrEqual(5)
})

test('ids go on rising where the clock is put back a little, and follow it where it was far off', () => {
  const ids = idsOf([start, start + 900, start, start + 899, start + 900, start + 901])
  expect([...ids].sort()).toEqual(ids)
  expect(ids.map(timeOf)).toEqual([0, 900, 900, 900, 900, 901].map((ms) => start + ms))
  expect(idsOf([start + 3_600_000, start]).map(timeOf)).toEqual([start + 3_600_000, start])
})

test('an id is a UUID of version 7 and variant 10, and clocks do not count together', () => {
  const ids = [idsOf([start]), idsOf([start]), idsOf([start - 5000])].flat()
  for (const id of ids)
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(timeOf(ids[2]!)).toBe(start - 5000)
})
