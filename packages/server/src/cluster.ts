import cluster, { type Worker } from 'node:cluster'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import type { Config } from './config.ts'
import { createLog } from './log.ts'
import { playProviders } from './play-providers.ts'
import type { Running } from './running.ts'
import type { Order, Report } from './worker.ts'

/** A worker's end before it served; it has said why. */
export class WorkerError extends Error {
  override readonly name = 'WorkerError'
}

/** A worker bounds its own end; this is for one that does not even do that. */
const KILLED_AFTER_MS = 35_000
const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 20_000
/** For so long a worker that ended makes the next wait longer. */
const REMEMBERED_MS = 60_000

/**
 * Starts `config.workers` processes that share the port, and keeps that many: one that ends is replaced, the sooner the
 * fewer have ended lately. `program` is the file that each runs. The first starts alone, so that schema, first workspace and greeting are made once.
 * @throws WorkerError when the first cannot start; `ended` rejects with it when none serves and the next cannot start
 */
export async function startCluster(config: Config, program: string): Promise<Running> {
  const log = createLog(config)
  const sandbox = await playProviders(config)
  const played = sandbox && { url: sandbox.url, providers: sandbox.providers, clients: sandbox.clients }
  const stopping = new AbortController()
  const ended = Promise.withResolvers<never>()
  const workers = new Map<Worker, number>()
  const serving = new Set<Worker>()
  const retiring = new Set<Worker>()
  cluster.setupPrimary({ exec: program, args: [] })

  /** Resolves when it serves. */
  function begin(number: number, { greets = false } = {}): Promise<void> {
    const worker = cluster.fork()
    workers.set(worker, number)
    return new Promise((resolve, reject) => {
      worker.on('error', ({ message }) => {
        // Else it is a message to one that is just ending, whose end is heard below.
        if (worker.process.pid !== undefined) return
        workers.delete(worker)
        reject(new WorkerError(`A worker could not be started: ${message}`))
      })
      worker.on('message', ({ report }: Report) => {
        if (report === 'here')
          tell(
            worker,
            stopping.signal.aborted
              ? { order: 'stop', replaced: false }
              : { order: 'start', number, sandbox: played, greets },
          )
        if (report === 'done') tell(worker, { order: 'leave' })
        if (report !== 'serving') return
        serving.add(worker)
        resolve()
      })
      worker.once('exit', (code, signal) => {
        workers.delete(worker)
        const served = serving.delete(worker)
        if (!served)
          return reject(new WorkerError(`A worker could not start: it ended with ${signal ?? code}.`))
        if (stopping.signal.aborted || retiring.has(worker)) return
        log.warn({ worker: worker.process.pid, code, signal }, 'a worker ended: another takes its place')
        void replace(number)
      })
    })
  }

  let ends: number[] = []
  async function replace(number: number): Promise<void> {
    for (;;) {
      const now = performance.now()
      ends = ends.filter((at) => now - at < REMEMBERED_MS)
      const wait = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** ends.length)
      ends.push(now)
      await pause(wait, undefined, { signal: stopping.signal }).catch(() => {})
      if (stopping.signal.aborted || (await add(number))) return
    }
  }

  async function fill(number: number): Promise<void> {
    if (!(await add(number))) await replace(number)
  }

  /** Whether there is nothing more to do. */
  async function add(number: number): Promise<boolean> {
    try {
      await begin(number)
      return true
    } catch (error) {
      if (stopping.signal.aborted) return true
      log.error({ err: error }, 'a worker could not start')
      // Whoever watches over us knows better when to try again, and must know that nobody serves.
      if (serving.size === 0) ended.reject(error)
      return serving.size === 0
    }
  }

  async function retire(worker: Worker, replaced: boolean): Promise<void> {
    retiring.add(worker)
    if (worker.isDead()) return
    const gone = once(worker, 'exit')
    tell(worker, { order: 'stop', replaced })
    const timer = setTimeout(() => worker.process.kill('SIGKILL'), config.stopDelayMs + KILLED_AFTER_MS)
    await gone
    clearTimeout(timer)
  }

  async function roll(): Promise<void> {
    const old = [...serving]
    for (const worker of old) {
      if (stopping.signal.aborted || !serving.has(worker)) continue
      try {
        await begin(workers.get(worker)!)
      } catch (error) {
        log.error({ err: error }, 'a new worker could not start: the others of before stay')
        return
      }
      await retire(worker, true)
    }
    log.info({ workers: [...serving].map(({ process }) => process.pid) }, 'all workers are new')
  }

  let rolling = Promise.resolve()
  async function stop(): Promise<void> {
    stopping.abort()
    await Promise.all([...workers.keys()].map((worker) => retire(worker, false)))
    await sandbox?.close()
  }
  try {
    await begin(1, { greets: true })
  } catch (error) {
    await sandbox?.close()
    throw error
  }
  for (let number = 2; number <= config.workers; number++) void fill(number)
  return {
    stop,
    roll() {
      rolling = rolling.then(roll)
    },
    ended: ended.promise,
  }
}

function tell(worker: Worker, order: Order): void {
  worker.send(order, () => {})
}
