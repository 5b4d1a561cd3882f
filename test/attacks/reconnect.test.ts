import { afterAll, beforeAll, expect, test } from 'vitest'
import { connectAccount, consent, startSession } from '../support/connecting.ts'
import { eachDatabase } from '../support/databases.ts'
import { expectRepelled, openScene, type Scene, secretOf } from './scene.ts'

eachDatabase('reconnecting', (open) => {
  let scene: Scene
  let people = 0
  beforeAll(async () => {
    scene = await openScene(open.url)
  })
  afterAll(() => scene?.grantry.close())

  const connect = (user: string, account = 'ada@example.com') =>
    connectAccount(scene.grantry, { integration: scene.gmail.id, end_user: { id: user } }, account)
  const show = async (id: string) => (await scene.grantry.call('GET', `/api/v1/connections/${id}`)).body.data
  const token = async (id: string): Promise<string> => {
    const answer = await scene.grantry.call('GET', `/api/v1/connections/${id}/token`)
    expect(answer.status, answer.text).toBe(200)
    return answer.body.data.access_token
  }
  const live = (text: string) => scene.grantry.sandbox!.control.token(text)?.live

  /** Asks to renew a connection and goes through as `account`. Answers the page that the person sees at the end. */
  async function renew(connection_id: string, account: string, fields: Record<string, unknown> = {}) {
    const session = await startSession(scene.grantry, { connection_id, ...fields })
    const page = await scene.browse(await consent(scene.grantry, session.connect_url, { account }))
    const answer = await scene.confirm(secretOf(page))
    const { body } = await scene.grantry.call('GET', `/api/v1/connect-sessions/${session.id}`)
    return { answer, status: body.data }
  }

  test('keeps the connection’s id and swaps its tokens', async () => {
    const connection = await connect(`u${++people}`)
    const before = await token(connection.id)
    const { status } = await renew(connection.id, 'ada@example.com')
    expect(status).toMatchObject({ status: 'completed', connection_id: connection.id })
    const after = await token(connection.id)
    expect(after).not.toBe(before)
    expect(live(after)).toBe(true)
    expect(await show(connection.id)).toMatchObject({ end_user: connection.end_user, status: 'active' })
  })

  test('refuses another account, and the old tokens go on working', async () => {
    const connection = await connect(`u${++people}`)
    const before = await token(connection.id)
    const { answer, status } = await renew(connection.id, 'grace@example.com')
    expect(answer.status).toBe(409)
    expect(status).toMatchObject({ status: 'failed', error: 'conflict', connection_id: null })
    expect(await token(connection.id)).toBe(before)
    expect(live(before)).toBe(true)
    expect((await show(connection.id)).account.email).toBe('ada@example.com')
  })

  test('refuses an account that the provider does not name, for it may be another', async () => {
    const connection = await connect(`u${++people}`)
    const before = await token(connection.id)
    scene.grantry.sandbox!.control.fault({
      endpoint: 'account',
      fault: 'status',
      status: 500,
      times: 'forever',
    })
    const { status } = await renew(connection.id, 'grace@example.com')
    scene.grantry.sandbox!.control.clearFaults()
    expect(status).toMatchObject({ status: 'failed', error: 'provider_failed' })
    expect(await token(connection.id)).toBe(before)
  })

  test('takes another account where that was allowed when the session was made', async () => {
    const connection = await connect(`u${++people}`)
    const { status } = await renew(connection.id, 'grace@example.com', { allow_account_change: true })
    expect(status).toMatchObject({ status: 'completed', connection_id: connection.id })
    expect(await show(connection.id)).toMatchObject({
      id: connection.id,
      account: { email: 'grace@example.com' },
    })
    expect(live(await token(connection.id))).toBe(true)
  })

  test.each([
    ['an OAuth error', { fault: 'error', error: 'invalid_grant' }],
    ['an outage', { fault: 'status', status: 500 }],
    ['a page of HTML', { fault: 'html' }],
    ['a lost answer', { fault: 'drop_after' }],
    ['a token that is no text', { fault: 'token_is_number' }],
  ] as const)('the provider answers the exchange with %s: the old connection stays', async (_name, fault) => {
    const connection = await connect(`u${++people}`)
    const before = await token(connection.id)
    const { control } = scene.grantry.sandbox!
    control.fault({ endpoint: 'token', when: { grant_type: 'authorization_code' }, ...fault })
    const { answer, status } = await renew(connection.id, 'ada@example.com')
    control.clearFaults()
    expect(answer.text).toContain('Not connected')
    expect(status).toMatchObject({ status: 'failed', connection_id: null })
    expect(await show(connection.id)).toMatchObject({ status: 'active', account: connection.account })
    expect(await token(connection.id)).toBe(before)
    expect(live(before)).toBe(true)
  })

  test('the person says no: the old connection stays', async () => {
    const connection = await connect(`u${++people}`)
    const before = await token(connection.id)
    const session = await startSession(scene.grantry, { connection_id: connection.id })
    await scene.browse(await consent(scene.grantry, session.connect_url, { deny: true }))
    expect(await token(connection.id)).toBe(before)
  })

  test('of another end user, integration, workspace, or of one that has ended: refused', async () => {
    const connection = await connect(`u${++people}`)
    const made = await scene.grantry.call(
      'POST',
      '/api/v1/workspaces',
      { name: 'other' },
      {
        key: scene.grantry.operatorKey,
      },
    )
    const ask = (fields: Record<string, unknown>, key = scene.grantry.apiKey) =>
      expectRepelled(scene, () =>
        scene.grantry.call(
          'POST',
          '/api/v1/connect-sessions',
          { connection_id: connection.id, ...fields },
          { key },
        ),
      )
    expect((await ask({ end_user: { id: 'somebody-else' } })).body.code).toBe('other_end_user')
    expect((await ask({ integration: scene.plain.id })).status).toBe(422)
    const app = await scene.grantry.call('POST', '/api/v1/apps', { name: 'other' })
    const inApp = await ask({ app_id: app.body.data.id })
    expect(inApp).toMatchObject({ status: 422, body: { errors: [{ path: 'app_id' }] } })
    expect((await ask({}, made.body.data.api_key)).status).toBe(404)
    await scene.grantry.call('DELETE', `/api/v1/connections/${connection.id}?force=true`)
    expect((await ask({})).status).toBe(409)
  })

  test('ended while the person is at the provider: nothing is brought back to life', async () => {
    const connection = await connect(`u${++people}`)
    const session = await startSession(scene.grantry, { connection_id: connection.id })
    const page = await scene.browse(await consent(scene.grantry, session.connect_url))
    await scene.grantry.call('DELETE', `/api/v1/connections/${connection.id}?force=true`)
    await scene.confirm(secretOf(page))
    expect((await show(connection.id)).status).toBe('revoked')
    expect((await scene.grantry.call('GET', `/api/v1/connections/${connection.id}/token`)).status).toBe(409)
  })

  test('connecting again: the same account renews, another account makes a second connection', async () => {
    const user = `u${++people}`
    const first = await connect(user)
    const again = await connect(user)
    expect(again.id).toBe(first.id)
    const second = await connect(user, 'grace@example.com')
    expect(second.id).not.toBe(first.id)
    const other = await connect(`u${++people}`)
    expect(other.id).not.toBe(first.id)
    const { body } = await scene.grantry.call('GET', `/api/v1/connections?end_user=${user}`)
    expect(body.data.map(({ id }: { id: string }) => id).sort()).toEqual([first.id, second.id].sort())
    for (const { id } of [first, second, other]) expect(live(await token(id))).toBe(true)
  })
})
