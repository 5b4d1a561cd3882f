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
  const proves = way.auth === 'bearer' || way.auth === 'api'
  const wanted = revocation.token ?? (proves ? 'access_token' : 'refresh_token')
  const token = tokenToSend(input, wanted, proves)
  if (!token && wanted !== 'none') return 'unsupported'
  const secret = way.auth === 'secret' ? input.client.client_secret : null
  if (way.auth === 'secret' && !secret) return 'unsupported'
  const bearer = proves ? token : secret
  const place = (way.auth === 'api' && input.profile.api?.auth) || {
    name: 'authorization',
    prefix: 'Bearer ',
  }
  const inPath = revocation.url.includes('{token}')

  const client =
    way.auth === 'basic' ? { ...input.client, auth_method: 'client_secret_basic' as const } : input.client
  return buildRequest(
    // The token of the path goes into the URL only: were it metadata, it could fill other places too.
    { ...input, client, ...(inPath && token && { params: { ...input.params, token: token.expose() } }) },
    {
      url: revocation.url,
      method: way.method,
      body: way.body,
      fields:
        way.body === 'none' || inPath || !token ? {} : { [revocation.parameter ?? 'token']: token.expose() },
      extra: revocation.extra,
      headers: {
        ...revocation.headers,
        ...(bearer && { [place.name]: `${place.prefix ?? ''}${bearer.expose()}` }),
      },
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
