import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { addSandboxIntegration, connectAccount } from '../../../../test/support/connecting.ts'
import { eachDatabase } from '../../../../test/support/databases.ts'
import { passTime } from '../../../../test/support/importing.ts'
import { allows, allowsHost } from './policy.ts'
import { callsOf, type Proxied, startProxied } from './proxied.fixture.ts'
import { answer } from './upstream.fixture.ts'

describe('the allowlist', () => {
  const policy = {
    allow: [
      { methods: ['GET' as const], paths: ['/deals', '/deals/*', '/a/*/b/*c'] },
      { methods: ['POST' as const, 'PUT' as const], paths: ['/notes*'] },
    ],
  }
  test.each([
    ['GET', '/deals', true],
    ['GET', '/deals/', true],
    ['GET', '/deals/7/x', true],
    ['GET', '/dealsx', false],
    ['GET', '/Deals', false],
    ['GET', '/%64eals', false],
    ['POST', '/deals', false],
    ['POST', '/notes', true],
    ['PUT', '/notes/1', true],
    ['GET', '/notes', false],
    ['GET', '/a/1/b/c', true],
    ['GET', '/a/1/2/b/xc', true],
    ['GET', '/a/b/c', false],
    ['GET', '/a/1/b/x', false],
    ['GET', '', false],
  ])('%s %s: %s', (method, path, allowed) => {
    expect(allows(policy, method, path)).toBe(allowed)
  })

  test('absent: everything; empty: nothing', () => {
    expect(allows({}, 'DELETE', '/x')).toBe(true)
    expect(allows({ budget: { calls: 1, per_seconds: 1 } }, 'DELETE', '/x')).toBe(true)
    expect(allows({ allow: [] }, 'GET', '/x')).toBe(false)
  })

  test.each([
    [['api.example.com'], 'https://api.example.com/x', true],
    [['api.example.com'], 'https://api.example.com:8443/x', false],
    [['api.example.com:8443'], 'https://api.example.com:8443/x', true],
    [['api.example.com'], 'https://api.example.com.evil.example/', false],
    [['*.example.com'], 'https://eu.api.example.com/', true],
    [['*.example.com'], 'https://example.com/', false],
    [['*.example.com'], 'https://evilexample.com/', false],
    [undefined, 'https://anywhere.example/', true],
  ])('hosts %j, %s: %s', (hosts, url, allowed) => {
    expect(allowsHost({ hosts }, new URL(url))).toBe(allowed)
  })

  test('a pattern of many stars is no work', () => {
    const many = { allow: [{ methods: ['GET' as const], paths: [`/${'*a'.repeat(250)}`] }] }
    expect(allows(many, 'GET', `/${'a'.repeat(8000)}b`)).toBe(false)
  })
})

eachDatabase('a proxy policy', (open) => {
  let world: Proxied
  beforeAll(async () => {
    world = await startProxied({ databaseUrl: open.url })
  })
  afterAll(() => world?.close())
  beforeEach(() => world.forget())

  const setOnIntegration = (proxy_policy: unknown) =>
    world.grantry.call('PATCH', `/api/v1/integrations/${world.integration}`, {
      proxy_policy,
      validate: false,
    })
  const setOnConnection = (id: string, proxy_policy: unknown, key?: string) =>
    world.grantry.call(
      'PATCH',
      `/api/v1/connections/${id}`,
      { proxy_policy },
      key === undefined ? {} : { key },
    )
  const get = (id: string, path = '/x') => world.proxied(id, 'GET', path)
  const only = (path: string) => ({ allow: [{ methods: ['GET'], paths: [path] }] })

  test('of the integration holds for its connections, one of a connection besides it', async () => {
    const { id } = await world.connectPlain()
    expect((await setOnIntegration(only('/deals*'))).body.data.proxy_policy).toEqual(only('/deals*'))
    expect((await get(id, '/deals/7?x=/notes')).status).toBe(200)
    expect(await get(id, '/notes')).toMatchObject({ status: 403, body: { code: 'proxy_not_allowed' } })
    expect((await world.proxied(id, 'POST', '/deals', {})).status).toBe(403)
    expect((await setOnConnection(id, only('/notes'))).body.data.proxy_policy).toEqual(only('/notes'))
    // The one allows the one path, the other the other: together they allow neither.
    expect((await get(id, '/deals')).status).toBe(403)
    expect((await get(id, '/notes')).status).toBe(403)
    await setOnConnection(id, only('/*'))
    expect((await get(id, '/notes')).status).toBe(403)
    expect((await get(id, '/deals/8')).status).toBe(200)
    await setOnIntegration(only('/*'))
    await setOnConnection(id, only('/notes'))
    expect((await get(id, '/notes')).status).toBe(200)
    expect((await world.grantry.call('GET', `/api/v1/connections/${id}`)).body.data.proxy_policy).toEqual(
      only('/notes'),
    )
    await setOnConnection(id, null)
    await setOnIntegration(null)
    expect((await get(id, '/anything')).status).toBe(200)
    expect(world.upstream.reached.map(({ url }) => url.slice('/base/v1'.length))).toEqual([
      '/deals/7?x=/notes',
      '/deals/8',
      '/notes',
      '/anything',
    ])
    expect(await callsOf(world.grantry, id)).toHaveLength(4)
  })

  test('is not left by a redirect', async () => {
    const { id } = await world.connectPlain()
    await setOnConnection(id, only('/deals*'))
    for (const location of ['/base/v1/admin', '/elsewhere']) {
      world.upstream.next(answer(302, '', { location }))
      expect((await get(id, '/deals')).status).toBe(302)
    }
    world.upstream.next(answer(302, '', { location: '/base/v1/deals/2' }))
    expect((await get(id, '/deals')).status).toBe(200)
    expect(world.upstream.reached).toHaveLength(4)
  })

  test('names the hosts that are reached, also by a redirect', async () => {
    const { id } = await world.connectPlain()
    const host = new URL(world.upstream.origin).host
    const strangers = new URL(world.stranger.origin).host
    const location = `${world.stranger.origin}/elsewhere`
    await setOnConnection(id, { hosts: [host] })
    world.upstream.next(answer(302, '', { location }))
    expect((await get(id)).status).toBe(302)
    expect(world.stranger.reached).toEqual([])
    await setOnConnection(id, { hosts: [host, strangers] })
    world.upstream.next(answer(302, '', { location }))
    expect((await get(id)).status).toBe(200)
    expect(world.stranger.reached).toHaveLength(1)
    await setOnIntegration({ hosts: ['api.example.com'] })
    expect(await get(id)).toMatchObject({ status: 403, body: { code: 'proxy_not_allowed' } })
    expect(world.upstream.reached).toHaveLength(2)
    await setOnIntegration(null)
  })

  test('a budget counts a connection’s calls of a period, whoever makes them at once', async () => {
    const { id } = await world.connectPlain()
    const other = await world.connectPlain({ end_user: { id: 'u2' } })
    await setOnIntegration({ budget: { calls: 3, per_seconds: 3600 } })
    // From the beginning of a period on.
    const now = world.grantry.clock.now()
    passTime(world.grantry, Math.ceil(3600 - ((now / 1000) % 3600)))
    const answers = await Promise.all(Array.from({ length: 8 }, () => get(id)))
    const refused = answers.filter(({ status }) => status !== 200)
    expect(refused.map(({ status, body }) => [status, body.code])).toEqual(
      Array(5).fill([429, 'rate_limited']),
    )
    const wait = Number(refused[0]!.headers.get('retry-after'))
    expect(wait).toBeGreaterThan(3000)
    expect(wait).toBeLessThanOrEqual(3600)
    expect(world.upstream.reached).toHaveLength(3)
    expect((await get(other.id)).status).toBe(200)
    passTime(world.grantry, wait)
    expect((await get(id)).status).toBe(200)
    // A connection's own counts besides: the smaller is felt first.
    await setOnConnection(id, { budget: { calls: 1, per_seconds: 3600 } })
    expect((await get(id)).status).toBe(200)
    expect((await get(id)).body).toMatchObject({ code: 'rate_limited', budget: { calls: 1 } })
    expect((await get(other.id)).status).toBe(200)
    await setOnIntegration(null)
    const counted = await world.grantry.ctx.db
      .selectFrom('proxy_spending')
      .select(['policy', 'calls'])
      .orderBy('policy')
      .orderBy('calls')
      .execute()
    expect(counted).toEqual([
      { policy: 'connection', calls: 2 },
      { policy: 'integration', calls: 1 },
      { policy: 'integration', calls: 3 },
    ])
  })

  test('whom it holds back does not set it', async () => {
    const { id } = await world.connectPlain()
    const { body } = await world.grantry.call('POST', '/api/v1/end-user-tokens', {
      end_user: { id: 'u1' },
      scopes: ['connections:write', 'proxy:call'],
    })
    expect((await setOnConnection(id, null, body.data.token)).status).toBe(403)
    expect((await setOnConnection(id, { allow: [{ methods: ['CONNECT'], paths: ['/'] }] })).status).toBe(422)
    expect((await setOnConnection(id, { budget: { calls: 0, per_seconds: 1 } })).status).toBe(422)
  })

  test('is kept when the person connects again', async () => {
    const { id: integration } = await addSandboxIntegration(world.grantry, 'gmail')
    const connect = () => connectAccount(world.grantry, { integration, end_user: { id: 'u3' } })
    const { id } = await connect()
    await setOnConnection(id, only('/kept'))
    expect(await connect()).toMatchObject({ id, proxy_policy: only('/kept') })
  })
})
