import type { CreateOAuthClientInput, OAuthClient, UpdateOAuthClientInput } from '@grantry/sdk/transport'
import type { AuthMethod, GrantType } from './words.ts'

/** What the form of an OAuth client holds. */
export type ClientValues = {
  client_name: string
  application_type: 'web' | 'native'
  token_endpoint_auth_method: AuthMethod
  grant_types: GrantType[]
  /** One a line. */
  redirect_uris: string
  scope: string[]
  keys: 'jwks_uri' | 'jwks'
  jwks_uri: string
  /** As JSON. */
  jwks: string
  client_uri: string
  logo_uri: string
  policy_uri: string
  tos_uri: string
}

/** A partner app on a server, which may look. */
export const newClient: ClientValues = {
  client_name: '',
  application_type: 'web',
  token_endpoint_auth_method: 'client_secret_basic',
  grant_types: ['authorization_code', 'refresh_token'],
  redirect_uris: '',
  scope: ['openid', 'profile', 'email', 'offline_access', 'account:read', 'connections:read', 'mcp:read'],
  keys: 'jwks_uri',
  jwks_uri: '',
  jwks: '',
  client_uri: '',
  logo_uri: '',
  policy_uri: '',
  tos_uri: '',
}

export const toValues = (client: OAuthClient): ClientValues => ({
  client_name: client.client_name ?? '',
  application_type: client.application_type,
  token_endpoint_auth_method: client.token_endpoint_auth_method as AuthMethod,
  grant_types: client.grant_types as GrantType[],
  redirect_uris: client.redirect_uris.join('\n'),
  scope: client.scope.split(' ').filter(Boolean),
  keys: client.jwks ? 'jwks' : 'jwks_uri',
  jwks_uri: client.jwks_uri ?? '',
  jwks: client.jwks ? JSON.stringify(client.jwks, null, 2) : '',
  client_uri: client.client_uri ?? '',
  logo_uri: client.logo_uri ?? '',
  policy_uri: client.policy_uri ?? '',
  tos_uri: client.tos_uri ?? '',
})

const links = ['client_uri', 'logo_uri', 'policy_uri', 'tos_uri'] as const

export function toInput(values: ClientValues): CreateOAuthClientInput {
  const { client_name, application_type, token_endpoint_auth_method, grant_types } = values
  const own = keysOf(values)
  const given = links.filter((link) => values[link].trim() !== '')
  return {
    client_name: client_name.trim(),
    application_type,
    token_endpoint_auth_method,
    grant_types,
    redirect_uris: linesOf(values.redirect_uris),
    ...(values.scope.length > 0 && { scope: values.scope.join(' ') }),
    ...own,
    ...Object.fromEntries(given.map((link) => [link, values[link].trim()])),
  }
}

/** What is left empty is taken away. */
export function toChanges(values: ClientValues): UpdateOAuthClientInput {
  const { client_name, ...input } = toInput(values)
  const empty = Object.fromEntries([...links, 'jwks', 'jwks_uri'].map((field) => [field, null]))
  return { client_name, ...empty, ...input }
}

export const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)

function keysOf({ token_endpoint_auth_method: method, keys, jwks, jwks_uri }: ClientValues) {
  if (method !== 'private_key_jwt') return {}
  return keys === 'jwks' ? { jwks: JSON.parse(jwks) as { keys: [] } } : { jwks_uri: jwks_uri.trim() }
}

/** What can be told without asking the server. */
export const judge = {
  client_name: (text: string) => (text.trim() === '' ? 'Give it a name: people are shown it.' : null),
  redirect_uris: (text: string, { grant_types }: ClientValues) =>
    grant_types.includes('authorization_code') && linesOf(text).length === 0
      ? 'Give at least one: the authorization code is sent there.'
      : null,
  grant_types: (types: GrantType[]) => (types.length === 0 ? 'Choose at least one.' : null),
  jwks: (text: string, { token_endpoint_auth_method: method, keys }: ClientValues) =>
    method === 'private_key_jwt' && keys === 'jwks' && !isJson(text)
      ? 'This is no JSON: give {"keys": [...]}.'
      : null,
  jwks_uri: (text: string, { token_endpoint_auth_method: method, keys }: ClientValues) =>
    method === 'private_key_jwt' && keys === 'jwks_uri' && text.trim() === ''
      ? 'Give the address of its public keys.'
      : null,
}

function isJson(text: string): boolean {
  try {
    return typeof JSON.parse(text) === 'object'
  } catch {
    return false
  }
}
