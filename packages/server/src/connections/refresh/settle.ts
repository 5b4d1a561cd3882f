import { type Connection, isRenewable } from '../store.ts'
import type { Engine, Refresh } from './engine.ts'
import { leaseKey } from './flight.ts'
import { movesOf } from './schedule.ts'
import { type Attempt, isStale } from './store.ts'

/**
 * Finds out what became of an attempt that nobody has finished: a pair that was received moves its connection, also one
 * that was already given up; otherwise the old token is tried again while the provider may still take it.
 */
export async function settle(engine: Engine, refresh: Refresh, attempt: Attempt): Promise<void> {
  const { store, clock, rules } = engine
  const holders = await store.holders(attempt)
  const current = holders.find(
    (one) => one.refresh_token_hash === attempt.spent_hash && one.token_request_id !== attempt.id,
  )
  if (!current || (attempt.received_at !== null && isStale(attempt, current))) return store.dismiss(attempt)
  if (!isRenewable(current)) {
    if (attempt.received_at === null) return store.dismiss(attempt)
    return reopen(engine, attempt, current)
  }
  const scene = await store.scene(current)
  const backingOff = current.refresh_failures > 0 && (current.refresh_at ?? 0) > clock.now()
  // The first retry goes out at once; the rest is the connection's own backoff.
  if (attempt.received_at === null && backingOff && scene && scene.open.length > 1)
    return store.postpone(attempt, current.refresh_at! + rules.claimMs)
  await refresh(current)
}

/** The connection was given up, and now its pair has turned up after all. */
async function reopen(engine: Engine, attempt: Attempt, current: Connection): Promise<void> {
  const { store } = engine
  const lease = await store.acquire(leaseKey(current))
  if (!lease) return
  try {
    const scene = await store.scene(current)
    if (!scene) return
    const { profile } = await store.integration(current)
    await store.adopt(lease, attempt, movesOf(engine, profile, scene, attempt))
  } finally {
    await store.release(lease).catch(() => {})
  }
}
