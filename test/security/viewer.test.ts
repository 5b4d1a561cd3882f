import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestGrantry, type TestGrantry } from '../support/grantry.ts'
import { inviteAndJoin, type TestBrowser } from '../support/members.ts'
import { contract, routeOf } from './endpoints.ts'
import { exampleOf } from './requests.ts'
import { countRows } from './rows.ts'
import { furnish, type Tenant } from './tenant.ts'

// A member with the role viewer, by the session of a browser: the console hides what they may not do, the server refuses it.
let grantry: TestGrantry
let tenant: Tenant
let viewer: TestBrowser

beforeAll(async () => {
  grantry = await startTestGrantry({ world: { background: false } })
  tenant = await furnish(grantry, grantry.apiKey, { name: 'ours', inApp: false })
  viewer = (await inviteAndJoin(grantry, tenant.browser, { email: 'viewer@example.com', role: 'viewer' }))
    .browser
})
afterAll(() => grantry?.close())

/** What everybody may do with their own: password, sessions, linked accounts, apps that they allowed. */
const ones = contract.filter(({ access }) => access.includes('member') || access.includes('person'))
const changing = contract.filter((endpoint) => endpoint.method !== 'GET' && !ones.includes(endpoint))

test('a viewer changes nothing of the workspace, and is told so', async () => {
  const csrf = (await viewer.api('GET', '/session')).body.data.csrf
  const headers = {
    cookie: [...viewer.jar].map(([name, value]) => `${name}=${value}`).join('; '),
    'sec-fetch-site': 'same-origin',
    origin: grantry.url,
    'x-csrf-token': csrf,
  }
  const before = await countRows(grantry)
  const answers: Record<string, [number, string]> = {}
  for (const endpoint of changing) {
    const { path, body } = exampleOf(endpoint, tenant)
    const answer = await grantry.call(endpoint.method, path, body, { key: null, headers })
    answers[routeOf(endpoint)] = [answer.status, answer.body.code]
  }
  // The operator's are nobody else's, and a connect token is what ends a session of connecting.
  const elsewhere = (access: readonly string[]) =>
    access.includes('operator') || access.includes('connect_token')
  expect(answers).toEqual(
    Object.fromEntries(
      changing.map((endpoint) => [
        routeOf(endpoint),
        elsewhere(endpoint.access) ? [401, 'unauthenticated'] : [403, 'insufficient_scope'],
      ]),
    ),
  )
  expect(await countRows(grantry)).toEqual(before)
})

test.each(['/sessions/:id', '/authorized-apps/:id'])(
  "of %s a viewer ends their own; somebody else's is not there for them",
  async (path) => {
    const endpoint = ones.find((one) => one.method === 'DELETE' && one.path === path)!
    const answer = await viewer.api('DELETE', exampleOf(endpoint, tenant).path.replace('/api/v1', ''))
    expect([answer.status, answer.body.code]).toEqual([404, 'not_found'])
    expect((await tenant.browser.api('GET', '/session')).status).toBe(200)
  },
)
