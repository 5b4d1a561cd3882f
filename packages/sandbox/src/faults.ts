/** What a call is for, whatever the provider's paths are. */
export type EndpointKind = 'authorize' | 'token' | 'revoke' | 'introspect' | 'api' | 'account'

/**
 * What goes wrong. Those in the first group take the place of the answer, and the work is not done unless `after` is set;
 * those in the second let the work be done and spoil the answer.
 */
export type FaultAct =
  /** Closes the connection before (`drop_before`) or after (`drop_after`) the work, without a byte of answer. */
  | { fault: 'drop_before' }
  /** Any status; `retry_after` in seconds or as an HTTP date. */
  | { fault: 'status'; status: number; retry_after?: number | string; body?: unknown }
  /** An OAuth error of one's choice. Default status 400. */
  | { fault: 'error'; error: string; error_description?: string; status?: number }
  | { fault: 'error_in_200'; error?: string; error_description?: string }
  | { fault: 'html'; status?: number }
  /** That many bytes of JSON string, made while they are sent. */
  | { fault: 'huge_body'; bytes: number }
  /** A small gzip body that unpacks to that many bytes. */
  | { fault: 'gzip_bomb'; bytes: number }
  /** Header lines until the other side gives up. */
  | { fault: 'endless_headers' }
  | { fault: 'redirect'; to: string; status?: number }
  /** JSON that breaks off. */
  | { fault: 'bad_json' }
  | { fault: 'drop_after' }
  /** The true answer, one byte every `interval_ms` (default 1000). */
  | { fault: 'slow_drip'; interval_ms?: number }
  | { fault: 'token_is_number' }
  | { fault: 'token_with_crlf' }
  | { fault: 'wrong_token_type'; token_type?: string }
  | { fault: 'missing_expires_in' }
  /** Any JSON value in the answer; how long the token really lives does not change. */
  | { fault: 'expires_in'; value: unknown }
  /** The answer has none, and the one that was sent stays good. */
  | { fault: 'omit_refresh_token' }
  /** A refresh answers the access token that there already was, with a new life. */
  | { fault: 'same_access_token' }
  /** UTF-16, and the content type says so. */
  | { fault: 'wrong_charset' }
  /** Waits that many milliseconds: before the work, or after it with `after`. */
  | { fault: 'delay'; ms: number }
  /** Waits for `release`: before the work, or after it with `after`. */
  | { fault: 'hold' }

export type FaultOrder = FaultAct & {
  /** Default: every provider. */
  provider?: string
  endpoint: EndpointKind
  /** How many calls it spoils. Default 1. */
  times?: number | 'forever'
  when?: { grant_type?: string }
  /** Do the work first. */
  after?: boolean
}

export type Fault = { id: number; order: FaultOrder; left: number; hits: number }

export type FaultBoard = { next: number; list: Fault[]; held: Set<() => void> }

/** Faults that a call may carry together: any number of delays and spoilt fields, and one that decides the answer. */
export type FaultPlan = { delays: Fault[]; spoilers: Fault[]; decisive: Fault | null }

export const faultNames = {
  decisive: [
    'drop_before',
    'status',
    'error',
    'error_in_200',
    'html',
    'huge_body',
    'gzip_bomb',
    'endless_headers',
    'redirect',
    'bad_json',
    'drop_after',
    'slow_drip',
  ],
  spoilers: [
    'token_is_number',
    'token_with_crlf',
    'wrong_token_type',
    'missing_expires_in',
    'expires_in',
    'omit_refresh_token',
    'same_access_token',
    'wrong_charset',
  ],
  delays: ['delay', 'hold'],
} as const satisfies Record<string, readonly FaultAct['fault'][]>

export const createFaultBoard = (): FaultBoard => ({ next: 1, list: [], held: new Set() })

export const addFault = (board: FaultBoard, order: FaultOrder): Fault => {
  const times = order.times ?? 1
  const fault: Fault = {
    id: board.next,
    order,
    left: times === 'forever' ? Number.POSITIVE_INFINITY : times,
    hits: 0,
  }
  board.next += 1
  board.list.push(fault)
  return fault
}

export const removeFault = (board: FaultBoard, id: number): boolean => {
  const before = board.list.length
  board.list = board.list.filter((fault) => fault.id !== id)
  return board.list.length < before
}

/** Lets go of every call that a `hold` keeps. Answers how many there were. */
export const releaseHeld = (board: FaultBoard): number => {
  const held = [...board.held]
  board.held.clear()
  for (const letGo of held) letGo()
  return held.length
}

const includes = (names: readonly string[], fault: Fault) => names.includes(fault.order.fault)

/** Takes what is ordered for this call off the board; decisive faults wait for their turn, oldest first. */
export const planFaults = (
  board: FaultBoard,
  call: { provider: string; endpoint: EndpointKind; grant_type: string | null },
): FaultPlan => {
  const matching = board.list.filter(
    ({ order, left }) =>
      left > 0 &&
      order.endpoint === call.endpoint &&
      (order.provider === undefined || order.provider === call.provider) &&
      (order.when?.grant_type === undefined || order.when.grant_type === call.grant_type),
  )
  const plan: FaultPlan = {
    delays: matching.filter((fault) => includes(faultNames.delays, fault)),
    spoilers: matching.filter((fault) => includes(faultNames.spoilers, fault)),
    decisive: matching.find((fault) => includes(faultNames.decisive, fault)) ?? null,
  }
  for (const fault of [...plan.delays, ...plan.spoilers, ...(plan.decisive ? [plan.decisive] : [])]) {
    fault.left -= 1
    fault.hits += 1
  }
  board.list = board.list.filter((fault) => fault.left > 0)
  return plan
}

/** Spoilers and these let the work be done; the others only with `after`. */
export const doesWork = (plan: FaultPlan): boolean => {
  if (!plan.decisive) return true
  const { order } = plan.decisive
  return order.after === true || order.fault === 'drop_after' || order.fault === 'slow_drip'
}
