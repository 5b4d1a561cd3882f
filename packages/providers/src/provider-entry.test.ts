import { describe, expect, test } from 'vitest'
import { catalogue } from './catalogue.ts'
import type { Provider } from './provider.ts'
import { providerEntry } from './provider-entry.ts'

const base: Provider = {
  name: 'example',
  display_name: 'Example',
  category: 'other',
  docs_url: 'https://docs.example.com',
  grant_types: ['authorization_code'],
  scopes: { read: [{ scope: 'read', sentence: 'Read.' }], write: [] },
  provenance: [],
  authorization_url: 'https://as.example.com/authorize',
  token_url: 'https://as.example.com/token',
}
const faults = (more: object): string[] => {
  const parsed = providerEntry.safeParse({ ...base, ...more })
  return parsed.error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? []
}

test('every kind of quirk can be said', () => {
  const everything: Provider = {
    ...base,
    authorization_url: 'https://{subdomain}.example.com/authorize',
    token_url: '{accounts-server}/token',
    params: {
      subdomain: { label: 'Subdomain', description: 'd', example: 'acme', default: 'www' },
      audience: { label: 'A' },
    },
    origins: { 'accounts-server': ['.example.com', 'as.example.com:8443'], api_domain: ['api.example.com'] },
    issuer: 'https://{subdomain}.example.com',
    iss_parameter_supported: true,
    authorize: {
      scope_separator: ',',
      parameter_names: { client_id: 'client_key' },
      extra: { audience: '{audience}', response_mode: 'query' },
      response_type: 'code id_token',
      drop_empty: true,
      pkce: 'none',
      always_scopes: ['a'],
      default_scopes: ['b'],
      sends_scopes: false,
      scope_parameters: { 'user:': 'user_scope' },
    },
    callback: {
      code_parameter: 'authCode',
      state_parameter: 'st',
      metadata: ['realmId', 'accounts-server', 'instance_url'],
      code_lifetime: 60,
    },
    token: {
      auth_method: 'client_secret_header',
      basic_encoding: 'raw',
      credential_headers: { client_id: 'X-Id', client_secret: 'X-Secret' },
      body: 'json',
      grant_types: { client_credentials: 'account_credentials' },
      parameter_names: { client_id: 'app_id' },
      extra: { a: 'b' },
      grant_extra: { client_credentials: { resource: 'r' } },
      headers: { Accept: 'application/json' },
    },
    token_response: {
      format: 'form',
      fields: {
        access_token: ['authed_user.access_token', 'access_token'],
        expires_at: 'expires_at',
        refresh_expires_in: 'x',
      },
      error_in_200: { ok: 'ok', error: 'error', description: 'd' },
      error_codes: { bad_client_secret: 'invalid_client' },
      throttled_errors: ['ratelimited'],
      expires_in_unit: 'ms',
      default_expires_in: 7200,
      scope_separator: ',',
      token_types: ['bot'],
      metadata: { api_domain: 'api_domain' },
    },
    upgrade: {
      grant_type: 'ig_exchange_token',
      url: 'https://graph.example.com/access_token',
      method: 'GET',
    },
    refresh: {
      by: 'exchange',
      url: 'https://as.example.com/refresh',
      extra: { a: 'b' },
      include: ['redirect_uri', 'scope'],
      rotates: true,
      leeway: 1800,
      idle_lifetime: 1,
      absolute_lifetime: 1,
      kills_access_token: true,
      buffer: 60,
      budget: { calls: 10, seconds: 600 },
      ended_errors: ['token_revoked'],
      exchange: { grant_type: 'fb_exchange_token', parameter: 'fb_exchange_token', client: true, extra: {} },
    },
    revocation: {
      url: 'https://api.example.com/applications/{client_id}/grant/{token}',
      headers: { 'X-Version': '1' },
      by: 'delete',
      method: 'DELETE',
      auth: 'client',
      body: 'json',
      token: 'access_token',
      parameter: 'access_token',
      extra: {},
      ends_siblings: true,
    },
    introspection: { url: '{accounts-server}/introspect', auth: 'basic' },
    api: {
      base_url: '{api_domain}/v1/{cloud}',
      auth: { in: 'header', name: 'X-Token', prefix: 'Token ' },
      headers: { 'X-Version': '1' },
    },
    account: {
      method: 'POST',
      url: '/graphql',
      headers: {},
      body: '{}',
      id: 'data.id',
      label: 'data.name',
      email: 'data.email',
      metadata: { company: 'data.company' },
    },
    tenants: { url: 'https://api.example.com/tenants', list: '', id: 'id', label: 'name', metadata: 'cloud' },
    tools: [
      {
        name: 'search_things',
        title: 'Search things',
        description: 'Finds things.',
        access: 'read',
        input: {
          type: 'object',
          properties: { words: { type: 'array', items: { type: 'string' } } },
          additionalProperties: false,
        },
        steps: [{ method: 'GET', path: '/things', query: { q: 'words' } }],
        output: 'answer',
      },
    ],
    tool_failure: 'error',
    notes: 'n',
  }
  expect(providerEntry.parse(everything)).toEqual(everything)
})

describe('URLs', () => {
  test.each([
    'http://as.example.com/token',
    'http://10.0.0.1/token',
    'http://localhost.evil.com/token',
    'ftp://as.example.com',
    'javascript:alert(1)',
    'as.example.com',
    '//as.example.com',
    '/token',
    'https://user:secret@as.example.com',
    'https://{a.example.com',
    5,
    null,
  ])('%j is refused', (token_url) => {
    expect(faults({ token_url })).toEqual([expect.stringMatching(/^token_url: /)])
  })

  test.each(['http://localhost:7010/token', 'http://127.0.0.1:7010/token', 'http://[::1]:7010/token'])(
    '%s is this machine',
    (token_url) => {
      expect(faults({ token_url })).toEqual([])
    },
  )

  test('a placeholder must come from somewhere', () => {
    expect(faults({ token_url: 'https://{shop}.example.com/token' })).toEqual([
      'token_url: nothing fills the placeholder {shop}',
    ])
    const params = { shop: { label: 'Shop' } }
    expect(faults({ token_url: 'https://{shop}.example.com/token', params })).toEqual([])
  })

  test('an origin must be held to its hosts', () => {
    const api = {
      api: { base_url: '{api_domain}' },
      token_response: { metadata: { api_domain: 'api_domain' } },
    }
    expect(faults(api)).toEqual(['api.base_url: {api_domain} is an origin: name its hosts in origins'])
    expect(faults({ ...api, origins: { api_domain: ['.example.com'] } })).toEqual([])
    for (const host of [
      '.com',
      '*',
      '*.example.com',
      'https://a.example.com',
      'a.example.com/',
      '.',
      '',
      'A.example.com',
    ]) {
      expect(faults({ ...api, origins: { api_domain: [host] } }).join(), host).toMatch(
        /^origins\.api_domain\.0/,
      )
    }
  })

  test('a path needs the API', () => {
    const account = { url: '/me', id: 'id' }
    expect(faults({ account })).toEqual(['account.url: a path needs api.base_url'])
    expect(faults({ account, api: { base_url: 'https://api.example.com' } })).toEqual([])
    expect(
      faults({ account: { url: '//evil.com/me', id: 'id' }, api: { base_url: 'https://api.example.com' } }),
    ).toHaveLength(1)
  })
})

test.each([
  [{ nope: 1 }, ': '],
  [{ authorize: { nope: 1 } }, 'authorize: '],
  [{ name: 'Not A Name' }, 'name: '],
  [{ name: '../etc' }, 'name: '],
  [{ category: 'nope' }, 'category: '],
  [{ grant_types: [] }, 'grant_types: '],
  [{ grant_types: ['password'] }, 'grant_types.0: '],
  [{ refresh: { leeway: -1 } }, 'refresh.leeway: '],
  [{ refresh: { leeway: '5' } }, 'refresh.leeway: '],
  [{ refresh: { budget: { calls: 0, seconds: 600 } } }, 'refresh.budget.calls: '],
  [{ refresh: { budget: { calls: 10, seconds: 0 } } }, 'refresh.budget.seconds: '],
  [{ refresh: { budget: { calls: 10 } } }, 'refresh.budget.seconds: '],
  [{ introspection: { url: 'http://10.0.0.1/introspect' } }, 'introspection.url: '],
  [{ introspection: { url: 'https://{x}.example.com' } }, 'introspection.url: '],
  [{ introspection: { url: 'https://as.example.com', auth: 'none' } }, 'introspection.auth: '],
  [{ refresh: { by: 'exchange' } }, 'refresh.exchange: '],
  [{ token: { auth_method: 'client_secret_header' } }, 'token.credential_headers: '],
  [{ iss_parameter_supported: true }, 'issuer: '],
  [{ issuer: undefined }, 'issuer: '],
])('%j is a fault', (more, start) => {
  expect(faults(more)).toEqual([expect.stringMatching(new RegExp(`^${start}`))])
})

test('the shipped entries come out as they went in', () => {
  for (const entry of catalogue.values()) expect(providerEntry.parse(entry)).toEqual(entry)
})
