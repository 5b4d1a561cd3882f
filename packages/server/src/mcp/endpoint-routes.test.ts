import { afterAll, beforeAll, expect, test } from 'vitest'
import { createWorkspace } from '../../../../test/security/tenant.ts'
import type { Browser } from '../../../../test/support/browser.ts'
import { addSandboxIntegration } from '../../../../test/support/connecting.ts'
import { eachDatabase } from '../../../../test/support/databases.ts'
import { startTestGrantry, type TestGrantry } from '../../../../test/support/grantry.ts'
import { addClient, addMember, type Client, obtain } from '../../../../test/support/partner-app.ts'

eachDatabase('the address of an MCP server', (open) => {
  let grantry: TestGrantry
  let client: Client
  let browser: Browser
  let reading: { id: string; mcp_url: string }
  let writing: { id: string; mcp_url: string }

  beforeAll(async () => {
    grantry = await startTestGrantry({ databaseUrl: open.url, world: { background: false } })
    ;({ browser } = await addMember(grantry))
    client = await addClient(grantry)
    const integration = await addSandboxIntegration(grantry, 'gmail')
    const connection = await grantry.call('POST', '/api/v1/connections', {
      integration: integration.id,
      tokens: { access_token: 'ya29.imported', refresh_token: '1//imported' },
    })
    const serve = async (access_type: string) => {
      const body = { mcp_server: 'gmail', auth_method: 'oauth', connection_id: connection.body.data.id }
      return (await grantry.call('POST', '/api/v1/mcp-servers', { ...body, access_type })).body.data
    }
    reading = await serve('read')
    writing = await serve('write')
  })
  afterAll(() => grantry?.close())

  const post = (url: string, key: string | null) => grantry.call('POST', url, {}, { key })
  const metadataOf = (id: string) => `${grantry.url}/.well-known/oauth-protected-resource/mcp/${id}`
  const challengeOf = (answer: { headers: Headers }) => answer.headers.get('www-authenticate')

  test('tells whoever has no token where to ask for one, and with which scopes (RFC 9728 §5.1)', async () => {
    for (const [{ id, mcp_url }, scope] of [
      [reading, 'mcp:read'],
      [writing, 'mcp:read mcp:write'],
    ] as const)
      for (const [key, error] of [
        [null, ''],
        ['gat_unknown', ', error="invalid_token"'],
      ] as const) {
        const answer = await post(mcp_url, key)
        expect([answer.status, challengeOf(answer)]).toEqual([
          401,
          `Bearer realm="grantry", resource_metadata="${metadataOf(id)}"${error}, scope="${scope}"`,
        ])
      }
  })

  test('has metadata of its own, for pages of any origin; they do not say what is behind', async () => {
    const answer = await grantry.call('GET', metadataOf(reading.id), undefined, { key: null })
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([200, '*'])
    expect(answer.body).toEqual({
      resource: reading.mcp_url,
      authorization_servers: [grantry.url],
      scopes_supported: ['mcp:read'],
      bearer_methods_supported: ['header'],
      resource_name: 'Grantry MCP server',
      resource_documentation: `${grantry.url}/docs`,
      dpop_signing_alg_values_supported: expect.arrayContaining(['ES256']),
    })
    const before = await grantry.call('OPTIONS', metadataOf(reading.id), undefined, { key: null })
    expect([before.status, before.headers.get('access-control-allow-headers')]).toEqual([204, '*'])
  })

  test('of no server: a token is wanted as anywhere, and there are no metadata', async () => {
    const gone = `mcp_${'0'.repeat(26)}`
    for (const id of [gone, 'x', '%22%0d%0aset-cookie:%20a=b']) {
      const answer = await post(`${grantry.url}/mcp/${id}`, null)
      expect([answer.status, answer.headers.get('set-cookie')], id).toEqual([401, null])
      expect(challengeOf(answer)).not.toMatch(/scope=|"";|\r|\n/)
      expect((await grantry.call('GET', metadataOf(id), undefined, { key: null })).status, id).toBe(404)
    }
    expect((await post(`${grantry.url}/mcp/${gone}`, grantry.apiKey)).status).toBe(404)
  })

  test('takes tokens for itself, and none for the API or for another server', async () => {
    const own = await obtain(grantry, client, browser, { resource: reading.mcp_url })
    expect(own.scope).toBe('mcp:read')
    const taken = await post(reading.mcp_url, own.access_token)
    expect([taken.status, taken.body.error.code]).toEqual([400, -32600])
    const api = await obtain(grantry, client, browser, { scope: 'mcp:read mcp:write' })
    for (const [url, token] of [
      [writing.mcp_url, own.access_token],
      [reading.mcp_url, api.access_token],
      [`${grantry.url}/api/v1/mcp-servers`, own.access_token],
    ] as const)
      expect((await post(url, token)).status, url).toBe(401)
  })

  test('a read server gives no token that writes', async () => {
    const asked = { resource: reading.mcp_url, scope: 'mcp:read mcp:write' }
    const { scope } = await obtain(grantry, client, browser, asked)
    expect(scope).toBe('mcp:read')
  })

  test('a token without its scopes is told which; an API key needs one of them, and its own workspace', async () => {
    const asked = { resource: reading.mcp_url, scope: 'openid' }
    const { access_token } = await obtain(grantry, await addClient(grantry), browser, asked)
    const answer = await post(reading.mcp_url, access_token)
    expect([answer.status, challengeOf(answer)]).toEqual([
      403,
      `Bearer realm="grantry", resource_metadata="${metadataOf(reading.id)}", error="insufficient_scope", scope="mcp:read"`,
    ])
    const keyWith = async (scopes: string[]) =>
      (await grantry.call('POST', '/api/v1/api-keys', { name: 'k', scopes })).body.data.secret
    expect((await post(reading.mcp_url, await keyWith(['connections:read']))).status).toBe(403)
    expect((await post(reading.mcp_url, await keyWith(['mcp:read']))).status).toBe(400)
    expect((await post(reading.mcp_url, await createWorkspace(grantry, 'theirs'))).status).toBe(404)
  })

  test('a cookie is no credential there', async () => {
    const cookie = `grantry_session=${browser.cookies.get('grantry_session')}`
    const headers = { cookie, origin: grantry.url, 'sec-fetch-site': 'same-origin' }
    expect((await grantry.call('POST', reading.mcp_url, {}, { key: null, headers })).status).toBe(401)
  })
})
