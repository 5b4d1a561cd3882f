import { createHash } from 'node:crypto'
import type { EndpointKind } from './faults.ts'

/** One request that reached the sandbox. Holds no secret: of a refresh token only the hash. */
export type Call = {
  number: number
  /** RFC 3339, on the sandbox's clock. */
  at: string
  provider: string
  endpoint: EndpointKind
  method: string
  /** Without the query, which may hold codes and tokens. */
  path: string
  grant_type: string | null
  client_id: string | null
  /** SHA-256, first 16 hex digits. */
  refresh_token_hash: string | null
  /** `pending`, `ok`, or `refused:REASON`: what was decided, whether or not the answer got out. */
  outcome: string
  /** HTTP status, null where none was sent. */
  status: number | null
  faults: string[]
}

export type CallFilter = {
  provider?: string
  endpoint?: EndpointKind
  grant_type?: string
  outcome?: string
}

/** The newest `limit` calls, and how often each refresh token was in flight at once. */
export type CallLog = {
  list: Call[]
  total: number
  limit: number
  inFlight: Map<string, number>
  peaks: Map<string, number>
}

export const createCallLog = (limit = 100_000): CallLog => ({
  list: [],
  total: 0,
  limit,
  inFlight: new Map(),
  peaks: new Map(),
})

export const clearCalls = (log: CallLog): void => {
  log.list.length = 0
  log.total = 0
  log.peaks.clear()
}

export const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex').slice(0, 16)

export const recordCall = (
  log: CallLog,
  facts: Pick<Call, 'at' | 'provider' | 'endpoint' | 'method' | 'path'>,
): Call => {
  log.total += 1
  const call: Call = {
    ...facts,
    number: log.total,
    grant_type: null,
    client_id: null,
    refresh_token_hash: null,
    outcome: 'pending',
    status: null,
    faults: [],
  }
  log.list.push(call)
  if (log.list.length > log.limit) log.list.splice(0, Math.ceil(log.limit / 10))
  return call
}

export const filterCalls = (log: CallLog, filter: CallFilter = {}): Call[] =>
  log.list.filter((call) =>
    Object.entries(filter).every(
      ([key, wanted]) => wanted === undefined || call[key as keyof CallFilter] === wanted,
    ),
  )

/** Counts a refresh as in flight until the returned function is called. */
export const enterRefresh = (log: CallLog, hash: string): (() => void) => {
  const now = (log.inFlight.get(hash) ?? 0) + 1
  log.inFlight.set(hash, now)
  log.peaks.set(hash, Math.max(now, log.peaks.get(hash) ?? 0))
  let left = false
  return () => {
    if (left) return
    left = true
    const rest = (log.inFlight.get(hash) ?? 1) - 1
    if (rest > 0) log.inFlight.set(hash, rest)
    else log.inFlight.delete(hash)
  }
}
