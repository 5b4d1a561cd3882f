import { describe, expect, test } from 'vitest'
import { discover } from './discover.ts'
import type { Fetch } from './fetch.ts'

const issuer = 'https://as.example/tenant'
const oidc = 'https://as.example/tenant/.well-known/openid-configuration'
const rfc8414 = 'https://as.example/.well-known/oauth-authorization-server/tenant'
const document = {
  issuer,
  authorization_endpoint: 'https://as.example/authorize',
  token_endpoint: 'https://as.example/token',
}

function server(pages: Record<string, () => Response>) {
  const asked: string[] = []
  const fetch: Fetch = async (url, init) => {
    expect(init).toMatchObject({ method: 'GET', redirect: 'manual' })
    asked.push(url)
    return pages[url]?.() ?? new Response('Not found', { status: 404 })
  }
  return { fetch, asked }
}
const says = (more: object = {}) => Response.json({ ...document, ...more })

describe('where it looks', () => {
  test('OpenID Connect Discovery §4 first', async () => {
    const { fetch, asked } = server({ [oidc]: () => says() })
    expect((await discover(fetch, issuer)).profile).toMatchObject({
      issuer,
      authorization_url: 'https://as.example/authorize',
      token_url: 'https://as.example/token',
    })
    expect(asked).toEqual([oidc])
  })

  test.each([
    ['a 404', () => new Response('', { status: 404 })],
    ['a page', () => new Response('<html>', { headers: { 'content-type': 'text/html' } })],
    ['a redirect', () => new Response('', { status: 302, headers: { location: rfc8414 } })],
    ['an outage', () => new Response('', { status: 500 })],
  ])('then RFC 8414 §3, after %s', async (_name, first) => {
    const { fetch, asked } = server({ [oidc]: first, [rfc8414]: () => says() })
    expect((await discover(fetch, issuer)).profile.token_url).toBe('https://as.example/token')
    expect(asked).toEqual([oidc, rfc8414])
  })

  test('an issuer without a path', async () => {
    const { fetch, asked } = server({})
    await expect(discover(fetch, 'https://as.example')).rejects.toMatchObject({
      facts: { error: 'discovery_not_found' },
    })
    expect(asked).toEqual([
      'https://as.example/.well-known/openid-configuration',
      'https://as.example/.well-known/oauth-authorization-server',
    ])
  })

  test.each([
    'http://as.example',
    'https://as.example?x',
    'https://as.example#x',
    'https://u@as.example',
    'as',
    '',
  ])('not at %j', async (bad) => {
    const { fetch, asked } = server({})
    await expect(discover(fetch, bad)).rejects.toMatchObject({ name: 'UrlError' })
    expect(asked).toEqual([])
  })

  test('a host that does not answer is asked once', async () => {
    let calls = 0
    const down: Fetch = async () => {
      calls += 1
      throw Object.assign(new Error('refused'), { code: 'ECONNREFUSED', sent: false })
    }
    await expect(discover(down, issuer)).rejects.toMatchObject({
      facts: { kind: 'transport', error: 'ECONNREFUSED' },
    })
    expect(calls).toBe(1)
  })
})

test.each([
  'https://as.example/tenant/',
  'https://AS.example/tenant',
  'https://as.example/other',
  undefined,
  5,
])('the document’s issuer %j is not the one asked (RFC 8414 §3.3)', async (other) => {
  const { fetch } = server({ [oidc]: () => says({ issuer: other }) })
  await expect(discover(fetch, issuer)).rejects.toMatchObject({
    facts: { kind: 'malformed', error: 'issuer_mismatch' },
  })
})

describe('what it reads', () => {
  const read = async (more: object) => discover(server({ [oidc]: () => says(more) }).fetch, issuer)

  test('everything an integration needs', async () => {
    const found = await read({
      revocation_endpoint: 'https://as.example/revoke',
      introspection_endpoint: 'https://as.example/introspect',
      userinfo_endpoint: 'https://as.example/userinfo',
      authorization_response_iss_parameter_supported: true,
      token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 5],
      scopes_supported: ['openid'],
      grant_types_supported: ['authorization_code'],
      code_challenge_methods_supported: ['S256'],
    })
    expect(found).toEqual({
      profile: {
        ...{
          authorization_url: 'https://as.example/authorize',
          token_url: 'https://as.example/token',
          issuer,
        },
        iss_parameter_supported: true,
        revocation: { url: 'https://as.example/revoke' },
        introspection: { url: 'https://as.example/introspect' },
        token: { auth_method: 'client_secret_post' },
      },
      account: { url: 'https://as.example/userinfo', id: 'sub', label: 'name', email: 'email' },
      token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt'],
      scopes_supported: ['openid'],
      grant_types_supported: ['authorization_code'],
      code_challenge_methods_supported: ['S256'],
      jwks_uri: null,
      id_token_signing_alg_values_supported: null,
    })
  })

  test.each([
    [undefined, 'auto'],
    [['client_secret_basic', 'client_secret_post'], 'auto'],
    [['client_secret_post'], 'client_secret_post'],
    [['none'], 'none'],
  ])('auth methods %j: %s', async (methods, auth_method) => {
    const found = await read({ token_endpoint_auth_methods_supported: methods })
    expect(found.profile.token).toEqual({ auth_method })
  })

  test('a server for client credentials only has no authorization endpoint', async () => {
    const { profile } = await read({ authorization_endpoint: undefined })
    expect(profile).not.toHaveProperty('authorization_url')
  })

  test.each([
    [{ token_endpoint: undefined }, 'endpoint_missing'],
    [{ token_endpoint: 'http://as.example/token' }, 'endpoint_invalid'],
    [{ authorization_endpoint: 'javascript:alert(1)' }, 'endpoint_invalid'],
    [{ revocation_endpoint: 'https://as.example/{x}' }, 'endpoint_invalid'],
    [{ introspection_endpoint: 'http://as.example/introspect' }, 'endpoint_invalid'],
  ])('unusable endpoints: %j', async (more, error) => {
    await expect(read(more)).rejects.toMatchObject({ facts: { kind: 'malformed', error } })
  })
})
