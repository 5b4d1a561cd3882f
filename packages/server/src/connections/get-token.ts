import { apiBaseUrl, type Secret } from '@grantry/oauth'
import type { Context } from '../context.ts'
import type { Actor, Principal } from '../http/principal.ts'
import type { WithToken } from './load-with-token.ts'
import { eventOf, grantedScopes } from './store.ts'
import { type TakeNeeds, takeToken } from './take-token.ts'

/** An access token to hand out. */
export type Token = {
  connection: WithToken
  accessToken: Secret
  tokenType: string
  expiresAt: number | null
  scopes: string[] | null
  apiBaseUrl: string | null
}

/**
 * An access token that works, to be handed out: the read is in the audit log before the token is in the caller's hands.
 * @throws ApiError what takeToken throws, storage_unavailable
 */
export async function getToken(
  ctx: TakeNeeds & Pick<Context, 'commitEvent'>,
  { actor, ...wanted }: { principal: Principal; actor: Actor; id: string; minValidMs?: number | undefined },
): Promise<Token> {
  const { connection, integration, accessToken } = await takeToken(ctx, wanted)
  await ctx.commitEvent({ ...eventOf(connection), type: 'token.read', actor })
  return {
    connection,
    accessToken,
    tokenType: connection.token_type ?? 'Bearer',
    expiresAt: connection.expires_at,
    scopes: grantedScopes(connection),
    apiBaseUrl: apiBaseUrl(integration.profile, integration.params, JSON.parse(connection.metadata)),
  }
}
