import type { ProviderRequest, RequestInput } from './provider-request.ts'
import { tokenRequest } from './token-request.ts'

export type ClientCredentialsRequestInput = RequestInput & {
  scopes?: string[]
  /** The integration's own additions (`audience`, `resource`). */
  extra?: Record<string, string>
}

/** Asks for a token for the client itself (RFC 6749 §4.4.2). */
export function clientCredentialsRequest(input: ClientCredentialsRequestInput): Promise<ProviderRequest> {
  const { scopes = [], extra } = input
  const separator = input.profile.authorize?.scope_separator ?? ' '
  return tokenRequest(input, {
    type: 'client_credentials',
    fields: scopes.length > 0 ? { scope: scopes.join(separator) } : {},
    extra,
    secrets: [],
  })
}
