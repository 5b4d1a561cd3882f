import type { Context } from '../context.ts'
import { acquireLease, releaseLease } from './lease.ts'
import { type RenewResult, renew } from './renew.ts'
import { loadConnection } from './store.ts'

type Needs = Pick<
  Context,
  'catalogue' | 'clock' | 'config' | 'db' | 'egress' | 'leaseClock' | 'log' | 'random' | 'vault'
>

/** How long a caller waits for a refresh, its own or another's. */
export const flightDeadlineMs = 12_000

/** Refreshes a connection, or waits for whoever is doing it: in this process or in another. */
export type Refresh = (workspace: string, id: string) => Promise<RenewResult>

const busy: RenewResult = {
  ok: false,
  ended: false,
  error: 'refresh_in_progress',
  detail: null,
  retryAfterMs: 1000,
}

/**
 * One refresh per connection at a time. Callers of this process share one flight; over processes, whoever has the
 * lease on the refresh token goes ahead, and the others watch the row until its tokens have changed.
 */
export function createRefresh(ctx: Needs): Refresh {
  const flights = new Map<string, Promise<RenewResult>>()
  return (workspace, id) => {
    const key = `${workspace}/${id}`
    let flight = flights.get(key)
    if (!flight) {
      flight = fly(ctx, workspace, id).finally(() => flights.delete(key))
      flights.set(key, flight)
      // A pair that arrives after its readers have given up is still stored; nobody may be left to hear of a failure.
      flight.catch((error: unknown) => ctx.log.error({ err: error, connection: id }, 'refresh failed'))
    }
    return within(ctx, flight, flightDeadlineMs)
  }
}

async function fly(ctx: Needs, workspace: string, id: string): Promise<RenewResult> {
  const before = await loadConnection(ctx, workspace, id)
  const giveUpAt = ctx.leaseClock.monotonicNow() + flightDeadlineMs
  for (let pause = 20; ctx.leaseClock.monotonicNow() < giveUpAt; pause = Math.min(pause * 1.5, 250)) {
    const connection = await loadConnection(ctx, workspace, id)
    if (connection.status !== 'active') return ended(connection.status, connection.reason_detail)
    if (connection.token_version !== before.token_version) return { ok: true }
    if (connection.refresh_failures > before.refresh_failures) return failed(connection.last_refresh_error)
    const lease = await acquireLease(ctx, {
      workspace,
      integration: connection.integration_id,
      tokenKey: connection.refresh_token_hash ?? connection.id,
    })
    if (lease) {
      try {
        return await renew(ctx, lease, id, before.token_version)
      } finally {
        await releaseLease(ctx, lease)
      }
    }
    await ctx.clock.sleep(pause)
  }
  return busy
}

const ended = (status: string, detail: string | null): RenewResult => ({
  ok: false,
  ended: true,
  error: status,
  detail,
  retryAfterMs: null,
})

const failed = (error: string | null): RenewResult => ({
  ok: false,
  ended: false,
  error: error ?? 'refresh_failed',
  detail: null,
  retryAfterMs: 1000,
})

/** The flight's result, or `busy` when it takes longer than the caller waits. */
export async function within(
  ctx: Pick<Context, 'clock'>,
  flight: Promise<RenewResult>,
  ms: number,
): Promise<RenewResult> {
  const over = new AbortController()
  try {
    return await Promise.race([flight, ctx.clock.sleep(ms, over.signal).then(() => busy)])
  } finally {
    over.abort()
  }
}
