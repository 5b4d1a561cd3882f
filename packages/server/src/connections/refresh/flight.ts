import type { Clock } from '../../context.ts'
import { type Connection, isRenewable } from '../store.ts'
import type { Engine, Refresh, RefreshResult, Seen } from './engine.ts'
import type { LeaseKey } from './lease.ts'
import { renew } from './renew.ts'
import { overtaken, type Turn } from './turn.ts'

/**
 * One refresh per connection at a time. Callers of this process share one flight; over processes, whoever has the
 * lease on the refresh token goes ahead, and the others watch the row until its tokens have changed.
 */
export function createFlights(engine: Engine): Refresh {
  const { clock, rules } = engine
  const flights = new Map<string, Promise<RefreshResult>>()

  function start(key: string, seen: Seen): Promise<RefreshResult> {
    const flight = fly(engine, seen).finally(() => flights.delete(key))
    flights.set(key, flight)
    // A pair that arrives after its readers have given up is still stored; nobody may be left to hear of a failure.
    flight.catch((error: unknown) => engine.log.error({ err: error, connection: seen.id }, 'refresh failed'))
    return flight
  }

  return async (seen) => {
    const key = `${seen.workspace_id}/${seen.id}/${seen.token_version}`
    const begun = clock.now()
    const joined = flights.get(key)
    const result = await within(clock, joined ?? start(key, seen), rules.flightMs)
    const left = begun + rules.flightMs - clock.now()
    // Somebody else's flight ran out of time, which began to count before this caller came.
    if (joined && result === overtaken && left > 0)
      return within(clock, flights.get(key) ?? start(key, seen), left)
    return result
  }
}

async function fly(engine: Engine, first: Seen): Promise<RefreshResult> {
  const { store, clock, rules } = engine
  const begun = clock.now()
  let seen = first
  for (let pause = 20; clock.now() - begun < rules.flightMs; pause = Math.min(pause * 1.5, 250)) {
    const connection = await store.read(seen)
    if (!connection) return overtaken
    if (!isRenewable(connection)) return ended(connection)
    if (connection.token_version !== seen.token_version) return { ok: true }
    if (connection.refresh_failures > seen.refresh_failures) return failed(clock, connection)
    const lease = await store.acquire(leaseKey(connection))
    if (!lease) {
      await clock.sleep(pause)
      continue
    }
    await engine.at('leased')
    let turn: Turn
    try {
      turn = await renew(engine, lease, connection)
    } finally {
      // What cannot be let go runs out.
      await store.release(lease).catch(() => {})
    }
    if (!('again' in turn)) return turn
    if (turn.again > 0) seen = { ...seen, refresh_failures: connection.refresh_failures + 1 }
    await clock.sleep(Math.max(turn.again, pause))
  }
  return overtaken
}

/** The right to spend a refresh token is the token's, not the connection's: the same one may have been imported twice. */
export const leaseKey = (
  connection: Pick<Connection, 'workspace_id' | 'integration_id' | 'refresh_token_hash' | 'id'>,
): LeaseKey => ({
  workspace: connection.workspace_id,
  integration: connection.integration_id,
  tokenKey: connection.refresh_token_hash ?? connection.id,
})

const ended = ({ status, reason_detail }: Connection): RefreshResult => ({
  ok: false,
  ended: true,
  error: status,
  detail: reason_detail,
  retryAfterMs: null,
})

const failed = (clock: Clock, { last_refresh_error, refresh_at }: Connection): RefreshResult => ({
  ok: false,
  ended: false,
  error: last_refresh_error ?? 'refresh_failed',
  detail: null,
  retryAfterMs: Math.max(0, (refresh_at ?? 0) - clock.now()),
})

/** The flight's result, or that it is still under way when it takes longer than the caller waits. */
export async function within(
  clock: Clock,
  flight: Promise<RefreshResult>,
  ms: number,
): Promise<RefreshResult> {
  const over = new AbortController()
  try {
    return await Promise.race([flight, clock.sleep(ms, over.signal).then(() => overtaken)])
  } finally {
    over.abort('over')
  }
}
