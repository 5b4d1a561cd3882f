import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestGrantry, type TestGrantry } from '../../../../test/support/grantry.ts'

let grantry: TestGrantry
beforeAll(async () => {
  grantry = await startTestGrantry({ sandbox: false })
})
afterAll(() => grantry?.close())

const path = '/.well-known/oauth-protected-resource'
const by = (headers: Record<string, string>) =>
  grantry.call('GET', '/api/v1/account', undefined, { key: null, headers })
const challengeOf = async (headers: Record<string, string>) =>
  (await by(headers)).headers.get('www-authenticate')

test('tells whom to ask for a token, to pages of any origin', async () => {
  const answer = await grantry.call('GET', path, undefined, { key: null })
  expect(answer.status).toBe(200)
  expect(answer.headers.get('access-control-allow-origin')).toBe('*')
  expect(answer.body).toEqual({
    resource: grantry.url,
    authorization_servers: [grantry.url],
    scopes_supported: ['account:read', 'connections:read', 'connections:write', 'mcp:read', 'mcp:write'],
    bearer_methods_supported: ['header'],
    resource_name: 'Grantry API',
    resource_documentation: `${grantry.url}/docs`,
    dpop_signing_alg_values_supported: ['ES256', 'ES384', 'ES512', 'Ed25519', 'EdDSA', 'PS256', 'RS256'],
  })
  const before = await grantry.call('OPTIONS', path, undefined, { key: null })
  expect([before.status, before.headers.get('access-control-allow-headers')]).toEqual([204, '*'])
})

test('a refusal leads there, and says what was wrong only to who has given something', async () => {
  const there = `realm="grantry", resource_metadata="${grantry.url}${path}"`
  expect(await challengeOf({})).toBe(`Bearer ${there}`)
  for (const headers of [
    { authorization: 'Bearer nonsense' },
    { 'x-api-key': 'nonsense' },
    { authorization: 'Basic eDp5' },
  ] as Record<string, string>[])
    expect(await challengeOf(headers)).toBe(`Bearer ${there}, error="invalid_token"`)
  expect(await challengeOf({ authorization: 'DPoP nonsense', dpop: 'x' })).toBe(
    `DPoP ${there}, error="invalid_token", algs="ES256 ES384 ES512 Ed25519 EdDSA PS256 RS256"`,
  )
})

test('what another credential would not change has no challenge', async () => {
  const missing = await grantry.call('GET', '/api/v1/connections/con_nothing')
  expect([missing.status, missing.headers.has('www-authenticate')]).toEqual([404, false])
})

test('a key that reaches less far is told so in the header too', async () => {
  const made = await grantry.call('POST', '/api/v1/api-keys', { name: 'weak', scopes: ['events:read'] })
  const key = made.body.data.secret
  const refused = await grantry.call('GET', '/api/v1/connections', undefined, { key })
  expect(refused.status).toBe(403)
  expect(refused.headers.get('www-authenticate')).toContain('error="insufficient_scope"')
})

test('the API reference names the scope that each route takes of an OAuth token', async () => {
  const { body } = await grantry.call('GET', '/openapi.json')
  expect(body.components.securitySchemes.oauth.openIdConnectUrl).toBe(
    `${grantry.url}/.well-known/openid-configuration`,
  )
  const oauthOf = (path: string, method: string) =>
    body.paths[path][method].security.filter((way: object) => 'oauth' in way)
  expect(oauthOf('/api/v1/connections/{id}/token', 'get')).toEqual([{ oauth: ['tokens:read'] }])
  expect(oauthOf('/v1/pacific/account.get', 'get')).toEqual([{ oauth: ['account:read'] }])
  expect(oauthOf('/api/v1/providers', 'get')).toEqual([{ oauth: [] }])
  expect(oauthOf('/api/v1/api-keys', 'post')).toEqual([])
})
