import { clientAuthMethods, type OAuthScope, oauthScopes } from '@grantry/api'
import { judgeKeySet } from './client-rules.ts'
import type { ClientMetadata } from './client-store.ts'
import { judgeName } from './judge-name.ts'
import { isNativeRedirect, judgeRedirectUri } from './redirect-uri.ts'
import { RegistrationError } from './registration-error.ts'

/** Reach the provider's own tokens: for clients that somebody registers beforehand. */
const withheld: readonly OAuthScope[] = ['tokens:read', 'proxy:call']
export const registrableScopes = oauthScopes.filter((scope) => !withheld.includes(scope))

const byRedirect = 'authorization_code'
const registrableGrants = [byRedirect, 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code']

const mostRedirectUris = 20
const longestUrl = 2048
const mostKeys = 10

type Body = Record<string, unknown>
/** RFC 7591 §2, cleaned. */
export type Registration = Partial<ClientMetadata>

/**
 * What a client that registers itself asks for (RFC 7591 §2), as the core may see it: what cannot be had is left out
 * where something usable remains (§3.2.1: the answer says what was registered), what could deceive a person is refused,
 * and fields that we do not know are dropped (§2).
 * @throws RegistrationError
 */
export function cleanRegistration(body: unknown): Registration {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    refuse('the request must be a JSON object')
  const given = new Map(Object.entries(body as Body).filter(([, value]) => value !== null))
  const redirectUris = readTexts(given, 'redirect_uris') ?? []
  const isNative = redirectUris.some(isNativeRedirect) || given.get('application_type') === 'native'
  const applicationType = isNative ? 'native' : 'web'
  judgeRedirects(redirectUris, applicationType)
  const grantTypes = readGrantTypes(given, redirectUris)
  const method = readAuthMethod(given, isNative)
  const kept = {
    client_name: readName(given),
    redirect_uris: redirectUris,
    grant_types: grantTypes,
    response_types: grantTypes.includes(byRedirect) ? ['code'] : [],
    token_endpoint_auth_method: method,
    application_type: applicationType,
    scope: readScope(given),
    jwks: method === 'private_key_jwt' ? readKeys(given) : undefined,
    client_uri: readUrl(given, 'client_uri'),
    logo_uri: readUrl(given, 'logo_uri'),
    policy_uri: readUrl(given, 'policy_uri'),
    tos_uri: readUrl(given, 'tos_uri'),
  }
  return Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== undefined)) as Registration
}

type Given = ReadonlyMap<string, unknown>

function refuse(description: string): never {
  const error = description.startsWith('redirect_uris') ? 'invalid_redirect_uri' : 'invalid_client_metadata'
  throw new RegistrationError(error, description)
}

function readText(given: Given, name: string): string | undefined {
  const value = given.get(name)
  if (value === undefined) return undefined
  if (typeof value !== 'string') refuse(`${name} must be a string`)
  return value
}

function readTexts(given: Given, name: string): string[] | undefined {
  const value = given.get(name)
  if (value === undefined) return undefined
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string'))
    refuse(`${name} must be an array of strings`)
  return [...new Set(value as string[])]
}

function judgeRedirects(uris: string[], type: 'web' | 'native'): void {
  if (uris.length > mostRedirectUris) refuse(`redirect_uris must be at most ${mostRedirectUris}`)
  for (const uri of uris) {
    const fault = judgeRedirectUri(uri, type)
    if (fault) refuse(`redirect_uris: one ${fault}`)
  }
}

/** The core answers 400 for a grant type that it does not have; the others are as good without it. */
function readGrantTypes(given: Given, redirectUris: string[]): string[] {
  const asked = readTexts(given, 'grant_types')
  // RFC 7591 §2 means authorization_code where none is named; who comes back for more in 15 minutes needs the other.
  const usable = (asked ?? [byRedirect, 'refresh_token']).filter((type) => registrableGrants.includes(type))
  if (!usable.some((type) => type !== 'refresh_token'))
    refuse(
      `grant_types must hold one of ${registrableGrants.filter((type) => type !== 'refresh_token').join(', ')}`,
    )
  if (usable.includes(byRedirect) && redirectUris.length === 0)
    refuse('redirect_uris must not be empty: authorization_code sends people back to one')
  return usable
}

function readAuthMethod(given: Given, isNative: boolean): string {
  const method = readText(given, 'token_endpoint_auth_method') ?? (isNative ? 'none' : 'client_secret_basic')
  const known: readonly string[] = clientAuthMethods
  if (!known.includes(method)) refuse(`token_endpoint_auth_method must be one of ${known.join(', ')}`)
  return method
}

function readScope(given: Given): string {
  const asked = readText(given, 'scope')?.split(' ').filter(Boolean) ?? []
  if (asked.length === 0) return registrableScopes.join(' ')
  const usable = registrableScopes.filter((scope) => asked.includes(scope))
  if (usable.length === 0) refuse(`scope must hold one of ${registrableScopes.join(', ')}`)
  return usable.join(' ')
}

function readName(given: Given): string | undefined {
  const name = readText(given, 'client_name')
  const fault = name === undefined || name === '' ? null : judgeName(name)
  if (fault) refuse(`client_name ${fault}`)
  return name || undefined
}

/** People may follow these from a page of ours. */
function readUrl(given: Given, name: string): string | undefined {
  const url = readText(given, name)
  if (url === undefined || url === '') return undefined
  const parsed = URL.parse(url)
  const plain = url.length <= longestUrl && /^https:\/\/[\x21-\x7e]+$/.test(url) && !/[\\<>"`{}|^]/.test(url)
  if (!parsed || !plain || parsed.username !== '' || parsed.password !== '' || parsed.hash !== '')
    refuse(`${name} must be an https URL of at most ${longestUrl} characters, without user info or fragment`)
  return url
}

/** Inline alone: an address of keys would have us call whatever anybody names. */
function readKeys(given: Given): unknown {
  const jwks = given.get('jwks') as { keys?: unknown } | undefined
  const keys = typeof jwks === 'object' ? jwks.keys : undefined
  const isSet = Array.isArray(keys) && keys.length > 0 && keys.length <= mostKeys
  if (!isSet || !keys.every((key) => typeof key === 'object' && key !== null && !Array.isArray(key)))
    refuse(
      `jwks must hold 1 to ${mostKeys} public keys; a client that registers itself gives them here, not by jwks_uri`,
    )
  const [fault] = judgeKeySet({ keys })
  if (fault) refuse(`${fault.path} ${fault.message}`)
  return { keys }
}
