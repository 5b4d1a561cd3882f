import type { Fetch } from './fetch.ts'
import type { ProviderProfile } from './profile.ts'
import type { ProviderRequest } from './provider-request.ts'
import { readAnswer } from './read-answer.ts'
import { type Reading, readError } from './read-error.ts'
import { send } from './send.ts'

/** `error`: the provider no longer knew the token. */
export type Revoked = { revoked: true; status: number; error: 'invalid_token' | null }

/**
 * Whether the grant has ended at the provider; throws `ProviderError`. Any 2xx counts, whatever its body, unless it
 * holds an error. A token that the provider no longer knows is revoked (RFC 7009 §2.2), also where it says so by an
 * error.
 */
export async function processRevocationResponse(
  profile: Pick<ProviderProfile, 'token_response' | 'refresh'>,
  response: Response,
  reading: Reading,
): Promise<Revoked> {
  const error = readError(profile, response, await readAnswer(response), reading)
  const unknown = error?.facts.kind === 'refused' && error.facts.error === 'invalid_token'
  if (error && !unknown) throw error
  return { revoked: true, status: response.status, error: unknown ? 'invalid_token' : null }
}

/** Sends a revocation and processes the answer; throws `ProviderError`. */
export async function requestRevocation(
  fetch: Fetch,
  profile: ProviderProfile,
  request: ProviderRequest,
  { now }: { now: () => number },
): Promise<Revoked> {
  const { result } = await send(fetch, request, (response, { secrets }) =>
    processRevocationResponse(profile, response, { now: now(), secrets }),
  )
  return result
}
