import { grantTypes, tokenAuthMethods } from '@grantry/api'
import type { Context } from '../context.ts'
import { discoverIssuer } from '../egress/discover-issuer.ts'

type Needs = Pick<Context, 'catalogue' | 'egress'>

/**
 * What an issuer says of itself, as the fields of an integration.
 * @throws ApiError provider_unusable, url_refused, invalid_request
 */
export async function discoverIntegration(ctx: Needs, workspace: string, issuer: string) {
  const found = await discoverIssuer(ctx, workspace, issuer)
  const { profile, grant_types_supported, code_challenge_methods_supported } = found
  // RFC 8414 §2: where it says nothing, it is these.
  const supported = grant_types_supported ?? ['authorization_code']
  const method = profile.token?.auth_method ?? 'auto'
  const entry = [...ctx.catalogue.entries()].find(
    ([, { authorization_url, token_url }]) =>
      authorization_url === profile.authorization_url && token_url === profile.token_url,
  )
  return {
    issuer: profile.issuer,
    authorization_url: profile.authorization_url ?? null,
    token_url: profile.token_url,
    revocation_url: profile.revocation?.url ?? null,
    scopes_supported: found.scopes_supported,
    grant_types: grantTypes.filter((type) => supported.includes(type)),
    token_auth_method: tokenAuthMethods.find((known) => known === method) ?? ('auto' as const),
    pkce: code_challenge_methods_supported?.includes('S256') ?? null,
    identity: found.account !== null,
    provider: entry?.[0] ?? null,
  }
}
