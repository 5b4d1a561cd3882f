import { describe, expect, test } from 'vitest'
import { type AuthorizationUrlInput, authorizationUrl, requestedScopes } from './authorization-url.ts'
import type { AuthorizeQuirks } from './profile.ts'

const build = (authorize: AuthorizeQuirks = {}, input: Partial<AuthorizationUrlInput> = {}) =>
  new URL(
    authorizationUrl({
      profile: {
        authorization_url: 'https://as.example/authorize',
        token_url: 'https://as.example/token',
        authorize,
      },
      client_id: 'client',
      redirect_uri: 'https://grantry.example/callback/x',
      scopes: ['read', 'write'],
      state: 'the-state',
      code_challenge: 'the-challenge',
      ...input,
    }),
  )
const query = (...args: Parameters<typeof build>) => Object.fromEntries(build(...args).searchParams)

describe('RFC 6749 §4.1.1 and RFC 7636 §4.3', () => {
  test('a plain request', () => {
    expect(query()).toEqual({
      response_type: 'code',
      client_id: 'client',
      redirect_uri: 'https://grantry.example/callback/x',
      scope: 'read write',
      state: 'the-state',
      code_challenge: 'the-challenge',
      code_challenge_method: 'S256',
    })
  })

  test('a space is %20', () => {
    expect(build().search).toContain('scope=read%20write&')
  })

  test('no scope parameter without scopes', () => {
    expect(query({}, { scopes: [] })).not.toHaveProperty('scope')
  })

  test('a nonce where one is given', () => {
    expect(query({}, { nonce: 'n' }).nonce).toBe('n')
  })

  test('PKCE cannot be forgotten', () => {
    expect(() => build({}, { code_challenge: null })).toThrow('PKCE')
  })

  test("the endpoint's own query is kept (§3.1)", () => {
    const profile = {
      authorization_url: 'https://as.example/authorize?p=B2C_1',
      token_url: 'https://as.example/token',
    }
    expect(query({}, { profile })).toMatchObject({ p: 'B2C_1', state: 'the-state' })
  })
})

describe('quirks', () => {
  test('scope_separator', () => {
    expect(query({ scope_separator: ',' }).scope).toBe('read,write')
    expect(query({ scope_separator: '+' }).scope).toBe('read+write')
  })

  test('parameter_names', () => {
    const renamed = query({ parameter_names: { client_id: 'client_key', scope: 'user_scope' } })
    expect(renamed).toMatchObject({ client_key: 'client', user_scope: 'read write' })
    expect(renamed).not.toHaveProperty('client_id')
    expect(renamed).not.toHaveProperty('scope')
  })

  test('scope_parameters', () => {
    const split = query(
      { scope_parameters: { 'user:': 'user_scope' } },
      { scopes: ['chat', 'user:search', 'user:files'] },
    )
    expect(split).toMatchObject({ scope: 'chat', user_scope: 'search files' })
  })

  test('extra, with placeholders', () => {
    const params = { audience: 'https://api.example' }
    expect(query({ extra: { prompt: 'consent', audience: '{audience}' } }, { params })).toMatchObject({
      prompt: 'consent',
      audience: 'https://api.example',
    })
  })

  test('drop_empty', () => {
    expect(query({ drop_empty: true, extra: { a: '', b: '{nothing}' } })).not.toHaveProperty('a')
    expect(query({ drop_empty: true, extra: { a: '', b: '{nothing}' } })).not.toHaveProperty('b')
    expect(query({ extra: { a: '' } }).a).toBe('')
    expect(() => build({ extra: { b: '{nothing}' } })).toThrow('"b"')
  })

  test('response_type and no PKCE', () => {
    const asked = query({ response_type: 'code id_token', pkce: 'none' }, { code_challenge: null })
    expect(asked.response_type).toBe('code id_token')
    expect(asked).not.toHaveProperty('code_challenge')
    expect(asked).not.toHaveProperty('code_challenge_method')
  })

  test('always_scopes and default_scopes', () => {
    const authorize = { always_scopes: ['openid'], default_scopes: ['basic'] }
    expect(requestedScopes({ authorize }, ['read', 'openid'])).toEqual(['openid', 'read'])
    expect(query(authorize, { scopes: [] }).scope).toBe('openid basic')
  })

  test('placeholders in the host', () => {
    const profile = {
      authorization_url: 'https://{shop}.example.com/authorize',
      token_url: 'https://as.example/token',
    }
    expect(build({}, { profile, params: { shop: 'acme' } }).host).toBe('acme.example.com')
  })
})

describe('what extras cannot do', () => {
  const stolen = {
    state: 'evil',
    redirect_uri: 'https://evil.example',
    code_challenge: 'evil',
    code_challenge_method: 'plain',
    client_id: 'evil',
    response_type: 'token',
    scope: 'everything',
    nonce: 'evil',
    request: 'evil',
    request_uri: 'https://evil.example',
  }
  const harmless = {
    ...query(),
  }

  test.each(Object.keys(stolen) as (keyof typeof stolen)[])('override %s', (name) => {
    expect(query({ extra: { [name]: stolen[name] } })).toEqual(harmless)
    expect(query({}, { extra: { [name]: stolen[name] } })).toEqual(harmless)
  })

  test('come in by the endpoint', () => {
    const authorization_url = `https://as.example/authorize?${new URLSearchParams(stolen)}`
    expect(query({}, { profile: { authorization_url, token_url: 'https://as.example/token' } })).toEqual(
      harmless,
    )
  })

  test('use the provider’s own names', () => {
    const authorize = {
      parameter_names: { state: 'st', redirect_uri: 'back' },
      extra: { st: 'evil', back: 'evil' },
    }
    expect(query(authorize)).toMatchObject({ st: 'the-state', back: 'https://grantry.example/callback/x' })
  })

  test('turn PKCE on where it is off, or bring a scope where none is asked for', () => {
    const asked = query({ pkce: 'none', extra: stolen }, { code_challenge: null, scopes: [] })
    expect(Object.values(asked).filter((value) => value.includes('evil') || value === 'plain')).toEqual([])
    expect(asked).not.toHaveProperty('scope')
  })
})
