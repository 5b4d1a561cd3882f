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
  const way = wayOf(revocation)
  const kind = revocation.token === 'none' ? null : tokenToRevoke(revocation, input)
  const token = kind && input[kind]
  if (!token && revocation.token !== 'none') return 'unsupported'
  const secret = way.auth === 'secret' ? input.client.client_secret : null
  if (way.auth === 'secret' && !secret) return 'unsupported'
  const bearer = proves(way) ? token : secret
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

type Tokens = Record<'refresh_token' | 'access_token', unknown>

/**
 * Which of a grant's tokens the provider is asked with: no other is needed. Null where none of these will do. A provider that
 * is told of the account instead has a grant to end as long as there is any.
 */
export function tokenToRevoke(revocation: Revocation, tokens: Tokens): keyof Tokens | null {
  const alone = proves(wayOf(revocation))
  // What proves must be an access token; otherwise the refresh token stands for the whole grant (RFC 7009 §2.1).
  const wanted = revocation.token ?? (alone ? 'access_token' : 'refresh_token')
  if (alone && wanted !== 'none') return tokens[wanted] ? wanted : null
  const kinds: (keyof Tokens)[] = ['access_token', 'refresh_token']
  return kinds.find((kind) => kind === wanted && tokens[kind]) ?? kinds.find((kind) => tokens[kind]) ?? null
}

function wayOf({ by, method, auth, body }: Revocation): Way {
  const preset = ways[by ?? 'rfc7009']
  return { method: method ?? preset.method, auth: auth ?? preset.auth, body: body ?? preset.body }
}

/** Whether the token itself says that whoever has it may end it. */
const proves = ({ auth }: Way): boolean => auth === 'bearer' || auth === 'api'
