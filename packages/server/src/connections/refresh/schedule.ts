import type { ProviderProfile } from '@grantry/oauth'
import type { Context } from '../../context.ts'
import type { ConnectionRow } from '../../db/schema.ts'
import type { Attempt, Scene } from './store.ts'

type Random = Pick<Context, 'random'>

/** What a token answer says of time: `sentAt` since the epoch, the lifetimes from then on; null where it is silent. */
export type Received = {
  sentAt: number
  lifetime: number | null
  hasRefreshToken: boolean
  refreshLifetime: number | null
}

/** A token whose provider did not say how long it lives is renewed after this time; until that succeeds it is served. */
export const assumedLifetimeMs = 3_600_000

const day = 86_400_000
const backoffBaseMs = 1000
/** Short enough that a connection works again within a minute of its provider. */
const backoffCapMs = 60_000
/** How long before a refresh token ends unused it is used, at most; and how long before an end its owner is told. */
const renewalMs = 8 * day
const warningMs = 7 * day

/** From 0 up to 1. */
export function draw({ random }: Random): number {
  return Buffer.from(random(4)).readUInt32BE() / 2 ** 32
}

/** Whether this provider's tokens can be renewed without a person. */
export function canRefresh(profile: ProviderProfile, hasRefreshToken: boolean): boolean {
  switch (profile.refresh?.by ?? 'refresh_token') {
    case 'none':
      return false
    case 'refresh_token':
      return hasRefreshToken
    default:
      return true
  }
}

/** Milliseconds before expiry at which a token is due for refresh: a profile's own, else min(300 s, 20 % of its lifetime). */
export function refreshBuffer(profile: ProviderProfile, lifetime: number | null): number {
  // A profile's own cannot make a token due as soon as it is there.
  if (profile.refresh?.buffer !== undefined)
    return Math.min(profile.refresh.buffer * 1000, (lifetime ?? Number.POSITIVE_INFINITY) * 0.5)
  return Math.min(300_000, (lifetime ?? 0) * 0.2)
}

/** Full jitter: anything from nothing to twice as much as the time before, or what the provider asked for. */
export function backoff(ctx: Random, failures: number, retryAfterMs: number | null): number {
  const jittered = draw(ctx) * Math.min(backoffCapMs, backoffBaseMs * 2 ** Math.min(failures, 20))
  return Math.ceil(Math.max(retryAfterMs ?? 0, jittered))
}

/** When the background takes a connection, when its refresh token or its grant ends, when a person must consent again, and when to tell its owner so. */
export type Dates = Pick<
  ConnectionRow,
  'refresh_at' | 'refresh_token_expires_at' | 'grant_ends_at' | 'ends_at' | 'warn_at'
>

type Before = Pick<ConnectionRow, 'refresh_token_expires_at' | 'grant_ends_at' | 'warn_at'>

/**
 * The dates of a connection that just got these tokens. The draw spreads equal expiries over a fifth of the lifetime.
 * `before`: where they came of a refresh, the dates of the tokens that were spent.
 */
export function datesOf(
  ctx: Random,
  profile: ProviderProfile,
  received: Received,
  before: Before | null,
): Dates {
  const { idle_lifetime, absolute_lifetime } = profile.refresh ?? {}
  const { sentAt } = received
  const grantEnds = before ? before.grant_ends_at : after(sentAt, absolute_lifetime)
  if (!canRefresh(profile, received.hasRefreshToken))
    return {
      refresh_at: null,
      refresh_token_expires_at: null,
      grant_ends_at: grantEnds,
      ends_at: earliest(grantEnds, received.lifetime === null ? null : sentAt + received.lifetime),
      warn_at: null,
    }

  const said = received.refreshLifetime === null ? null : sentAt + received.refreshLifetime
  const unused = earliest(said, after(sentAt, idle_lifetime))
  const was = before?.refresh_token_expires_at ?? null
  // An answer that is silent about the refresh token's end leaves the one that was known.
  const tokenEnds = unused ?? was
  // An end that a refresh does not move is not put off by refreshing.
  const moves = unused !== null && (was === null || unused > was + 1000)
  const end = earliest(tokenEnds, grantEnds)
  const known = before && Math.abs((earliest(was, before.grant_ends_at) ?? 0) - (end ?? 0)) <= 1000
  return {
    refresh_at: earliest(
      accessTokenDue(ctx, profile, received),
      moves ? Math.floor(unused - Math.min(renewalMs, (unused - sentAt) * 0.4)) : null,
    ),
    refresh_token_expires_at: tokenEnds,
    grant_ends_at: grantEnds,
    // Of an end that refreshing puts off a person need not know, until it is near all the same.
    ends_at: earliest(grantEnds, moves ? null : tokenEnds),
    warn_at: known ? before.warn_at : end && Math.floor(end - Math.min(warningMs, (end - sentAt) * 0.25)),
  }
}

/** The connections that move to a received pair, each with dates of its own. */
export function movesOf(
  ctx: Random,
  profile: ProviderProfile,
  { connection, siblings }: Scene,
  pair: Attempt,
): { connection: ConnectionRow; dates: Dates }[] {
  const received = {
    sentAt: pair.sent_at!,
    lifetime: pair.lifetime,
    hasRefreshToken: pair.refresh_token_hash !== null,
    refreshLifetime: pair.refresh_lifetime,
  }
  return [connection, ...siblings].map((one) => ({
    connection: one,
    dates: datesOf(ctx, profile, received, one),
  }))
}

function accessTokenDue(ctx: Random, profile: ProviderProfile, { sentAt, lifetime }: Received): number {
  const lives = lifetime ?? assumedLifetimeMs
  return Math.floor(sentAt + lives - refreshBuffer(profile, lifetime) - draw(ctx) * 0.2 * lives)
}

const after = (from: number, seconds: number | undefined) =>
  seconds === undefined ? null : from + seconds * 1000

function earliest(...times: (number | null)[]): number | null {
  const known = times.filter((time) => time !== null)
  return known.length === 0 ? null : Math.min(...known)
}
