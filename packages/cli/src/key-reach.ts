import type { ApiKey } from '@grantry/sdk'

/** What a key is narrowed to besides an app: providers by name, integrations by id; null: nothing. */
export function reachOf({
  providers,
  integrations,
}: Pick<ApiKey, 'providers' | 'integrations'>): string | null {
  if (providers === null && integrations === null) return null
  return [...(providers ?? []), ...(integrations ?? [])].join(' ')
}
