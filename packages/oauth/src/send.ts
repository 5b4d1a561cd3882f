import type { ClientAuthMethod } from './authenticate-client.ts'
import { ProviderError } from './errors.ts'
import type { Fetch } from './fetch.ts'
import type { ProviderRequest } from './provider-request.ts'

/** What a provider answered, and how the client had authenticated when it did. */
export type Sent<T> = { result: T; auth_method: ClientAuthMethod | null }

/**
 * Sends a request and has its answer processed. Where the provider refuses the client's Basic authentication, the
 * request goes out once more with the secret in the body (RFC 6749 §2.3.1). Whatever fails on the way out or back
 * becomes a {@link ProviderError} of kind `transport`.
 */
export async function send<T>(
  fetch: Fetch,
  request: ProviderRequest,
  process: (response: Response, request: ProviderRequest) => Promise<T>,
): Promise<Sent<T>> {
  const { auth_method } = request
  let answered = false
  try {
    const response = await fetch(request.url, request.init)
    answered = true
    return { result: await process(response, request), auth_method }
  } catch (thrown) {
    const error = thrown instanceof ProviderError ? thrown : transportError(thrown, answered)
    if (request.alternative && mayBeTheMethod(error)) return send(fetch, request.alternative, process)
    if (auth_method === null) throw error
    throw new ProviderError({ ...error.facts, auth_method }, { cause: error.cause })
  }
}

// `invalid_client` is the standard's word. A server that does not know Basic misses the client id instead, or sends a
// bare 401. None of these has looked at the grant, so that asking again spends nothing.
const mayBeTheMethod = ({ facts }: ProviderError): boolean =>
  facts.error === 'invalid_client' ||
  (facts.kind === 'refused' && facts.error === 'invalid_request') ||
  (facts.status === 401 && facts.error !== 'invalid_grant')

function transportError(thrown: unknown, answered: boolean): ProviderError {
  const outer = thrown as { sent?: unknown; code?: unknown; cause?: { code?: unknown } } | null | undefined
  const code = [outer?.code, outer?.cause?.code].find(
    (text) => typeof text === 'string' && /^[\w.-]{1,64}$/.test(text),
  )
  return new ProviderError(
    {
      kind: 'transport',
      error: (code as string | undefined) ?? 'network_error',
      description: null,
      status: null,
      retryAfterMs: null,
      sent: answered || outer?.sent !== false,
    },
    { cause: thrown },
  )
}
