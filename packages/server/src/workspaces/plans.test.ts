import { afterAll, beforeAll, expect, test } from 'vitest'
import { eachDatabase } from '../../../../test/support/databases.ts'
import { startTestGrantry, type TestGrantry } from '../../../../test/support/grantry.ts'
import { addPlainIntegration } from '../../../../test/support/importing.ts'

const plan = {
  plan: 'gold',
  plan_expires_at: '2030-01-01T00:00:00.000Z',
  quotas: { connections: 500, mcp_servers: 20, calls_per_minute: 6000 },
  features: ['mcp', 'import', 'priority-support'],
  experiments: [{ key: 'onboarding', variants: ['control', 'guided'], weights: [1, 3] }],
}

eachDatabase('plans', (open) => {
  let sold: TestGrantry
  let workspace: string
  let integration: string
  beforeAll(async () => {
    sold = await startTestGrantry({ databaseUrl: open.url, world: { background: false } })
    workspace = (await sold.call('GET', '/api/v1/workspace')).body.data.id
    integration = (await addPlainIntegration(sold)).id
  })
  afterAll(() => sold?.close())

  const set = (body: unknown, id = workspace) =>
    sold.call('PATCH', `/api/v1/workspaces/${id}`, body, { key: sold.operatorKey })

  test('where there is an operator, only the operator sets them', async () => {
    for (const [name, value] of Object.entries(plan)) {
      const refused = await sold.call('PATCH', '/api/v1/workspace', { name: 'no', [name]: value })
      expect(refused).toMatchObject({
        status: 403,
        body: { code: 'insufficient_scope', errors: [{ path: name, message: 'is set by the operator' }] },
      })
    }
    expect((await sold.call('GET', '/api/v1/workspace')).body.data).toMatchObject({
      name: 'default',
      plan: null,
      plan_expires_at: null,
      quotas: {},
      features: null,
      experiments: [],
    })
    expect((await set(plan)).body.data).toMatchObject(plan)
    expect((await sold.call('GET', '/api/v1/workspace')).body.data).toMatchObject(plan)
    const { data: event } = (await sold.call('GET', '/api/v1/events?type=workspace.updated')).body
    expect(event[0]).toMatchObject({ actor: { kind: 'operator' }, data: plan })
    // What is not named stays; the rest of the settings is the workspace's own.
    expect((await set({ quotas: {} })).body.data).toMatchObject({ ...plan, quotas: {} })
    expect((await set({ allowed_origins: [] })).status).toBe(422)
    await set({ plan: null, plan_expires_at: null, features: null, experiments: [] })
  })

  test('the operator lists workspaces, a page at a time, and reaches none that is not there', async () => {
    const by = { key: sold.operatorKey }
    const made = await sold.call('POST', '/api/v1/workspaces', { name: 'Second' }, by)
    const ended = await sold.call('POST', '/api/v1/workspaces', { name: 'Ended' }, by)
    await sold.call('DELETE', `/api/v1/workspaces/${ended.body.data.id}`, undefined, by)
    const first = await sold.call('GET', '/api/v1/workspaces?limit=1', undefined, by)
    const second = await sold.call(
      'GET',
      `/api/v1/workspaces?limit=1&cursor=${first.body.next_cursor}`,
      undefined,
      by,
    )
    expect([...first.body.data, ...second.body.data].map(({ id }) => id)).toEqual([
      made.body.data.id,
      workspace,
    ])
    expect(second.body.next_cursor).toBeNull()
    for (const id of [ended.body.data.id, 'ws_nothing', `ws_${'0'.repeat(26)}`])
      expect((await set({ plan: 'x' }, id)).status).toBe(404)
  })

  test.each([
    [{ plan: '' }, 'plan'],
    [{ plan_expires_at: 'tomorrow' }, 'plan_expires_at'],
    [{ quotas: { connections: -1 } }, 'quotas.connections'],
    [{ quotas: { connections: 1.5 } }, 'quotas.connections'],
    [{ quotas: { users: 1 } }, 'quotas'],
    [{ features: ['a b'] }, 'features.0'],
    [{ features: ['mcp', 'mcp'] }, 'features'],
    [{ experiments: [{ key: 'a', variants: [] }] }, 'experiments.0.variants'],
    [{ experiments: [{ key: 'a', variants: ['x', 'x'] }] }, 'experiments.0.variants'],
    [{ experiments: [{ key: 'a', variants: ['x'], weights: [1, 2] }] }, 'experiments.0.weights'],
    [{ experiments: [{ key: 'a', variants: ['x'], weights: [0] }] }, 'experiments.0.weights'],
    [{ experiments: Array(2).fill({ key: 'a', variants: ['x'] }) }, 'experiments'],
  ])('refuses %j', async (body, path) => {
    const before = (await sold.call('GET', '/api/v1/workspace')).body.data
    const refused = await set(body)
    expect(refused.status, refused.text).toBe(422)
    expect(refused.body.errors[0].path).toBe(path)
    expect((await sold.call('GET', '/api/v1/workspace')).body.data).toEqual(before)
  })

  const uses = {
    mcp: () =>
      sold.call('POST', '/api/v1/mcp-servers', {
        mcp_server: 'gmail',
        access_type: 'read',
        auth_method: 'oauth',
      }),
    import: () => sold.call('POST', '/api/v1/connections', { integration, tokens: { access_token: 'x' } }),
    end_user_tokens: () =>
      sold.call('POST', '/api/v1/end-user-tokens', { end_user: { id: 'u' }, scopes: ['connections:read'] }),
    direct_links: () => sold.call('POST', '/api/v1/connect-sessions', { integration, binding: 'direct' }),
  }

  test.each(Object.entries(uses))('%s is there unless a list leaves it out', async (feature, use) => {
    const others = Object.keys(uses).filter((name) => name !== feature)
    await set({ features: others })
    expect(await use()).toMatchObject({ status: 403, body: { code: 'feature_not_in_plan', feature } })
    await set({ features: [feature] })
    expect((await use()).body.code).not.toBe('feature_not_in_plan')
    await set({ features: null })
    expect((await use()).body.code).not.toBe('feature_not_in_plan')
  })
})

test('without an operator an admin sets them', async () => {
  const own = await startTestGrantry({ sandbox: false, env: { GRANTRY_OPERATOR_KEY: '' } })
  try {
    const changed = await own.call('PATCH', '/api/v1/workspace', { name: 'Ours', ...plan })
    expect([changed.status, changed.body.data]).toMatchObject([200, { name: 'Ours', ...plan }])
    const scopes = ['connections:read']
    const weak = await own.call('POST', '/api/v1/api-keys', { name: 'weak', scopes })
    const key = weak.body.data.secret
    expect((await own.call('PATCH', '/api/v1/workspace', plan, { key })).status).toBe(403)
    const account = await own.call('GET', '/api/v1/account', undefined, { key })
    expect(account.body.data).toMatchObject({
      plan: 'gold',
      plan_expires_at: plan.plan_expires_at,
      quotas: plan.quotas,
      features: plan.features,
      experiments: [{ key: 'onboarding', variant: expect.stringMatching(/^(control|guided)$/) }],
    })
  } finally {
    await own.close()
  }
})
