import { afterAll, beforeAll, expect, test } from 'vitest'
import { connectAccount } from '../support/connecting.ts'
import { eachDatabase } from '../support/databases.ts'
import { startTestGrantry, type TestGrantry } from '../support/grantry.ts'

// The Marketplace's "Generic OAuth 2.0 Integration": it has no code, so its form's fields go through the API. Its table's
// names → ours: Label label, Grant Type grant_type, Token URL token_url, Client ID client_id, Client Secret client_secret,
// Scope scope, API Base URL api_base_url, Tenant ID tenant_id, Authorization URL authorization_url, Redirect URI
// redirect_uri, Refresh Token refresh_token.
eachDatabase('the Marketplace as documented', (open) => {
  let grantry: TestGrantry
  let form: Record<string, string>
  beforeAll(async () => {
    grantry = await startTestGrantry({ databaseUrl: open.url })
    const { token_url, client_id, client_secret } = grantry.sandbox!.generic.plain!
    form = {
      label: 'Salesforce Production Integration',
      token_url: token_url!,
      client_id,
      client_secret,
      scope: 'read write',
      api_base_url: `${grantry.sandbox!.url}/plain/api`,
      tenant_id: 'customer-42',
    }
  })
  afterAll(() => grantry?.close())

  const save = (fields: Record<string, unknown>) =>
    grantry.call('POST', '/api/v1/integrations', { ...form, ...fields })
  const token = async (id: string) => (await grantry.call('GET', `/api/v1/connections/${id}/token`)).body.data
  const calls = (grant_type: string) =>
    grantry.sandbox!.control.calls({ provider: 'plain', endpoint: 'token', grant_type })

  /** Both clocks: Grantry's and the provider's. */
  const pass = (seconds: number) => {
    grantry.clock.advance(seconds)
    grantry.sandbox!.control.clock.advance(seconds)
  }

  async function refreshTokenFromElsewhere(): Promise<string> {
    const { authorization_url, client_id, client_secret, token_url } = grantry.sandbox!.generic.plain!
    const redirect_uri = 'http://localhost:1/elsewhere'
    const query = new URLSearchParams({
      response_type: 'code',
      client_id,
      redirect_uri,
      scope: 'read write',
      state: 'x',
    })
    const back = await grantry.sandbox!.control.consent(`${authorization_url}?${query}`, {
      account: 'ada@example.com',
    })
    const code = new URL(back).searchParams.get('code')!
    const body = new URLSearchParams({
      grant_type: 'authorization_code',
      code,
      redirect_uri,
      client_id,
      client_secret,
    })
    return ((await (await fetch(token_url!, { method: 'POST', body })).json()) as { refresh_token: string })
      .refresh_token
  }

  test('1. Client Credentials: needs nothing besides the basic fields; granted again before it expires', async () => {
    const { status, body } = await save({ grant_type: 'client_credentials' })
    expect(status).toBe(201)
    const { client_secret, ...shown } = form
    expect(JSON.stringify(body)).not.toContain(client_secret)
    expect(body.data).toMatchObject({
      ...shown,
      grant_type: 'client_credentials',
      validation: { status: 'verified' },
    })
    const first = await token(body.data.connection_id)
    expect(first.api_base_url).toBe(form.api_base_url)
    // Inside the five-minute buffer the token still works, and is renewed all the same.
    pass(first.expires_in - 240)
    const before = calls('client_credentials').length
    expect((await token(body.data.connection_id)).access_token).not.toBe(first.access_token)
    expect(calls('client_credentials')).toHaveLength(before + 1)
  })

  test('2. Authorization Code: asks for an authorization URL, tells the redirect URI, connects an end user', async () => {
    expect(await save({ grant_type: 'authorization_code' })).toMatchObject({
      status: 422,
      body: { errors: [{ path: 'authorization_url' }] },
    })
    const { authorization_url } = grantry.sandbox!.generic.plain!
    const { body } = await save({ grant_type: 'authorization_code', authorization_url })
    expect(body.data.redirect_uri).toBe(`${grantry.url}/api/v1/credentials/auth/callback/${body.data.id}`)
    const connection = await connectAccount(grantry, { integration: body.data.id, end_user: { id: 'm1' } })
    expect(connection.status).toBe('active')
  })

  test('3. Refresh Token: obtained before, spent on saving, and the pair is replaced together from then on', async () => {
    const refresh_token = await refreshTokenFromElsewhere()
    const { status, body } = await save({ grant_type: 'refresh_token', refresh_token })
    expect(status).toBe(201)
    const db = await open()
    const pair = async () =>
      db
        .selectFrom('connections as c')
        .innerJoin('token_requests as t', 't.id', 'c.token_request_id')
        .select([
          't.access_token',
          't.refresh_token',
          't.refresh_token_hash',
          'c.refresh_token_hash as pointer',
        ])
        .where('c.integration_id', '=', (eb) =>
          eb.selectFrom('integrations').select('id').where('grant_type', '=', 'refresh_token'),
        )
        .executeTakeFirstOrThrow()
    const first = await pair()
    const before = await token(body.data.connection_id)
    pass(before.expires_in + 1)
    expect((await token(body.data.connection_id)).access_token).not.toBe(before.access_token)
    const second = await pair()
    expect(second.access_token).not.toEqual(first.access_token)
    expect(second.refresh_token_hash).not.toBe(first.refresh_token_hash)
    expect(second.pointer).toBe(second.refresh_token_hash)
  })

  test('a catalogue provider by refresh token: its endpoints and base URL are known', async () => {
    const { client_id, client_secret } = grantry.sandbox!.clients.gmail!
    const answer = await grantry.call('POST', '/api/v1/integrations', {
      label: 'Gmail',
      provider: 'gmail',
      grant_type: 'refresh_token',
      client_id,
      client_secret,
      refresh_token: 'not-one-of-theirs',
    })
    expect(answer).toMatchObject({
      status: 422,
      body: { code: 'provider_rejected_credentials', provider_error: 'invalid_grant' },
    })
  })

  test('a catalogue provider by a refresh token that its own consent gave', async () => {
    const { client_id, client_secret } = grantry.sandbox!.clients.gmail!
    const { authorization_url, token_url } = grantry.sandbox!.providers.gmail!
    const redirect_uri = 'http://localhost:1/elsewhere'
    const query = new URLSearchParams({
      response_type: 'code',
      client_id,
      redirect_uri,
      scope: 'openid email',
      state: 'x',
      access_type: 'offline',
      prompt: 'consent',
    })
    const back = await grantry.sandbox!.control.consent(`${authorization_url}?${query}`, {
      account: 'ada@example.com',
    })
    const code = new URL(back).searchParams.get('code')!
    const body = new URLSearchParams({
      grant_type: 'authorization_code',
      code,
      redirect_uri,
      client_id,
      client_secret,
    })
    const tokens = (await (await fetch(token_url!, { method: 'POST', body })).json()) as {
      refresh_token: string
    }
    const answer = await grantry.call('POST', '/api/v1/integrations', {
      label: 'Gmail',
      provider: 'gmail',
      grant_type: 'refresh_token',
      client_id,
      client_secret,
      refresh_token: tokens.refresh_token,
    })
    expect(answer.status).toBe(201)
    const { access_token } = await token(answer.body.data.connection_id)
    expect(grantry.sandbox!.control.token(access_token)).toMatchObject({ live: true })
  })

  test('a catalogue provider by client credentials', async () => {
    const { client_id, client_secret } = grantry.sandbox!.clients.discord!
    const answer = await grantry.call('POST', '/api/v1/integrations', {
      label: 'Discord',
      provider: 'discord',
      grant_type: 'client_credentials',
      client_id,
      client_secret,
      scope: 'identify',
    })
    expect(answer.status).toBe(201)
    const { access_token } = await token(answer.body.data.connection_id)
    expect(grantry.sandbox!.control.token(access_token)).toMatchObject({ live: true })
  })

  test('integrations are found by the tenant they represent', async () => {
    const { body } = await grantry.call('GET', '/api/v1/integrations?tenant=customer-42')
    expect(body.data.length).toBeGreaterThan(0)
    expect((await grantry.call('GET', '/api/v1/integrations?tenant=customer-43')).body.data).toEqual([])
  })

  test('what is confidential rests sealed: neither secret nor token is in the rows', async () => {
    const db = await open()
    const rows = await db.selectFrom('integrations').selectAll().execute()
    const requests = await db.selectFrom('token_requests').selectAll().execute()
    const text = [...rows, ...requests]
      .flatMap((row) => Object.values(row))
      .map((value) => (value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : String(value)))
      .join('\n')
    expect(text).toContain(form.client_id)
    expect(text).not.toContain(form.client_secret)
    expect(text).not.toContain('sandboxcanary')
  })
})
