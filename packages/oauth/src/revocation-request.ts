import type { Revocation } from './profile.ts'
import { buildRequest, type ProviderRequest, type RequestInput } from './provider-request.ts'
import type { Secret } from './secret.ts'

type Way = {
  method: 'POST' | 'GET' | 'DELETE'
  auth: NonNullable<Revocation['auth']>
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
  const token = tokenToSend(input, wanted, way.auth === 'bearer')
  if (!token && wanted !== 'none') return 'unsupported'
  const secret = way.auth === 'secret' ? input.client.client_secret : null
  if (way.auth === 'secret' && !secret) return 'unsupported'
  const bearer = way.auth === 'bearer' ? token : secret

  const client =
    way.auth === 'basic' ? { ...input.client, auth_method: 'client_secret_basic' as const } : input.client
  return buildRequest(
    { ...input, client },
    {
      url: revocation.url,
      method: way.method,
      body: way.body,
      fields: way.body === 'none' || !token ? {} : { [revocation.parameter ?? 'token']: token.expose() },
      extra: revocation.extra,
      headers: { ...revocation.headers, ...(bearer && { authorization: `Bearer ${bearer.expose()}` }) },
      secrets: [token, secret].filter((one) => one !== null),
      authenticate: way.auth === 'client' || way.auth === 'basic',
    },
  )
}

function tokenToSend(
  tokens: Pick<RevocationRequestInput, 'refresh_token' | 'access_token'>,
  wanted: NonNullable<Revocation['token']>,
  onlyThat: boolean,
): Secret | null {
  if (wanted === 'none') return null
  const other = wanted === 'refresh_token' ? 'access_token' : 'refresh_token'
  return tokens[wanted] ?? (onlyThat ? null : tokens[other])
}
