const fields = ['type', 'connection', 'integration', 'actor', 'end_user', 'since', 'until'] as const

/** What of the audit log is shown, as its address says it and the API takes it. Times are ISO 8601. */
export type EventFilter = { [field in (typeof fields)[number]]?: string }

/** The router reads numbers out of an address; an end user's id may look like one. */
export function readEventFilter(given: Record<string, unknown>): EventFilter {
  const filter: EventFilter = {}
  for (const field of fields) {
    const value = given[field]
    const text = typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : ''
    if (text !== '') filter[field] = text
  }
  return filter
}
