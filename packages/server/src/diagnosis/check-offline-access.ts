import { type ProviderProfile, requestedScopes } from '@grantry/oauth'
import { advise } from '../http/advise.ts'
import { requestUrl } from './ask-authorization.ts'
import { type Finding, ok, unknown, wrong } from './finding.ts'
import type { Seen } from './seen.ts'

const check = 'offline_access'

/** Whether a refresh token is asked for, and comes: without one, access ends with the first token. */
export function checkOfflineAccess(seen: Seen): Finding[] {
  const { history, integration } = seen
  const { profile, providerName: name } = integration
  const { by = 'refresh_token' } = profile.refresh ?? {}
  if (by !== 'refresh_token') return [ok(check, `${name} needs no refresh token.`)]
  const lacking = lackingRequest(seen)
  if (lacking) return [lacking]
  if (history.newestHasRefreshToken === true) return [ok(check, `${name} gives refresh tokens.`)]
  if (
    history.newestHasRefreshToken === false ||
    history.failures.some(({ kind }) => kind === 'no_refresh_token')
  )
    return [wrong(check, 'failed', advise('no_refresh', null, name), 'scope')]
  if (asksOffline(profile, integration.scopes).length > 0) return [ok(check, 'It is asked for.')]
  return [unknown(check, 'Nobody has connected yet.')]
}

/** What a profile says must be in the request for a refresh token to come: `name=value`, or a scope. */
type Offline = { parameter: string; value: string } | { scope: string }

function asksOffline({ authorize = {} }: Pick<ProviderProfile, 'authorize'>, chosen: string[]): Offline[] {
  const parameters = Object.entries(authorize.extra ?? {})
    .filter(([, value]) => value === 'offline')
    .map(([parameter, value]) => ({ parameter, value }))
  const scopes = requestedScopes({ authorize }, chosen)
    .filter((scope) => scope === 'offline_access')
    .map((scope) => ({ scope }))
  return [...parameters, ...scopes]
}

/** What the catalogue knows to be needed, and this integration's request does not have. */
function lackingRequest({ integration, catalogue }: Seen): Finding | null {
  const { profile, providerName: name } = integration
  const entries = [...catalogue.values()] as ProviderProfile[]
  // A generic integration may be for a service that the catalogue knows.
  const known = integration.provider
    ? catalogue.get(integration.provider)
    : entries.find(({ token_url }) => token_url === profile.token_url)
  const wanted = known ? asksOffline(known, []) : []
  if (wanted.length === 0) return null
  const url = requestUrl(integration, {
    redirectUri: integration.redirectUri,
    scopes: integration.scopes,
    state: 's',
    challenge: 'c',
  })
  if (url === null) return null
  const query = new URL(url).searchParams
  for (const one of wanted) {
    if ('scope' in one) {
      if (requestedScopes(profile, integration.scopes).includes(one.scope)) continue
      return lack(`scope`, `the scope ${one.scope}`, `Add ${one.scope} to scope`)
    }
    if (query.get(one.parameter) === one.value) continue
    const asked = `${one.parameter}=${one.value}`
    return lack('extra_authorize_params', asked, `Set ${asked} in extra_authorize_params`)
  }
  return null

  function lack(where: string, what: string, todo: string): Finding {
    return wrong(
      check,
      'failed',
      {
        what: `${name} gives a refresh token only where the request has ${what}, and this one has not.`,
        todo: `${todo}, then have people connect again.`,
      },
      where,
    )
  }
}
