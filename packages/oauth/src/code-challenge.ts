import { calculatePKCECodeChallenge } from 'oauth4webapi'
import { encodeBase64Url } from './base64url.ts'
import { RequestError } from './errors.ts'
import { Secret } from './secret.ts'

/** A PKCE verifier from at least 32 random bytes, which the caller brings (RFC 7636 §4.1). */
export function codeVerifier(random: Uint8Array): Secret {
  if (random.length < 32)
    throw new RequestError('invalid_code_verifier', 'a verifier takes at least 32 random bytes')
  return new Secret(encodeBase64Url(random))
}

/** The S256 challenge of a verifier (RFC 7636 §4.2). */
export async function codeChallenge(verifier: Secret): Promise<string> {
  const text = verifier.expose()
  if (!/^[A-Za-z0-9._~-]{43,128}$/.test(text)) {
    throw new RequestError('invalid_code_verifier', 'a verifier is 43 to 128 unreserved characters')
  }
  return calculatePKCECodeChallenge(text)
}
