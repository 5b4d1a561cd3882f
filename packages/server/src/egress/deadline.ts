import { EgressError } from './error.ts'

/** The one end of a call's time: its signal aborts with an EgressError when time is up or the caller gives up. */
export type Deadline = {
  signal: AbortSignal
  /** Gives the rest of the call a new allowance, in milliseconds; Infinity for none. */
  restart(ms: number): void
  /** Something has moved: the time of silence begins anew. */
  touch(): void
  clear(): void
}

const MAX_TIMER = 2 ** 31 - 1

/** Starts the time of a call, in milliseconds: how long it may take, and how long nothing may move meanwhile. */
export function startDeadline(
  ms: number,
  caller: AbortSignal | null | undefined,
  idleMs = Number.POSITIVE_INFINITY,
): Deadline {
  const controller = new AbortController()
  let timer: NodeJS.Timeout | undefined
  let turn: NodeJS.Immediate | undefined
  let moved = false
  // A process that was stopped finds its timers overdue and its sockets unread: an answer that is there is read first.
  const end = () =>
    controller.abort(new EgressError('egress_timeout', 'The host did not answer in time.', { sent: false }))
  const expire = () => {
    turn = setImmediate(end)
  }
  const silence =
    idleMs < Number.POSITIVE_INFINITY
      ? setTimeout(() => {
          moved = false
          setImmediate(() => moved || end())
        }, idleMs)
      : null
  const abandon = () =>
    controller.abort(
      new EgressError('egress_aborted', 'The call was abandoned.', { sent: false, cause: caller?.reason }),
    )
  const halt = () => {
    clearTimeout(timer)
    clearImmediate(turn)
  }
  const touch = () => {
    moved = true
    silence?.refresh()
  }
  const restart = (allowance: number) => {
    halt()
    if (allowance < Number.POSITIVE_INFINITY) timer = setTimeout(expire, Math.min(allowance, MAX_TIMER))
  }
  restart(ms)
  if (caller?.aborted) abandon()
  else caller?.addEventListener('abort', abandon, { once: true })
  return {
    signal: controller.signal,
    restart,
    touch,
    clear() {
      halt()
      if (silence) clearTimeout(silence)
      moved = true
      caller?.removeEventListener('abort', abandon)
    },
  }
}

/** The promise's outcome, or the signal's reason if that comes first. */
export function untilCut<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) reject(signal.reason)
    const cut = () => reject(signal.reason)
    signal.addEventListener('abort', cut, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', cut))
  })
}
