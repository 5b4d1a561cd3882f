import { ProviderError, RequestError, UrlError } from './errors.ts'
import type { Fetch } from './fetch.ts'
import { type IntrospectionRequestInput, introspectionRequest } from './introspection-request.ts'
import { processIntrospectionResponse } from './process-introspection-response.ts'
import { send } from './send.ts'

/**
 * Whole seconds that an access token has left, asked of its provider (RFC 7662); null where the provider has no such
 * endpoint, does not answer as one, or does not say. It never rejects for a fault of the provider or the profile: a
 * token is as good as before when nobody can tell how long. An `active: false` says nothing either, for it is also what
 * a provider answers that does not want to tell.
 * @example const left = await introspectLifetime(fetch, { profile, client, access_token }, { now: Date.now })
 */
export async function introspectLifetime(
  fetch: Fetch,
  input: IntrospectionRequestInput,
  { now }: { now: () => number },
): Promise<number | null> {
  try {
    const request = await introspectionRequest(input)
    if (request === 'unsupported') return null
    const { result } = await send(fetch, request, (response, { secrets }) =>
      processIntrospectionResponse(input.profile, response, { now: now(), secrets }),
    )
    return result.expires_in
  } catch (error) {
    if (error instanceof ProviderError || error instanceof UrlError || error instanceof RequestError)
      return null
    throw error
  }
}
