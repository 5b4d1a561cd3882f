import type { ApiRequestInput } from './api-request.ts'
import { fillText, resolveParams } from './fill-url.ts'

/** What a call of the provider's API carries besides what it asks for. Header names are in lower case. */
export type ApiCredential = {
  /** With the token, where it goes into a header, and what is filled from the connection. */
  headers: Record<string, string>
  /** What the profile sends with every call whoever makes it: an API's version, an accepted type. */
  defaults: Record<string, string>
  /** The parameter that carries the token, where it goes into the query. */
  query: { name: string; value: string } | null
}

/** The token where the API takes it (RFC 6750 §2 and providers' own ways), and the headers that the API wants. */
export function apiCredential({ profile, params, metadata, access_token }: ApiRequestInput): ApiCredential {
  const auth = profile.api?.auth ?? { in: 'header', name: 'authorization', prefix: 'Bearer ' }
  const values = resolveParams(profile, params, metadata)
  const headers: Record<string, string> = {}
  const defaults: Record<string, string> = {}
  for (const [name, template] of Object.entries(profile.api?.headers ?? {})) {
    const filled = fillText(template, values)
    if (filled !== null) (filled === template ? defaults : headers)[name.toLowerCase()] = filled
  }
  const token = `${auth.prefix ?? ''}${access_token.expose()}`
  if (auth.in === 'header') headers[auth.name.toLowerCase()] = token
  return { headers, defaults, query: auth.in === 'query' ? { name: auth.name, value: token } : null }
}
