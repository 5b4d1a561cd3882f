import * as oauth from 'oauth4webapi'
import type { Client } from './client.ts'
import { RequestError } from './errors.ts'
import type { ProviderProfile, TokenAuthMethod } from './profile.ts'
import { Secret } from './secret.ts'

/** How a request authenticates once `auto` is decided. */
export type ClientAuthMethod = Exclude<TokenAuthMethod, 'auto'>

/** What client authentication adds to a request. */
export type ClientCredentials = {
  fields: Record<string, string>
  headers: Record<string, string>
  secrets: Secret[]
}

/** The methods to try, in order: Basic first as RFC 6749 §2.3.1 asks of every server, then the body. */
export function authMethods(
  profile: Pick<ProviderProfile, 'token'>,
  client: Client,
): [ClientAuthMethod, ...ClientAuthMethod[]] {
  const method = client.auth_method === 'auto' ? (profile.token?.auth_method ?? 'auto') : client.auth_method
  if (method === 'none' || method === 'tls_client_auth') return [method]
  if (client.client_secret === null) return ['none']
  return method === 'auto' ? ['client_secret_basic', 'client_secret_post'] : [method]
}

type Input = {
  profile: Pick<ProviderProfile, 'token' | 'issuer'>
  client: Client
  method: ClientAuthMethod
  token_url: string
  /** Milliseconds since the epoch, for an assertion's times. */
  now: number | undefined
}

/** Client authentication by one method (RFC 6749 §2.3, RFC 7523 §2.2, RFC 8705 §2). */
export async function authenticateClient(input: Input): Promise<ClientCredentials> {
  const { client_id, client_secret } = input.client
  const id = { client_id }
  if (client_secret === null) return { fields: id, headers: {}, secrets: [] }
  const text = client_secret.expose()

  switch (input.method) {
    case 'client_secret_basic': {
      const encode = input.profile.token?.basic_encoding === 'raw' ? (part: string) => part : formEncode
      const credentials = base64(`${encode(client_id)}:${encode(text)}`)
      const headers = { authorization: `Basic ${credentials}` }
      return { fields: {}, headers, secrets: [client_secret, new Secret(credentials)] }
    }
    case 'client_secret_post':
    case 'client_secret_json':
      return { fields: { ...id, client_secret: text }, headers: {}, secrets: [client_secret] }
    case 'client_secret_header': {
      const names = input.profile.token?.credential_headers
      if (!names) throw new RequestError('invalid_profile', 'client_secret_header needs credential_headers')
      const headers = { [names.client_id]: client_id, [names.client_secret]: text }
      return { fields: {}, headers, secrets: [client_secret] }
    }
    case 'private_key_jwt': {
      const fields = await assertion(input, text)
      return { fields, headers: {}, secrets: [client_secret, new Secret(fields.client_assertion!)] }
    }
    case 'tls_client_auth':
    case 'none':
      return { fields: id, headers: {}, secrets: [] }
  }
}

// Form encoding leaves - . _ * as they are (RFC 6749 Appendix B): an id full of dots then reads the same for a
// server that forgets to decode.
const formEncode = (part: string) => new URLSearchParams({ p: part }).toString().slice(2)

const base64 = (text: string) => btoa(String.fromCharCode(...new TextEncoder().encode(text)))

async function assertion(input: Input, privateKey: string): Promise<Record<string, string>> {
  const key = await importPrivateKey(privateKey)
  const now = input.now
  const authenticate = oauth.PrivateKeyJwt(key, {
    [oauth.modifyAssertion](_header, payload) {
      if (now === undefined) return
      const seconds = Math.floor(now / 1000)
      Object.assign(payload, { iat: seconds, nbf: seconds, exp: seconds + 60 })
    },
  })
  const fields = new URLSearchParams()
  // RFC 7523 §3: the audience identifies the authorization server; its token endpoint where the issuer is unknown.
  const issuer = input.profile.issuer ?? input.token_url
  await authenticate({ issuer }, { client_id: input.client.client_id }, fields, new Headers())
  return Object.fromEntries(fields)
}

type ImportedKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>

const algorithms = [
  { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
  { name: 'ECDSA', namedCurve: 'P-256' },
  { name: 'ECDSA', namedCurve: 'P-384' },
  { name: 'ECDSA', namedCurve: 'P-521' },
  { name: 'Ed25519' },
]

// A PKCS #8 key says what it is, but WebCrypto wants to be told: the first algorithm that takes it is the right one.
async function importPrivateKey(pem: string): Promise<ImportedKey> {
  const body = /-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\s]+)-----END PRIVATE KEY-----/.exec(pem)?.[1]
  if (body !== undefined) {
    const bytes = Uint8Array.from(atob(body.replaceAll(/\s/g, '')), (char) => char.charCodeAt(0))
    for (const algorithm of algorithms) {
      try {
        return await crypto.subtle.importKey('pkcs8', bytes, algorithm, false, ['sign'])
      } catch {}
    }
  }
  throw new RequestError('unusable_private_key', 'private_key_jwt needs a PKCS #8 private key in PEM')
}
