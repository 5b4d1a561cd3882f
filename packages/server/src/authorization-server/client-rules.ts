import type { FieldError } from '@grantry/api'
import type { ClientMetadata } from './client-store.ts'
import { judgeName } from './judge-name.ts'
import { judgeRedirectUri } from './redirect-uri.ts'

/** Sends people to a page of ours and back. */
const byRedirect = 'authorization_code'
const byDevice = 'urn:ietf:params:oauth:grant-type:device_code'
export const tokenExchangeGrant = 'urn:ietf:params:oauth:grant-type:token-exchange'

/** For clients that can prove who they are, whenever they come. */
const confidentialGrants = ['client_credentials', tokenExchangeGrant]
const confidentialScopes = ['tokens:read', 'proxy:call']

const mostKeyBytes = 16_384

/** Whether it proves who it is: by a secret or by a key of its own. */
export const isConfidential = ({
  token_endpoint_auth_method: method,
}: Pick<ClientMetadata, 'token_endpoint_auth_method'>) => method !== 'none'

/** What a client that somebody registers may not be: every fault at once. Fields are those of RFC 7591 §2. */
export function judgeClient(client: ClientMetadata): FieldError[] {
  const name = client.client_name === undefined ? null : judgeName(client.client_name)
  const named = name === null ? [] : [{ path: 'client_name', message: name }]
  return [...named, ...judgeRedirects(client), ...judgeReach(client), ...judgeKeys(client)]
}

function judgeRedirects({
  redirect_uris = [],
  application_type = 'web',
  ...client
}: ClientMetadata): FieldError[] {
  const grantTypes = client.grant_types ?? []
  const faults = redirect_uris.flatMap((uri, i) => {
    const message = judgeRedirectUri(uri, application_type)
    return message === null ? [] : { path: `redirect_uris.${i}`, message }
  })
  if (new Set(redirect_uris).size < redirect_uris.length)
    faults.push({ path: 'redirect_uris', message: 'must not name the same address twice' })
  if (grantTypes.includes(byRedirect) && redirect_uris.length === 0)
    faults.push({
      path: 'redirect_uris',
      message: 'must not be empty: authorization_code sends people back to one',
    })
  if (
    grantTypes.includes('refresh_token') &&
    !grantTypes.some((type) => type === byRedirect || type === byDevice)
  )
    faults.push({
      path: 'grant_types',
      message: `refresh_token needs ${byRedirect} or the device grant beside it`,
    })
  return faults
}

function judgeReach(client: ClientMetadata): FieldError[] {
  if (isConfidential(client)) return []
  const faults: FieldError[] = []
  const beyond = (path: string, given: string[], kept: string[]) => {
    for (const name of given.filter((item) => kept.includes(item)))
      faults.push({
        path,
        message: `${name} is for apps that can keep a secret (token_endpoint_auth_method)`,
      })
  }
  beyond('grant_types', client.grant_types ?? [], confidentialGrants)
  beyond('scope', client.scope?.split(' ') ?? [], confidentialScopes)
  return faults
}

function judgeKeys({ token_endpoint_auth_method: method, jwks, jwks_uri }: ClientMetadata): FieldError[] {
  if (method === 'private_key_jwt' && (jwks === undefined) === (jwks_uri === undefined))
    return [{ path: 'jwks', message: 'give either jwks or jwks_uri: private_key_jwt needs its public keys' }]
  if (jwks !== undefined && jwks_uri !== undefined)
    return [{ path: 'jwks', message: 'give jwks or jwks_uri, not both (RFC 7591 §2)' }]
  return jwks === undefined ? [] : judgeKeySet(jwks)
}

/** RFC 7517. A key that also opens is not for us to keep, and one that both sides know proves nothing. */
export function judgeKeySet(jwks: unknown): FieldError[] {
  const { keys } = jwks as { keys: Record<string, unknown>[] }
  const fault = (message: string) => [{ path: 'jwks', message }]
  if (JSON.stringify(jwks).length > mostKeyBytes) return fault(`must have at most ${mostKeyBytes} bytes`)
  for (const [i, key] of keys.entries()) {
    const found = judgeKey(key)
    if (found) return [{ path: `jwks.keys.${i}`, message: found }]
  }
  return []
}

const publicMembers: Record<string, string[]> = { RSA: ['n', 'e'], EC: ['crv', 'x', 'y'], OKP: ['crv', 'x'] }
const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv']

function judgeKey(key: Record<string, unknown>): string | null {
  if (privateMembers.some((member) => member in key))
    return 'must be a public key: this one holds its secret half'
  const needed =
    typeof key.kty === 'string' && Object.hasOwn(publicMembers, key.kty) && publicMembers[key.kty]
  if (!needed) return 'must be an RSA, EC or OKP key'
  const missing = needed.find((member) => typeof key[member] !== 'string' || key[member] === '')
  return missing ? `must have ${missing}` : null
}
