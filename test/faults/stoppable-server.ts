import { flushCompileCache } from 'node:module'
import { setTimeout as wait } from 'node:timers/promises'
import { readConfig } from '../../packages/server/src/config.ts'
import type { Failpoint } from '../../packages/server/src/connections/refresh/engine.ts'
import { greet } from '../../packages/server/src/greet.ts'
import { startGrantry } from '../../packages/server/src/start.ts'

/**
 * The server with the failpoints of its refresh engine, and its clock, in the hands of the process that started it.
 * What runs in production has no such switch.
 */
export type Order =
  /** What is to happen when a refresh next comes to that point: die there, or stand still until `go`, which is for all that stand there. */
  | { arm: Failpoint; act: 'kill' | 'wait' }
  | { go: Failpoint }
  /** Moves the clock; in seconds. */
  | { advance: number }

export type Reached = { reached: Failpoint }

const armed = new Map<Failpoint, 'kill' | 'wait'>()
const waiting: { point: Failpoint; goOn: () => void }[] = []
let offset = 0

process.on('message', (order: Order) => {
  if ('arm' in order) armed.set(order.arm, order.act)
  else if ('advance' in order) offset += order.advance * 1000
  else
    for (const { point, goOn } of waiting.splice(0))
      point === order.go ? goOn() : waiting.push({ point, goOn })
})
// Nobody is left who could end it.
process.on('disconnect', () => process.exit(1))

async function at(point: Failpoint): Promise<void> {
  const act = armed.get(point)
  if (!act) return
  armed.delete(point)
  const told = new Promise((done) => process.send!({ reached: point } satisfies Reached, done))
  await told
  if (act === 'kill') process.kill(process.pid, 'SIGKILL')
  await new Promise<void>((goOn) => waiting.push({ point, goOn }))
}

const clock = {
  now: () => Date.now() + offset,
  sleep: async (ms: number, signal?: AbortSignal) => {
    await wait(ms, undefined, { signal, ref: false }).catch(() => {})
  },
}

const background = process.env.FAULTS_BACKGROUND !== '0'
const grantry = await startGrantry(readConfig(), { at, clock, background })
process.on('SIGTERM', async () => {
  await grantry.close()
  process.exit(0)
})
await greet(grantry)
// Who is killed has no time for it, and each start would compile everything again.
flushCompileCache()
