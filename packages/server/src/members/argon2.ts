import { type Argon2Parameters, argon2 } from 'node:crypto'
import { problem } from '../errors.ts'
import { createTurns } from '../turns.ts'

/** One computation of argon2id (RFC 9106); what it costs is in the parameters. */
export type Argon2 = (parameters: Argon2Parameters) => Promise<Buffer>

/** 38 MiB and half of Node's four threads, which also read files and look names up. */
const atOnce = 2
/** With two at once, the last of them waits about a second; whoever comes then is better told to come back. */
const mostWaiting = 32

export const argon2id: Argon2 = (parameters) =>
  new Promise((resolve, reject) =>
    argon2('argon2id', parameters, (error, tag) => (error ? reject(error) : resolve(tag))),
  )

/**
 * Lets a few computations run at once, the others wait their turn.
 * @throws ApiError overloaded when too many wait
 */
export function queueArgon2(compute: Argon2): Argon2 {
  const turn = createTurns(atOnce)
  return async (parameters) => {
    if (turn.waiting >= mostWaiting)
      throw problem('overloaded', 'Many people are signing in just now. Try again in a few seconds.', {
        retryAfter: 5,
      })
    return turn(() => compute(parameters))
  }
}
