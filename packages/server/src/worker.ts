import type { Config } from './config.ts'
import { type Greeted, greet } from './greet.ts'
import type { Running } from './running.ts'
import { startGrantry, withSandbox } from './start.ts'

/**
 * What the primary tells a worker. `number`: from 1 on, that of the worker whose place it takes. The sandbox plays in the
 * primary; `greets`: this one tells where everything is; `replaced`: the port stays open, and others serve it.
 */
export type Order =
  | { order: 'start'; number: number; sandbox: Greeted['sandbox']; greets: boolean }
  | { order: 'stop'; replaced: boolean }
  | { order: 'leave' }

/** What a worker tells the primary: that it can be told, that it serves, and that it has ended what it had begun. */
export type Report = { report: 'here' | 'serving' | 'done' }

/** One of several processes that share the port; `onStop` is called when the primary says so. */
export async function startWorker(config: Config, onStop: () => void): Promise<Running> {
  // It is the primary's: without this, a hangup of the whole group would end us in the middle of a request.
  process.on('SIGHUP', () => {})
  let delay = config.stopDelayMs
  const leave = Promise.withResolvers<void>()
  process.once('disconnect', leave.resolve)
  const { number, sandbox, greets } = await new Promise<Extract<Order, { order: 'start' }>>((resolve) => {
    process.on('message', (message: Order) => {
      if (message.order === 'start') return resolve(message)
      if (message.order === 'leave') return leave.resolve()
      if (message.replaced) delay = 0
      onStop()
    })
    report('here')
  })
  const world = sandbox ? withSandbox({ worker: number }, sandbox) : { worker: number }
  const grantry = await startGrantry({ ...config, sandbox: { enabled: false } }, world)
  if (greets) await greet({ ...grantry, sandbox })
  report('serving')
  const stop = async () => {
    await grantry.drain(delay)
    // The primary may have handed us a connection before it heard that we take no more. Whatever it handed has arrived,
    // and gone back for another to take, when its answer to this arrives; a process that is gone could not send it back.
    if (!process.connected) return
    report('done')
    await leave.promise
  }
  return { stop, ended: new Promise(() => {}) }
}

function report(what: Report['report']): void {
  process.send!({ report: what } satisfies Report)
}
