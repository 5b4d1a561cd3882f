import type { ProviderProfile } from '@grantry/oauth'
import type { Clock } from '../../context.ts'
import type { WithToken } from '../load-with-token.ts'
import type { Refresh, RefreshResult } from './engine.ts'
import { within } from './flight.ts'
import { assumedLifetimeMs, canRefresh, refreshBuffer } from './schedule.ts'
import { overtaken } from './turn.ts'

type Needs = {
  clock: Clock
  refresh: Refresh
  /** Whether a use of the connection's refresh token is under way, unfinished or just done, in any process. */
  inFlight(connection: WithToken): Promise<boolean>
  /** The connection as it is now; rejects where it may no longer be served. */
  read(): Promise<WithToken>
}

export type Unavailable = { error: string; detail: string | null; retryAfterMs: number | null }

/** The connection whose token to hand out; or why there is none: nothing can renew it, or the provider does not just now. */
export type Served = { connection: WithToken } | { unrenewable: true } | { unavailable: Unavailable }

/** A read inside the buffer waits this long for the refresh and then takes the token that there is. */
const patienceMs = 2000

/**
 * Which token a read gets: the stored one while it is good. Inside the refresh buffer a failed or slow refresh does not
 * fail the read; only an expired token (or one below `minValidMs`) waits for the refresh to end.
 */
export async function serve(
  needs: Needs,
  profile: ProviderProfile,
  found: WithToken,
  minValidMs: number | undefined,
  again = true,
): Promise<Served> {
  const { clock } = needs
  // While such a refresh is under way, whoever started it, the stored token may be dead already.
  const kills = profile.refresh?.kills_access_token === true
  const killed = kills && (await needs.inFlight(found))
  if (!killed && !isDue(clock, profile, found, minValidMs)) return { connection: found }
  const left = timeLeft(clock, found)
  if (!canRefresh(profile, found.refresh_token_hash !== null))
    return left > 0 ? { connection: found } : { unrenewable: true }

  // An end that waits to be confirmed is waited for: it takes seconds.
  const backingOff =
    found.refresh_failures > 0 && (found.refresh_at ?? 0) > clock.now() && found.refused_at === null
  if (left > 0 && backingOff) return { connection: found }
  const enough = left > leastValid(profile, found, minValidMs)
  // Calling during a backoff would only hear the same again; once it is over, the next reader is the try.
  const result =
    left <= 0 && backingOff
      ? backoffResult(clock, found)
      : await attempt(needs, found, { left, patience: enough && !kills && patienceMs })
  const after = await needs.read()
  if (timeLeft(clock, after) > 0) return { connection: after }
  // So long under way (the process was stopped) that what came has expired since: once more.
  if (result.ok && after.token_version !== found.token_version && again)
    return serve(needs, profile, after, minValidMs, false)
  return { unavailable: result.ok ? overtakenFacts : result }
}

const overtakenFacts = overtaken as Extract<RefreshResult, { ok: false }>

/** Milliseconds that a connection's token still lives; infinite where the provider did not say. */
function timeLeft(clock: Clock, { access_token, expires_at }: WithToken): number {
  if (access_token === null) return 0
  return expires_at === null ? Number.POSITIVE_INFINITY : expires_at - clock.now()
}

/** Whether anything but handing out the stored token has to be thought about. */
function isDue(
  clock: Clock,
  profile: ProviderProfile,
  connection: WithToken,
  minValidMs: number | undefined,
): boolean {
  const { access_token, expires_at, lifetime, received_at } = connection
  const now = clock.now()
  if (access_token === null) return true
  if (expires_at === null)
    return (
      (received_at ?? now) + assumedLifetimeMs <= now &&
      canRefresh(profile, connection.refresh_token_hash !== null)
    )
  const margin = Math.max(refreshBuffer(profile, lifetime), leastValid(profile, connection, minValidMs))
  return expires_at - now <= margin
}

/**
 * How long a token should still live when it is handed out: as the caller says, else min(30 s, 10 % of its lifetime).
 * Once a refresh has shown how long this provider's tokens live, a wish that hardly any of them could meet counts as
 * the lifetime less the buffer; otherwise each read would be a refresh.
 */
function leastValid(
  profile: ProviderProfile,
  { lifetime, last_refresh_ok }: WithToken,
  minValidMs: number | undefined,
): number {
  if (minValidMs === undefined) return Math.min(30_000, (lifetime ?? 0) * 0.1)
  if (lifetime === null || last_refresh_ok !== 1) return minValidMs
  return Math.min(minValidMs, lifetime - refreshBuffer(profile, lifetime))
}

async function attempt(
  { clock, refresh }: Needs,
  connection: WithToken,
  { left, patience }: { left: number; patience: number | false },
): Promise<RefreshResult> {
  try {
    const flight = refresh(connection)
    return await (patience === false ? flight : within(clock, flight, patience))
  } catch (error) {
    // Our own fault, and logged there. It must not fail a read whose token is still good.
    if (left <= 0) throw error
    return { ok: false, ended: false, error: 'refresh_failed', detail: null, retryAfterMs: null }
  }
}

function backoffResult(clock: Clock, { refresh_at, last_refresh_error }: WithToken): RefreshResult {
  return {
    ok: false,
    ended: false,
    error: last_refresh_error ?? 'refresh_failed',
    detail: null,
    retryAfterMs: Math.max(0, (refresh_at ?? 0) - clock.now()),
  }
}
