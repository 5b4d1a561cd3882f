import type { TokenExchange } from './profile.ts'
import { buildRequest, type ProviderRequest, type RequestInput } from './provider-request.ts'
import type { Secret } from './secret.ts'

/** A token request (RFC 6749 §3.2) of one grant, with the quirks that all grants share. */
export function tokenRequest(
  input: RequestInput,
  grant: {
    type: string
    fields: Record<string, string>
    secrets: Secret[]
    url?: string | undefined
    extra?: Record<string, string> | undefined
  },
): Promise<ProviderRequest> {
  const quirks = input.profile.token ?? {}
  return buildRequest(input, {
    url: grant.url ?? input.profile.token_url,
    method: 'POST',
    body: quirks.body ?? 'form',
    fields: { grant_type: quirks.grant_types?.[grant.type] ?? grant.type, ...grant.fields },
    extra: { ...quirks.extra, ...quirks.grant_extra?.[grant.type], ...grant.extra },
    headers: quirks.headers,
    secrets: grant.secrets,
    authenticate: true,
  })
}

/** A request that trades the current access token for another (`TokenExchange`). */
export function exchangeRequest(
  input: RequestInput,
  exchange: TokenExchange,
  access_token: Secret,
  extra: Record<string, string> = {},
): Promise<ProviderRequest> {
  const quirks = input.profile.token ?? {}
  return buildRequest(input, {
    url: exchange.url ?? input.profile.token_url,
    method: exchange.method ?? 'POST',
    body: exchange.method === 'GET' ? 'query' : (quirks.body ?? 'form'),
    fields: {
      grant_type: exchange.grant_type,
      [exchange.parameter ?? 'access_token']: access_token.expose(),
    },
    extra: { ...exchange.extra, ...extra },
    headers: quirks.headers,
    secrets: [access_token],
    authenticate: exchange.client ?? true,
  })
}
