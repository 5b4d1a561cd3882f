import {
  type AuthorizationReading,
  authorizationUrl,
  codeChallenge,
  codeVerifier,
  encodeBase64Url,
  type Fetch,
  readAuthorizationAnswer,
  requestedScopes,
  UrlError,
} from '@grantry/oauth'
import type { Catalogue } from '@grantry/providers'
import type { Context } from '../context.ts'
import { EgressError } from '../egress/error.ts'
import type { Integration } from '../integrations/store.ts'

type Needs = Pick<Context, 'random'>

/** What the authorization endpoint said: `gone` where no answer came. */
export type Word = AuthorizationReading | { is: 'gone' }

/**
 * What the provider's first page says to our request; and where that is a page for people, whether it would have said the
 * same to a redirect URI or a scope that cannot be good: a provider that refuses those has taken ours.
 */
export type Authorization = {
  ours: Word
  /** null: not asked, because the answer to ours said it already. */
  tellsRedirectUri: boolean | null
  tellsScopes: boolean | null
}

/** Sends authorization requests that nobody stands behind: each shows a page to nobody, and leaves nothing behind. */
export async function askAuthorization(
  ctx: Needs,
  fetch: Fetch,
  integration: Integration,
  scopes: string[],
): Promise<Authorization> {
  const noise = encodeBase64Url(ctx.random(9))
  const ours = await ask(ctx, fetch, integration, { scopes })
  const isPage = ours.is === 'page'
  if (!isPage && !(ours.is === 'refused' && ours.at === 'redirect_uri'))
    return { ours, tellsRedirectUri: null, tellsScopes: null }
  const refuses = async (change: Change) =>
    (await ask(ctx, fetch, integration, { scopes, ...change })).is === 'refused'
  return {
    ours,
    tellsRedirectUri: isPage ? await refuses({ redirectUri: `https://${noise}.invalid/callback` }) : true,
    tellsScopes:
      isPage && sendsScopes(integration)
        ? await refuses({ scopes: [...scopes, `grantry-check-${noise}`] })
        : null,
  }
}

const sendsScopes = ({ profile }: Integration) => profile.authorize?.sends_scopes !== false

type Change = { redirectUri?: string; scopes?: string[] }

async function ask(
  ctx: Needs,
  fetch: Fetch,
  integration: Integration,
  { redirectUri = integration.redirectUri, scopes = [] }: Change,
): Promise<Word> {
  const challenge = await codeChallenge(codeVerifier(ctx.random(32)))
  const state = encodeBase64Url(ctx.random(24))
  const url = requestUrl(integration, { redirectUri, scopes, state, challenge })
  if (url === null) return { is: 'gone' }
  try {
    const response = await fetch(url, { method: 'GET', headers: { accept: 'text/html' }, redirect: 'manual' })
    const body = await response.text()
    const location = response.headers.get('location')
    return readAuthorizationAnswer({ status: response.status, location, body }, redirectUri)
  } catch (error) {
    if (error instanceof EgressError) return { is: 'gone' }
    throw error
  }
}

/** Null where the endpoint lacks a value, or is none that may be called. */
export function requestUrl(
  integration: Integration,
  request: { redirectUri: string; scopes: string[]; state: string; challenge: string },
): string | null {
  try {
    return authorizationUrl({
      profile: integration.profile,
      params: integration.params,
      client_id: integration.clientId,
      redirect_uri: request.redirectUri,
      scopes: request.scopes,
      state: request.state,
      code_challenge: request.challenge,
      extra: integration.extraAuthorizeParams,
    })
  } catch (error) {
    if (error instanceof UrlError) return null
    throw error
  }
}

/** What a connect would ask for: the integration's scopes, else the provider's own default, else what reading takes. */
export function scopesToAsk(catalogue: Catalogue, { profile, provider, scopes }: Integration): string[] {
  const chosen = requestedScopes(profile, scopes)
  if (chosen.length > 0) return chosen
  return (provider && catalogue.get(provider)?.scopes.read.map(({ scope }) => scope)) || []
}
