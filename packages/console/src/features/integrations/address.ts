/** What the address of the page for a new integration says. */
export type NewIntegration = { kind?: 'generic' | 'provider'; provider?: string; issuer?: string }

export function readNewIntegration(given: Record<string, unknown>): NewIntegration {
  const { kind, provider, issuer } = given
  return {
    ...(kind === 'generic' || kind === 'provider' ? { kind } : {}),
    ...(typeof provider === 'string' && provider !== '' ? { provider } : {}),
    ...(typeof issuer === 'string' && issuer !== '' ? { issuer } : {}),
  }
}

/** Which integrations are listed. */
export type IntegrationFilter = { provider?: string; tenant?: string }

export function readIntegrationFilter(given: Record<string, unknown>): IntegrationFilter {
  const filter: IntegrationFilter = {}
  for (const name of ['provider', 'tenant'] as const) {
    const value = textOf(given[name])
    if (value) filter[name] = value
  }
  return filter
}

/** Which providers are listed. */
export type CatalogueFilter = { search?: string; category?: string }

export function readCatalogueFilter(given: Record<string, unknown>): CatalogueFilter {
  const filter: CatalogueFilter = {}
  for (const name of ['search', 'category'] as const) {
    const value = textOf(given[name])
    if (value) filter[name] = value
  }
  return filter
}

/** The router reads numbers out of an address. */
const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : ''
