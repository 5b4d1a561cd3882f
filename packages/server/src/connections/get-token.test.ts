import { randomUUID } from 'node:crypto'
import { encodeId } from '@grantry/api'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addSandboxIntegration, connectAccount } from '../../../../test/support/connecting.ts'
import { eachDatabase } from '../../../../test/support/databases.ts'
import { startTestGrantry, type TestGrantry } from '../../../../test/support/grantry.ts'
import {
  addPlainIntegration,
  eventsOf,
  importTokens,
  mintTokens,
  passTime,
  readToken,
  refreshCalls,
  showConnection,
} from '../../../../test/support/importing.ts'
import { updateConnection } from './store.ts'

eachDatabase('reading a token', (open) => {
  let grantry: TestGrantry
  let integration: string
  beforeAll(async () => {
    grantry = await startTestGrantry({ databaseUrl: open.url, world: { background: false } })
    integration = (await addPlainIntegration(grantry)).id
  })
  afterAll(() => grantry?.close())

  const calls = () => refreshCalls(grantry).length

  /** A connection whose token came from a refresh just now: it lives for 3600 s. */
  async function fresh(endUser = randomUUID()) {
    const { refresh_token } = await mintTokens(grantry)
    return importTokens(grantry, integration, { refresh_token }, { end_user: { id: endUser } })
  }

  test('outside the buffer of 300 s nothing is asked; inside, the read brings a new token', async () => {
    const { id } = await fresh()
    const first = (await readToken(grantry, id)).body.data
    expect(first).toMatchObject({
      connection_id: id,
      provider: null,
      token_type: 'Bearer',
      scopes: ['read'],
      api_base_url: grantry.sandbox!.generic.plain!.api!.base_url,
    })
    const before = calls()
    passTime(grantry, 3290)
    expect((await readToken(grantry, id)).body.data.access_token).toBe(first.access_token)
    expect(calls()).toBe(before)
    passTime(grantry, 11)
    const second = (await readToken(grantry, id)).body.data
    expect(second.access_token).not.toBe(first.access_token)
    expect(second.expires_in).toBeGreaterThan(3590)
    expect(calls()).toBe(before + 1)
  })

  test('of a token that lives 100 s the buffer is 20 s', async () => {
    const { control } = grantry.sandbox!
    control.settings('plain', { expires_in: 100 })
    const { id } = await fresh()
    const first = (await readToken(grantry, id)).body.data.access_token
    passTime(grantry, 75)
    expect((await readToken(grantry, id)).body.data.access_token).toBe(first)
    passTime(grantry, 6)
    expect((await readToken(grantry, id)).body.data.access_token).not.toBe(first)
    control.settings('plain', { expires_in: 3600 })
  })

  test('min_valid: a token that lives shorter is renewed first, whatever the buffer', async () => {
    const { id } = await fresh()
    const first = (await readToken(grantry, id)).body.data.access_token
    passTime(grantry, 1800)
    expect((await readToken(grantry, id, '?min_valid=1700')).body.data.access_token).toBe(first)
    const renewed = (await readToken(grantry, id, '?min_valid=2000')).body.data
    expect(renewed.access_token).not.toBe(first)
    expect(renewed.expires_in).toBeGreaterThanOrEqual(2000)
  })

  test('min_valid that no token of this provider has: whatever lifetime comes, and not a refresh for each read', async () => {
    const { id } = await fresh()
    const before = calls()
    for (let read = 0; read < 5; read++)
      expect((await readToken(grantry, id, '?min_valid=86400')).status).toBe(200)
    expect(calls()).toBe(before)
  })

  test('min_valid where the refresh fails: the token that there is', async () => {
    const { id } = await fresh()
    const first = (await readToken(grantry, id)).body.data.access_token
    passTime(grantry, 1800)
    grantry.sandbox!.control.fault({ fault: 'status', status: 500, endpoint: 'token' })
    const answer = await readToken(grantry, id, '?min_valid=2000')
    expect([answer.status, answer.body.data?.access_token]).toEqual([200, first])
  })

  test.each(['-1', '86401', '1.5', 'soon'])('min_valid=%s is refused', async (value) => {
    const { id } = await fresh()
    const answer = await readToken(grantry, id, `?min_valid=${value}`)
    expect([answer.status, answer.body.errors?.[0].path]).toEqual([422, 'min_valid'])
  })

  test('the answer may not be kept, and the read is in the audit log', async () => {
    const { id } = await fresh()
    const answer = await readToken(grantry, id)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(await eventsOf(grantry, id)).toEqual(['connection.imported', 'connection.refreshed', 'token.read'])
  })

  test('by integration, end user and app; 404 for none, 409 with the ids for several', async () => {
    const find = (query: string) => grantry.call('GET', `/api/v1/token?${query}`)
    const user = randomUUID()
    const { id } = await fresh(user)
    const found = await find(`integration=${integration}&end_user=${user}`)
    expect([found.status, found.body.data.connection_id]).toEqual([200, id])
    expect((await find(`integration=${integration}&end_user=nobody`)).status).toBe(404)
    expect((await find(`integration=${integration}`)).status).toBe(404)
    expect((await find(`end_user=${user}`)).status).toBe(422)
    expect((await find(`integration=${integration}&provider=gmail&end_user=${user}`)).status).toBe(422)

    const { id: other } = await fresh(user)
    const several = await find(`integration=${integration}&end_user=${user}`)
    expect([several.status, several.body.code]).toEqual([409, 'ambiguous'])
    expect(several.body.ids.sort()).toEqual([id, other].sort())
    expect(several.text).not.toContain('sandboxcanary')

    const app = (await grantry.call('POST', '/api/v1/apps', { name: 'one' })).body.data.id
    const { refresh_token } = await mintTokens(grantry)
    const inApp = await importTokens(
      grantry,
      integration,
      { refresh_token },
      { end_user: { id: user }, app_id: app },
    )
    const byApp = await find(`integration=${integration}&end_user=${user}&app=${app}`)
    expect([byApp.status, byApp.body.data.connection_id]).toEqual([200, inApp.id])
    await grantry.call('DELETE', `/api/v1/connections/${other}`)
    expect((await find(`integration=${integration}&end_user=${user}`)).body.data.connection_id).toBe(id)
  })

  test('by provider and end user', async () => {
    await addSandboxIntegration(grantry, 'pipedrive')
    const user = randomUUID()
    const { id } = await connectAccount(grantry, { provider: 'pipedrive', end_user: { id: user } })
    const found = await grantry.call('GET', `/api/v1/token?provider=pipedrive&end_user=${user}`)
    expect(found.body.data).toMatchObject({ connection_id: id, provider: 'pipedrive' })
    expect((await grantry.call('GET', `/api/v1/token?provider=gmail&end_user=${user}`)).status).toBe(404)
  })

  test('by the name that an integration was given, where the catalogue has no such provider', async () => {
    const { authorization_url, token_url, client_id, client_secret } = grantry.sandbox!.generic.plain!
    const registered = await grantry.call('POST', '/api/v1/credentials/oauth/register', {
      provider_name: 'our-crm',
      client_id,
      client_secret,
      redirect_uri: `${grantry.url}/api/v1/credentials/auth/callback/our-crm`,
      token_data: { authorize_url: authorization_url, token_url, scopes: ['read'] },
    })
    expect(registered.status).toBe(200)
    const user = randomUUID()
    const { id } = await importTokens(
      grantry,
      encodeId('int', registered.body.provider_id),
      await mintTokens(grantry),
      { end_user: { id: user }, expiresIn: 3600 },
    )
    const find = (provider: string) =>
      grantry.call('GET', `/api/v1/token?provider=${provider}&end_user=${user}`)
    expect((await find('our-crm')).body.data).toMatchObject({ connection_id: id, provider: null })
    expect((await find('their-crm')).status).toBe(404)
  })

  test.each([
    ['pending', 409, 'connection_not_ready'],
    ['needs_reauth', 409, 'connection_needs_reauth'],
    ['revoked', 409, 'conflict'],
  ] as const)(
    'a connection that is %s gives none, and nothing is asked or written',
    async (status, code, problem) => {
      const { id } = await fresh()
      const row = (await grantry.ctx.db
        .selectFrom('connections')
        .selectAll()
        .orderBy('id', 'desc')
        .executeTakeFirst())!
      await updateConnection(grantry.ctx.db, row, { status, reason: 'set by a test' })
      const before = calls()
      const answer = await readToken(grantry, id)
      expect([answer.status, answer.body.code]).toEqual([code, problem])
      expect(calls()).toBe(before)
      expect(await eventsOf(grantry, id)).not.toContain('token.read')
    },
  )

  test('expired without a refresh token: the person must connect again, said once', async () => {
    const { access_token } = await mintTokens(grantry)
    const { id } = await importTokens(grantry, integration, { access_token }, { expiresIn: 600 })
    passTime(grantry, 590)
    expect((await readToken(grantry, id)).body.data.access_token).toBe(access_token)
    passTime(grantry, 11)
    for (const _ of [1, 2]) {
      const answer = await readToken(grantry, id)
      expect([answer.status, answer.body.code, answer.body.reason]).toEqual([
        409,
        'connection_needs_reauth',
        'expired',
      ])
    }
    expect(await showConnection(grantry, id)).toMatchObject({ status: 'needs_reauth', reason: 'expired' })
    const events = await eventsOf(grantry, id)
    expect(events.filter((type) => type === 'connection.needs_reauth')).toHaveLength(1)
  })

  test('no audit, no token: when the event cannot be written the answer is 503 without a secret', async () => {
    const { id } = await fresh()
    const { db } = grantry.ctx
    await db.schema.alterTable('events').renameTo('events_away').execute()
    try {
      const answer = await readToken(grantry, id)
      expect([answer.status, answer.body.code]).toEqual([503, 'storage_unavailable'])
      expect(answer.text).not.toContain('sandboxcanary')
      expect((await grantry.call('GET', `/api/v1/connections/${id}`)).status).toBe(200)
    } finally {
      await db.schema.alterTable('events_away').renameTo('events').execute()
    }
    expect((await readToken(grantry, id)).status).toBe(200)
  })

  test.each([
    'con_',
    'con_01jd3xqv5me8tvh6w5kq2a9xyz',
    'int_01jd3xqv5me8tvh6w5kq2a9xyz',
    '..%2f..',
    "con_'--",
  ])('an id that is none (%s): 404', async (id) => {
    expect((await readToken(grantry, id)).status).toBe(404)
  })
})
