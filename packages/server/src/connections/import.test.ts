import { afterAll, beforeAll, expect, test } from 'vitest'
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

eachDatabase('importing tokens', (open) => {
  let grantry: TestGrantry
  let integration: string
  beforeAll(async () => {
    grantry = await startTestGrantry({ databaseUrl: open.url, world: { background: false } })
    integration = (await addPlainIntegration(grantry)).id
  })
  afterAll(() => grantry?.close())

  test('with an access token: as it came, nothing is asked', async () => {
    const calls = refreshCalls(grantry).length
    const tokens = await mintTokens(grantry)
    const { id, ...shown } = await importTokens(grantry, integration, tokens, {
      expiresIn: 1800,
      end_user: { id: 'u1', email: 'ada@example.com', display_name: 'Ada' },
    })
    expect(shown).toMatchObject({
      status: 'active',
      provider: null,
      end_user: { id: 'u1', email: 'ada@example.com', display_name: 'Ada' },
      last_refresh: null,
    })
    expect((await readToken(grantry, id)).body.data.access_token).toBe(tokens.access_token)
    expect(refreshCalls(grantry).length).toBe(calls)
  })

  test('with nothing but a refresh token: refreshed at once', async () => {
    const { refresh_token } = await mintTokens(grantry)
    const shown = await importTokens(grantry, integration, { refresh_token })
    expect(shown).toMatchObject({ status: 'active', last_refresh: { ok: true } })
    const { access_token } = (await readToken(grantry, shown.id)).body.data
    expect(grantry.sandbox!.control.token(access_token)).toMatchObject({ live: true })
  })

  test('a dead refresh token is known at once', async () => {
    const shown = await importTokens(grantry, integration, { refresh_token: 'rt-of-nobody' })
    expect(shown).toMatchObject({
      status: 'needs_reauth',
      reason: 'grant_ended',
      last_refresh: { ok: false },
    })
    expect(shown.reason_detail).toContain('invalid_grant')
    expect((await readToken(grantry, shown.id)).body.code).toBe('connection_needs_reauth')
  })

  test('a provider that is down at the import: kept, and refreshed when it is back', async () => {
    const { refresh_token } = await mintTokens(grantry)
    grantry.sandbox!.control.fault({ fault: 'status', status: 503, endpoint: 'token' })
    const shown = await importTokens(grantry, integration, { refresh_token })
    expect(shown).toMatchObject({ status: 'active', last_refresh: { ok: false } })
    passTime(grantry, 10)
    expect((await readToken(grantry, shown.id)).status).toBe(200)
  })

  test('the same refresh token twice: one refresh serves both, now and later', async () => {
    const { control } = grantry.sandbox!
    const tokens = await mintTokens(grantry)
    const [one, two] = [
      await importTokens(grantry, integration, tokens, { expiresIn: -1, end_user: { id: 'one' } }),
      await importTokens(grantry, integration, tokens, { expiresIn: -1, end_user: { id: 'two' } }),
    ]
    expect(one.id).not.toBe(two.id)
    const killed = control.stats().families_killed
    for (let round = 0; round < 3; round++) {
      const calls = refreshCalls(grantry).length
      const answers = await Promise.all([one, two, one, two, two].map(({ id }) => readToken(grantry, id)))
      expect(new Set(answers.map(({ body }) => body.data.access_token)).size).toBe(1)
      expect(refreshCalls(grantry).length - calls).toBe(1)
      passTime(grantry, 4000)
    }
    expect(control.stats().families_killed).toBe(killed)
    expect(await eventsOf(grantry, two.id)).toContain('connection.refreshed')
  })

  test('the same dead refresh token twice: one question, asked once more, tells of both', async () => {
    const tokens = await mintTokens(grantry)
    const one = await importTokens(grantry, integration, tokens, { expiresIn: -1 })
    const two = await importTokens(grantry, integration, tokens, { expiresIn: -1 })
    grantry.sandbox!.control.revokeGrant({ provider: 'plain', account: 'ada@example.com' })
    const calls = refreshCalls(grantry).length
    expect((await readToken(grantry, one.id)).status).toBe(409)
    expect((await readToken(grantry, two.id)).status).toBe(409)
    expect(refreshCalls(grantry).length - calls).toBe(2)
    expect(await showConnection(grantry, two.id)).toMatchObject({
      status: 'needs_reauth',
      reason: 'grant_ended',
    })
  })

  test.each([
    ['no token at all', { tokens: {} }, 'tokens'],
    ['an unknown field', { tokens: { access_token: 'a' }, secret: 1 }, 'secret'],
    ['a token with a control character', { tokens: { access_token: 'a\r\nb' } }, 'tokens.access_token'],
    ['a time that is none', { tokens: { access_token: 'a', expires_at: 'tomorrow' } }, 'tokens.expires_at'],
    ['a scope with a quote', { tokens: { access_token: 'a' }, scopes: ['a"b'] }, 'scopes.0'],
    ['an end user without an id', { tokens: { access_token: 'a' }, end_user: {} }, 'end_user.id'],
  ])('%s is refused by name, and nothing is stored', async (_name, fields, path) => {
    const count = async () => (await grantry.ctx.db.selectFrom('connections').select('id').execute()).length
    const before = await count()
    const answer = await grantry.call('POST', '/api/v1/connections', { integration, ...fields })
    expect(answer.status, answer.text).toBe(422)
    expect(answer.body.errors.map((error: { path: string }) => error.path)).toContain(path)
    expect(await count()).toBe(before)
  })

  test.each(['access_token', 'refresh_token'])(
    'a token that no request can carry is refused: %s',
    async (name) => {
      for (const token of ['canary-token-€', 'canary token', 'canary-tokén']) {
        const answer = await grantry.call('POST', '/api/v1/connections', {
          integration,
          end_user: { id: 'u1' },
          tokens: { [name]: token },
        })
        expect([answer.status, answer.body.errors[0].path]).toEqual([422, `tokens.${name}`])
        expect(answer.text + grantry.logs()).not.toContain('canary')
      }
    },
  )

  test('into an integration or app that is not there: 404', async () => {
    const tokens = { access_token: 'a' }
    const body = { integration: 'int_01jd3xqv5me8tvh6w5kq2a9xyz', tokens }
    expect((await grantry.call('POST', '/api/v1/connections', body)).status).toBe(404)
    const app = { integration, tokens, app_id: 'app_01jd3xqv5me8tvh6w5kq2a9xyz' }
    expect([404, 422]).toContain((await grantry.call('POST', '/api/v1/connections', app)).status)
  })

  test('what rests in the database is sealed', async () => {
    const tokens = await mintTokens(grantry)
    await importTokens(grantry, integration, tokens, { expiresIn: 1800 })
    const rows = await grantry.ctx.db.selectFrom('token_requests').selectAll().execute()
    const text = JSON.stringify(rows, (_key, value) =>
      value instanceof Uint8Array || value?.type === 'Buffer'
        ? Buffer.from(value.data ?? value).toString('latin1')
        : value,
    )
    expect(text).not.toContain('sandboxcanary')
    expect(grantry.logs()).not.toContain('sandboxcanary')
  })
})
