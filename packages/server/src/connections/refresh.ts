import type { Context } from '../context.ts'
import { acquireLease, releaseLease } from './lease.ts'
import { type RenewResult, renew } from './renew.ts'
import { type Connection, isRenewable, loadConnection } from './store.ts'

type Needs = Pick<
  Context,
  'catalogue' | 'clock' | 'config' | 'db' | 'egress' | 'leaseClock' | 'log' | 'random' | 'vault'
>

/** How long a caller waits for a refresh, its own or another's. */
export const flightDeadlineMs = 12_000

/**
 * Refreshes a connection, or waits for whoever is doing it: in this process or in another. The caller says in what
 * state it found the connection wanting: where that has been renewed, or tried in vain, since, nothing is sent.
 */
export type Refresh = (seen: Seen) => Promise<RenewResult>

type Seen = Pick<Connection, 'workspace_id' | 'id' | 'token_version' | 'refresh_failures'>

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
  return (seen) => {
    const key = `${seen.workspace_id}/${seen.id}/${seen.token_version}`
    let flight = flights.get(key)
    if (!flight) {
      flight = fly(ctx, seen).finally(() => flights.delete(key))
      flights.set(key, flight)
      // A pair that arrives after its readers have given up is still stored; nobody may be left to hear of a failure.
      flight.catch((error: unknown) => ctx.log.error({ err: error, connection: seen.id }, 'refresh failed'))
    }
    return within(ctx, flight, flightDeadlineMs)
  }
}

async function fly(ctx: Needs, seen: Seen): Promise<RenewResult> {
  const { workspace_id: workspace, id } = seen
  const giveUpAt = ctx.leaseClock.monotonicNow() + flightDeadlineMs
  for (let pause = 20; ctx.leaseClock.monotonicNow() < giveUpAt; pause = Math.min(pause * 1.5, 250)) {
    const connection = await loadConnection(ctx, workspace, id)
    if (!isRenewable(connection)) return ended(connection.status, connection.reason_detail)
    if (connection.token_version !== seen.token_version) return { ok: true }
    if (connection.refresh_failures > seen.refresh_failures) return failed(ctx, connection)
    const lease = await acquireLease(ctx, {
      workspace,
      integration: connection.integration_id,
      tokenKey: connection.refresh_token_hash ?? connection.id,
    })
    if (lease) {
      try {
        return await renew(ctx, lease, id, seen.token_version)
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

const failed = (
  ctx: Needs,
  { last_refresh_error, refresh_at }: Pick<Connection, 'last_refresh_error' | 'refresh_at'>,
): RenewResult => ({
  ok: false,
  ended: false,
  error: last_refresh_error ?? 'refresh_failed',
  detail: null,
  retryAfterMs: Math.max(0, (refresh_at ?? 0) - ctx.clock.now()),
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
