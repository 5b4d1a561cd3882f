import { createHash } from 'node:crypto'
import type { ConsentWish } from './drive-consent.ts'
import type { ProviderOverrides } from './provider-table.ts'
import type { Sandbox } from './start.ts'

export const REDIRECT = 'http://localhost:9/callback'
export const VERIFIER = 'a-verifier-that-is-long-enough-for-rfc-7636-0123'
export const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url')

// biome-ignore lint/suspicious/noExplicitAny: whatever a provider answered; the tests say what they expect in it.
export type Answered = Record<string, any>

export type TokenAnswer = { status: number; body: Answered; headers: Headers }

export const urlsOf = (sandbox: Sandbox, provider: string): ProviderOverrides =>
  sandbox.providers[provider] ?? sandbox.generic[provider]!

/** The authorization URL that a client of the sandbox would make. */
export const authorizationUrl = (
  sandbox: Sandbox,
  provider: string,
  params: Record<string, string | undefined> = {},
): string => {
  const url = new URL(urlsOf(sandbox, provider).authorization_url)
  const all = {
    client_id: sandbox.clients[provider]!.client_id,
    redirect_uri: REDIRECT,
    response_type: 'code',
    state: 'state-1',
    ...params,
  }
  for (const [name, value] of Object.entries(all)) if (value !== undefined) url.searchParams.set(name, value)
  return url.href
}

export const askCode = async (
  sandbox: Sandbox,
  provider: string,
  params: Record<string, string | undefined> = {},
  wish: ConsentWish = {},
): Promise<string> => {
  const location = new URL(await sandbox.control.consent(authorizationUrl(sandbox, provider, params), wish))
  return location.searchParams.get('code')!
}

/** A token request with Basic client authentication, as the client that is built in. */
export const askToken = async (
  sandbox: Sandbox,
  provider: string,
  form: Record<string, string>,
  client: { client_id: string; client_secret: string } = sandbox.clients[provider]!,
): Promise<TokenAnswer> => {
  const response = await fetch(urlsOf(sandbox, provider).token_url, {
    method: 'POST',
    headers: { authorization: basic(client) },
    body: new URLSearchParams(form),
  })
  return {
    status: response.status,
    body: (await response.json()) as Answered,
    headers: response.headers,
  }
}

export const basic = (client: { client_id: string; client_secret: string }): string =>
  `Basic ${Buffer.from(`${client.client_id}:${client.client_secret}`).toString('base64')}`

export const byCode = (sandbox: Sandbox, provider: string, code: string, more: Record<string, string> = {}) =>
  askToken(sandbox, provider, { grant_type: 'authorization_code', code, redirect_uri: REDIRECT, ...more })

export const byRefresh = (
  sandbox: Sandbox,
  provider: string,
  refreshToken: string,
  more: Record<string, string> = {},
) => askToken(sandbox, provider, { grant_type: 'refresh_token', refresh_token: refreshToken, ...more })

/** From nothing to a token answer. */
export const connect = async (
  sandbox: Sandbox,
  provider: string,
  params: Record<string, string | undefined> = {},
  wish: ConsentWish = {},
): Promise<Answered> => (await byCode(sandbox, provider, await askCode(sandbox, provider, params, wish))).body

export const callApi = async (
  sandbox: Sandbox,
  provider: string,
  path: string,
  token: string,
  init: { method?: string; json?: unknown } = {},
): Promise<TokenAnswer> => {
  const response = await fetch(`${urlsOf(sandbox, provider).api!.base_url}${path}`, {
    method: init.method ?? 'GET',
    headers: {
      authorization: `Bearer ${token}`,
      ...(init.json ? { 'content-type': 'application/json' } : {}),
    },
    ...(init.json ? { body: JSON.stringify(init.json) } : {}),
  })
  return {
    status: response.status,
    body: (await response.json()) as Answered,
    headers: response.headers,
  }
}

export const GMAIL = {
  offline: 'offline',
  all: 'openid email https://www.googleapis.com/auth/gmail.modify',
  send: 'https://www.googleapis.com/auth/gmail.send',
  read: 'https://www.googleapis.com/auth/gmail.readonly',
}

export const connectGmail = (sandbox: Sandbox, scope = GMAIL.all, wish: ConsentWish = {}) =>
  connect(sandbox, 'gmail', { scope, access_type: 'offline', prompt: 'consent' }, wish)
