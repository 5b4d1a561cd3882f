import type { ApiKey } from '@grantry/sdk/transport'

export type Scope = ApiKey['scopes'][number]

/** What each scope lets a key do, as the rest of "It may …". */
const sentences: Record<Scope, string> = {
  'connections:read': 'see connections, their status and history',
  'connections:write': 'make connect links, import, renew and end connections',
  'tokens:read': 'read access tokens',
  'proxy:call': 'call providers through the proxy',
  'mcp:read': 'see MCP servers and run their read tools',
  'mcp:write': 'run every tool of MCP servers',
  'mcp:manage': 'make and delete MCP servers',
  'integrations:read': 'see integrations, without their secrets',
  'integrations:write': 'add, change and delete integrations',
  'clients:write': 'register, change and delete OAuth clients',
  'webhooks:write': 'add, change and delete webhook endpoints',
  'events:read': 'read the audit log',
  admin: 'manage API keys, apps, members and settings',
  'connections:export': 'take out every refresh token, sealed; such a key ends within 24 hours',
}

const groups: [title: string, scopes: Scope[]][] = [
  ['Connections', ['connections:read', 'connections:write', 'tokens:read', 'proxy:call']],
  ['MCP servers', ['mcp:read', 'mcp:write', 'mcp:manage']],
  ['Integrations', ['integrations:read', 'integrations:write']],
  ['Workspace', ['events:read', 'clients:write', 'webhooks:write', 'admin', 'connections:export']],
]

/** The scopes that somebody may give, as sentences in groups. */
export function scopeGroups(mine: readonly string[]) {
  return groups.map(([title, scopes]) => ({
    title,
    scopes: scopes
      .filter((scope) => mine.includes(scope))
      .map((scope) => ({ scope, sentence: sentences[scope] })),
  }))
}

export const sentenceOf = (scope: Scope): string => sentences[scope]

/** Where most keys begin. */
export const presets: { name: string; what: string; scopes: Scope[] }[] = [
  {
    name: 'Backend',
    what: 'makes connect links, reads tokens and calls providers',
    scopes: ['connections:read', 'connections:write', 'tokens:read', 'proxy:call'],
  },
  {
    name: 'Read-only',
    what: 'sees everything and changes nothing; no tokens',
    scopes: ['connections:read', 'integrations:read', 'events:read'],
  },
]

/** Scopes in a word or two, for a table. */
export function inShort(scopes: readonly Scope[]): string {
  const preset = presets.find(
    (one) => one.scopes.length === scopes.length && one.scopes.every((s) => scopes.includes(s)),
  )
  if (preset) return preset.name
  return scopes.length === 1 ? '1 scope' : `${scopes.length} scopes`
}
