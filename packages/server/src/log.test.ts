import { pino } from 'pino'
import { expect, test } from 'vitest'
import { createFaults } from './log.ts'

test('a fault is told when it begins, each minute while it lasts, and when it is over', () => {
  const lines: Record<string, unknown>[] = []
  const log = pino({ base: null }, { write: (line: string) => void lines.push(JSON.parse(line)) })
  let now = 0
  const faults = createFaults({ log, clock: { now: () => now } })
  for (; now < 150_000; now += 1000) {
    faults.failed('sweeping', new Error('disk full'))
    if (now === 30_000) faults.failed('sending', new Error('disk full'))
    faults.worked('something else')
  }
  faults.worked('sweeping')
  faults.worked('sweeping')
  expect(lines.map(({ msg, times, seconds, level }) => [level, msg, times ?? seconds])).toEqual([
    [50, 'sweeping', undefined],
    [50, 'sending', undefined],
    [50, 'sweeping', 60],
    [50, 'sweeping', 60],
    [30, 'over: sweeping', 150],
  ])
})
