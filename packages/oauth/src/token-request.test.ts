import { createVerify, generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { Client } from './client.ts'
import { clientCredentialsRequest } from './client-credentials-request.ts'
import { codeRequest } from './code-request.ts'
import type { ProviderProfile } from './profile.ts'
import type { ProviderRequest } from './provider-request.ts'
import { type RefreshRequestInput, refreshRequest, upgradeRequest } from './refresh-request.ts'
import { Secret } from './secret.ts'

const endpoints = { authorization_url: 'https://as.example/authorize', token_url: 'https://as.example/token' }
const client: Client = {
  client_id: 'id',
  client_secret: new Secret('s3cret'),
  auth_method: 'client_secret_post',
}

const form = (request: ProviderRequest) => Object.fromEntries(new URLSearchParams(request.init.body))
const json = (request: ProviderRequest) => JSON.parse(request.init.body!)
const sent = (request: ProviderRequest) => request.secrets.map((secret) => secret.expose())
const basic = (request: ProviderRequest) => atob(request.init.headers.authorization!.replace('Basic ', ''))

const code = (profile: Partial<ProviderProfile> = {}, as: Partial<Client> = {}, more = {}) =>
  codeRequest({
    profile: { ...endpoints, ...profile },
    client: { ...client, ...as },
    code: new Secret('the-code'),
    redirect_uri: 'https://grantry.example/callback',
    code_verifier: new Secret('the-verifier'),
    ...more,
  })
const refresh = (profile: Partial<ProviderProfile> = {}, more: Partial<RefreshRequestInput> = {}) =>
  refreshRequest({
    profile: { ...endpoints, ...profile },
    client,
    refresh_token: new Secret('the-refresh'),
    ...more,
  })

describe('an authorization code (RFC 6749 §4.1.3, RFC 7636 §4.5)', () => {
  test('is posted as a form', async () => {
    const request = await code()
    expect(request.url).toBe('https://as.example/token')
    expect(request.init).toMatchObject({
      method: 'POST',
      redirect: 'manual',
      headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
    })
    expect(form(request)).toEqual({
      grant_type: 'authorization_code',
      code: 'the-code',
      redirect_uri: 'https://grantry.example/callback',
      code_verifier: 'the-verifier',
      client_id: 'id',
      client_secret: 's3cret',
    })
    expect(sent(request).sort()).toEqual(['s3cret', 'the-code', 'the-verifier'])
  })

  test('has no verifier where there was no challenge', async () => {
    expect(form(await code({}, {}, { code_verifier: null }))).not.toHaveProperty('code_verifier')
  })
})

describe('client authentication (RFC 6749 §2.3.1)', () => {
  test('Basic form-encodes id and secret', async () => {
    const request = await code(
      {},
      { auth_method: 'client_secret_basic', client_id: 'a:b', client_secret: new Secret('c d+ü%') },
    )
    expect(basic(request)).toBe('a%3Ab:c+d%2B%C3%BC%25')
    expect(form(request)).not.toHaveProperty('client_id')
    expect(form(request)).not.toHaveProperty('client_secret')
  })

  test('Basic leaves the characters of ordinary ids alone', async () => {
    const client_id = '123-abc_d.apps.example.com'
    expect(basic(await code({}, { auth_method: 'client_secret_basic', client_id }))).toBe(
      `${client_id}:s3cret`,
    )
  })

  test('the Basic credential counts as sent', async () => {
    expect(sent(await code({}, { auth_method: 'client_secret_basic' }))).toContain(btoa('id:s3cret'))
  })

  test('basic_encoding raw', async () => {
    const as: Partial<Client> = { auth_method: 'client_secret_basic', client_secret: new Secret('a+b=') }
    expect(basic(await code({ token: { basic_encoding: 'raw' } }, as))).toBe('id:a+b=')
  })

  test('none sends the id only', async () => {
    const request = await code({}, { auth_method: 'none' })
    expect(form(request)).toMatchObject({ client_id: 'id' })
    expect(form(request)).not.toHaveProperty('client_secret')
    expect(request.init.headers).not.toHaveProperty('authorization')
  })

  test('a client without a secret is public, whatever the method', async () => {
    const request = await code({}, { auth_method: 'auto', client_secret: null })
    expect(request).toMatchObject({ auth_method: 'none', alternative: null })
    expect(form(request).client_id).toBe('id')
  })

  test('auto is Basic, with the body in reserve', async () => {
    const request = await code({}, { auth_method: 'auto' })
    expect(request.auth_method).toBe('client_secret_basic')
    expect(request.alternative?.auth_method).toBe('client_secret_post')
    expect(form(request.alternative!)).toMatchObject({
      client_id: 'id',
      client_secret: 's3cret',
      code: 'the-code',
    })
    expect(request.alternative!.init.headers).not.toHaveProperty('authorization')
  })

  test('auto takes what the profile knows', async () => {
    const request = await code({ token: { auth_method: 'client_secret_post' } }, { auth_method: 'auto' })
    expect(request).toMatchObject({ auth_method: 'client_secret_post', alternative: null })
  })

  test('the integration’s own choice wins over the profile', async () => {
    const request = await code(
      { token: { auth_method: 'client_secret_post' } },
      { auth_method: 'client_secret_basic' },
    )
    expect(request).toMatchObject({ auth_method: 'client_secret_basic', alternative: null })
  })

  test('client_secret_json', async () => {
    const request = await code({}, { auth_method: 'client_secret_json' })
    expect(request.init.headers['content-type']).toBe('application/json')
    expect(json(request)).toMatchObject({ client_id: 'id', client_secret: 's3cret', code: 'the-code' })
  })

  test('client_secret_header', async () => {
    const credential_headers = { client_id: 'X-Client-Id', client_secret: 'X-Client-Secret' }
    const request = await code({ token: { credential_headers } }, { auth_method: 'client_secret_header' })
    expect(request.init.headers).toMatchObject({ 'x-client-id': 'id', 'x-client-secret': 's3cret' })
    expect(form(request)).not.toHaveProperty('client_secret')
    await expect(code({}, { auth_method: 'client_secret_header' })).rejects.toMatchObject({
      code: 'invalid_profile',
    })
  })

  test('tls_client_auth sends the id (RFC 8705 §2)', async () => {
    const request = await code({}, { auth_method: 'tls_client_auth' })
    expect(form(request).client_id).toBe('id')
    expect(form(request)).not.toHaveProperty('client_secret')
  })

  test('private_key_jwt signs for the token endpoint (RFC 7523 §2.2, §3)', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
    const now = Date.parse('2026-01-01T00:00:00Z')
    const as: Partial<Client> = { auth_method: 'private_key_jwt', client_secret: new Secret(pem) }
    const { client_assertion, ...rest } = form(await code({}, as, { now }))
    expect(rest).toMatchObject({
      client_id: 'id',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    })
    const [header, payload, signature] = client_assertion!.split('.')
    expect(JSON.parse(atob(header!)).alg).toBe('RS256')
    const verify = createVerify('sha256').update(`${header}.${payload}`)
    expect(verify.verify(publicKey, Buffer.from(signature!, 'base64url'))).toBe(true)
    expect(JSON.parse(Buffer.from(payload!, 'base64url').toString())).toMatchObject({
      iss: 'id',
      sub: 'id',
      aud: 'https://as.example/token',
      iat: now / 1000,
      exp: now / 1000 + 60,
    })
    const issuer = 'https://as.example'
    const forIssuer = form(await code({ issuer }, as)).client_assertion!.split('.')[1]!
    expect(JSON.parse(Buffer.from(forIssuer, 'base64url').toString()).aud).toBe(issuer)
  })

  test.each(['P-256', 'P-384', 'ed25519'])('private_key_jwt with a %s key', async (name) => {
    const { privateKey } =
      name === 'ed25519' ? generateKeyPairSync('ed25519') : generateKeyPairSync('ec', { namedCurve: name })
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
    const request = await code({}, { auth_method: 'private_key_jwt', client_secret: new Secret(pem) })
    expect(form(request).client_assertion!.split('.')).toHaveLength(3)
  })

  test('private_key_jwt without a key', async () => {
    await expect(code({}, { auth_method: 'private_key_jwt' })).rejects.toMatchObject({
      code: 'unusable_private_key',
    })
  })
})

describe('quirks of the request', () => {
  test('a JSON body', async () => {
    const request = await code({ token: { body: 'json' } })
    expect(request.init.headers['content-type']).toBe('application/json')
    expect(json(request)).toMatchObject({ grant_type: 'authorization_code', client_secret: 's3cret' })
  })

  test('everything in the query', async () => {
    const request = await code({ token: { body: 'query' }, token_url: 'https://as.example/token?v=2' })
    expect(request.init.body).toBeUndefined()
    expect(Object.fromEntries(new URL(request.url).searchParams)).toMatchObject({
      v: '2',
      code: 'the-code',
      client_id: 'id',
    })
  })

  test('other names', async () => {
    const token = {
      parameter_names: { client_id: 'client_key' },
      grant_types: { authorization_code: 'oauth_code' },
    }
    const fields = form(await code({ token }))
    expect(fields).toMatchObject({ client_key: 'id', grant_type: 'oauth_code' })
    expect(fields).not.toHaveProperty('client_id')
  })

  test('extras and headers', async () => {
    const token = {
      extra: { tenant: '{tenant}', missing: '{nothing}', code: 'evil', client_secret: 'evil' },
      grant_extra: { authorization_code: { a: '1' }, refresh_token: { b: '2' } },
      headers: { Accept: 'application/vnd.example+json', 'X-Version': '7' },
    }
    const request = await code({ token }, {}, { params: { tenant: 'acme' } })
    expect(form(request)).toMatchObject({ tenant: 'acme', a: '1', code: 'the-code', client_secret: 's3cret' })
    expect(form(request)).not.toHaveProperty('missing')
    expect(form(request)).not.toHaveProperty('b')
    expect(request.init.headers).toMatchObject({ accept: 'application/vnd.example+json', 'x-version': '7' })
  })

  test('an endpoint told in the callback', async () => {
    const profile = {
      token_url: '{accounts-server}/token',
      origins: { 'accounts-server': ['.accounts.example'] },
    }
    const metadata = { 'accounts-server': 'https://eu.accounts.example' }
    expect((await code(profile, {}, { metadata })).url).toBe('https://eu.accounts.example/token')
    const evil = { 'accounts-server': 'https://evil.example' }
    await expect(code(profile, {}, { metadata: evil })).rejects.toMatchObject({ code: 'origin_not_allowed' })
  })
})

describe('refresh', () => {
  test('by refresh token (RFC 6749 §6)', async () => {
    const request = await refresh({}, { scopes: ['a'], redirect_uri: 'https://x.example' })
    expect(form(request)).toEqual({
      grant_type: 'refresh_token',
      refresh_token: 'the-refresh',
      client_id: 'id',
      client_secret: 's3cret',
    })
    expect(sent(request)).toContain('the-refresh')
  })

  test('another URL, extras, redirect_uri and scope', async () => {
    const facts = {
      url: 'https://as.example/refresh',
      extra: { a: '1' },
      include: ['redirect_uri', 'scope'] as const,
    }
    const request = await refresh(
      { refresh: { ...facts, include: [...facts.include] }, authorize: { scope_separator: ',' } },
      { scopes: ['x', 'y'], redirect_uri: 'https://x.example' },
    )
    expect(request.url).toBe('https://as.example/refresh')
    expect(form(request)).toMatchObject({ a: '1', redirect_uri: 'https://x.example', scope: 'x,y' })
  })

  test('by exchange of the access token', async () => {
    const exchange = {
      grant_type: 'fb_exchange_token',
      parameter: 'fb_exchange_token',
      method: 'GET' as const,
    }
    const profile = { refresh: { by: 'exchange' as const, exchange } }
    const request = await refresh(profile, { refresh_token: null, access_token: new Secret('the-access') })
    expect(request.init.method).toBe('GET')
    expect(request.init.body).toBeUndefined()
    expect(Object.fromEntries(new URL(request.url).searchParams)).toEqual({
      grant_type: 'fb_exchange_token',
      fb_exchange_token: 'the-access',
      client_id: 'id',
      client_secret: 's3cret',
    })
    expect(sent(request)).toContain('the-access')
  })

  test('by exchange without the client', async () => {
    const exchange = { grant_type: 'ig_refresh_token', url: 'https://graph.example/refresh', client: false }
    const profile = { refresh: { by: 'exchange' as const, exchange } }
    const request = await refresh(profile, { access_token: new Secret('the-access') })
    expect(request.url).toBe('https://graph.example/refresh')
    expect(form(request)).toEqual({ grant_type: 'ig_refresh_token', access_token: 'the-access' })
  })

  test('by asking again', async () => {
    const request = await refresh({ refresh: { by: 'regrant' } }, { refresh_token: null, scopes: ['a', 'b'] })
    expect(form(request)).toMatchObject({ grant_type: 'client_credentials', scope: 'a b' })
  })

  test('not at all, or with nothing in hand', async () => {
    await expect(refresh({ refresh: { by: 'none' } })).rejects.toMatchObject({ code: 'no_refresh' })
    await expect(refresh({}, { refresh_token: null })).rejects.toMatchObject({
      code: 'refresh_token_missing',
    })
    const exchange = { grant_type: 'x' }
    await expect(refresh({ refresh: { by: 'exchange', exchange } })).rejects.toMatchObject({
      code: 'access_token_missing',
    })
    await expect(refresh({ refresh: { by: 'exchange' } })).rejects.toMatchObject({ code: 'invalid_profile' })
  })

  test('a first, short-lived token is upgraded', async () => {
    const upgrade = {
      grant_type: 'ig_exchange_token',
      url: 'https://graph.example/access_token',
      method: 'GET' as const,
    }
    const access_token = new Secret('short')
    const request = await upgradeRequest({ profile: { ...endpoints, upgrade }, client, access_token })
    expect(request!.url).toContain(
      'https://graph.example/access_token?grant_type=ig_exchange_token&access_token=short',
    )
    expect(await upgradeRequest({ profile: endpoints, client, access_token })).toBeNull()
  })
})

describe('client credentials (RFC 6749 §4.4.2)', () => {
  test('with scope, audience and a tenant in the URL', async () => {
    const request = await clientCredentialsRequest({
      profile: { ...endpoints, token_url: 'https://as.example/{tenant}/token' },
      client,
      params: { tenant: 'acme' },
      scopes: ['a', 'b'],
      extra: { audience: 'https://api.example', grant_type: 'evil' },
    })
    expect(request.url).toBe('https://as.example/acme/token')
    expect(form(request)).toMatchObject({
      grant_type: 'client_credentials',
      scope: 'a b',
      audience: 'https://api.example',
    })
  })

  test('another name of the grant', async () => {
    const token = { grant_types: { client_credentials: 'account_credentials' } }
    const request = await clientCredentialsRequest({ profile: { ...endpoints, token }, client })
    expect(form(request).grant_type).toBe('account_credentials')
    expect(form(request)).not.toHaveProperty('scope')
  })
})
