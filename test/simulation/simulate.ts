import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { roomy } from '../support/roomy.ts'

/**
 * npm run simulate -- [--runs N] [--seed N] [--jobs N] [--trace]
 *
 * Plays the production refresh engine against simulated faults, run after run, and stops at the first broken invariant
 * with the line that plays it again.
 */
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    jobs: { type: 'string', default: String(availableParallelism()) },
    trace: { type: 'boolean', default: false },
  },
})
const runs = Number(values.runs)
const first = Number(values.seed)
const jobs = Math.min(Number(values.jobs), Math.ceil(runs / 100))

type Sum = { runs: number; hours: number; calls: number; served: number; lost: number; outlived: number }

if (jobs > 1) await share()
else report(await play())

async function play(): Promise<Sum> {
  const { simulate } = await import('./run.ts')
  const { invariants } = await import('./invariants.ts')
  // The faults are errors by the million, and where each was made is told to nobody.
  if (!values.trace) Error.stackTraceLimit = 0
  const sum: Sum = { runs: 0, hours: 0, calls: 0, served: 0, lost: 0, outlived: 0 }
  for (let seed = first; seed < first + runs; seed++) {
    const result = await simulate(seed, null, values.trace ? { print: console.log } : {})
    for (const { invariant, detail } of result.broken)
      console.error(
        `Broken: ${invariants[invariant]}\n  ${detail}\n  npm run simulate -- --runs 1 --seed ${seed}`,
      )
    if (result.broken.length > 0) {
      process.exitCode = 1
      break
    }
    sum.runs++
    sum.hours += result.at / 3_600_000
    for (const name of ['calls', 'served', 'lost', 'outlived'] as const) sum[name] += result[name]
  }
  return sum
}

/** Several processes, each with seeds of its own. */
async function share(): Promise<void> {
  const begun = performance.now()
  const sum: Sum = { runs: 0, hours: 0, calls: 0, served: 0, lost: 0, outlived: 0 }
  const each = Math.ceil(runs / jobs)
  await Promise.all(
    Array.from({ length: jobs }, async (_, job) => {
      const from = first + job * each
      const count = Math.min(each, first + runs - from)
      if (count <= 0) return
      const args = ['--runs', String(count), '--seed', String(from), '--jobs', '1']
      const child = spawn(process.execPath, [...roomy, fileURLToPath(import.meta.url), ...args], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      let printed = ''
      child.stdout.on('data', (chunk: Buffer) => {
        printed += chunk.toString()
      })
      const [code] = await once(child, 'close')
      if (code !== 0) process.exitCode = 1
      const part = JSON.parse(printed) as Sum
      for (const name of Object.keys(sum) as (keyof Sum)[]) sum[name] += part[name]
    }),
  )
  console.log(
    `${sum.runs} runs from seed ${first}: ${sum.hours.toFixed(0)} simulated hours, ${sum.calls} calls to the provider, ` +
      `${sum.served} tokens served, ${sum.lost} losses flagged, ${sum.outlived} leases outlived, ` +
      `${process.exitCode ? 'AN INVARIANT IS BROKEN' : '0 invariants broken'}; ` +
      `${((performance.now() - begun) / 1000).toFixed(0)} s`,
  )
}

function report(sum: Sum): void {
  console.log(JSON.stringify(sum))
}
