import { describe, expect, test } from 'vitest'
import { accountRequest } from './account-request.ts'
import type { ProviderProfile } from './profile.ts'
import { readAccount } from './read-account.ts'
import { requestAccount } from './request-account.ts'
import { Secret } from './secret.ts'

const endpoints = { authorization_url: 'https://as.example/authorize', token_url: 'https://as.example/token' }
const access_token = new Secret('the-access')
const account = { url: 'https://api.example/me', id: 'sub', label: 'name', email: 'email' }
const build = (profile: Partial<ProviderProfile>, metadata = {}) =>
  accountRequest({ profile: { ...endpoints, ...profile }, access_token, metadata })!

describe('the request', () => {
  test('carries the token as bearer', () => {
    const request = build({ account })
    expect(request.url).toBe('https://api.example/me')
    expect(request.init).toMatchObject({
      method: 'GET',
      redirect: 'manual',
      headers: { authorization: 'Bearer the-access' },
    })
    expect(request.secrets).toEqual([access_token])
  })

  test('carries it as the API wants it', () => {
    const auth = { in: 'header' as const, name: 'X-Token', prefix: 'Token ' }
    const inHeader = build({
      account,
      api: { base_url: 'https://api.example', auth, headers: { 'X-Version': '2' } },
    })
    expect(inHeader.init.headers).toMatchObject({ 'x-token': 'Token the-access', 'x-version': '2' })
    expect(inHeader.init.headers).not.toHaveProperty('authorization')
    const inQuery = build({
      account,
      api: { base_url: 'https://api.example', auth: { in: 'query', name: 'key' } },
    })
    expect(inQuery.url).toBe('https://api.example/me?key=the-access')
  })

  test('carries headers that name the tenant, once it is known', () => {
    const profile = {
      account,
      api: { base_url: 'https://api.example', headers: { 'X-Tenant': '{tenant}', 'X-Version': '2' } },
    }
    expect(build(profile, { tenant: 't1' }).init.headers).toMatchObject({
      'x-tenant': 't1',
      'x-version': '2',
    })
    expect(build(profile).init.headers).not.toHaveProperty('x-tenant')
  })

  test('may be GraphQL', () => {
    const headers = { 'Content-Type': 'application/json' }
    const request = build({
      account: { ...account, method: 'POST', body: '{"query":"{viewer{id}}"}', headers },
    })
    expect(request.init).toMatchObject({
      method: 'POST',
      body: '{"query":"{viewer{id}}"}',
      headers: { 'content-type': 'application/json' },
    })
  })

  test('a path is below the API of this connection', () => {
    const profile = {
      account: { ...account, url: '/v1/me' },
      api: { base_url: '{api_domain}/api' },
      origins: { api_domain: ['.api.example'] },
    }
    const api_domain = 'https://acme.api.example'
    expect(build(profile, { api_domain }).url).toBe('https://acme.api.example/api/v1/me')
    expect(() => build(profile, { api_domain: 'https://evil.example' })).toThrow('not a host')
    expect(() => build({ account: { ...account, url: '/v1/me' } })).toThrow('base URL')
  })

  test('is none where the profile has none', () => {
    expect(accountRequest({ profile: endpoints, access_token })).toBeNull()
  })
})

describe('the answer', () => {
  const read = (body: unknown, status = 200, lookup = account) =>
    readAccount({ account: lookup }, Response.json(body, { status }), { now: 0 })

  test('id, label, email, metadata', async () => {
    const nested = {
      ...account,
      id: 'data.id',
      label: 'data.name',
      email: 'data.email',
      metadata: { company: 'data.c' },
    }
    expect(
      await read({ data: { id: 7, name: 'Ann', email: 'ann@x.example', c: 'acme' } }, 200, nested),
    ).toEqual({
      id: '7',
      label: 'Ann',
      email: 'ann@x.example',
      metadata: { company: 'acme' },
    })
  })

  test('what is not there is null', async () => {
    expect(await read({ sub: 's', name: 'a\nb', email: null })).toEqual({
      id: 's',
      label: null,
      email: null,
      metadata: {},
    })
  })

  test.each([{}, { sub: '' }, { sub: null }, { sub: {} }, { sub: ['a'] }, []])(
    'no id in %j',
    async (body) => {
      await expect(read(body)).rejects.toMatchObject({ facts: { kind: 'malformed' } })
    },
  )

  test('a refusal, an outage', async () => {
    await expect(read({ error: 'invalid_token' }, 401)).rejects.toMatchObject({
      facts: { error: 'invalid_token' },
    })
    await expect(read({}, 503)).rejects.toMatchObject({ facts: { kind: 'unavailable' } })
  })

  test('what the provider echoes is clean', async () => {
    const profile = { ...endpoints, account }
    const echo = async () => Response.json({ error: { message: 'bad token the-access' } }, { status: 403 })
    const request = build({ account })
    await expect(requestAccount(echo, profile, request, { now: () => 0 })).rejects.toMatchObject({
      facts: { description: 'bad token [redacted]' },
    })
  })
})
