import { type AuthorizationServer, processDiscoveryResponse } from 'oauth4webapi'
import { ProviderError, UrlError } from './errors.ts'
import type { Fetch } from './fetch.ts'
import { fillUrl } from './fill-url.ts'
import type { AccountLookup, ProviderProfile } from './profile.ts'
import { readAnswer } from './read-answer.ts'
import { isRedirect } from './read-error.ts'
import { send } from './send.ts'

/** What an issuer says about itself. */
export type Discovered = {
  /** Without `authorization_url` where the server offers none (client credentials only). */
  profile: Pick<ProviderProfile, 'token_url' | 'token'> & Partial<ProviderProfile> & { issuer: string }
  /** The userinfo endpoint, usable only where the scope `openid` is asked for (OIDC Core §5.3). */
  account: AccountLookup | null
  token_endpoint_auth_methods_supported: string[] | null
  scopes_supported: string[] | null
  grant_types_supported: string[] | null
  code_challenge_methods_supported: string[] | null
  /** Where the keys are that ID tokens are signed with; null for a server that is no OpenID provider. */
  jwks_uri: string | null
  id_token_signing_alg_values_supported: string[] | null
}

/**
 * Metadata by OpenID Connect Discovery §4, else by RFC 8414 §3. The document's `issuer` must be the given one,
 * character by character (RFC 8414 §3.3). Throws `UrlError` for an issuer that is no https URL without query and
 * fragment, `ProviderError` for everything else.
 */
export async function discover(fetch: Fetch, issuer: string): Promise<Discovered> {
  const { origin, pathname } = new URL(fillUrl(issuer))
  // RFC 8414 §2.
  if (/[?#]/.test(issuer)) throw new UrlError('url_invalid', null, 'an issuer has no query and no fragment')
  const path = pathname.replace(/\/+$/, '')
  const places = [
    `${origin}${path}/.well-known/openid-configuration`,
    `${origin}/.well-known/oauth-authorization-server${path}`,
  ]
  return describe(await firstDocument(fetch, places, issuer), issuer)
}

async function firstDocument(fetch: Fetch, places: string[], issuer: string): Promise<AuthorizationServer> {
  let failure: ProviderError | null = null
  for (const url of places) {
    const init = { method: 'GET', headers: { accept: 'application/json' }, redirect: 'manual' as const }
    const request = { url, init, secrets: [], auth_method: null, alternative: null }
    try {
      return (await send(fetch, request, (response) => readMetadataDocument(response, issuer))).result
    } catch (error) {
      if (!(error instanceof ProviderError) || error.facts.kind === 'transport') throw error
      // A mismatch says more than the 404 of the other place.
      if (failure?.facts.error !== 'issuer_mismatch') failure = error
    }
  }
  throw failure!
}

async function readMetadataDocument(response: Response, issuer: string): Promise<AuthorizationServer> {
  const { status } = response
  if (isRedirect(response)) throw malformed('redirect', status)
  const answer = await readAnswer(response, 'json')
  if (status !== 200) throw malformed('discovery_not_found', status)
  if (answer.is !== 'object') throw malformed('not_json', status)
  if (answer.value.issuer !== issuer) throw malformed('issuer_mismatch', status)
  // The document is one whatever its content type said; from here the library may be as strict as it likes.
  const standard = new Response(JSON.stringify(answer.value), {
    headers: { 'content-type': 'application/json' },
  })
  return processDiscoveryResponse(new URL(issuer), standard)
}

function describe(server: AuthorizationServer, issuer: string): Discovered {
  const authorization_url = endpoint(server.authorization_endpoint)
  const token_url = endpoint(server.token_endpoint)
  if (!token_url) throw malformed('endpoint_missing', 200)
  const revocation_url = endpoint(server.revocation_endpoint)
  const introspection_url = endpoint(server.introspection_endpoint)
  const userinfo_url = endpoint(server.userinfo_endpoint)
  const methods = strings(server.token_endpoint_auth_methods_supported)
  return {
    profile: {
      ...(authorization_url && { authorization_url }),
      token_url,
      issuer,
      ...(server.authorization_response_iss_parameter_supported === true && {
        iss_parameter_supported: true,
      }),
      ...(revocation_url && { revocation: { url: revocation_url } }),
      ...(introspection_url && { introspection: { url: introspection_url } }),
      token: { auth_method: authMethod(methods) },
    },
    account: userinfo_url ? { url: userinfo_url, id: 'sub', label: 'name', email: 'email' } : null,
    token_endpoint_auth_methods_supported: methods,
    scopes_supported: strings(server.scopes_supported),
    grant_types_supported: strings(server.grant_types_supported),
    code_challenge_methods_supported: strings(server.code_challenge_methods_supported),
    jwks_uri: keysUrl(server.jwks_uri),
    id_token_signing_alg_values_supported: strings(server.id_token_signing_alg_values_supported),
  }
}

// RFC 8414 §2: Basic where nothing is said.
function authMethod(methods: string[] | null): 'auto' | 'client_secret_post' | 'none' {
  if (!methods || methods.includes('client_secret_basic')) return 'auto'
  if (methods.includes('client_secret_post')) return 'client_secret_post'
  return methods.includes('none') ? 'none' : 'auto'
}

function endpoint(value: unknown): string | null {
  if (typeof value !== 'string') return null
  try {
    fillUrl(value)
  } catch (cause) {
    throw new ProviderError(
      {
        kind: 'malformed',
        error: 'endpoint_invalid',
        description: null,
        status: 200,
        retryAfterMs: null,
        sent: true,
      },
      { cause },
    )
  }
  return value
}

/** Most who ask have no use for it: one that cannot be called is none. */
function keysUrl(value: unknown): string | null {
  try {
    return endpoint(value)
  } catch {
    return null
  }
}

const strings = (value: unknown): string[] | null =>
  Array.isArray(value) ? value.filter((item) => typeof item === 'string') : null

const malformed = (error: string, status: number) =>
  new ProviderError({ kind: 'malformed', error, description: null, status, retryAfterMs: null, sent: true })
