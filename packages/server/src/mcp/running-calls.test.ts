import { expect, test } from 'vitest'
import { createRunningCalls } from './running-calls.ts'

test('a call is taken back by its own caller, session and number, and by nobody else', () => {
  const calls = createRunningCalls()
  const { signal } = calls.begin(['key', 'session', 1])!
  for (const other of [
    ['another key', 'session', 1],
    ['key', 'another session', 1],
    ['key', undefined, 1],
    ['key', 'session', 2],
    ['key', 'session', '1'],
  ] as const) {
    calls.cancel(other)
    expect(signal.aborted, JSON.stringify(other)).toBe(false)
  }
  calls.cancel(['key', 'session', 1])
  expect(signal.aborted).toBe(true)
})

test('an ended call is forgotten, and does not forget a later one of the same number', () => {
  const calls = createRunningCalls()
  const first = calls.begin(['key', 'session', 1])!
  const second = calls.begin(['key', 'session', 1])!
  first.end()
  calls.cancel(['key', 'session', 1])
  expect([first.signal.aborted, second.signal.aborted]).toEqual([false, true])
  second.end()
  expect(calls.begin(['key', undefined, 1])).toBeUndefined()
})
