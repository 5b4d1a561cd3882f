/** What an API key may be allowed. `admin` stands beside the others, it does not include them. */
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

export type Scope = (typeof scopes)[number]
