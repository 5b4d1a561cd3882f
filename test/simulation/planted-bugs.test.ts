import { expect, test } from 'vitest'
import type { Invariant } from './invariants.ts'
import { plantedBugs } from './planted-bugs.ts'
import { simulate } from './run.ts'

/** Which promise each defect breaks first. */
const breaks: Record<string, Invariant> = {
  'the lease is shorter than the HTTP deadline': 'oneUse',
  'a lease is released by whoever held it once': 'oneUse',
  'no fence: who outlived its lease still moves the pointer': 'pointerByHolder',
  'no write-ahead: the journal is written when the answer is there': 'journalFirst',
  'invalid_grant is taken at its word': 'endIsTrue',
  'a holder that outlived its lease throws its pair away': 'receivedIsKept',
  'the lease is on the clock of the process': 'oneUse',
  'the old token is sent although its successor is stored': 'noSuperseded',
  'the pointer moves on the fence alone, whatever the token version': 'versionHolds',
}

test.each(plantedBugs)('is found: $name', { timeout: 300_000 }, async (bug) => {
  for (let seed = 1; seed <= 3000; seed++) {
    const { broken } = await simulate(seed, bug)
    if (broken.length === 0) continue
    expect(broken.map(({ invariant }) => invariant)).toContain(breaks[bug.name])
    return
  }
  expect.fail('3,000 runs did not find it')
})
