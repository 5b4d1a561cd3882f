import { encodeId } from '@grantry/api'
import { apiBaseUrl, type ProviderProfile, type Secret } from '@grantry/oauth'
import type { Context } from '../context.ts'
import { notFound, problem } from '../errors.ts'
import type { Actor, Principal } from '../http/principal.ts'
import { type Integration, loadIntegration } from '../integrations/store.ts'
import { expireConnection } from './expire.ts'
import { loadWithToken, type WithToken } from './load-with-token.ts'
import { within } from './refresh.ts'
import type { RenewResult } from './renew.ts'
import { eventOf, reaches } from './store.ts'
import { canRefresh, refreshBuffer, tokenPlace } from './token-set.ts'

/** An access token to hand out. */
export type Token = {
  connection: WithToken
  accessToken: Secret
  tokenType: string
  expiresAt: number | null
  scopes: string[] | null
  apiBaseUrl: string | null
}

type Needs = Pick<
  Context,
  'catalogue' | 'clock' | 'commitEvent' | 'config' | 'db' | 'random' | 'refresh' | 'vault'
>

/** A read inside the buffer waits this long for the refresh and then takes the token that there is. */
const patienceMs = 2000

/** A token whose provider did not say how long it lives is renewed after this time; until that succeeds it is served. */
const assumedLifetimeMs = 3_600_000

/**
 * An access token that works, for whoever may have it. Inside the refresh buffer a failed or slow refresh does not fail
 * the read; only an expired token (or one below `minValidMs`) waits for the refresh to end. The read is in the audit
 * log before the token is in the caller's hands.
 * @throws ApiError not_found, connection_needs_reauth, connection_not_ready, provider_unavailable
 */
export async function getToken(
  ctx: Needs,
  {
    principal,
    actor,
    id,
    minValidMs,
  }: { principal: Principal; actor: Actor; id: string; minValidMs?: number | undefined },
): Promise<Token> {
  let connection = await load(ctx, principal, id)
  const integration = await loadIntegration(ctx, principal.workspace, connection.integration_id)
  if (isDue(ctx, integration, connection, minValidMs))
    connection = await renewed(ctx, principal, integration, connection, minValidMs)

  const accessToken = await ctx.vault.open(
    tokenPlace(connection.workspace_id, connection.token_request_id!, 'access_token'),
    connection.access_token!,
  )
  await ctx.commitEvent({ ...eventOf(connection), type: 'token.read', actor })
  return {
    connection,
    accessToken,
    tokenType: connection.token_type ?? 'Bearer',
    expiresAt: connection.expires_at,
    scopes: connection.scopes_granted === null ? null : JSON.parse(connection.scopes_granted),
    apiBaseUrl: apiBaseUrl(integration.profile, integration.params, JSON.parse(connection.metadata)),
  }
}

async function load(ctx: Needs, principal: Principal, id: string): Promise<WithToken> {
  const connection = await loadWithToken(ctx, principal.workspace, id)
  if (!connection || !reaches(principal, connection)) throw notFound('connection')
  if (connection.status === 'revoked') throw problem('conflict', 'This connection has been ended.')
  if (connection.status === 'needs_reauth') throw needsReauth(connection)
  if (connection.status === 'pending' || !connection.token_request_id)
    throw problem('connection_not_ready', 'Nobody has consented to this connection yet.')
  return connection
}

/** Whether anything but handing out the stored token has to be thought about. */
function isDue(
  ctx: Needs,
  { profile }: Integration,
  connection: WithToken,
  minValidMs: number | undefined,
): boolean {
  const { access_token, expires_at, lifetime, received_at } = connection
  const now = ctx.clock.now()
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

async function renewed(
  ctx: Needs,
  principal: Principal,
  { profile }: Integration,
  connection: WithToken,
  minValidMs: number | undefined,
): Promise<WithToken> {
  const { id, access_token, expires_at } = connection
  const left = access_token === null ? 0 : expires_at === null ? Infinity : expires_at - ctx.clock.now()
  if (!canRefresh(profile, connection.refresh_token_hash !== null)) {
    if (left > 0) return connection
    throw needsReauth(await expireConnection(ctx, connection))
  }

  const enough = left > leastValid(profile, connection, minValidMs)
  const backingOff = connection.refresh_failures > 0 && (connection.refresh_at ?? 0) > ctx.clock.now()
  if (left > 0 && backingOff) return connection
  // Calling during a backoff would only hear the same again; once it is over, the next reader is the try.
  const result: RenewResult =
    left <= 0 && backingOff
      ? backoffResult(ctx, connection)
      : await attempt(ctx, connection, { left, patience: enough && patienceMs })
  const after = await load(ctx, principal, id)
  if (result.ok && after.token_version !== connection.token_version) return after
  const leftNow = after.expires_at === null ? Infinity : after.expires_at - ctx.clock.now()
  if (after.access_token !== null && leftNow > 0) return after
  const { error, detail, retryAfterMs } = result.ok ? overtaken : result
  const retryAfter = Math.max(1, Math.ceil((retryAfterMs ?? 1000) / 1000))
  throw problem(
    'provider_unavailable',
    `The access token has expired and the provider gave no new one (${error}${detail ? `: ${detail}` : ''}). The connection is kept; try again in ${retryAfter} s.`,
    { retryAfter, members: { provider_error: error, provider_error_description: detail } },
  )
}

/** A flight that ended without moving the connection: whoever has the lease now will. */
const overtaken = { error: 'refresh_in_progress', detail: null, retryAfterMs: 1000 }

async function attempt(
  ctx: Needs,
  connection: WithToken,
  { left, patience }: { left: number; patience: number | false },
): Promise<RenewResult> {
  try {
    const flight = ctx.refresh(connection)
    return await (patience === false ? flight : within(ctx, flight, patience))
  } catch (error) {
    // Our own fault, and logged there. It must not fail a read whose token is still good.
    if (left <= 0) throw error
    return { ok: false, ended: false, error: 'refresh_failed', detail: null, retryAfterMs: null }
  }
}

function backoffResult(ctx: Needs, { refresh_at, last_refresh_error }: WithToken): RenewResult {
  const retryAfterMs = Math.max(0, (refresh_at ?? 0) - ctx.clock.now())
  return {
    ok: false,
    ended: false,
    error: last_refresh_error ?? 'refresh_failed',
    detail: null,
    retryAfterMs,
  }
}

function needsReauth({
  id,
  reason,
  reason_detail,
  last_refresh_at,
}: Pick<WithToken, 'id' | 'reason' | 'reason_detail' | 'last_refresh_at'>) {
  return problem(
    'connection_needs_reauth',
    `The person must connect this account again: ${reason_detail ?? reason ?? 'the grant has ended'}.`,
    {
      members: {
        connection_id: encodeId('con', id),
        reason,
        since: last_refresh_at === null ? null : new Date(last_refresh_at).toISOString(),
      },
    },
  )
}
