import { apiBaseUrl } from './api-base-url.ts'
import { apiCredential } from './api-credential.ts'
import { UrlError } from './errors.ts'
import { fillText, fillUrl, resolveParams } from './fill-url.ts'
import type { ProviderProfile } from './profile.ts'
import type { ProviderRequest } from './provider-request.ts'
import type { Secret } from './secret.ts'

export type ApiRequestInput = {
  profile: ProviderProfile
  params?: Record<string, string>
  metadata?: Record<string, string>
  access_token: Secret
}

/** A call of the provider's API with the token where the API takes it; a `url` from `/` on is below the base URL. */
export function apiRequest(
  input: ApiRequestInput,
  call: {
    url: string
    method?: string | undefined
    headers?: Record<string, string> | undefined
    body?: string | undefined
  },
): ProviderRequest {
  const { profile, access_token } = input
  const values = resolveParams(profile, input.params, input.metadata)
  const credential = apiCredential(input)
  const url = new URL(absolute(input, call.url, values))
  const headers: Record<string, string> = { accept: 'application/json', ...credential.defaults }
  for (const [name, value] of Object.entries(call.headers ?? {})) {
    const filled = fillText(value, values)
    if (filled !== null) headers[name.toLowerCase()] = filled
  }
  Object.assign(headers, credential.headers)
  if (credential.query) url.searchParams.set(credential.query.name, credential.query.value)

  return {
    url: url.href,
    init: {
      method: call.method ?? 'GET',
      headers,
      redirect: 'manual',
      ...(call.body !== undefined && { body: call.body }),
    },
    secrets: [access_token],
    auth_method: null,
    alternative: null,
  }
}

function absolute(
  { profile, params, metadata }: ApiRequestInput,
  url: string,
  values: Record<string, string>,
): string {
  if (!url.startsWith('/')) return fillUrl(url, values, profile.origins)
  const base = apiBaseUrl(profile, params, metadata)
  if (base === null) throw new UrlError('url_invalid', null, 'a relative URL needs an API base URL')
  return fillUrl(`${base}${url}`, values, profile.origins)
}
