import { expect, test } from 'vitest'
import { figure, long } from '../support/figures.ts'
import { mostWithin, peakToMean, simulateCrowd } from './crowd.ts'

const connections = long ? 10_000 : 600
const hours = long ? 6 : 1
const hour = 3600

test('equal expiries make no herd, and nothing expired is served', { timeout: 3_600_000 }, async () => {
  const { starts, served, expiredServed } = await simulateCrowd({
    seed: 1,
    connections,
    processes: 2,
    lifetime: hour,
    outage: null,
    lasts: hour,
  })
  expect(starts).toHaveLength(connections)
  // With few connections chance alone fills a bin of ten seconds; one of a minute holds as many as those of many.
  expect(peakToMean(starts, long ? 10_000 : 60_000)).toBeLessThanOrEqual(2)
  expect(served).toBeGreaterThan(hour * 0.9)
  expect(expiredServed).toBe(0)
  figure(
    `${connections.toLocaleString('en')} equal expiries: fullest 10 s against the mean; expired tokens served`,
    `${peakToMean(starts, 10_000).toFixed(2)}; ${expiredServed} of ${served}`,
  )
})

test('an outage ends no connection, costs a probe each half minute, and is over soon after', {
  timeout: 3_600_000,
}, async () => {
  const outage: [number, number] = [hour / 2, hour / 2 + hours * hour]
  const { starts, needsReauth, freshAfter, expiredServed } = await simulateCrowd({
    seed: 2,
    connections,
    processes: 2,
    lifetime: hour,
    outage,
    lasts: outage[1] + 660,
  })
  const [from, to] = outage.map((seconds) => seconds * 1000) as [number, number]
  const first = Math.min(...starts.filter((time) => time >= from))
  const probes = starts.filter((time) => time >= first + 60_000 && time < to).length
  figure(
    `${hours}-hour outage, ${connections.toLocaleString('en')} connections: probes for each 30 s; needs_reauth; all fresh after`,
    `${(probes / ((to - first - 60_000) / 30_000)).toFixed(2)}; ${needsReauth}; ${freshAfter} s`,
  )
  // Until it opens, the breaker lets the first failures through and what is under way beside them, the more the larger
  // the crowd; each of them is tried once more.
  expect(mostWithin(starts, 29_000, first + 60_000, to)).toBeLessThanOrEqual(1)
  expect(starts.filter((time) => time >= from && time < to).length).toBeLessThanOrEqual(
    (to - first) / 30_000 + (long ? 40 : 10),
  )
  expect(needsReauth).toBe(0)
  expect(expiredServed).toBe(0)
  expect(freshAfter).not.toBeNull()
  expect(freshAfter!).toBeLessThanOrEqual(600)
})
