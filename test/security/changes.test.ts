import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestGrantry, type TestGrantry } from '../support/grantry.ts'
import { contract, routeOf } from './endpoints.ts'
import { exampleOf } from './requests.ts'
import { createWorkspace, furnish, type Tenant } from './tenant.ts'

let grantry: TestGrantry
let shared: Tenant
beforeAll(async () => {
  grantry = await startTestGrantry({ world: { background: false } })
  shared = await furnish(grantry, grantry.apiKey, { name: 'ours', inApp: false })
})
afterAll(() => grantry?.close())

/** Asks, counts, or keeps a finding or an id that the next save uses. */
const changesNothing = [
  'previewBreakGlass',
  'previewOperatorBreakGlass',
  'diagnoseIntegration',
  'validateIntegration',
  'discoverIntegration',
  'reserveRedirectUri',
]
/** Finds nothing to change in a workspace that is just furnished, or is refused there; what they write has tests of its own. */
const elsewhere = [
  'changePassword',
  'createBlaxelConnection',
  'deleteIdentity',
  'deleteOtherSessions',
  'exportConnections',
  'finishConnectSession',
  'redeliverWebhook',
  'refreshConnection',
  'registerOAuthProvider',
  'retireDataKey',
  'revokeOAuthConnection',
  'rewrapDataKeys',
  'rotateDataKeys',
  'runMcpServerTool',
  'startOperatorBreakGlass',
]
const inUse = ['deleteIntegration', 'deleteBlaxelConnection']

const changing = contract.filter(
  ({ method, name }) => method !== 'GET' && !changesNothing.includes(name) && !elsewhere.includes(name),
)

test('what is left out exists', () => {
  const names = contract.map(({ name }) => name)
  expect(names).toEqual(expect.arrayContaining([...changesNothing, ...elsewhere, ...inUse]))
})

test.each(changing.map((endpoint) => ({ ...endpoint, route: routeOf(endpoint) })))(
  '$route ($name): when the answer is there, so is its event, under its request id',
  async (endpoint) => {
    const { method, name, access } = endpoint
    const tenant =
      method === 'DELETE'
        ? await furnish(grantry, await createWorkspace(grantry, name), { name: 'ours', inApp: false })
        : shared
    const { path, body } = exampleOf(endpoint, tenant)
    const address = inUse.includes(name) ? `${path}?force=true` : path
    const inBrowser = access.includes('member') || access.includes('person')
    const answer = inBrowser
      ? await tenant.browser.api(
          method,
          path.replace('/api/v1', ''),
          name === 'updateAccount' ? { name } : body,
        )
      : await grantry.call(method, address, body, {
          key: access.includes('operator') ? grantry.operatorKey : tenant.key,
        })
    expect(answer.status, answer.text).toBeLessThan(300)
    const events = await grantry.ctx.db
      .selectFrom('events')
      .select('type')
      .where('request_id', '=', answer.headers.get('x-request-id'))
      .execute()
    expect(events.length).toBeGreaterThan(0)
  },
)
