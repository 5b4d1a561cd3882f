import { type ApiRequestInput, apiRequest } from './api-request.ts'
import { ProviderError } from './errors.ts'
import type { Fetch } from './fetch.ts'
import type { ProviderProfile } from './profile.ts'
import type { ProviderRequest } from './provider-request.ts'
import { asText, readPath } from './read-path.ts'
import { send } from './send.ts'

/** A site or organisation behind a token. */
export type Tenant = { id: string; label: string | null }

/** The call that lists the tenants behind a token; null where the profile has none. */
export function tenantsRequest(input: ApiRequestInput): ProviderRequest | null {
  const { tenants } = input.profile
  return tenants ? apiRequest(input, tenants) : null
}

/** Sends it and reads the list, in the provider's order; entries without an id are passed over. Throws `ProviderError`. */
export async function requestTenants(
  fetch: Fetch,
  profile: Pick<ProviderProfile, 'tenants'>,
  request: ProviderRequest,
): Promise<Tenant[]> {
  const { result } = await send(fetch, request, (response) => readTenants(profile, response))
  return result
}

async function readTenants(
  { tenants }: Pick<ProviderProfile, 'tenants'>,
  response: Response,
): Promise<Tenant[]> {
  const value: unknown = await response.json().catch(() => null)
  const list = tenants?.list ? readPath(value, tenants.list) : value
  if (!response.ok || !tenants || !Array.isArray(list))
    throw new ProviderError({
      kind: response.status >= 500 ? 'unavailable' : 'malformed',
      error: response.ok ? 'no_tenant_list' : `http_${response.status}`,
      description: null,
      status: response.status,
      retryAfterMs: null,
      sent: true,
    })
  return list.flatMap((item) => {
    const id = asText(readPath(item, tenants.id))
    return id === null
      ? []
      : { id, label: tenants.label === undefined ? null : asText(readPath(item, tenants.label)) }
  })
}
