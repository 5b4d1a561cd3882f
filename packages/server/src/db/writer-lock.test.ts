import { expect, test, vi } from 'vitest'
import { createWriterLock } from './writer-lock.ts'

test('admits one at a time, in the order of asking', async () => {
  const lock = createWriterLock(1_000)
  const order: string[] = []
  const first = await lock.acquire()
  const others = ['second', 'third'].map(async (name) => {
    const release = await lock.acquire()
    order.push(`${name} in`)
    await Promise.resolve()
    order.push(`${name} out`)
    release()
  })
  expect(order).toEqual([])
  first()
  first()
  await Promise.all(others)
  expect(order).toEqual(['second in', 'second out', 'third in', 'third out'])
  ;(await lock.acquire())()
})

test('refuses who waits for itself, and goes on with the others', async () => {
  vi.useFakeTimers()
  try {
    const lock = createWriterLock(1_000)
    const release = await lock.acquire()
    const stuck = expect(lock.acquire()).rejects.toThrow('Waited 1000 ms')
    await vi.advanceTimersByTimeAsync(1_000)
    await stuck
    const next = lock.acquire()
    release()
    ;(await next)()
  } finally {
    vi.useRealTimers()
  }
})
