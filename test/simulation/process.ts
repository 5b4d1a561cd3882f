import type { Clock } from '../../packages/server/src/context.ts'
import { createDatabaseClock } from '../../packages/server/src/db/database-clock.ts'
import type { Scheduler } from './scheduler.ts'

/** A process of the deployment: it can be killed, started again, stopped for a while, and have its clock set. */
export type SimulatedProcess = {
  readonly name: string
  readonly alive: boolean
  /** How often it was killed. */
  readonly incarnation: number
  /** When it was last stopped. */
  readonly stoppedAt: number
  /** The database cannot be reached from here until then. */
  databaseAwayUntil: number
  /** How far the host's clock is off. */
  skew: number
  clock: Clock
  /** Resolves after `ms` while this incarnation lives and is not stopped; never, once it was killed. */
  after(ms: number): Promise<void>
  kill(): void
  start(): void
  /** As SIGSTOP and, after `ms`, SIGCONT. */
  stop(ms: number): void
}

/** Who sleeps until a signal at the latest: it is listened to once, however often somebody sleeps. */
const sleepersOf = new WeakMap<AbortSignal, Set<() => void>>()

function sleepers(signal: AbortSignal): Set<() => void> {
  const known = sleepersOf.get(signal)
  if (known) return known
  const sleeping = new Set<() => void>()
  sleepersOf.set(signal, sleeping)
  signal.addEventListener(
    'abort',
    () => {
      for (const wake of sleeping) wake()
    },
    { once: true },
  )
  return sleeping
}

const atOnce = Promise.resolve()

export function createProcess(scheduler: Scheduler, name: string, onDatabaseTime: boolean): SimulatedProcess {
  let incarnation = 0
  let alive = true
  let stoppedUntil = 0
  let stoppedAt = Number.NEGATIVE_INFINITY
  let skew = 0

  const after = (ms: number) => {
    // What was under way when it was killed must not go on in its next life.
    if (!alive) return new Promise<void>(() => {})
    if (ms <= 0 && scheduler.now() >= stoppedUntil) return atOnce
    const mine = incarnation
    return new Promise<void>((resolve) => {
      const go = () => {
        if (mine !== incarnation) return
        if (scheduler.now() < stoppedUntil) scheduler.at(stoppedUntil, go)
        else resolve()
      }
      scheduler.at(scheduler.now() + ms, go)
    })
  }

  const newClock = () =>
    createDatabaseClock({ wall: () => scheduler.now() + skew, elapsed: () => scheduler.now() - 1_000_000 })
  let databaseClock = newClock()
  const agree = () => {
    // What a process asks the database now and then.
    if (onDatabaseTime) databaseClock.agree(scheduler.now(), databaseClock.elapsed())
  }
  agree()

  return {
    name,
    get alive() {
      return alive
    },
    get incarnation() {
      return incarnation
    },
    get stoppedAt() {
      return stoppedAt
    },
    databaseAwayUntil: 0,
    get skew() {
      return skew
    },
    set skew(ms) {
      skew = ms
    },
    clock: {
      now: () => databaseClock.now(),
      sleep: (ms, signal) => {
        if (signal?.aborted) return Promise.resolve()
        if (!signal) return after(ms)
        return new Promise((resolve) => {
          const sleeping = sleepers(signal)
          sleeping.add(resolve)
          void after(ms).then(() => {
            sleeping.delete(resolve)
            resolve()
          })
        })
      },
    },
    after,
    kill() {
      incarnation++
      alive = false
      stoppedUntil = 0
    },
    start() {
      alive = true
      databaseClock = newClock()
      agree()
    },
    stop(ms) {
      stoppedAt = scheduler.now()
      stoppedUntil = Math.max(stoppedUntil, scheduler.now() + ms)
    },
  }
}
