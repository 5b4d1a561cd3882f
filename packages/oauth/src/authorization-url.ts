import { UrlError } from './errors.ts'
import { fillText, fillUrl, resolveParams } from './fill-url.ts'
import type { AuthorizeQuirks, ProviderProfile } from './profile.ts'

export type AuthorizationUrlInput = {
  profile: ProviderProfile
  params?: Record<string, string>
  client_id: string
  redirect_uri: string
  scopes: string[]
  state: string
  /** From `codeChallenge`; null only where the profile refuses PKCE. */
  code_challenge: string | null
  nonce?: string
  /** The integration's own additions; they lose against what the protocol sets. */
  extra?: Record<string, string>
}

const protocolParameters = [
  'response_type',
  'client_id',
  'redirect_uri',
  'scope',
  'state',
  'code_challenge',
  'code_challenge_method',
  'nonce',
]
// RFC 9101 §5: a server takes every parameter from a request object that is there, so it could replace state.
const requestObjects = ['request', 'request_uri']

/** Parameter names that extras cannot set, under their standard and the provider's own names. */
export function reservedAuthorizeParameters(profile: Pick<ProviderProfile, 'authorize'>): Set<string> {
  const { parameter_names: names = {}, scope_parameters: scopes = {} } = profile.authorize ?? {}
  const own = protocolParameters.flatMap((name) => names[name] ?? [])
  return new Set([...protocolParameters, ...requestObjects, ...own, ...Object.values(scopes)])
}

/**
 * Where to send the browser (RFC 6749 §4.1.1 with RFC 7636 §4.3). Extras that name a reserved parameter are left
 * out. Throws {@link UrlError} where a placeholder has no usable value or PKCE is due and there is no challenge.
 */
export function authorizationUrl(input: AuthorizationUrlInput): string {
  const { profile } = input
  const quirks = profile.authorize ?? {}
  const values = resolveParams(profile, input.params)
  const url = new URL(fillUrl(profile.authorization_url, values, profile.origins))
  const query = url.searchParams
  const reserved = reservedAuthorizeParameters(profile)

  for (const [name, template] of Object.entries({ ...quirks.extra, ...input.extra })) {
    const value = fillText(template, values)
    if (quirks.drop_empty && !value) continue
    if (value === null)
      throw new UrlError('param_missing', name, `the extra parameter "${name}" has no value`)
    query.set(name, value)
  }
  for (const name of reserved) query.delete(name)

  const set = (name: string, value: string) => query.set(quirks.parameter_names?.[name] ?? name, value)
  set('response_type', quirks.response_type ?? 'code')
  set('client_id', input.client_id)
  set('redirect_uri', input.redirect_uri)
  for (const [name, value] of scopeParameters(quirks, input.scopes)) set(name, value)
  set('state', input.state)
  if (input.nonce) set('nonce', input.nonce)
  if (quirks.pkce !== 'none') {
    if (!input.code_challenge)
      throw new UrlError('param_missing', 'code_challenge', 'PKCE needs a code challenge')
    set('code_challenge', input.code_challenge)
    set('code_challenge_method', 'S256')
  }

  // %20 rather than +: both are right in a form-encoded query, and only one is read by every provider.
  url.search = query.toString().replaceAll('+', '%20')
  return url.href
}

/** What will be asked for: the chosen scopes, else the profile's default, besides those that are always there. */
export function requestedScopes(profile: Pick<ProviderProfile, 'authorize'>, chosen: string[]): string[] {
  const { always_scopes = [], default_scopes = [] } = profile.authorize ?? {}
  return [...new Set([...always_scopes, ...(chosen.length > 0 ? chosen : default_scopes)])]
}

function scopeParameters(quirks: AuthorizeQuirks, chosen: string[]): Map<string, string> {
  const lists = new Map<string, string[]>()
  if (quirks.sends_scopes === false) return new Map()
  for (const scope of requestedScopes({ authorize: quirks }, chosen)) {
    const prefix = Object.keys(quirks.scope_parameters ?? {}).find((start) => scope.startsWith(start))
    const name = prefix === undefined ? 'scope' : quirks.scope_parameters![prefix]!
    lists.set(name, [...(lists.get(name) ?? []), scope.slice(prefix?.length ?? 0)])
  }
  return new Map([...lists].map(([name, scopes]) => [name, scopes.join(quirks.scope_separator ?? ' ')]))
}
