import type { RefreshResult } from './engine.ts'

/** What one turn with the lease came to. `again`: look once more after that time. */
export type Turn = RefreshResult | { again: number }

/** A flight that ended without moving the connection: whoever has the lease now will. */
export const overtaken: RefreshResult = {
  ok: false,
  ended: false,
  error: 'refresh_in_progress',
  detail: null,
  retryAfterMs: 1000,
}

/** Of a request that was not sent because its answer could have outlasted the lease. */
export const leaseLost = { error: 'lease_lost', description: null }

/** The new pair is safe and will be used as soon as the database is back. */
export const spooled: RefreshResult = { ...overtaken, error: 'storage_unavailable' }
