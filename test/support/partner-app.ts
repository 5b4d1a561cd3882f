import { createHash, randomBytes } from 'node:crypto'
import { encodeId } from '@grantry/api'
import { newId } from '../../packages/server/src/db/new-id.ts'
import { openSession } from '../../packages/server/src/members/open-session.ts'
import type { Role } from '../../packages/server/src/members/roles.ts'
import { hashCredential } from '../../packages/server/src/vault/credential.ts'
import { type Browser, createBrowser, type Visit } from './browser.ts'
import type { TestGrantry } from './grantry.ts'

export const firstWorkspace = '00000000-0000-7000-8000-000000000001'

/** A member with a browser that is signed in. */
export async function addMember(
  { ctx, url }: Pick<TestGrantry, 'ctx' | 'url'>,
  {
    email = 'ada@example.com',
    role = 'owner',
    workspace = firstWorkspace,
  }: { email?: string; role?: Role; workspace?: string } = {},
): Promise<{ member: string; browser: Browser }> {
  const member = newId(ctx)
  await ctx.db
    .insertInto('members')
    .values({
      workspace_id: workspace,
      id: member,
      email,
      name: 'Ada Lovelace',
      role,
      password_hash: null,
      created_at: ctx.clock.now(),
      last_signed_in_at: null,
    })
    .execute()
  const { secret } = await openSession(
    ctx,
    ctx.db,
    { workspace, kind: 'member', member },
    { address: '127.0.0.1', userAgent: 'test', replaced: null, requestId: 'test' },
  )
  return { member, browser: createBrowser(url, new Map([['grantry_session', secret]])) }
}

export type Client = { id: string; secret: string | null; redirectUri: string }

/** A partner app as the API would have made it. */
export async function addClient(
  { ctx }: Pick<TestGrantry, 'ctx'>,
  {
    workspace = firstWorkspace,
    method = 'none',
    redirectUri = 'https://partner.example/callback',
    ...metadata
  }: {
    workspace?: string
    method?: string
    redirectUri?: string
    scope?: string
    grant_types?: string[]
    [field: string]: unknown
  } = {},
): Promise<Client> {
  const id = newId(ctx)
  const clientId = encodeId('cli', id)
  const now = ctx.clock.now()
  await ctx.db
    .insertInto('oauth_clients')
    .values({
      workspace_id: workspace,
      id,
      client_id: clientId,
      origin: 'api',
      metadata: JSON.stringify({
        client_id: clientId,
        client_name: 'Partner',
        redirect_uris: [redirectUri],
        grant_types: ['authorization_code', 'refresh_token'],
        token_endpoint_auth_method: method,
        application_type: 'web',
        ...metadata,
      }),
      created_by: null,
      created_at: now,
      updated_at: now,
      last_used_at: null,
    })
    .execute()
  const secret = method.startsWith('client_secret') ? `gcs_${randomBytes(32).toString('base64url')}` : null
  if (secret)
    await ctx.db
      .insertInto('oauth_client_secrets')
      .values({
        workspace_id: workspace,
        client: id,
        hash: hashCredential(secret),
        created_at: now,
        ends_at: null,
      })
      .execute()
  return { id: clientId, secret, redirectUri }
}

export const verifier = 'a-code-verifier-that-is-long-enough-for-rfc-7636'
export const challenge = createHash('sha256').update(verifier).digest('base64url')

export function authorizationUrl(url: string, client: Client, more: Record<string, string> = {}): string {
  const query = {
    client_id: client.id,
    redirect_uri: client.redirectUri,
    response_type: 'code',
    state: 'the-state',
    code_challenge: challenge,
    code_challenge_method: 'S256',
    ...more,
  }
  return `${url}/oauth/authorize?${new URLSearchParams(query)}`
}

/** Through sign-in and consent to the redirect URI. Returns the address with the code. */
export async function allow(
  browser: Browser,
  address: string,
  fields: Record<string, string | string[]> = {},
): Promise<URL> {
  const page = await browser.open(address)
  const end: Visit = page.status === 200 ? await browser.submit(page, { decision: 'allow', ...fields }) : page
  return new URL(end.url)
}

/** Asks the token endpoint as a client does. */
export async function token(
  url: string,
  client: Client,
  fields: Record<string, string>,
  { path = '/v1/oauth/token', headers = {} }: { path?: string; headers?: Record<string, string> } = {},
  // biome-ignore lint/suspicious/noExplicitAny: answers are judged by expectations
): Promise<{ status: number; body: any; headers: Headers }> {
  const response = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      ...(client.secret
        ? { authorization: `Basic ${Buffer.from(`${client.id}:${client.secret}`).toString('base64')}` }
        : {}),
      ...headers,
    },
    body: new URLSearchParams(client.secret ? fields : { client_id: client.id, ...fields }).toString(),
  })
  return { status: response.status, body: await response.json(), headers: response.headers }
}

/** Tokens of a consent, all the way. */
export async function obtain(
  grantry: TestGrantry,
  client: Client,
  browser: Browser,
  more: Record<string, string> = {},
  fields: Record<string, string | string[]> = {},
) {
  const back = await allow(browser, authorizationUrl(grantry.url, client, more), fields)
  const code = back.searchParams.get('code')
  if (!code) throw new Error(`no code: ${back.href}`)
  const answer = await token(grantry.url, client, {
    grant_type: 'authorization_code',
    code,
    redirect_uri: client.redirectUri,
    code_verifier: verifier,
  })
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body))
  return answer.body as { access_token: string; refresh_token: string; scope: string; expires_in: number }
}
