/** Which connections are listed. It stands in the address, so that a view can be kept and sent to somebody. */
export type ConnectionFilter = {
  q?: string
  status?: ConnectionStatus
  reason?: string
  /** Id of an integration. */
  integration?: string
  provider?: string
  end_user?: string
  app?: string
  /** RFC 3339: only those that a person must connect again before then. */
  ending_before?: string
}

export type ConnectionStatus = (typeof statuses)[number]
export const statuses = ['active', 'needs_reauth', 'pending', 'revoked'] as const

const texts = ['q', 'reason', 'integration', 'provider', 'end_user', 'app', 'ending_before'] as const

/** What an address says; anything that it says wrong is left out. */
export function readFilter(search: Record<string, unknown>): ConnectionFilter {
  const filter: ConnectionFilter = {}
  for (const name of texts) {
    const value = search[name]
    // Addresses are read as JSON where they can be: ?q=17 is a number.
    if ((typeof value === 'string' && value !== '') || typeof value === 'number') filter[name] = String(value)
  }
  const status = statuses.find((one) => one === search.status)
  return status ? { ...filter, status } : filter
}
