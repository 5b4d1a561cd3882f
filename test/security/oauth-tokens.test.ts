import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { oauthScopes } from '../../packages/api/src/index.ts'
import { routeTokens, type TokenRouter } from '../support/access-tokens.ts'
import { startTestGrantry, type TestGrantry } from '../support/grantry.ts'
import { contract, mountedRoutes, routeOf } from './endpoints.ts'
import { type Example, exampleOf, kindOf, nobodys } from './requests.ts'
import { countRows } from './rows.ts'
import { createWorkspace, furnish, type Tenant } from './tenant.ts'

let grantry: TestGrantry
let router: TokenRouter
let ours: Tenant
let theirs: Tenant
let mounted: Set<string>
const notMounted = 'is not mounted, as routes.test.ts tells'

beforeAll(async () => {
  grantry = await startTestGrantry({ world: { background: false } })
  router = await routeTokens(grantry)
  mounted = new Set(mountedRoutes(grantry))
  ours = await furnish(grantry, grantry.apiKey, { name: 'ours', inApp: false })
  theirs = await furnish(grantry, await createWorkspace(grantry, 'theirs'), { name: 'theirs', inApp: false })
})
afterAll(async () => {
  await router?.app.close()
  await grantry?.close()
})

type Endpoint = (typeof contract)[number]

/** What an OAuth token with the one scope gets from each route that takes it; whatever is not here takes none. */
const taken: Record<
  string,
  { scope: (typeof oauthScopes)[number] | null; also?: (typeof oauthScopes)[number]; status: number }
> = {
  getAccount: { scope: 'account:read', status: 200 },
  getKonproAccount: { scope: 'account:read', status: 200 },
  getWorkspace: { scope: 'account:read', status: 200 },
  listProviders: { scope: null, status: 200 },
  getProvider: { scope: null, status: 200 },
  listConnections: { scope: 'connections:read', status: 200 },
  getConnection: { scope: 'connections:read', status: 200 },
  listAttempts: { scope: 'connections:read', status: 200 },
  getConnectSession: { scope: 'connections:read', status: 200 },
  listOAuthConnections: { scope: 'connections:read', status: 200 },
  createConnectSession: { scope: 'connections:write', status: 201 },
  // Its example has no code that anybody was given.
  finishConnectSession: { scope: 'connections:write', status: 404 },
  importConnection: { scope: 'connections:write', status: 201 },
  deleteConnection: { scope: 'connections:write', status: 200 },
  // The sandbox has never given the example's refresh token.
  refreshConnection: { scope: 'connections:write', status: 200 },
  // The example's connection is an end user's, and nobody said whose to end.
  revokeOAuthConnection: { scope: 'connections:write', status: 409 },
  getConnectionToken: { scope: 'tokens:read', status: 200 },
  findToken: { scope: 'tokens:read', status: 200 },
  listMcpServers: { scope: 'mcp:read', status: 200 },
  getMcpServer: { scope: 'mcp:read', status: 200 },
  listMcpServerInstances: { scope: 'mcp:read', status: 200 },
  listMcpServerTools: { scope: 'mcp:read', also: 'mcp:write', status: 200 },
  // The sandbox has never given the example's tokens.
  runMcpServerTool: { scope: 'mcp:read', also: 'mcp:write', status: 409 },
  importConnections: { scope: 'connections:write', status: 200 },
  listBlaxelConnections: { scope: 'connections:read', status: 200 },
  getBlaxelConnection: { scope: 'connections:read', status: 200 },
  listBlaxelFunctions: { scope: 'mcp:read', status: 200 },
  getBlaxelFunction: { scope: 'mcp:read', status: 200 },
}
/**
 * These have a scope that OAuth tokens have, and refuse them all the same: an end user's token ends with an API key,
 * nobody lifts a policy that holds them or opens somebody's own page, and figures are of the whole workspace.
 */
const keysOnly = [
  'createEndUserToken',
  'createManageLink',
  'updateConnection',
  'getOverview',
  'listRefreshFigures',
]

/** A good request of a route that takes tokens. Of any other it is not needed: it is refused before it is read. */
function requestOf(endpoint: Endpoint, tenant: Tenant): Example {
  if (taken[endpoint.name] || keysOnly.includes(endpoint.name)) return exampleOf(endpoint, tenant)
  const { path, prefix = '/api/v1', body } = endpoint
  return { path: `${prefix}${path.replaceAll(/:\w+/g, 'x')}`, ...(body ? { body: {} } : {}) }
}

const call = (endpoint: Endpoint, tenant: Tenant, token: string) => {
  const { path, body } = requestOf(endpoint, tenant)
  return router.call(endpoint.method, path, token, body)
}
const challengeOf = (answer: { headers: Record<string, unknown> }) =>
  String(answer.headers['www-authenticate'])
const metadata = () => `resource_metadata="${grantry.url}/.well-known/oauth-protected-resource"`

test('every route that an OAuth token may call is one of those decided on', () => {
  const open = contract.filter(({ access }) =>
    access.some((needed) => needed === 'any_credential' || oauthScopes.some((scope) => scope === needed)),
  )
  expect(open.map(({ name }) => name).sort()).toEqual([...Object.keys(taken), ...keysOnly].sort())
})

describe.each(contract.map((endpoint) => ({ ...endpoint, route: routeOf(endpoint) })))(
  '$route',
  (endpoint) => {
    const { name, path } = endpoint
    const decided = taken[name]
    const enough = decided ? (decided.scope === null ? [] : [decided.scope]) : [...oauthScopes]

    test('with exactly its scope, or all of them where it takes none', async ({ skip }) => {
      skip(!mounted.has(endpoint.route), notMounted)
      const tenant = await furnish(grantry, await createWorkspace(grantry, 'one'), {
        name: 'one',
        inApp: false,
      })
      const answer = await call(endpoint, tenant, router.issue(tenant.ids.ws, { scopes: new Set(enough) }))
      if (decided) return expect(answer.status, answer.text).toBe(decided.status)
      expect([answer.status, answer.body.code], answer.text).toEqual([403, 'insufficient_scope'])
      expect(challengeOf(answer)).toMatch(/^Bearer realm="grantry", .*error="insufficient_scope"/)
      expect(challengeOf(answer)).not.toMatch(/scope="[^"]/)
    })

    test.runIf(decided?.scope)('with every other scope: told which is missing', async () => {
      const scopes = new Set(
        oauthScopes.filter((scope) => scope !== decided!.scope && scope !== decided!.also),
      )
      const before = await countRows(grantry)
      const answer = await call(endpoint, ours, router.issue(ours.ids.ws, { scopes }))
      expect([answer.status, answer.body.code]).toEqual([403, 'insufficient_scope'])
      expect(answer.body.scope).toBe(decided!.scope)
      expect(challengeOf(answer)).toBe(
        `Bearer realm="grantry", ${metadata()}, error="insufficient_scope", scope="${decided!.scope}"`,
      )
      expect(await countRows(grantry)).toEqual(before)
    })

    test.runIf(decided && kindOf(path))('of another workspace: as if it did not exist', async () => {
      const before = await countRows(grantry)
      const token = router.issue(theirs.ids.ws)
      const answer = await call(endpoint, ours, token)
      expect([answer.status, answer.body.code]).toEqual([404, 'not_found'])
      const nowhere = await call(endpoint, nobodys(ours), token)
      expect(answer.text.replace(/req_\w+/, '')).toBe(nowhere.text.replace(/req_\w+/, ''))
      expect(await countRows(grantry)).toEqual(before)
    })

    test.runIf(decided && kindOf(path))('of another end user: as if it did not exist', async () => {
      const before = await countRows(grantry)
      const answer = await call(endpoint, ours, router.issue(ours.ids.ws, { endUser: 'somebody else' }))
      expect([answer.status, answer.body.code], answer.text).toEqual([404, 'not_found'])
      expect(await countRows(grantry)).toEqual(before)
    })

    test.runIf(decided)('of its end user: no more and no less than theirs', async () => {
      const tenant = await furnish(grantry, await createWorkspace(grantry, 'own'), {
        name: 'own',
        inApp: false,
      })
      const scopes = new Set(enough)
      const answer = await call(endpoint, tenant, router.issue(tenant.ids.ws, { scopes, endUser: 'u1' }))
      // These name another end user, or several, or mean the one who asks.
      const other = { createConnectSession: 403, importConnections: 403, revokeOAuthConnection: 200 }
      const status = other[name as keyof typeof other] ?? decided!.status
      expect(answer.status, answer.text).toBe(status)
      const stranger = router.issue(tenant.ids.ws, { scopes, endUser: 'a stranger' })
      if (
        name.startsWith('list') &&
        !['listProviders', 'listAttempts', 'listMcpServerTools'].includes(name)
      ) {
        const none = await call(endpoint, tenant, stranger)
        expect(none.text).not.toContain(tenant.ids.con)
        if (name === 'listOAuthConnections') expect(none.body).toEqual([])
      }
    })

    test('for another resource: 401, whatever else it may', async ({ skip }) => {
      skip(!mounted.has(endpoint.route), notMounted)
      for (const audience of [`${grantry.url}/mcp/${ours.ids.mcp}`, 'https://elsewhere.example', '']) {
        const answer = await call(endpoint, ours, router.issue(ours.ids.ws, { audience }))
        expect([answer.status, answer.body.code]).toEqual([401, 'unauthenticated'])
        expect(challengeOf(answer)).toBe(`Bearer realm="grantry", ${metadata()}, error="invalid_token"`)
      }
    })

    test('by X-API-KEY as by Bearer', async () => {
      const { path: url, body } = requestOf(endpoint, nobodys(ours))
      const key = endpoint.access.includes('operator') ? grantry.operatorKey : grantry.apiKey
      const byBearer = await router.call(endpoint.method, url, key, body)
      const byHeader = await router.call(endpoint.method, url, null, body, { 'x-api-key': key })
      expect(byBearer.status).not.toBe(401)
      expect([byHeader.status, byHeader.body?.code]).toEqual([byBearer.status, byBearer.body?.code])
    })
  },
)

test('an API key with the scope cannot be given as a DPoP token', async () => {
  const answer = await router.call('GET', '/api/v1/account', null, undefined, {
    authorization: `DPoP ${grantry.apiKey}`,
  })
  expect(answer.status).toBe(401)
  expect(challengeOf(answer)).toMatch(/^DPoP realm="grantry".*error="invalid_token".*algs="ES256 /)
})

test('scopes beyond those of OAuth reach nothing, should a token ever hold them', async () => {
  const token = router.issue(ours.ids.ws, { scopes: new Set(['admin', 'mcp:manage', 'integrations:write']) })
  for (const [method, path] of [
    ['GET', '/api/v1/api-keys'],
    ['DELETE', `/api/v1/mcp-servers/${ours.ids.mcp}`],
    ['DELETE', `/api/v1/integrations/${ours.ids.int}`],
  ] as const)
    expect((await router.call(method, path, token)).status, path).toBe(403)
})

test('a token that is not known any more, and no token at all', async () => {
  const gone = await router.call('GET', '/api/v1/account', 'gat_unknown')
  expect([gone.status, challengeOf(gone)]).toEqual([
    401,
    `Bearer realm="grantry", ${metadata()}, error="invalid_token"`,
  ])
  const none = await router.call('GET', '/api/v1/account', null)
  expect([none.status, challengeOf(none)]).toEqual([401, `Bearer realm="grantry", ${metadata()}`])
})
