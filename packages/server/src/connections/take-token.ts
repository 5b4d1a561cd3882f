import { encodeId } from '@grantry/api'
import type { Secret } from '@grantry/oauth'
import type { Context } from '../context.ts'
import { notFound, problem } from '../errors.ts'
import type { Principal } from '../http/principal.ts'
import { type Integration, loadIntegration } from '../integrations/store.ts'
import { expireConnection } from './expire.ts'
import { loadWithToken, type WithToken } from './load-with-token.ts'
import { serve, type Unavailable } from './refresh/serve.ts'
import { reaches } from './store.ts'
import { tokenPlace } from './token-set.ts'

/** A connection whose token is good, where it is from, and the token. */
export type Taken = { connection: WithToken; integration: Integration; accessToken: Secret }

export type TakeNeeds = Pick<
  Context,
  'catalogue' | 'clock' | 'config' | 'db' | 'inFlight' | 'random' | 'refresh' | 'vault'
>

/**
 * An access token that works, for whoever may have it. Inside the refresh buffer a failed or slow refresh does not fail
 * the read; only an expired token (or one below `minValidMs`) waits for the refresh to end. Whoever takes one commits
 * the event that tells of it before the token is in anybody else's hands.
 * @throws ApiError not_found, connection_needs_reauth, connection_not_ready, provider_unavailable
 */
export async function takeToken(
  ctx: TakeNeeds,
  { principal, id, minValidMs }: { principal: Principal; id: string; minValidMs?: number | undefined },
): Promise<Taken> {
  const found = await load(ctx, principal, id)
  const integration = await loadIntegration(ctx, principal.workspace, found.integration_id)
  const served = await serve(
    { ...ctx, read: () => load(ctx, principal, id) },
    integration.profile,
    found,
    minValidMs,
  )
  if ('unrenewable' in served) throw needsReauth(await expireConnection(ctx, found))
  if ('unavailable' in served) throw unavailable(served.unavailable)
  const { connection } = served
  const accessToken = await ctx.vault.open(
    tokenPlace(connection.workspace_id, connection.token_request_id!, 'access_token'),
    connection.access_token!,
  )
  return { connection, integration, accessToken }
}

async function load(ctx: TakeNeeds, principal: Principal, id: string): Promise<WithToken> {
  const connection = await loadWithToken(ctx, principal.workspace, id)
  if (!connection || !reaches(principal, connection)) throw notFound('connection')
  if (connection.status === 'revoked') throw problem('conflict', 'This connection has been ended.')
  if (connection.status === 'needs_reauth') throw needsReauth(connection)
  if (connection.status === 'pending' || !connection.token_request_id)
    throw problem('connection_not_ready', 'Nobody has consented to this connection yet.')
  return connection
}

function unavailable({ error, detail, retryAfterMs }: Unavailable) {
  const retryAfter = Math.max(1, Math.ceil((retryAfterMs ?? 1000) / 1000))
  return problem(
    'provider_unavailable',
    `The access token has expired, and there is no new one yet (${error}${detail ? `: ${detail}` : ''}). The connection is kept; try again in ${retryAfter} s.`,
    { retryAfter, members: { provider_error: error, provider_error_description: detail } },
  )
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
