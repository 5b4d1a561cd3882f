import { fillUrl, resolveParams } from './fill-url.ts'
import type { ProviderProfile } from './profile.ts'

/**
 * Where the API of one connection is, without a trailing slash; null where the profile does not say. An origin that
 * the provider told (`{api_domain}`) must be among the profile's `origins`. Throws `UrlError`.
 */
export function apiBaseUrl(
  profile: Pick<ProviderProfile, 'api' | 'params' | 'origins'>,
  params?: Record<string, string>,
  metadata?: Record<string, string>,
): string | null {
  if (!profile.api) return null
  const values = resolveParams(profile, params, metadata)
  return fillUrl(profile.api.base_url, values, profile.origins).replace(/\/+$/, '')
}
