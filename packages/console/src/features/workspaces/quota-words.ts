import type { Workspace } from '@grantry/sdk/transport'

export type QuotaName = keyof Workspace['quotas']

/** What can be limited, in people's words. */
export const quotaWords: Record<QuotaName, { word: string; what: string }> = {
  connections: { word: 'Connections', what: 'Living ones, of all end users' },
  mcp_servers: { word: 'MCP servers', what: '' },
  calls_per_minute: { word: 'Calls a minute', what: 'Of the API, the proxy and tools' },
}

export const quotaNames = Object.keys(quotaWords) as QuotaName[]
