import type { CreateOAuthClientInput } from '@grantry/sdk/transport'

export type GrantType = NonNullable<CreateOAuthClientInput['grant_types']>[number]
export type AuthMethod = NonNullable<CreateOAuthClientInput['token_endpoint_auth_method']>

type Words = {
  label: string
  does: string
  /** Only for a client that can prove who it is. */
  confidential?: boolean
}

/** The scopes that a client may ask people for, from the least to the most. */
export const scopeWords: Record<string, Words> = {
  openid: { label: 'openid', does: 'Learns who signed in, as an id of theirs' },
  profile: { label: 'profile', does: 'Learns their name' },
  email: { label: 'email', does: 'Learns their e-mail address' },
  offline_access: {
    label: 'offline_access',
    does: 'Gets refresh tokens, so that it works while they are away',
  },
  'account:read': { label: 'account:read', does: 'Sees their account, its plan and its features' },
  'connections:read': { label: 'connections:read', does: 'Sees which accounts they connected' },
  'mcp:read': { label: 'mcp:read', does: 'Runs the tools of their MCP servers that only read' },
  'connections:write': { label: 'connections:write', does: 'Connects, refreshes and disconnects accounts' },
  'mcp:write': {
    label: 'mcp:write',
    does: 'Runs all tools of their MCP servers, those that change something too',
  },
  'proxy:call': {
    label: 'proxy:call',
    does: 'Calls the services behind their connections',
    confidential: true,
  },
  'tokens:read': {
    label: 'tokens:read',
    does: 'Gets the providers’ own access tokens, and all that these allow',
    confidential: true,
  },
}

/** RFC 6749, 8628, 8693. */
export const grantTypeWords: Record<GrantType, Words> = {
  authorization_code: { label: 'Authorization code', does: 'People sign in by their browser and come back' },
  refresh_token: { label: 'Refresh token', does: 'It gets new access tokens by itself afterwards' },
  'urn:ietf:params:oauth:grant-type:device_code': {
    label: 'Device code',
    does: 'People type a code elsewhere: for terminals and screens without a browser',
  },
  client_credentials: {
    label: 'Client credentials',
    does: 'It acts as itself, without a person',
    confidential: true,
  },
  'urn:ietf:params:oauth:grant-type:token-exchange': {
    label: 'Token exchange',
    does: 'It trades a person’s token for the provider’s own',
    confidential: true,
  },
}

/** RFC 7591 §2, RFC 7523. */
export const authMethodWords: Record<Exclude<AuthMethod, 'none'>, string> = {
  client_secret_basic: 'A secret, in the Authorization header',
  client_secret_post: 'A secret, in the request’s body',
  private_key_jwt: 'A key of its own (private_key_jwt)',
}

export const grantTypeLabel = (type: string): string => grantTypeWords[type as GrantType]?.label ?? type

export const authMethodLabel = (method: string): string =>
  method === 'none' ? 'None: a public client' : (authMethodWords[method as 'client_secret_basic'] ?? method)
