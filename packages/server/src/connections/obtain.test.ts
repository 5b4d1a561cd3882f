import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { eachDatabase } from '../../../../test/support/databases.ts'
import { startTestGrantry, type TestGrantry } from '../../../../test/support/grantry.ts'

eachDatabase('integrations that need nobody’s consent', (open) => {
  let grantry: TestGrantry
  beforeAll(async () => {
    grantry = await startTestGrantry({ databaseUrl: open.url, world: { background: false } })
  })
  afterAll(() => grantry?.close())
  afterEach(() => grantry.sandbox!.control.clearFaults())

  const save = (body: Record<string, unknown>) => {
    const { token_url, client_id, client_secret } = grantry.sandbox!.generic.plain!
    return grantry.call('POST', '/api/v1/integrations', {
      label: 'T',
      token_url,
      client_id,
      client_secret,
      scope: 'read',
      ...body,
    })
  }
  const calls = (grant_type: string) =>
    grantry.sandbox!.control.calls({ provider: 'plain', endpoint: 'token', grant_type })
  const rows = async () => {
    const db = await open()
    const counts = []
    for (const table of ['integrations', 'connections', 'token_requests', 'events'] as const)
      counts.push(
        Number(
          (
            await db
              .selectFrom(table)
              .select(({ fn }) => fn.countAll().as('n'))
              .executeTakeFirstOrThrow()
          ).n,
        ),
      )
    return counts
  }
  const read = (id: string) => grantry.call('GET', `/api/v1/connections/${id}/token`)

  async function refreshToken(): Promise<string> {
    const { authorization_url, client_id, client_secret, token_url } = grantry.sandbox!.generic.plain!
    const redirect_uri = 'http://localhost:1/callback'
    const query = new URLSearchParams({
      response_type: 'code',
      client_id,
      redirect_uri,
      scope: 'read offline_access',
      state: 's',
    })
    const back = await grantry.sandbox!.control.consent(`${authorization_url}?${query}`, {
      account: 'ada@example.com',
    })
    const code = new URL(back).searchParams.get('code')!
    const answer = await fetch(token_url!, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        code,
        redirect_uri,
        client_id,
        client_secret,
      }),
    })
    return ((await answer.json()) as { refresh_token: string }).refresh_token
  }

  test('client credentials: saved with a connection, and granted again when the token runs out', async () => {
    const { status, body } = await save({ grant_type: 'client_credentials', tenant_id: 'customer-7' })
    expect(status).toBe(201)
    expect(body.data).toMatchObject({
      grant_type: 'client_credentials',
      redirect_uri: null,
      tenant_id: 'customer-7',
      validation: { status: 'verified' },
    })
    const first = await read(body.data.connection_id)
    expect(first.body.data).toMatchObject({ provider: null, token_type: 'Bearer' })
    grantry.clock.advance(100_000)
    grantry.sandbox!.control.clock.advance(100_000)
    const before = calls('client_credentials').length
    const second = await read(body.data.connection_id)
    expect(second.body.data.access_token).not.toBe(first.body.data.access_token)
    expect(grantry.sandbox!.control.token(second.body.data.access_token)).toMatchObject({ live: true })
    expect(calls('client_credentials')).toHaveLength(before + 1)
  })

  test('refresh token: spent once on saving; the new pair replaces it', async () => {
    const refresh_token = await refreshToken()
    const { status, body } = await save({ grant_type: 'refresh_token', refresh_token })
    expect(status).toBe(201)
    expect(JSON.stringify(body)).not.toContain(refresh_token)
    expect((await read(body.data.connection_id)).status).toBe(200)
    grantry.clock.advance(100_000)
    grantry.sandbox!.control.clock.advance(100_000)
    expect((await read(body.data.connection_id)).status).toBe(200)
    const shown = await grantry.call('GET', `/api/v1/connections/${body.data.connection_id}`)
    expect(shown.body.data).toMatchObject({ status: 'active', last_refresh: { ok: true } })
    const again = await grantry.call('POST', `/api/v1/integrations/${body.data.id}/validate`)
    expect(again.body.data.validation.status).toBe('verified')
  })

  test('a provider whose error says nothing of a field, or is a word of JavaScript: each may be meant', async () => {
    for (const error of ['access_denied', 'constructor', '__proto__']) {
      grantry.sandbox!.control.fault({ provider: 'plain', endpoint: 'token', fault: 'error', error } as never)
      const answer = await save({ grant_type: 'client_credentials' })
      expect(answer).toMatchObject({ status: 422, body: { provider_error: error } })
      expect(answer.body.errors.map(({ path }: { path: string }) => path)).toEqual([
        'client_id',
        'client_secret',
        'scope',
      ])
    }
  })

  const byItself = { grant_type: 'client_credentials' }
  const rejected = 'provider_rejected_credentials'
  test.each<[string, Record<string, string>, string, string[]]>([
    ['a wrong secret', { ...byItself, client_secret: 'wrong' }, rejected, ['client_id', 'client_secret']],
    ['an unknown scope', { ...byItself, scope: 'nosuchscope' }, rejected, ['scope']],
    [
      'a refresh token that is none',
      { grant_type: 'refresh_token', refresh_token: 'nosuch' },
      rejected,
      ['refresh_token'],
    ],
    ['no refresh token', { grant_type: 'refresh_token' }, 'invalid_request', ['refresh_token']],
    ['a refresh token too many', { ...byItself, refresh_token: 'x' }, 'invalid_request', ['refresh_token']],
    [
      'a redirect URI',
      { ...byItself, redirect_uri: 'https://a.example/' },
      'invalid_request',
      ['redirect_uri'],
    ],
    ['a private token URL', { ...byItself, token_url: 'https://10.1.1.1/t' }, 'url_refused', ['token_url']],
  ])('refuses %s on saving and names the field, and nothing stays stored', async (_, body, code, fields) => {
    const before = await rows()
    const answer = await save(body)
    expect(answer).toMatchObject({ status: 422, body: { code } })
    expect(answer.body.errors.map(({ path }: { path: string }) => path)).toEqual(fields)
    expect(await rows()).toEqual(before)
  })

  test.each([
    ['HTML', { fault: 'html' }, 422, 'provider_unusable'],
    ['a redirect', { fault: 'redirect', to: 'http://localhost:1/', status: 307 }, 422, 'provider_unusable'],
    ['a cut connection', { fault: 'drop_before' }, 422, 'provider_unusable'],
    ['500', { fault: 'status', status: 500 }, 503, 'provider_unavailable'],
  ])('a token URL that answers %s: refused, and nothing stays stored', async (_, fault, status, code) => {
    const before = await rows()
    grantry.sandbox!.control.fault({
      provider: 'plain',
      endpoint: 'token',
      times: 'forever',
      ...fault,
    } as never)
    expect(await save({ grant_type: 'client_credentials' })).toMatchObject({ status, body: { code } })
    expect(await rows()).toEqual(before)
  })
})
