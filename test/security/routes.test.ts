import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { scopes } from '../../packages/api/src/scopes.ts'
import { type Answer, startTestGrantry, type TestGrantry } from '../support/grantry.ts'
import { contract, guardedOutsideContract, mountedRoutes, outsideContract, routeOf } from './endpoints.ts'
import { sendRaw } from './raw-http.ts'
import { exampleOf, kindOf, nobodys } from './requests.ts'
import { countRows } from './rows.ts'
import { createWorkspace, furnish, type Tenant } from './tenant.ts'

let grantry: TestGrantry
let ours: Tenant & { appKey: string }
let theirs: Tenant & { appKey: string }

beforeAll(async () => {
  grantry = await startTestGrantry({ world: { background: false } })
  ours = await furnish(grantry, grantry.apiKey, { name: 'ours', inApp: true })
  theirs = await furnish(grantry, await createWorkspace(grantry, 'theirs'), { name: 'theirs', inApp: false })
  const narrowed = async (limits: object) => {
    const made = await grantry.call('POST', '/api/v1/api-keys', { name: 'narrowed', scopes, ...limits })
    return made.body.data.secret as string
  }
  ofSlack = await narrowed({ providers: ['slack'] })
  fromElsewhere = await narrowed({ networks: ['203.0.113.0/24', '2001:db8::/32'] })
  // The first refusal is written down.
  await grantry.call('GET', '/api/v1/account', undefined, by(fromElsewhere))
})
afterAll(() => grantry?.close())

/** What a key that is narrowed to another provider than all of ours gets; for what is not here: 404 where it names one thing, else 403. */
const ofAnotherProvider: Record<string, number> = {
  // It makes what is narrowed as it is.
  createApiKey: 201,
  createEndUserToken: 201,
  createManageLink: 201,
  // Lists are of what is left.
  listApiKeys: 200,
  listConnections: 200,
  listEvents: 200,
  exportEvents: 200,
  // It counts and ends among what it reaches, and sees what it began.
  previewBreakGlass: 200,
  startBreakGlass: 201,
  listBreakGlass: 200,
  listIntegrations: 200,
  listMcpServerInstances: 200,
  listMcpServers: 200,
  listOAuthConnections: 200,
  listBlaxelConnections: 200,
  listBlaxelFunctions: 200,
  // What they name is not there.
  createConnectSession: 404,
  createMcpServer: 404,
  createBlaxelFunction: 422,
  findToken: 404,
  importConnection: 404,
  importConnections: 200,
  // It is seen, but not the key's to end.
  deleteApp: 403,
  // What is the same for whoever is in the workspace.
  getAccount: 200,
  getKonproAccount: 200,
  getWorkspace: 200,
  listApps: 200,
  listProviders: 200,
  getProvider: 200,
  diagnoseServer: 200,
}
let ofSlack: string
let fromElsewhere: string

const by = (key: string | null, headers: Record<string, string> = {}) => ({ key, headers })

async function call(endpoint: (typeof contract)[number], tenant: Tenant, key: string | null) {
  const { path, body } = exampleOf(endpoint, tenant)
  return grantry.call(endpoint.method, path, body, by(key))
}

/** Everything that an answer says, but which request it answers. */
const words = ({ status, headers, text }: Answer<unknown>) => ({
  status,
  type: headers.get('content-type'),
  names: [...headers.keys()].sort(),
  text: text.replaceAll(/req_[\w-]+/g, 'req_'),
})

function expectProblem(answer: Answer, status: number, code: string) {
  expect([answer.status, answer.headers.get('content-type'), answer.body?.code]).toEqual([
    status,
    'application/problem+json',
    code,
  ])
}

test('the router holds the contract, the listed public routes, and nothing else', () => {
  expect(mountedRoutes(grantry)).toEqual(
    [...contract.map(routeOf), ...outsideContract, ...guardedOutsideContract].sort(),
  )
})

test.each(guardedOutsideContract)('%s serves nobody without a credential', async (route) => {
  const [method = '', path = ''] = route.split(' ')
  const before = await countRows(grantry)
  const filled = path.replace(':provider_name', 'gmail').replace(':id', ours.ids.mcp)
  const refusals = path.startsWith('/mcp/') ? [400, 401] : [401]
  for (const lines of [[], ['Authorization: Bearer nonsense'], [`Authorization: Bearer ${ours.key}x`]])
    expect(refusals).toContain(
      (await sendRaw(grantry.url, [`${method} ${filled} HTTP/1.1`, ...lines])).status,
    )
  expect(await countRows(grantry)).toEqual(before)
})

test('nothing of the contract is public, and what is outside of it changes nothing', async () => {
  expect(contract.filter(({ access }) => access.includes('public'))).toEqual([])
  // Its signing keys are made when the authorization server is first asked for anything.
  await grantry.call('GET', '/oauth/jwks', undefined, { key: null })
  const before = await countRows(grantry)
  for (const route of outsideContract) {
    const [method = '', path = ''] = route.split(' ')
    const answer = await grantry.call(method, path.replace(/:\w+/, 'x'), undefined, by(null))
    expect(answer.status, route).toBeLessThan(500)
  }
  // A browser that comes to type a device's code gets a session, so that the form is its own; it ends by itself.
  const { oauth_records: records = 0 } = before
  expect(await countRows(grantry)).toEqual({ ...before, oauth_records: records + 1 })
})

describe.each(contract.map((endpoint) => ({ ...endpoint, route: routeOf(endpoint) })))(
  '$route',
  (endpoint) => {
    const { access, path } = endpoint
    const takesScope = !access.some((needed) => ['any', 'any_credential', 'operator'].includes(needed))

    /** No key is a person's browser, nor the deployment's operator. */
    const takesKey = access.some((needed) => needed !== 'member' && needed !== 'operator')

    test('no credential, and garbage for one: 401', async () => {
      expectProblem(await call(endpoint, ours, null), 401, 'unauthenticated')
      const { path: url, body } = exampleOf(endpoint, ours)
      for (const garbage of [
        'nonsense',
        `${ours.key}x`,
        ours.key.slice(0, -1),
        'gk_',
        'gct_',
        ours.startToken,
      ])
        expectProblem(await call(endpoint, ours, garbage), 401, 'unauthenticated')
      for (const authorization of [
        `Basic ${btoa(`${ours.key}:`)}`,
        'Bearer',
        'Bearer  ',
        ours.key,
        `Bearer ${ours.key} x`,
      ])
        expectProblem(
          await grantry.call(endpoint.method, url, body, by(null, { authorization })),
          401,
          'unauthenticated',
        )
      expectProblem(
        await grantry.call(endpoint.method, url, body, by(ours.key, { 'x-api-key': theirs.key })),
        401,
        'unauthenticated',
      )
    })

    test('every scope but those that it takes: 403; the operator is nobody in a workspace: 403', async () => {
      const enough: readonly string[] = access
      const others = scopes.filter((scope) => !enough.includes(scope))
      if (takesScope) {
        const made = await grantry.call('POST', '/api/v1/api-keys', { name: 'narrow', scopes: others })
        const refused = await call(endpoint, ours, made.body.data.secret)
        expectProblem(refused, 403, 'insufficient_scope')
      }
      if (access.includes('operator'))
        expectProblem(await call(endpoint, ours, ours.key), 403, 'insufficient_scope')
      else expectProblem(await call(endpoint, ours, grantry.operatorKey), 403, 'insufficient_scope')
    })

    test("another session's connect token: 404 where connect tokens count, else 403", async () => {
      const answer = await call(endpoint, ours, theirs.connectToken)
      if (access.includes('connect_token')) {
        expectProblem(answer, 404, 'not_found')
        expect(words(answer)).toEqual(words(await call(endpoint, nobodys(ours), theirs.connectToken)))
      } else expectProblem(answer, 403, 'insufficient_scope')
    })

    test.runIf((kindOf(path) || path.endsWith(':name')) && !access.includes('operator'))(
      "another workspace's id, and another app's: 404, to the byte as if it did not exist",
      async () => {
        const before = await countRows(grantry)
        const foreign = await call(endpoint, ours, theirs.key)
        expectProblem(foreign, 404, 'not_found')
        expect(words(foreign)).toEqual(words(await call(endpoint, nobodys(ours), theirs.key)))

        const app = await grantry.call('POST', '/api/v1/apps', { name: 'another app' })
        const narrowed = await grantry.call('POST', '/api/v1/api-keys', {
          name: 'narrowed to another app',
          scopes,
          app_id: app.body.data.id,
        })
        const outside = await call(endpoint, ours, narrowed.body.data.secret)
        expectProblem(outside, 404, 'not_found')
        expect(words(outside)).toEqual(words(await call(endpoint, nobodys(ours), narrowed.body.data.secret)))
        // An app, a key, its secret, and an event for each.
        expect(await countRows(grantry)).toEqual({
          ...before,
          apps: before.apps! + 1,
          api_keys: before.api_keys! + 1,
          api_key_secrets: before.api_key_secrets! + 1,
          events: before.events! + 2,
        })
      },
    )

    test('from a network that the key is not for: 403, whatever it asks, and nothing happens', async () => {
      const before = await countRows(grantry)
      const refused = await call(endpoint, ours, fromElsewhere)
      expectProblem(refused, 403, 'network_not_allowed')
      expect(words(refused)).toEqual(words(await call(endpoint, nobodys(theirs), fromElsewhere)))
      expect(await countRows(grantry)).toEqual(before)
    })

    test('with a key that is narrowed to another provider: as decided, and nothing of ours', async () => {
      const decided = ofAnotherProvider[endpoint.name] ?? (path.includes(':') ? 404 : 403)
      const before = await countRows(grantry)
      const answer = await call(endpoint, ours, ofSlack)
      expect(answer.status, answer.text).toBe(takesKey ? decided : 403)
      const { status, text } = answer
      if (status >= 400) {
        expect(await countRows(grantry)).toEqual(before)
        if (status === 404) expect(words(answer)).toEqual(words(await call(endpoint, nobodys(ours), ofSlack)))
      }
      const { con, mcp, key, cs, whe, evt, int } = ours.ids
      for (const id of [con, mcp, key, cs, whe, evt]) expect(text).not.toContain(id)
      // What was asked for is named where it is refused; nothing else names it.
      if (status < 400) for (const id of [int, ours.name]) expect(text).not.toContain(id)
    })

    test.runIf(endpoint.method === 'GET' && !kindOf(path) && takesKey)(
      "another workspace's key sees nothing of ours",
      async () => {
        const answer = await call(endpoint, theirs, theirs.key)
        expect(answer.status).toBe(200)
        for (const id of Object.values(ours.ids)) expect(answer.text).not.toContain(id)
        expect(answer.text).not.toMatch(/\bours\b/)
      },
    )
  },
)

describe('a reference to what is not there and one to what is not yours are answered alike, by the field', () => {
  type Reference = [what: string, method: string, path: string, body?: (it: Tenant) => unknown]
  const token = { access_token: 'an-access-token' }
  const references: Reference[] = [
    [
      'integration of a connect session',
      'POST',
      '/connect-sessions',
      ({ ids }) => ({ integration: ids.int }),
    ],
    [
      'integration among several',
      'POST',
      '/connect-sessions',
      ({ ids }) => ({ integrations: [ids.int], providers: ['gmail'] }),
    ],
    ['connection to renew', 'POST', '/connect-sessions', ({ ids }) => ({ connection_id: ids.con })],
    [
      'connection of an MCP server',
      'POST',
      '/mcp-servers',
      ({ ids }) => ({
        mcp_server: 'gmail',
        access_type: 'read',
        auth_method: 'oauth',
        connection_id: ids.con,
      }),
    ],
    [
      'app of a connect session',
      'POST',
      '/connect-sessions',
      ({ ids }) => ({ provider: 'gmail', app_id: ids.app }),
    ],
    [
      'integration of an import',
      'POST',
      '/connections',
      ({ ids }) => ({ integration: ids.int, tokens: token }),
    ],
    [
      'app of an API key',
      'POST',
      '/api-keys',
      ({ ids }) => ({ name: 'k', scopes: ['admin'], app_id: ids.app }),
    ],
    [
      'app of an integration',
      'POST',
      '/integrations',
      ({ ids }) => ({ label: 'x', provider: 'gmail', client_id: 'x', validate: false, app_id: ids.app }),
    ],
    [
      'integration to end all connections of',
      'POST',
      '/break-glass/preview',
      ({ ids }) => ({ criteria: { integration_id: ids.int } }),
    ],
    ['connections of an integration', 'GET', '/connections?integration=int'],
    ['connections of an app', 'GET', '/connections?app=app'],
    ['integrations of an app', 'GET', '/integrations?app=app'],
    ['token by integration', 'GET', '/token?integration=int&end_user=u1'],
    ['token in an app', 'GET', '/token?provider=gmail&end_user=u1&app=app'],
    ['events of a connection', 'GET', '/events?connection=con'],
    ['events by an actor', 'GET', '/events?actor=key'],
  ]

  /** What holds the id: a parameter of the query, or a field. */
  const fieldOf = (path: string, body: unknown) =>
    path.match(/(\w+)=(int|con|app|key)\b/)?.[1] ??
    JSON.stringify(body).match(new RegExp(`"(\\w+)":\\[?"(${Object.values(ours.ids).join('|')})"`))?.[1]

  test.each(references)('%s', async (_what, method, path, body) => {
    const ask = (tenant: Tenant) => {
      const filled = path.replace(/=(int|con|app|key)\b/g, (_, kind: 'int') => `=${tenant.ids[kind]}`)
      return grantry.call(method, `/api/v1${filled}`, body?.(tenant), by(theirs.key))
    }
    const before = await countRows(grantry)
    const foreign = await ask(ours)
    expect(words(foreign)).toEqual(words(await ask(nobodys(ours))))
    if (foreign.status === 200) expect(foreign.body.data).toEqual([])
    else {
      expectProblem(foreign, 404, 'not_found')
      expect(foreign.body.errors?.map(({ path }: { path: string }) => path)).toEqual([
        fieldOf(path, body?.(ours)),
      ])
    }
    expect(await countRows(grantry)).toEqual(before)
  })
})

describe('headers that carry credentials', () => {
  const path = '/api/v1/account'
  const line = `GET ${path} HTTP/1.1`

  test('Bearer in any case and X-API-KEY are one credential', async () => {
    for (const headers of [
      { authorization: `bearer ${ours.key}` },
      { authorization: `BEARER ${ours.key}` },
      { 'x-api-key': ours.key },
      { 'x-api-key': ours.key, authorization: `Bearer ${ours.key}` },
    ])
      expect((await grantry.call('GET', path, undefined, by(null, headers))).status).toBe(200)
  })

  test('two that differ, or the same header twice: 401, whichever is good', async () => {
    for (const lines of [
      [`Authorization: Bearer ${ours.key}`, `Authorization: Bearer ${theirs.key}`],
      [`Authorization: Bearer ${ours.key}`, 'authorization: Bearer nonsense'],
      ['Authorization: Bearer nonsense', `AUTHORIZATION: Bearer ${ours.key}`],
      [`X-API-KEY: ${ours.key}`, `X-API-KEY: ${theirs.key}`],
      [`Authorization: Bearer ${ours.key}`, `X-API-KEY: ${theirs.key}`],
      ['Authorization: Basic eDp5', `X-API-KEY: ${ours.key}`],
    ]) {
      const answer = await sendRaw(grantry.url, [line, ...lines])
      expect([answer.status, answer.body?.code], lines.join(' | ')).toEqual([401, 'unauthenticated'])
      expect(answer.text).not.toContain(ours.key)
    }
  })

  test('neither a cookie nor the address is a credential', async () => {
    const cookie = { cookie: `authorization=${ours.key}; x-api-key=${ours.key}` }
    expect((await grantry.call('GET', path, undefined, by(null, cookie))).status).toBe(401)
    const inQuery = await grantry.call(
      'GET',
      `${path}?api_key=${ours.key}&access_token=${ours.key}`,
      undefined,
      by(null),
    )
    expect(inQuery.status).toBe(401)
    expect(inQuery.text).not.toContain(ours.key)
  })
})

test('without an operator key its routes are absent, like any path that is not there', async () => {
  const without = await startTestGrantry({ sandbox: false, env: { GRANTRY_OPERATOR_KEY: '' } })
  try {
    const operator = contract.filter(({ access }) => access.includes('operator'))
    expect(operator.length).toBeGreaterThan(0)
    for (const endpoint of operator) {
      expect(mountedRoutes(without)).not.toContain(routeOf(endpoint))
      const { path, body } = exampleOf(endpoint, ours)
      for (const key of [null, '', without.apiKey, grantry.operatorKey]) {
        const answer = await without.call(endpoint.method, path, body, by(key))
        expectProblem(answer, 404, 'not_found')
        const nowhere = await without.call(endpoint.method, `${path}/nowhere`, body, by(key))
        expect(words(answer)).toEqual(words(nowhere))
      }
    }
  } finally {
    await without.close()
  }
})
