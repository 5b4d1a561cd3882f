export const serverStatuses = ['pending', 'active', 'needs_reauth', 'revoked'] as const

export type ServerStatus = (typeof serverStatuses)[number]

/** Which MCP servers the list shows, as its address says it and the API takes it. */
export type InstanceFilter = { status?: ServerStatus; mcp_server?: string; end_user?: string }

export function readInstanceFilter(given: Record<string, unknown>): InstanceFilter {
  const filter: InstanceFilter = {}
  for (const field of ['mcp_server', 'end_user'] as const) {
    const value = given[field]
    // Addresses are read as JSON where they can be: ?end_user=17 is a number.
    if ((typeof value === 'string' && value !== '') || typeof value === 'number')
      filter[field] = String(value)
  }
  const status = serverStatuses.find((one) => one === given.status)
  return status ? { ...filter, status } : filter
}

/** What the page for a new one may be told ahead: the connection that it is to stand on. */
export const readNewServer = ({ connection }: Record<string, unknown>): { connection?: string } =>
  typeof connection === 'string' && connection !== '' ? { connection } : {}
