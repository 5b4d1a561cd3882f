import { type Logger, pino } from 'pino'
import type { Config } from './config.ts'
import type { Context } from './context.ts'

/** Requests do not wait for their log lines: while one write is under way the next gathers. An exit writes the rest. */
export function createLog(config: Config): Logger {
  // Where several processes write into one log, each line says which.
  const base = config.workers > 1 ? { pid: process.pid } : null
  const options = { level: config.logLevel, base, timestamp: pino.stdTimeFunctions.isoTime }
  return pino(options, pino.destination({ sync: false }))
}

/** Faults of work that nobody waits for and that is tried again, by what was tried. */
export type Faults = {
  failed(what: string, error: unknown): void
  worked(what: string): void
}

const againMs = 60_000

/** Tells of a fault when it begins, each minute while it lasts, with how often it came, and when it is over: a disk that is full for a night must not fill another with lines. */
export function createFaults({
  log,
  clock,
}: {
  log: Pick<Logger, 'error' | 'info'>
  clock: Pick<Context['clock'], 'now'>
}): Faults {
  const lasting = new Map<string, { toldAt: number; since: number; untold: number }>()
  return {
    failed(what, error) {
      const now = clock.now()
      const known = lasting.get(what)
      if (known && now - known.toldAt < againMs) {
        known.untold++
        return
      }
      log.error({ err: error, ...(known && { times: known.untold + 1 }) }, what)
      lasting.set(what, { toldAt: now, since: known?.since ?? now, untold: 0 })
    },
    worked(what) {
      const known = lasting.get(what)
      if (!known) return
      lasting.delete(what)
      log.info({ seconds: Math.round((clock.now() - known.since) / 1000) }, `over: ${what}`)
    },
  }
}
