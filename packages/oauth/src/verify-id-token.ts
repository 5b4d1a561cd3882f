import * as oauth from 'oauth4webapi'
import { ProviderError } from './errors.ts'
import type { Fetch } from './fetch.ts'
import { readAnswer } from './read-answer.ts'
import { asText } from './read-path.ts'
import type { Secret } from './secret.ts'
import { send } from './send.ts'

export type IdTokenExpectations = {
  issuer: string
  /** Where its keys are; they are fetched for each token. */
  jwks_uri: string
  /** What the issuer says that it signs with; RS256 where it says nothing (OIDC Core §2). */
  algorithms?: string[] | null
  client_id: string
  /** What the authorization request held; without it a token of another sign-in would do. */
  nonce: string
  /** Milliseconds since the epoch. */
  now: number
}

/** Who the issuer says it is. Only `subject`, together with the issuer, identifies; e-mail addresses move between people. */
export type IdTokenClaims = {
  subject: string
  /** When the person authenticated, milliseconds since the epoch; null where it is not told. */
  authenticated_at: number | null
  email: string | null
  name: string | null
}

/** How far clocks may be apart. */
const toleranceMs = 60_000
/** oauth4webapi asks the host's clock; times are judged here, by the caller's. Seconds: as good as any. */
const atAnyTime = 10 ** 9
const json = { headers: { 'content-type': 'application/json' } }

/**
 * Validates an ID token that came from the token endpoint (OIDC Core §3.1.3.7): `iss`, `aud`, `azp`, `nonce`, an
 * asymmetric signature by one of the issuer's own keys, `exp`, `iat`, `nbf`, `auth_time`. TLS would do for the
 * signature; it is checked all the same, for a token endpoint may be proxied or answered by a mix-up.
 * Throws `ProviderError`: `id_token_invalid`, `keys_unusable`, or what the request for the keys failed with.
 */
export async function verifyIdToken(
  fetch: Fetch,
  idToken: Secret,
  expected: IdTokenExpectations,
): Promise<IdTokenClaims> {
  const server: oauth.AuthorizationServer = {
    issuer: expected.issuer,
    jwks_uri: expected.jwks_uri,
    ...(expected.algorithms ? { id_token_signing_alg_values_supported: expected.algorithms } : {}),
  }
  // The library reads ID tokens out of a token response; what it does not judge here has been judged before.
  const body = { access_token: '-', token_type: 'bearer', id_token: idToken.expose() }
  const response = new Response(JSON.stringify(body), json)
  try {
    const client = { client_id: expected.client_id, [oauth.clockTolerance]: atAnyTime }
    const tokens = await oauth.processAuthorizationCodeResponse(server, client, response, {
      expectedNonce: expected.nonce,
      requireIdToken: true,
    })
    const keys = await requestKeys(fetch, expected.jwks_uri)
    await oauth.validateApplicationLevelSignature(server, response, {
      [oauth.customFetch]: async () => new Response(JSON.stringify(keys), json),
      // Nothing is called: the keys are here, and whether their address may be called was the injected fetch's to judge.
      [oauth.allowInsecureRequests]: true,
    })
    return readClaims(oauth.getValidatedIdTokenClaims(tokens)!, expected.now)
  } catch (cause) {
    throw cause instanceof ProviderError ? cause : invalid(cause)
  }
}

async function requestKeys(fetch: Fetch, url: string): Promise<Record<string, unknown>> {
  const init = { method: 'GET', headers: { accept: 'application/json' }, redirect: 'manual' as const }
  const request = { url, init, secrets: [], auth_method: null, alternative: null }
  const { result } = await send(fetch, request, async (response) => {
    const answer = response.status === 200 ? await readAnswer(response, 'json') : null
    if (answer?.is !== 'object') throw malformed('keys_unusable', response.status)
    return answer.value
  })
  return result
}

function readClaims(claims: oauth.IDToken, now: number): IdTokenClaims {
  const { exp, iat, nbf, auth_time } = claims
  if (exp * 1000 <= now - toleranceMs) throw invalid(new Error('exp is past'))
  if (iat * 1000 > now + toleranceMs) throw invalid(new Error('iat is to come'))
  if (nbf !== undefined && nbf * 1000 > now + toleranceMs) throw invalid(new Error('nbf is to come'))
  if (auth_time !== undefined && auth_time * 1000 > now + toleranceMs)
    throw invalid(new Error('auth_time is to come'))
  // OIDC Core §2: at most 255 ASCII characters.
  if (!/^[\x20-\x7e]{1,255}$/.test(claims.sub)) throw invalid(new Error('sub is not a subject identifier'))
  return {
    subject: claims.sub,
    authenticated_at: auth_time === undefined ? null : auth_time * 1000,
    email: asText(claims.email),
    name: asText(claims.name),
  }
}

const malformed = (error: string, status: number, options?: ErrorOptions) =>
  new ProviderError(
    { kind: 'malformed', error, description: null, status, retryAfterMs: null, sent: true },
    options,
  )

const invalid = (cause: unknown) => malformed('id_token_invalid', 200, { cause })
