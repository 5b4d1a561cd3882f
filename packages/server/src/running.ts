import type { Config } from './config.ts'
import { greet } from './greet.ts'
import { startGrantry } from './start.ts'

/** A process that has started: the only one, the primary of several, or one of its workers. */
export type Running = {
  /** Ends it without failing a request. */
  stop(): Promise<void>
  /** Puts new processes in the place of those that serve. */
  roll?(): void
  /** Never resolves; rejects when it cannot go on. */
  ended: Promise<never>
}

/** The whole server in this process. */
export async function startAlone(config: Config): Promise<Running> {
  const grantry = await startGrantry(config)
  await greet(grantry)
  return { stop: () => grantry.drain(config.stopDelayMs), ended: new Promise(() => {}) }
}
