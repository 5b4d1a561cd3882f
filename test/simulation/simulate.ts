import { parseArgs } from 'node:util'
import { invariants } from './invariants.ts'
import { simulate } from './run.ts'

/**
 * npm run simulate -- [--runs N] [--seed N] [--trace]
 *
 * Plays the production refresh engine against simulated faults, run after run, and stops at the first broken invariant
 * with the line that plays it again.
 */
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    trace: { type: 'boolean', default: false },
  },
})
const runs = Number(values.runs)
const first = Number(values.seed)
const begun = performance.now()
const sum = { calls: 0, served: 0, lost: 0, outlived: 0, hours: 0 }
for (let seed = first; seed < first + runs; seed++) {
  const result = await simulate(seed, null, values.trace ? { print: console.log } : {})
  for (const { invariant, detail } of result.broken) {
    console.error(
      `Broken: ${invariants[invariant]}\n  ${detail}\n  npm run simulate -- --runs 1 --seed ${seed}`,
    )
    process.exitCode = 1
  }
  if (result.broken.length > 0) break
  sum.calls += result.calls
  sum.served += result.served
  sum.lost += result.lost
  sum.outlived += result.outlived
  sum.hours += result.at / 3_600_000
  if ((seed - first + 1) % 10_000 === 0)
    console.log(`${seed - first + 1} runs, ${((performance.now() - begun) / 1000).toFixed(0)} s`)
}
console.log(
  `${runs} runs from seed ${first}: ${sum.hours.toFixed(0)} simulated hours, ${sum.calls} calls to the provider, ` +
    `${sum.served} tokens served, ${sum.lost} losses flagged, ${sum.outlived} leases outlived; ` +
    `${((performance.now() - begun) / 1000).toFixed(1)} s`,
)
