/** What an API key may be allowed by whoever may make keys. `admin` stands beside the others, it does not include them. */
export const scopes = [
  'integrations:read',
  'integrations:write',
  'connections:read',
  'connections:write',
  'tokens:read',
  'proxy:call',
  'mcp:read',
  'mcp:write',
  'mcp:manage',
  'clients:write',
  'webhooks:write',
  'events:read',
  'admin',
] as const

/**
 * Every refresh token of a workspace at once. No key has it by itself, and none can pass it on: an owner who is signed in
 * gives it, to a key that lives a day at most.
 */
export const exportScope = 'connections:export'

export const allScopes = [...scopes, exportScope] as const

export type Scope = (typeof allScopes)[number]

/**
 * What a client of our authorization server may be allowed, by whoever consents. Those that API keys have too mean the
 * same here; the last four are OpenID Connect's and reach nothing of the API.
 */
export const oauthScopes = [
  'account:read',
  'connections:read',
  'connections:write',
  'tokens:read',
  'proxy:call',
  'mcp:read',
  'mcp:write',
  'offline_access',
  'openid',
  'profile',
  'email',
] as const

export type OAuthScope = (typeof oauthScopes)[number]

/**
 * Everything that the member may do who consents, as long as they may do it. Not among {@link oauthScopes}: of all clients
 * only Grantry's own command line gets it (docs/decisions/0009-signing-in-from-a-terminal.md).
 */
export const memberScope = 'workspace'

export type MemberScope = typeof memberScope

export const isOAuthScope = (scope: string): scope is OAuthScope =>
  (oauthScopes as readonly string[]).includes(scope)
