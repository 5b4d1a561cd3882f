import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { routeTokens, uuidOf } from '../../../../test/support/access-tokens.ts'
import { startSession } from '../../../../test/support/connecting.ts'
import { eachDatabase } from '../../../../test/support/databases.ts'
import { startTestGrantry, type TestGrantry } from '../../../../test/support/grantry.ts'
import { addPlainIntegration } from '../../../../test/support/importing.ts'
import { type CallLimit, createCallLimit } from './limit-calls.ts'

eachDatabase('calls a minute', (open) => {
  let grantry: TestGrantry
  let workspace: string

  beforeAll(async () => {
    grantry = await startTestGrantry({ databaseUrl: open.url, world: { background: false } })
    workspace = (await grantry.call('GET', '/api/v1/workspace')).body.data.id
  })
  afterAll(() => grantry?.close())
  beforeEach(async () => {
    await setLimit(undefined)
    nextMinute()
  })

  async function setLimit(calls_per_minute: number | undefined) {
    const path = `/api/v1/workspaces/${workspace}`
    const quotas = calls_per_minute === undefined ? {} : { calls_per_minute }
    const answer = await grantry.call('PATCH', path, { quotas }, { key: grantry.operatorKey })
    expect(answer.status, answer.text).toBe(200)
  }
  /** To its second second, so that a minute does not end within a test. */
  function nextMinute() {
    const { clock } = grantry
    clock.advance(61 - Math.floor((clock.now() / 1000) % 60))
  }
  const ask = (options = {}) => grantry.call('GET', '/api/v1/account', undefined, options)
  const rows = () => grantry.ctx.db.selectFrom('workspace_calls').selectAll().execute()
  /** Another process on the same database. */
  const another = () => createCallLimit(grantry.ctx)
  const spend = async (limit: CallLimit, calls: number) => {
    let admitted = 0
    for (let n = 0; n < calls; n++) {
      const spent = await limit.count(uuidOf('ws', workspace))
      if (spent && !spent.exceeded) admitted++
    }
    return admitted
  }

  test('counts down, refuses with 429 until the minute is over, and then begins anew', async () => {
    await setLimit(3)
    for (const left of [2, 1, 0]) {
      const answer = await ask()
      expect(answer.status).toBe(200)
      expect(answer.headers.get('ratelimit-policy')).toBe('"calls";q=3;w=60')
      expect(answer.headers.get('ratelimit')).toMatch(new RegExp(`^"calls";r=${left};t=\\d+$`))
    }
    const refused = await ask()
    expect(refused).toMatchObject({
      status: 429,
      body: { code: 'rate_limited', quota: 'calls_per_minute', limit: 3, used: 3 },
    })
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(60)
    expect(refused.headers.get('ratelimit')).toMatch(/^"calls";r=0;t=\d+$/)
    // The body of a refused call is not read, and nothing is done.
    const made = await grantry.call('POST', '/api/v1/apps', { name: 'refused' })
    expect(made.status).toBe(429)
    grantry.clock.advance(Number(refused.headers.get('retry-after')))
    expect((await ask()).status).toBe(200)
    expect((await grantry.call('GET', '/api/v1/apps')).text).not.toContain('refused')
  })

  test('0 refuses every call', async () => {
    await setLimit(0)
    expect((await ask()).status).toBe(429)
  })

  test('counts OAuth tokens and end users’ tokens with the API keys', async () => {
    const minted = await grantry.call('POST', '/api/v1/end-user-tokens', {
      end_user: { id: 'u1' },
      scopes: ['connections:read'],
    })
    const router = await routeTokens(grantry)
    await setLimit(3)
    const list = () => grantry.call('GET', '/api/v1/connections', undefined, { key: minted.body.data.token })
    expect((await list()).status).toBe(200)
    expect((await router.call('GET', '/api/v1/account', router.issue(workspace))).status).toBe(200)
    expect((await ask()).status).toBe(200)
    expect((await list()).status).toBe(429)
    expect((await router.call('GET', '/api/v1/account', router.issue(workspace))).status).toBe(429)
    await router.app.close()
  })

  test('a call that is refused for its credential does not count, nor does whoever is connecting', async () => {
    const { id: integration } = await addPlainIntegration(grantry)
    const session = await startSession(grantry, { integration })
    await setLimit(1)
    expect((await ask({ key: 'nonsense' })).status).toBe(401)
    for (let n = 0; n < 3; n++) {
      const key = session.connect_token
      expect(
        (await grantry.call('GET', `/api/v1/connect-sessions/${session.id}`, undefined, { key })).status,
      ).toBe(200)
    }
    expect((await ask()).status).toBe(200)
    expect((await ask()).status).toBe(429)
  })

  test('of a workspace without that quota nothing is said or written', async () => {
    const before = await rows()
    const answer = await ask()
    expect(answer.headers.has('ratelimit')).toBe(false)
    await grantry.ctx.calls.addUp()
    expect(await rows()).toEqual(before)
  })

  test('processes learn of each other’s when they add up', async () => {
    await setLimit(10)
    const [one, two] = [another(), another()]
    expect([await spend(one, 6), await spend(two, 6)]).toEqual([6, 6])
    await one.addUp()
    await two.addUp()
    await one.addUp()
    // Two of them were too many: what the other let in since it last added up.
    expect(await spend(two, 5)).toBe(0)
    expect((await rows()).map(({ calls }) => Number(calls))).toEqual([12])
    await spend(one, 1)
    await one.addUp()
    expect(await spend(one, 5)).toBe(0)
    nextMinute()
    expect(await spend(one, 20)).toBe(10)
    await one.addUp()
    // The minute before is over, and its row is gone.
    expect((await rows()).map(({ calls }) => Number(calls))).toEqual([10])
  })

  test('added up after each call there is no tolerance: 4 processes, 100 calls', async () => {
    await setLimit(40)
    const processes = Array.from({ length: 4 }, another)
    let admitted = 0
    for (let n = 0; n < 100; n++) {
      const one = processes[n % 4]!
      admitted += await spend(one, 1)
      for (const each of processes) await each.addUp()
    }
    // Whoever has let in nothing since asks nobody: at most one call each.
    expect(admitted).toBeGreaterThanOrEqual(40)
    expect(admitted).toBeLessThanOrEqual(44)
  })

  test('a changed quota counts at once', async () => {
    await setLimit(1)
    expect((await ask()).status).toBe(200)
    expect((await ask()).status).toBe(429)
    await setLimit(2)
    expect((await ask()).status).toBe(200)
    expect((await ask()).status).toBe(429)
    await setLimit(undefined)
    expect((await ask()).status).toBe(200)
  })
})
