import type { ClientAuthMethod } from './authenticate-client.ts'
import type { Fetch } from './fetch.ts'
import { processTokenResponse } from './process-token-response.ts'
import type { ProviderProfile } from './profile.ts'
import type { ProviderRequest } from './provider-request.ts'
import { send } from './send.ts'
import type { TokenSet } from './token-set.ts'

export type RequestTokensOptions = {
  /** Milliseconds since the epoch. */
  now: () => number
  requested_scopes?: string[]
}

/**
 * Sends a token request and processes the answer; throws `ProviderError`. `auth_method` is how the client
 * authenticated in the request that worked: worth remembering where the integration says `auto`.
 */
export async function requestTokens(
  fetch: Fetch,
  profile: ProviderProfile,
  request: ProviderRequest,
  { now, requested_scopes }: RequestTokensOptions,
): Promise<{ tokens: TokenSet; auth_method: ClientAuthMethod | null }> {
  const { result, auth_method } = await send(fetch, request, (response, { secrets }) =>
    processTokenResponse(profile, response, {
      now: now(),
      secrets,
      ...(requested_scopes && { requested_scopes }),
    }),
  )
  return { tokens: result, auth_method }
}
