import { authenticateClient, authMethods, type ClientAuthMethod } from './authenticate-client.ts'
import type { Client } from './client.ts'
import { fillText, fillUrl, resolveParams } from './fill-url.ts'
import type { ProviderProfile } from './profile.ts'
import type { Secret } from './secret.ts'

/** A request to a provider, ready for the injected fetch. */
export type ProviderRequest = {
  url: string
  init: { method: string; headers: Record<string, string>; body?: string; redirect: 'manual' }
  /** What it carries that must never be shown again. */
  secrets: Secret[]
  /** How the client authenticates in it; null where it does not. */
  auth_method: ClientAuthMethod | null
  /** The same request with the secret in the body: to be sent where the provider refuses Basic. */
  alternative: ProviderRequest | null
}

/** What every request to a provider's authorization server starts from. */
export type RequestInput = {
  profile: ProviderProfile
  client: Client
  /** The integration's values for placeholders. */
  params?: Record<string, string>
  /** The connection's (or callback's) values for placeholders. */
  metadata?: Record<string, string>
  /** Milliseconds since the epoch; only a signed assertion needs it. */
  now?: number
}

export type BodyFormat = 'form' | 'json' | 'query' | 'none'

type Parts = {
  url: string
  method: 'POST' | 'GET' | 'DELETE'
  body: BodyFormat
  /** Protocol parameters by their standard names. */
  fields: Record<string, string>
  /** They lose against `fields`; values may hold placeholders, and are left out where nothing fills them. */
  extra?: Record<string, string> | undefined
  headers?: Record<string, string> | undefined
  secrets: Secret[]
  authenticate: boolean
}

/** Puts a request together in each of the ways in which the client may authenticate. */
export async function buildRequest(input: RequestInput, parts: Parts): Promise<ProviderRequest> {
  const { profile, client } = input
  const values = { ...resolveParams(profile, input.params, input.metadata), client_id: client.client_id }
  const url = fillUrl(parts.url, values, profile.origins)
  const fields = { ...fillExtra(parts.extra, values), ...parts.fields }
  if (!parts.authenticate) return assemble(profile, parts, url, fields, {}, parts.secrets, null)

  let request: ProviderRequest | null = null
  for (const method of authMethods(profile, client).reverse()) {
    const token_url =
      parts.url === profile.token_url ? url : fillUrl(profile.token_url, values, profile.origins)
    const proof = await authenticateClient({ profile, client, method, token_url, now: input.now })
    const secrets = [...parts.secrets, ...proof.secrets]
    const all = { ...fields, ...proof.fields }
    request = { ...assemble(profile, parts, url, all, proof.headers, secrets, method), alternative: request }
  }
  return request!
}

function fillExtra(
  extra: Record<string, string> = {},
  values: Record<string, string>,
): Record<string, string> {
  const filled: Record<string, string> = {}
  for (const [name, template] of Object.entries(extra)) {
    const value = fillText(template, values)
    if (value !== null) filled[name] = value
  }
  return filled
}

function assemble(
  profile: ProviderProfile,
  parts: Parts,
  url: string,
  fields: Record<string, string>,
  proofHeaders: Record<string, string>,
  secrets: Secret[],
  auth_method: ClientAuthMethod | null,
): ProviderRequest {
  const names = profile.token?.parameter_names ?? {}
  const named = Object.entries(fields).map(([name, value]) => [names[name] ?? name, value])
  const format = auth_method === 'client_secret_json' && parts.body === 'form' ? 'json' : parts.body
  const headers: Record<string, string> = { accept: 'application/json' }
  for (const [name, value] of Object.entries({ ...parts.headers, ...proofHeaders }))
    headers[name.toLowerCase()] = value
  const init: ProviderRequest['init'] = { method: parts.method, headers, redirect: 'manual' }
  const target = new URL(url)

  if (format === 'query') {
    for (const [name, value] of named) target.searchParams.set(name!, value!)
  } else if (format === 'json') {
    headers['content-type'] = 'application/json'
    init.body = JSON.stringify(Object.fromEntries(named))
  } else if (format === 'form') {
    headers['content-type'] = 'application/x-www-form-urlencoded'
    init.body = new URLSearchParams(Object.fromEntries(named)).toString()
  }
  return { url: target.href, init, secrets, auth_method, alternative: null }
}
