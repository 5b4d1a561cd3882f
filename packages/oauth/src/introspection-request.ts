import { buildRequest, type ProviderRequest, type RequestInput } from './provider-request.ts'
import type { Secret } from './secret.ts'

export type IntrospectionRequestInput = RequestInput & { access_token: Secret }

/** Asks the provider what an access token is worth now (RFC 7662 §2.1); `unsupported` where it cannot be asked. */
export async function introspectionRequest(
  input: IntrospectionRequestInput,
): Promise<ProviderRequest | 'unsupported'> {
  const { introspection } = input.profile
  if (!introspection) return 'unsupported'
  const { url, auth = 'client' } = introspection
  const token = input.access_token
  const client =
    auth === 'basic' ? { ...input.client, auth_method: 'client_secret_basic' as const } : input.client
  return buildRequest(
    { ...input, client },
    {
      url,
      method: 'POST',
      body: 'form',
      fields: { token: token.expose(), token_type_hint: 'access_token' },
      headers: auth === 'bearer' ? { authorization: `Bearer ${token.expose()}` } : {},
      secrets: [token],
      authenticate: auth !== 'bearer',
    },
  )
}
