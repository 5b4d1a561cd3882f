import { clientCredentialsRequest } from './client-credentials-request.ts'
import { RequestError } from './errors.ts'
import type { ProviderRequest, RequestInput } from './provider-request.ts'
import type { Secret } from './secret.ts'
import { exchangeRequest, tokenRequest } from './token-request.ts'

export type RefreshRequestInput = RequestInput & {
  refresh_token: Secret | null
  /** Needed where the profile refreshes by exchange. */
  access_token?: Secret | null
  /** Sent where the profile includes them. */
  redirect_uri?: string
  scopes?: string[]
}

/**
 * Asks for a new access token in the profile's way: RFC 6749 §6, an exchange of the old one, or the client's own
 * grant again. Throws {@link RequestError} where that way does not exist or its token is missing.
 */
export async function refreshRequest(input: RefreshRequestInput): Promise<ProviderRequest> {
  const { profile, refresh_token, access_token } = input
  const facts = profile.refresh ?? {}
  switch (facts.by ?? 'refresh_token') {
    case 'none':
      throw new RequestError('no_refresh', 'tokens of this provider are not refreshed')
    case 'regrant':
      return clientCredentialsRequest(facts.extra ? { ...input, extra: facts.extra } : input)
    case 'exchange':
      if (!facts.exchange)
        throw new RequestError('invalid_profile', 'refresh by exchange needs refresh.exchange')
      if (!access_token)
        throw new RequestError('access_token_missing', 'an exchange needs the current access token')
      return exchangeRequest(
        input,
        { url: facts.url ?? profile.token_url, ...facts.exchange },
        access_token,
        facts.extra,
      )
    case 'refresh_token': {
      if (!refresh_token) throw new RequestError('refresh_token_missing', 'there is no refresh token')
      const include = new Set(facts.include)
      const scope = input.scopes?.join(profile.authorize?.scope_separator ?? ' ')
      return tokenRequest(input, {
        type: 'refresh_token',
        url: facts.url,
        fields: {
          refresh_token: refresh_token.expose(),
          ...(include.has('redirect_uri') && input.redirect_uri && { redirect_uri: input.redirect_uri }),
          ...(include.has('scope') && scope && { scope }),
        },
        extra: facts.extra,
        secrets: [refresh_token],
      })
    }
  }
}

/** Trades the short-lived token of a code for a long-lived one; null where the profile has no such step. */
export async function upgradeRequest(
  input: RequestInput & { access_token: Secret },
): Promise<ProviderRequest | null> {
  const { upgrade } = input.profile
  return upgrade ? exchangeRequest(input, upgrade, input.access_token) : null
}
