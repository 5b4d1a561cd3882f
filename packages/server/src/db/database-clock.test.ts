import { expect, test } from 'vitest'
import { eachDatabase } from '../../../../test/support/databases.ts'
import { askDatabaseTime, createDatabaseClock } from './database-clock.ts'

/** A host whose clock can be set, and whose time passes by hand. */
function host(start: number) {
  let wall = start
  let elapsed = 5000
  return {
    clock: createDatabaseClock({ wall: () => wall, elapsed: () => elapsed }),
    pass(ms: number) {
      wall += ms
      elapsed += ms
    },
    set(ms: number) {
      wall = ms
    },
  }
}

test('alone, it is the time of the host', () => {
  const { clock, pass } = host(1_000_000)
  expect(clock.now()).toBe(1_000_000)
  pass(1234)
  expect(clock.now()).toBe(1_001_234)
})

test('a host that is put right does not take the time back, and goes on from where it was', () => {
  const { clock, pass, set } = host(1_000_000)
  set(1_300_000)
  expect(clock.now()).toBe(1_300_000)
  set(1_000_000)
  expect(clock.now()).toBe(1_300_000)
  pass(10_000)
  expect(clock.now()).toBe(1_310_000)
})

test('a host that slept has the time of its waking', () => {
  const { clock, set } = host(1_000_000)
  set(9_000_000)
  expect(clock.now()).toBe(9_000_000)
})

test('in agreement with a database, nobody can set it', () => {
  const { clock, pass, set } = host(1_000_000)
  clock.agree(2_000_000, clock.elapsed())
  set(50)
  expect(clock.now()).toBe(2_000_000)
  pass(5000)
  expect(clock.now()).toBe(2_005_000)
})

eachDatabase('the time of the database', (open) => {
  test('is taken over where the database has one', async () => {
    const db = await open()
    const start = performance.now()
    const clock = createDatabaseClock({ wall: () => 77, elapsed: () => (performance.now() - start) / 1000 })
    await askDatabaseTime(db, clock)
    if (open.dialect === 'sqlite') expect(clock.now()).toBe(77)
    else expect(Math.abs(clock.now() - Date.now())).toBeLessThan(5000)
  })
})
