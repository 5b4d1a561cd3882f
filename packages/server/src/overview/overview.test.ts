import { afterAll, beforeAll, expect, test } from 'vitest'
import { eachDatabase } from '../../../../test/support/databases.ts'
import { startTestGrantry, type TestGrantry } from '../../../../test/support/grantry.ts'
import {
  addPlainIntegration,
  importTokens,
  mintTokens,
  passTime,
  readToken,
} from '../../../../test/support/importing.ts'
import { joinAs } from '../../../../test/support/members.ts'
import { rollUpRefreshes } from './roll-up-refreshes.ts'

eachDatabase('the overview', (database) => {
  let grantry: TestGrantry
  beforeAll(async () => {
    grantry = await startTestGrantry({ databaseUrl: database.url, world: { background: false } })
  })
  afterAll(() => grantry?.close())

  const overview = async (query = '') => {
    const answer = await grantry.call('GET', `/api/v1/overview${query}`)
    expect(answer.status, answer.text).toBe(200)
    return answer.body.data
  }
  const day = 86_400

  test('a new workspace has nothing; then what there is, by status, integration and reason', async () => {
    expect(await overview()).toMatchObject({
      has_integrations: false,
      has_connections: false,
      integrations: 0,
      connections: { pending: 0, active: 0, needs_reauth: 0, revoked: 0, living: 0 },
      by_integration: [],
      needs_reauth: { total: 0, reasons: [] },
      ending: { days: 7, connections: 0, first_ends_at: null },
      today: { token_reads: 0, proxy_calls: 0 },
    })

    const one = (await addPlainIntegration(grantry, { label: 'One' })).id
    const two = (await addPlainIntegration(grantry, { label: 'Two' })).id
    const bring = (integration: string, expiresIn?: number) =>
      importTokens(grantry, integration, { access_token: 'x' }, expiresIn === undefined ? {} : { expiresIn })
    const soon = await bring(one, 3 * day)
    const later = await bring(one, 20 * day)
    const over = await bring(one, 60)
    await bring(two)
    const gone = await bring(two)
    await grantry.call('DELETE', `/api/v1/connections/${gone.id}`)
    passTime(grantry, 120)
    expect((await readToken(grantry, over.id)).status).toBe(409)
    expect((await readToken(grantry, soon.id)).status).toBe(200)

    const now = await overview()
    expect(now).toMatchObject({
      has_integrations: true,
      has_connections: true,
      integrations: 2,
      connections: { pending: 0, active: 3, needs_reauth: 1, revoked: 1, living: 4 },
      by_integration: [
        { integration_id: one, label: 'One', provider: null, active: 2, needs_reauth: 1, revoked: 0 },
        { integration_id: two, label: 'Two', active: 1, revoked: 1 },
      ],
      needs_reauth: { total: 1, reasons: [{ reason: 'expired', connections: 1 }] },
      ending: { days: 7, connections: 1, first_ends_at: soon.ends_at },
      today: { token_reads: 1, proxy_calls: 0 },
    })
    expect((await overview('?days=30')).ending).toMatchObject({ days: 30, connections: 2 })

    const list = async (query: string) =>
      (await grantry.call('GET', `/api/v1/connections?${query}`)).body.data.map(
        ({ id }: { id: string }) => id,
      )
    expect(await list(`ending_before=${encodeURIComponent(now.ending.before)}`)).toEqual([soon.id])
    expect(await list('reason=expired')).toEqual([over.id])
    expect(await list('reason=expired&status=revoked')).toEqual([])
    expect(await list('status=needs_reauth')).toEqual([over.id])
    const ended = (await grantry.call('GET', `/api/v1/connections/${over.id}`)).body.data
    expect([later.ends_at, ended.ends_at]).toEqual([later.expires_at, null])
  })

  test('counts of use outlive the process that counted, and a day', async () => {
    await grantry.ctx.callFigures.addUp()
    const rows = () => grantry.ctx.db.selectFrom('call_figures').select('calls').execute()
    expect(await rows()).toEqual([{ calls: 1 }])
    await grantry.ctx.callFigures.addUp()
    expect(await rows()).toEqual([{ calls: 1 }])
    expect((await overview()).today.token_reads).toBe(1)
    passTime(grantry, day)
    expect((await overview()).today.token_reads).toBe(0)
  })

  test('of many connections the count is told again for a while', async () => {
    const { ctx } = grantry
    const [row] = await ctx.db
      .selectFrom('connections')
      .selectAll()
      .where('status', '=', 'active')
      .limit(1)
      .execute()
    const rows = Array.from({ length: 20_000 }, (_, n) => {
      const id = `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`
      return { ...row!, id, identity: id, ends_at: null }
    })
    for (let from = 0; from < rows.length; from += 500)
      await ctx.db
        .insertInto('connections')
        .values(rows.slice(from, from + 500))
        .execute()
    const before = await overview()
    expect(before.connections.active).toBe(20_003)
    await ctx.db.deleteFrom('connections').where('id', '<', '00000000-0000-7000-8001-000000000000').execute()
    expect((await overview()).connections).toEqual(before.connections)
    passTime(grantry, 61)
    expect((await overview()).connections.active).toBe(3)
  })

  test('how much of a plan is used', async () => {
    const quotas = { connections: 10, calls_per_minute: 1000 }
    const usage = async () => (await grantry.call('GET', '/api/v1/usage')).body.data
    expect((await usage()).quotas).toEqual([
      { name: 'connections', limit: null, used: 4 },
      { name: 'mcp_servers', limit: null, used: 0 },
      { name: 'calls_per_minute', limit: null, used: null },
    ])
    const { id } = (await grantry.call('GET', '/api/v1/workspace')).body.data
    await grantry.call(
      'PATCH',
      `/api/v1/workspaces/${id}`,
      { plan: 'pro', quotas },
      { key: grantry.operatorKey },
    )
    const { plan, quotas: told } = await usage()
    expect([plan, told[0], told[2].limit]).toEqual(['pro', { name: 'connections', limit: 10, used: 4 }, 1000])
    expect(told[2].used).toBeGreaterThan(0)
  })

  test('figures are for who reaches the whole workspace: a viewer too, a narrowed credential not', async () => {
    const app = (await grantry.call('POST', '/api/v1/apps', { name: 'app' })).body.data.id
    const make = async (body: object) =>
      (await grantry.call('POST', '/api/v1/api-keys', { name: 'k', scopes: ['connections:read'], ...body }))
        .body.data.secret
    const minted = await grantry.call('POST', '/api/v1/end-user-tokens', {
      end_user: { id: 'u1' },
      scopes: ['connections:read'],
      ttl: 600,
    })
    const whole = await make({})
    const narrowed = [await make({ app_id: app }), minted.body.data.token]
    for (const path of ['/overview', '/overview/refreshes', '/usage']) {
      expect((await grantry.call('GET', `/api/v1${path}`, undefined, { key: whole })).status, path).toBe(200)
      for (const key of narrowed) {
        const { status, body } = await grantry.call('GET', `/api/v1${path}`, undefined, { key })
        expect([status, body.code], path).toEqual([403, 'insufficient_scope'])
      }
    }
    const browser = await joinAs(grantry, 'viewer')
    for (const path of ['/overview', '/overview/refreshes?bucket=day', '/usage'])
      expect((await browser.api('GET', path)).status, path).toBe(200)
  })

  test('a refresh is told with how late it was, from the sweep to the figures', async () => {
    const integration = (await addPlainIntegration(grantry, { label: 'Late' })).id
    const minted = await mintTokens(grantry)
    const { id } = await importTokens(grantry, integration, minted, { expiresIn: 3600 })
    const { refresh_at } = await grantry.ctx.db
      .selectFrom('connections')
      .select('refresh_at')
      .where(
        'integration_id',
        '=',
        (
          await grantry.ctx.db
            .selectFrom('integrations')
            .select('id')
            .where('label', '=', 'Late')
            .executeTakeFirstOrThrow()
        ).id,
      )
      .executeTakeFirstOrThrow()
    passTime(grantry, Math.ceil((refresh_at! + 5000 - grantry.ctx.clock.now()) / 1000))
    expect((await grantry.call('POST', `/api/v1/connections/${id}/refresh`)).status).toBe(200)
    const figures = async () =>
      (await grantry.call('GET', `/api/v1/overview/refreshes?integration=${integration}`)).body.data.figures
    const before = await figures()
    expect(before).toMatchObject([
      { name: 'Late', stored: 1, lag: { refreshes: 1, p50: expect.any(Number) } },
    ])
    expect(before[0].lag.max).toBeGreaterThanOrEqual(5)
    passTime(grantry, 60)
    await rollUpRefreshes(grantry.ctx)
    expect(await figures()).toEqual(before)
    // Asked for long before it is due: there is nothing that it could be late to.
    expect((await grantry.call('POST', `/api/v1/connections/${id}/refresh`)).status).toBe(200)
    expect((await figures()).reduce((all: number, each: { stored: number }) => all + each.stored, 0)).toBe(2)
    expect(
      (await figures()).reduce(
        (all: number, each: { lag: { refreshes: number } | null }) => all + (each.lag?.refreshes ?? 0),
        0,
      ),
    ).toBe(1)
  })
})
