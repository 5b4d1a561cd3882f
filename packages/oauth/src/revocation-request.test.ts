import { describe, expect, test } from 'vitest'
import type { Client } from './client.ts'
import { processRevocationResponse, requestRevocation } from './process-revocation-response.ts'
import type { Revocation } from './profile.ts'
import type { ProviderRequest } from './provider-request.ts'
import { type RevocationRequestInput, revocationRequest } from './revocation-request.ts'
import { Secret } from './secret.ts'

const endpoints = { authorization_url: 'https://as.example/authorize', token_url: 'https://as.example/token' }
const client: Client = {
  client_id: 'id',
  client_secret: new Secret('s3cret'),
  auth_method: 'client_secret_basic',
}
const url = 'https://as.example/revoke'

async function build(revocation?: Revocation, more: Partial<RevocationRequestInput> = {}) {
  const profile = { ...endpoints, ...(revocation && { revocation }) }
  const tokens = { refresh_token: new Secret('the-refresh'), access_token: new Secret('the-access') }
  const request = await revocationRequest({ profile, client, ...tokens, ...more })
  if (request === 'unsupported') throw new Error('unsupported')
  return request
}
const form = (request: ProviderRequest) => Object.fromEntries(new URLSearchParams(request.init.body))

describe('each way', () => {
  test('rfc7009: the refresh token in a form, the client known (§2.1)', async () => {
    const request = await build({ url })
    expect(request.init).toMatchObject({ method: 'POST', redirect: 'manual' })
    expect(form(request)).toEqual({ token: 'the-refresh' })
    expect(atob(request.init.headers.authorization!.slice(6))).toBe('id:s3cret')
    expect(request.secrets.map((secret) => secret.expose())).toContain('the-refresh')
  })

  test('rfc7009 without a refresh token takes the access token', async () => {
    expect(form(await build({ url }, { refresh_token: null }))).toEqual({ token: 'the-access' })
  })

  test('rfc7009 with a chosen token, another parameter, extras', async () => {
    const request = await build({
      url,
      token: 'access_token',
      parameter: 'access_token',
      extra: { client: '{client_id}' },
    })
    expect(form(request)).toEqual({ access_token: 'the-access', client: 'id' })
  })

  test('rfc7009 without client authentication', async () => {
    const request = await build({ url, auth: 'none' })
    expect(form(request)).toEqual({ token: 'the-refresh' })
    expect(request.init.headers).not.toHaveProperty('authorization')
  })

  test('query', async () => {
    const request = await build({ url, by: 'query' })
    expect(request.url).toBe('https://as.example/revoke?token=the-refresh')
    expect(request.init).toMatchObject({ method: 'POST' })
    expect(request.init.body).toBeUndefined()
    expect(request.init.headers).not.toHaveProperty('authorization')
  })

  test.each([
    ['delete', 'DELETE'],
    ['bearer', 'POST'],
  ] as const)('%s', async (by, method) => {
    const request = await build({ url, by })
    expect(request.url).toBe(url)
    expect(request.init).toMatchObject({ method, headers: { authorization: 'Bearer the-access' } })
    expect(request.init.body).toBeUndefined()
  })

  test('between two ways: DELETE of a grant by the client, the token in JSON', async () => {
    const request = await build({
      url: 'https://api.example/applications/{client_id}/grant',
      by: 'delete',
      auth: 'client',
      body: 'json',
      token: 'access_token',
      parameter: 'access_token',
    })
    expect(request.url).toBe('https://api.example/applications/id/grant')
    expect(request.init.method).toBe('DELETE')
    expect(JSON.parse(request.init.body!)).toEqual({ access_token: 'the-access' })
    expect(request.init.headers.authorization).toMatch(/^Basic /)
  })

  test('unsupported', async () => {
    const tokens = { refresh_token: new Secret('r'), access_token: null }
    expect(await revocationRequest({ profile: endpoints, client, ...tokens })).toBe('unsupported')
    const profile = { ...endpoints, revocation: { url, by: 'bearer' as const } }
    expect(await revocationRequest({ profile, client, ...tokens })).toBe('unsupported')
    const empty = { refresh_token: null, access_token: null }
    expect(
      await revocationRequest({ profile: { ...endpoints, revocation: { url } }, client, ...empty }),
    ).toBe('unsupported')
  })
})

describe('the answer (RFC 7009 §2.2)', () => {
  const process = (response: Response) => processRevocationResponse({}, response, { now: 0 })

  test.each([
    ['200', () => new Response('')],
    ['200 with JSON', () => Response.json({})],
    ['200 with a page', () => new Response('<html>bye</html>', { headers: { 'content-type': 'text/html' } })],
    ['204', () => new Response(null, { status: 204 })],
    ['a token that is unknown by now', () => Response.json({ error: 'invalid_token' }, { status: 400 })],
  ])('%s: revoked', async (_name, response) => {
    expect(await process(response())).toMatchObject({ revoked: true })
  })

  test.each([
    ['401', Response.json({ error: 'invalid_client' }, { status: 401 }), 'refused', 'invalid_client'],
    ['an error in 200', Response.json({ error: 'access_denied' }), 'refused', 'access_denied'],
    [
      'unsupported_token_type',
      Response.json({ error: 'unsupported_token_type' }, { status: 400 }),
      'refused',
      'unsupported_token_type',
    ],
    ['503', new Response('', { status: 503, headers: { 'retry-after': '5' } }), 'unavailable', 'http_503'],
    ['a code of its own in a 503', Response.json({ error: 'busy' }, { status: 503 }), 'unavailable', 'busy'],
    ['429', new Response('', { status: 429 }), 'throttled', 'too_many_requests'],
    ['404', new Response('', { status: 404 }), 'malformed', 'http_404'],
    ['a redirect to a sign-in page', new Response('', { status: 302 }), 'malformed', 'redirect'],
  ])('%s: not revoked', async (_name, response, kind, error) => {
    await expect(process(response)).rejects.toMatchObject({ facts: { kind, error } })
  })

  test('sent, with the body as reserve for Basic', async () => {
    const profile = { ...endpoints, revocation: { url } }
    const tokens = { refresh_token: new Secret('the-refresh'), access_token: null }
    const request = await revocationRequest({
      profile,
      client: { ...client, auth_method: 'auto' },
      ...tokens,
    })
    const bodies: string[] = []
    const done = await requestRevocation(
      async (_url, init) => {
        bodies.push(init.body as string)
        return bodies.length === 1
          ? Response.json({ error: 'invalid_client' }, { status: 401 })
          : new Response('')
      },
      profile,
      request as ProviderRequest,
      { now: () => 0 },
    )
    expect(done).toMatchObject({ revoked: true })
    expect(bodies).toEqual(['token=the-refresh', 'token=the-refresh&client_id=id&client_secret=s3cret'])
  })
})

describe('between the ways', () => {
  const api = {
    base_url: 'https://api.example',
    auth: { in: 'header' as const, name: 'X-Token', prefix: 'Token ' },
  }

  test('the token in the path, and nowhere else', async () => {
    const request = await build({ url: 'https://as.example/tokens/{token}', method: 'DELETE', auth: 'none' })
    expect(request.url).toBe('https://as.example/tokens/the-refresh')
    expect(request.init.body).toBe('')
    const risky = { refresh_token: new Secret('a/../b') }
    await expect(build({ url: 'https://as.example/tokens/{token}', auth: 'none' }, risky)).rejects.toThrow()
  })

  test('the client by Basic where the token endpoint takes the body', async () => {
    const post: Client = { ...client, auth_method: 'client_secret_post' }
    const request = await build({ url, auth: 'basic' }, { client: post })
    expect(atob(request.init.headers.authorization!.slice(6))).toBe('id:s3cret')
    expect(form(request)).toEqual({ token: 'the-refresh' })
    expect(form(await build({ url }, { client: post }))).toHaveProperty('client_secret', 's3cret')
  })

  test('the client secret as bearer, with no token but what tells the account', async () => {
    const revocation: Revocation = { url, auth: 'secret', token: 'none', extra: { account: '{account}' } }
    const more = { metadata: { account: 'acct_1' }, refresh_token: null, access_token: null }
    const request = await build(revocation, more)
    expect(request.init.headers.authorization).toBe('Bearer s3cret')
    expect(form(request)).toEqual({ account: 'acct_1' })
    expect(request.secrets.map((secret) => secret.expose())).toEqual(['s3cret'])
    await expect(build(revocation, { ...more, client: { ...client, client_secret: null } })).rejects.toThrow(
      'unsupported',
    )
  })

  test('the token where the API takes it', async () => {
    const revocation: Revocation = { url, method: 'DELETE', auth: 'api', body: 'none' }
    const request = await build(revocation, { profile: { ...endpoints, api, revocation } })
    expect(request.init.headers).toMatchObject({ 'x-token': 'Token the-access' })
    expect(request.init.headers).not.toHaveProperty('authorization')
    expect(request.init).not.toHaveProperty('body')
  })

  test('headers of its own, which do not replace the proof', async () => {
    const headers = { 'X-Version': '1', authorization: 'nope' }
    const request = await build({ url, headers, by: 'bearer' })
    expect(request.init.headers).toMatchObject({ 'x-version': '1', authorization: 'Bearer the-access' })
  })
})
