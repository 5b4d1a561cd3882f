import { type Logger, pino } from 'pino'
import type { Config } from './config.ts'

/** Requests do not wait for their log lines: while one write is under way the next gathers. An exit writes the rest. */
export function createLog(config: Config): Logger {
  // Where several processes write into one log, each line says which.
  const base = config.workers > 1 ? { pid: process.pid } : null
  const options = { level: config.logLevel, base, timestamp: pino.stdTimeFunctions.isoTime }
  return pino(options, pino.destination({ sync: false }))
}
