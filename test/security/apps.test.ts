import { afterAll, beforeAll, expect, test } from 'vitest'
import { startSession } from '../support/connecting.ts'
import { eachDatabase } from '../support/databases.ts'
import { startTestGrantry, type TestGrantry } from '../support/grantry.ts'
import { furnish, type Tenant } from './tenant.ts'

eachDatabase('apps of one workspace', (open) => {
  let grantry: TestGrantry
  let outside: Tenant & { appKey: string }
  let one: Tenant & { appKey: string }
  let two: Tenant & { appKey: string }

  beforeAll(async () => {
    grantry = await startTestGrantry({ databaseUrl: open.url })
    outside = await furnish(grantry, grantry.apiKey, { name: 'outside', inApp: false })
    one = await furnish(grantry, grantry.apiKey, { name: 'one', inApp: true })
    two = await furnish(grantry, grantry.apiKey, { name: 'two', inApp: true })
  })
  afterAll(() => grantry?.close())

  const get = (path: string, key: string) => grantry.call('GET', `/api/v1${path}`, undefined, { key })
  const idsOf = async (path: string, key: string) => {
    const answer = await get(path, key)
    expect(answer.status, answer.text).toBe(200)
    return answer.body.data.map(({ id }: { id: string }) => id)
  }
  const sorted = (...ids: string[]) => ids.sort().reverse()

  test('lists: a narrowed key sees its own app, and of integrations those of the whole workspace too', async () => {
    expect(await idsOf('/connections', one.appKey)).toEqual([one.ids.con])
    expect(await idsOf('/integrations', one.appKey)).toEqual(sorted(one.ids.int, outside.ids.int))
    expect(await idsOf('/apps', one.appKey)).toEqual([one.ids.app])
    expect(await idsOf('/api-keys', one.appKey)).toEqual([one.ids.key])
    expect(await idsOf('/connections', grantry.apiKey)).toEqual(
      sorted(one.ids.con, two.ids.con, outside.ids.con),
    )
    expect(await idsOf(`/connections?app=${two.ids.app}`, grantry.apiKey)).toEqual([two.ids.con])
  })

  test('events: a narrowed key reads of its own app alone', async () => {
    const { text, body } = await get('/events?limit=200', one.appKey)
    expect(body.data.length).toBeGreaterThan(2)
    expect(new Set(body.data.map((event: { app_id: string }) => event.app_id))).toEqual(
      new Set([one.ids.app]),
    )
    for (const id of [...Object.values(two.ids), outside.ids.con, outside.ids.int]) {
      if (id !== two.ids.ws) expect(text).not.toContain(id)
    }
    expect((await get(`/events?connection=${two.ids.con}`, one.appKey)).body.data).toEqual([])
  })

  test.each([
    ['GET', 'con', ''],
    ['GET', 'con', '/token'],
    ['POST', 'con', '/refresh'],
    ['DELETE', 'con', ''],
    ['GET', 'cs', ''],
    ['GET', 'int', ''],
    ['PATCH', 'int', ''],
    ['DELETE', 'int', '?force=true'],
    ['POST', 'int', '/validate'],
    ['DELETE', 'app', ''],
    ['DELETE', 'key', ''],
    ['POST', 'key', '/rotate'],
  ] as const)('%s %s%s of another app is not there', async (method, kind, rest) => {
    const paths = {
      con: 'connections',
      cs: 'connect-sessions',
      int: 'integrations',
      app: 'apps',
      key: 'api-keys',
    }
    const body = method === 'PATCH' ? { label: 'x' } : rest === '/rotate' ? {} : undefined
    const calls = grantry.sandbox!.control.stats().calls
    const answer = await grantry.call(method, `/api/v1/${paths[kind]}/${two.ids[kind]}${rest}`, body, {
      key: one.appKey,
    })
    expect([answer.status, answer.body.code], answer.text).toEqual([404, 'not_found'])
    expect(grantry.sandbox!.control.stats().calls).toBe(calls)
  })

  test('what belongs to the whole workspace is there to be used in an app, not to be changed from it', async () => {
    for (const [method, path, body] of [
      ['PATCH', `/integrations/${outside.ids.int}`, { label: 'x' }],
      ['DELETE', `/integrations/${outside.ids.int}`],
      ['POST', `/integrations/${outside.ids.int}/validate`],
      ['PATCH', '/workspace', { allow_direct_links: true }],
      ['POST', '/apps', { name: 'x' }],
      // At the provider that may end what another app has connected.
      ['DELETE', `/connections/${one.ids.con}?force=true`],
    ] as [string, string, unknown?][]) {
      const answer = await grantry.call(method, `/api/v1${path}`, body, { key: one.appKey })
      expect([answer.status, answer.body.code], path).toEqual([403, 'insufficient_scope'])
    }
    expect((await get(`/connections/${outside.ids.con}`, one.appKey)).status).toBe(404)
    const session = await startSession(
      grantry,
      { integration: outside.ids.int, end_user: { id: 'u' } },
      one.appKey,
    )
    expect((await get(`/connect-sessions/${session.id}`, one.appKey)).status).toBe(200)
    expect((await get(`/connect-sessions/${session.id}`, two.appKey)).status).toBe(404)
  })

  test('a token by provider and end user is found in the app that is asked for, and by default outside of all', async () => {
    const find = async (query: string, key: string) => {
      const { status, body } = await get(`/token?provider=gmail&end_user=u1${query}`, key)
      return status === 200 ? body.data.connection_id : body.code
    }
    expect(await find('', grantry.apiKey)).toBe(outside.ids.con)
    expect(await find(`&app=${one.ids.app}`, grantry.apiKey)).toBe(one.ids.con)
    expect(await find('', one.appKey)).toBe(one.ids.con)
    expect(await find(`&app=${one.ids.app}`, one.appKey)).toBe(one.ids.con)
    expect(await find(`&app=${two.ids.app}`, one.appKey)).toBe('not_found')
    const gone = await grantry.call('DELETE', `/api/v1/connections/${outside.ids.con}`)
    expect(gone.status).toBe(200)
    expect(await find('', grantry.apiKey)).toBe('not_found')
  })

  test('nothing is put into one app by way of another', async () => {
    const tokens = { access_token: 'an-access-token' }
    for (const [path, body, status, key] of [
      ['/connections', { integration: one.ids.int, app_id: two.ids.app, tokens }, 422, grantry.apiKey],
      ['/connections', { integration: two.ids.int, tokens }, 404, one.appKey],
      ['/connections', { integration: outside.ids.int, app_id: two.ids.app, tokens }, 404, one.appKey],
      ['/connect-sessions', { integration: one.ids.int, app_id: two.ids.app }, 422, grantry.apiKey],
      ['/connect-sessions', { connection_id: two.ids.con }, 404, one.appKey],
      ['/connect-sessions', { provider: 'gmail', app_id: two.ids.app }, 404, one.appKey],
      ['/api-keys', { name: 'x', scopes: ['admin'], app_id: two.ids.app }, 404, one.appKey],
      [
        '/integrations',
        { label: 'x', provider: 'gmail', client_id: 'x', app_id: two.ids.app },
        404,
        one.appKey,
      ],
    ] as const) {
      const answer = await grantry.call('POST', `/api/v1${path}`, body, { key })
      expect(answer.status, `${path} ${JSON.stringify(body)}: ${answer.text}`).toBe(status)
    }
    const own = await grantry.call(
      'POST',
      '/api/v1/api-keys',
      { name: 'x', scopes: ['admin'] },
      { key: one.appKey },
    )
    expect(own.body.data.app_id).toBe(one.ids.app)
  })
})
