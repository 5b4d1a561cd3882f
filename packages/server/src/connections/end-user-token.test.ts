import { afterAll, beforeAll, expect, test } from 'vitest'
import { addSandboxIntegration, connectAccount } from '../../../../test/support/connecting.ts'
import { eachDatabase } from '../../../../test/support/databases.ts'
import { startTestGrantry, type TestGrantry } from '../../../../test/support/grantry.ts'

eachDatabase("end users' own tokens", (open) => {
  let grantry: TestGrantry
  let ada: { id: string }
  let grace: { id: string }
  beforeAll(async () => {
    grantry = await startTestGrantry({ databaseUrl: open.url })
    await addSandboxIntegration(grantry, 'gmail')
    ada = await connectAccount(grantry, { provider: 'gmail', end_user: { id: 'ada' } })
    grace = await connectAccount(
      grantry,
      { provider: 'gmail', end_user: { id: 'grace' } },
      'grace@example.com',
    )
  })
  afterAll(() => grantry?.close())

  const mint = async (body: Record<string, unknown> = {}, key?: string) =>
    grantry.call(
      'POST',
      '/api/v1/end-user-tokens',
      { end_user: { id: 'ada' }, scopes: ['connections:read', 'connections:write', 'tokens:read'], ...body },
      key === undefined ? {} : { key },
    )

  test('reaches its end user and nobody else', async () => {
    const key = (await mint()).body.data.token
    const get = (path: string) => grantry.call('GET', `/api/v1${path}`, undefined, { key })
    expect((await get(`/connections/${ada.id}/token`)).status).toBe(200)
    expect((await get('/token?provider=gmail')).body.data.connection_id).toBe(ada.id)
    expect((await get('/connections')).body.data.map(({ id }: { id: string }) => id)).toEqual([ada.id])
    for (const path of [`/connections/${grace.id}`, `/connections/${grace.id}/token`])
      expect((await get(path)).status).toBe(404)
    for (const path of ['/token?provider=gmail&end_user=grace', '/connections?end_user=grace'])
      expect(await get(path)).toMatchObject({ status: 403, body: { code: 'other_end_user' } })
    expect((await grantry.call('DELETE', `/api/v1/connections/${grace.id}`, undefined, { key })).status).toBe(
      404,
    )
  })

  test('cannot end what others have of the same account', async () => {
    const key = (await mint({ end_user: { id: 'linus' } })).body.data.token
    const wish = { provider: 'gmail', end_user: { id: 'linus' } }
    const { id } = await connectAccount(grantry, wish, 'grace@example.com')
    const end = (query: string) =>
      grantry.call('DELETE', `/api/v1/connections/${id}${query}`, undefined, { key })
    expect(await end('?force=true')).toMatchObject({ status: 403, body: { code: 'insufficient_scope' } })
    expect((await end('')).body.data.revoked_upstream).toBe('shared')
    expect((await grantry.call('GET', `/api/v1/connections/${grace.id}/token`)).status).toBe(200)
  })

  test('says no name of its own: other people are shown it at the confirm page', async () => {
    const key = (await mint()).body.data.token
    const integration = (await grantry.call('GET', '/api/v1/integrations')).body.data[0].id
    const tokens = { access_token: 'x' }
    for (const [path, body] of [
      ['/connect-sessions', { provider: 'gmail' }],
      ['/connect-sessions', { connection_id: ada.id }],
      ['/connections', { integration, tokens }],
    ] as const)
      for (const claim of [{ email: 'grace@example.com' }, { display_name: 'Grace' }]) {
        const end_user = { id: 'ada', ...claim }
        const answer = await grantry.call('POST', `/api/v1${path}`, { ...body, end_user }, { key })
        expect(answer).toMatchObject({ status: 403, body: { code: 'insufficient_scope' } })
      }
  })

  test('starts sessions for its end user only, mints no further token, and reaches no setting', async () => {
    const key = (await mint()).body.data.token
    const start = (body: Record<string, unknown>) =>
      grantry.call('POST', '/api/v1/connect-sessions', { provider: 'gmail', ...body }, { key })
    expect((await start({})).status).toBe(201)
    expect((await start({ end_user: { id: 'grace' } })).status).toBe(403)
    const db = await open()
    const owners = await db
      .selectFrom('connect_sessions')
      .select('end_user_id')
      .orderBy('id', 'desc')
      .limit(1)
      .execute()
    expect(owners[0]!.end_user_id).toBe('ada')
    expect((await mint({ end_user: { id: 'grace' } }, key)).status).toBe(403)
    for (const path of ['/workspace', '/integrations', '/api-keys', '/events'])
      expect((await grantry.call('GET', `/api/v1${path}`, undefined, { key })).status).toBe(403)
  })

  test('ends after its time, and with the key that minted it', async () => {
    const maker = (
      await grantry.call('POST', '/api/v1/api-keys', {
        name: 'm',
        scopes: ['connections:write', 'tokens:read'],
      })
    ).body.data
    const works = async (key: string) =>
      (await grantry.call('GET', '/api/v1/token?provider=gmail', undefined, { key })).status
    const short = (await mint({ scopes: ['tokens:read'], ttl: 60 }, maker.secret)).body.data.token
    expect(await works(short)).toBe(200)
    grantry.clock.advance(61)
    expect(await works(short)).toBe(401)
    const long = (await mint({ scopes: ['tokens:read'] }, maker.secret)).body.data.token
    expect(await works(long)).toBe(200)
    await grantry.call('DELETE', `/api/v1/api-keys/${maker.id}`)
    expect(await works(long)).toBe(401)
  })

  test.each([
    [{ scopes: ['admin'] }, 422],
    [{ ttl: 3601 }, 422],
    [{ end_user: {} }, 422],
  ])('refuses %j', async (body, status) => {
    expect((await mint(body)).status).toBe(status)
  })
})
