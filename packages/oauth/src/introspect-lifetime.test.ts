import { describe, expect, test } from 'vitest'
import type { Client } from './client.ts'
import type { Fetch } from './fetch.ts'
import { introspectLifetime } from './introspect-lifetime.ts'
import { introspectionRequest } from './introspection-request.ts'
import { processIntrospectionResponse } from './process-introspection-response.ts'
import type { Introspection, ProviderProfile } from './profile.ts'
import type { ProviderRequest } from './provider-request.ts'
import { Secret } from './secret.ts'

const url = 'https://as.example/introspect'
const endpoints = { authorization_url: 'https://as.example/authorize', token_url: 'https://as.example/token' }
const client: Client = {
  client_id: 'id',
  client_secret: new Secret('s3cret'),
  auth_method: 'client_secret_basic',
}
const now = Date.parse('2026-11-21T12:00:00Z')
const input = (introspection: Introspection | null = { url }, more: Partial<ProviderProfile> = {}) => ({
  profile: { ...endpoints, ...(introspection && { introspection }), ...more },
  client,
  access_token: new Secret('the-access'),
})

describe('the request (RFC 7662 §2.1)', () => {
  const build = async (...args: Parameters<typeof input>) => {
    const request = await introspectionRequest(input(...args))
    if (request === 'unsupported') throw new Error('unsupported')
    return request
  }
  const form = (request: ProviderRequest) => Object.fromEntries(new URLSearchParams(request.init.body))
  const ask = { token: 'the-access', token_type_hint: 'access_token' }

  test('a form with the token, from the client as at the token endpoint', async () => {
    const request = await build()
    expect(request.url).toBe(url)
    expect(request.init).toMatchObject({ method: 'POST', redirect: 'manual' })
    expect(form(request)).toEqual(ask)
    expect(atob(request.init.headers.authorization!.slice(6))).toBe('id:s3cret')
    expect(request.secrets.map((secret) => secret.expose())).toEqual(
      expect.arrayContaining(['the-access', 's3cret']),
    )
  })

  test('with the secret in the body where the token endpoint wants it there', async () => {
    const request = await introspectionRequest({
      ...input(),
      client: { ...client, auth_method: 'client_secret_post' },
    })
    expect(form(request as ProviderRequest)).toEqual({ ...ask, client_id: 'id', client_secret: 's3cret' })
  })

  test('by Basic whatever the token endpoint wants; by the token itself', async () => {
    const token = { auth_method: 'client_secret_post' as const }
    const post = { ...client, auth_method: 'auto' as const }
    const basic = await introspectionRequest({ ...input({ url, auth: 'basic' }, { token }), client: post })
    expect((basic as ProviderRequest).init.headers.authorization).toMatch(/^Basic /)
    const bearer = await build({ url, auth: 'bearer' })
    expect(bearer.init.headers.authorization).toBe('Bearer the-access')
    expect(form(bearer)).toEqual(ask)
  })

  test('its URL is filled like any other', async () => {
    const profile = {
      ...input({ url: '{login_url}/introspect' }).profile,
      origins: { login_url: ['.example'] },
    }
    const request = await introspectionRequest({
      ...input(),
      profile,
      params: { login_url: 'https://acme.example' },
    })
    expect((request as ProviderRequest).url).toBe('https://acme.example/introspect')
  })

  test('is not there where the provider has no such endpoint', async () => {
    expect(await introspectionRequest(input(null))).toBe('unsupported')
  })
})

describe('the answer (RFC 7662 §2.2)', () => {
  const read = (body: unknown, status = 200) =>
    processIntrospectionResponse({}, Response.json(body, { status }), { now })
  const seconds = now / 1000

  test.each([
    [{ active: true, exp: seconds + 900 }, true, 900],
    [{ active: true, exp: String(seconds + 900) }, true, 900],
    [{ active: true, exp: seconds + 0.9 }, true, null],
    [{ active: true, exp: seconds - 1 }, true, null],
    [{ active: true, exp: 1e30 }, true, 10 * 365 * 86_400],
    [{ active: true, exp: 'soon' }, true, null],
    [{ active: true, exp: null }, true, null],
    [{ active: true, iat: seconds }, true, null],
    [{ active: false }, false, null],
    [{ active: false, exp: seconds + 900 }, false, null],
  ])('%j', async (body, active, expires_in) => {
    expect(await read(body)).toEqual({ active, expires_in })
  })

  test.each([
    [{}, 200, 'malformed', 'no_active'],
    [{ active: 'true' }, 200, 'malformed', 'no_active'],
    [{ error: 'invalid_client' }, 401, 'refused', 'invalid_client'],
    [{ error: 'slow_down' }, 429, 'throttled', 'slow_down'],
    [{ active: true }, 503, 'unavailable', 'http_503'],
    [[], 200, 'malformed', 'unreadable'],
  ])('%j under %i is an error', async (body, status, kind, error) => {
    await expect(read(body, status)).rejects.toMatchObject({ facts: { kind, error } })
  })

  test('a page is no answer, and the token is not in what is told of it', async () => {
    const page = new Response('<html>the-access</html>', { headers: { 'content-type': 'text/html' } })
    await expect(processIntrospectionResponse({}, page, { now })).rejects.toMatchObject({
      facts: { kind: 'malformed', error: 'unreadable', description: null },
    })
  })
})

describe('introspectLifetime', () => {
  const ask = (fetch: Fetch, ...args: Parameters<typeof input>) =>
    introspectLifetime(fetch, input(...args), { now: () => now })
  const answer = (body: unknown, status = 200): Fetch => {
    return async () => Response.json(body, { status })
  }

  test('the seconds that the provider says are left', async () => {
    expect(await ask(answer({ active: true, exp: now / 1000 + 1234 }))).toBe(1234)
  })

  test('asks once more with the secret in the body where Basic is refused', async () => {
    const bodies: (string | undefined)[] = []
    const fetch: Fetch = async (_url, init) => {
      bodies.push(init.body as string | undefined)
      const known = !new Headers(init.headers).has('authorization')
      return known
        ? Response.json({ active: true, exp: now / 1000 + 60 })
        : Response.json({ error: 'invalid_client' }, { status: 401 })
    }
    const auto = { ...input(), client: { ...client, auth_method: 'auto' as const } }
    expect(await introspectLifetime(fetch, auto, { now: () => now })).toBe(60)
    expect(bodies).toEqual([expect.not.stringContaining('s3cret'), expect.stringContaining('s3cret')])
  })

  const cut: Fetch = async () => {
    throw Object.assign(new Error('cut'), { code: 'ECONNRESET' })
  }
  test.each<[string, Fetch, Introspection | null]>([
    ['has no such endpoint', cut, null],
    ['is not there', cut, { url }],
    ['refuses', answer({ error: 'invalid_client' }, 401), { url }],
    ['throttles', answer({}, 429), { url }],
    ['is down', answer({}, 500), { url }],
    ['answers a page', async () => new Response('<html>'), { url }],
    ['answers something else', answer({ hello: true }), { url }],
    ['does not want to tell', answer({ active: false }), { url }],
    ['does not say how long', answer({ active: true }), { url }],
    ['has an address that nothing fills', cut, { url: 'https://{tenant}.example/introspect' }],
  ])('null where the provider %s', async (_what, fetch, introspection) => {
    expect(await ask(fetch, introspection)).toBeNull()
  })

  test('what is no fault of the provider is not hidden', async () => {
    const broken = { ...input(), access_token: null as unknown as Secret }
    await expect(introspectLifetime(cut, broken, { now: () => now })).rejects.toThrow(TypeError)
  })
})
