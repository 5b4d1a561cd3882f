import type { FastifyReply } from 'fastify'

/** Aborts when the caller has gone before the answer was theirs; they may have while it was looked up who they are. */
export function callerGone({ raw }: FastifyReply): AbortSignal {
  const gone = new AbortController()
  const leave = () => {
    if (!raw.writableFinished) gone.abort()
  }
  if (raw.closed) leave()
  else raw.once('close', leave)
  return gone.signal
}
