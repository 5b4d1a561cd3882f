import type { Revocation } from './profile.ts'
import { buildRequest, type ProviderRequest, type RequestInput } from './provider-request.ts'
import type { Secret } from './secret.ts'

type Way = {
  method: 'POST' | 'GET' | 'DELETE'
  auth: 'client' | 'bearer' | 'none'
  body: 'form' | 'json' | 'query' | 'none'
}

const ways: Record<NonNullable<Revocation['by']>, Way> = {
  rfc7009: { method: 'POST', auth: 'client', body: 'form' },
  query: { method: 'POST', auth: 'none', body: 'query' },
  delete: { method: 'DELETE', auth: 'bearer', body: 'none' },
  bearer: { method: 'POST', auth: 'bearer', body: 'none' },
}

export type RevocationRequestInput = RequestInput & {
  refresh_token: Secret | null
  access_token: Secret | null
}

/** Asks the provider to end a grant (RFC 7009 §2.1 or its own way); `unsupported` where it has none, or no token is left. */
export async function revocationRequest(
  input: RevocationRequestInput,
): Promise<ProviderRequest | 'unsupported'> {
  const { revocation } = input.profile
  if (!revocation) return 'unsupported'
  const preset = ways[revocation.by ?? 'rfc7009']
  const way = {
    method: revocation.method ?? preset.method,
    auth: revocation.auth ?? preset.auth,
    body: revocation.body ?? preset.body,
  }
  // A bearer must be an access token; otherwise the refresh token stands for the whole grant (RFC 7009 §2.1).
  const wanted = revocation.token ?? (way.auth === 'bearer' ? 'access_token' : 'refresh_token')
  const other = wanted === 'refresh_token' ? 'access_token' : 'refresh_token'
  const sent = input[wanted] ? wanted : way.auth === 'bearer' ? null : other
  const token = sent && input[sent]
  if (!sent || !token) return 'unsupported'

  return buildRequest(input, {
    url: revocation.url,
    method: way.method,
    body: way.body,
    fields: way.body === 'none' ? {} : { [revocation.parameter ?? 'token']: token.expose() },
    extra: revocation.extra,
    headers: way.auth === 'bearer' ? { authorization: `Bearer ${token.expose()}` } : undefined,
    secrets: [token],
    authenticate: way.auth === 'client',
  })
}
