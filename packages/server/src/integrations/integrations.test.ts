import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { addSandboxIntegration, connectAccount } from '../../../../test/support/connecting.ts'
import { eachDatabase } from '../../../../test/support/databases.ts'
import { startTestGrantry, type TestGrantry } from '../../../../test/support/grantry.ts'

eachDatabase('integrations', (open) => {
  let grantry: TestGrantry
  beforeAll(async () => {
    grantry = await startTestGrantry({ databaseUrl: open.url })
  })
  afterAll(() => grantry?.close())
  afterEach(() => grantry.sandbox!.control.clearFaults())

  const save = (body: Record<string, unknown>) =>
    grantry.call('POST', '/api/v1/integrations', { label: 'Test', ...body })
  const plain = (fields: Record<string, unknown> = {}) => {
    const { authorization_url, token_url, client_id, client_secret } = grantry.sandbox!.generic.plain!
    return save({ authorization_url, token_url, client_id, client_secret, scope: 'read', ...fields })
  }
  const count = async () => (await grantry.call('GET', '/api/v1/integrations?limit=200')).body.data.length

  test('by catalogue provider: endpoints are filled in, credentials verified, the secret is write-only', async () => {
    const saved = await addSandboxIntegration(grantry, 'gmail')
    expect(saved).toMatchObject({
      provider: 'gmail',
      provider_name: 'Gmail',
      has_client_secret: true,
      redirect_uri: `${grantry.url}/api/v1/credentials/auth/callback/gmail`,
      validation: { status: 'verified' },
    })
    const shown = await grantry.call('GET', `/api/v1/integrations/${saved.id}`)
    expect(shown.text).not.toContain(grantry.sandbox!.clients.gmail!.client_secret)
    await grantry.call('DELETE', `/api/v1/integrations/${saved.id}`)
  })

  test('generic by endpoints: a callback of its own, and the way of authenticating is found out', async () => {
    const { status, body } = await plain()
    expect(status).toBe(201)
    expect(body.data).toMatchObject({ provider: null, validation: { status: 'verified' } })
    expect(body.data.redirect_uri).toBe(`${grantry.url}/api/v1/credentials/auth/callback/${body.data.id}`)
    expect(body.data.token_auth_method).not.toBe('auto')
  })

  test('generic by issuer', async () => {
    const { issuer, client_id, client_secret } = grantry.sandbox!.generic.plain!
    const { status, body } = await save({ issuer, client_id, client_secret })
    expect(status).toBe(201)
    expect(body.data.token_url).toBe(grantry.sandbox!.generic.plain!.token_url)
  })

  test('a wrong secret is refused with the words of the provider, and nothing is stored', async () => {
    const before = await count()
    const answer = await plain({ client_secret: 'wrong-secret-canary' })
    expect(answer).toMatchObject({
      status: 422,
      body: {
        code: 'provider_rejected_credentials',
        provider_error: 'invalid_client',
        errors: [{ path: 'client_id' }, { path: 'client_secret' }],
      },
    })
    expect(answer.body.advice.todo).toContain('developer console')
    expect(answer.body.detail).toMatch(/invalid_client: [^.]+\. Check the client id/)
    expect(answer.text).not.toContain('wrong-secret-canary')
    expect(await count()).toBe(before)
  })

  /** Whatever the token endpoint is asked, and by whom. */
  const answerAlike = () =>
    grantry.sandbox!.control.fault({
      provider: 'plain',
      endpoint: 'token',
      fault: 'error',
      error: 'invalid_request',
      times: 'forever',
    } as never)

  test('a provider that answers right and wrong secrets alike is stored unverified, with its answers', async () => {
    answerAlike()
    const { status, body } = await plain()
    expect(status).toBe(201)
    expect(body.data.validation.status).toBe('unverified')
    expect(body.data.validation.checks[0].detail).toContain('invalid_request')
  })

  test('a check of another time leaves an event where it finds something else than before', async () => {
    const { id } = (await plain()).body.data
    const check = () => grantry.call('POST', `/api/v1/integrations/${id}/validate`)
    const changes = async () => {
      const { body } = await grantry.call('GET', '/api/v1/events?type=integration.updated')
      return body.data
        .filter((event: { integration_id: string }) => event.integration_id === id)
        .map((event: { data: unknown }) => event.data)
    }
    expect((await check()).body.data.validation.status).toBe('verified')
    expect(await changes()).toEqual([])
    answerAlike()
    for (let time = 1; time <= 2; time++) {
      expect((await check()).body.data.validation.status).toBe('unverified')
      expect(await changes()).toEqual([{ changed: ['validation'] }])
    }
  })

  test.each([
    ['HTML', { fault: 'html' }],
    ['a redirect', { fault: 'redirect', to: 'http://localhost:1/', status: 307 }],
    ['a cut connection', { fault: 'drop_before' }],
  ])('a token URL that answers %s is refused, and nothing is stored', async (_, fault) => {
    const before = await count()
    grantry.sandbox!.control.fault({
      provider: 'plain',
      endpoint: 'token',
      times: 'forever',
      ...fault,
    } as never)
    const answer = await plain()
    expect(answer).toMatchObject({
      status: 422,
      body: { code: 'provider_unusable', errors: [{ path: 'token_url' }] },
    })
    expect(await count()).toBe(before)
  })

  test.each([
    ['a private address', { token_url: 'https://10.0.0.1/token' }, 'token_url'],
    ['a metadata address', { token_url: 'https://169.254.169.254/token' }, 'token_url'],
    ['plain http elsewhere', { token_url: 'http://example.com/token' }, 'token_url'],
    ['another port of this machine', { api_base_url: 'http://localhost:1/' }, 'api_base_url'],
    ['a private issuer', { issuer: 'https://192.168.1.1' }, 'issuer'],
    ['user info', { token_url: 'https://a:b@example.com/token' }, 'token_url'],
    ['a scheme that is no URL', { authorization_url: 'javascript:alert(1)' }, 'authorization_url'],
    ['an unknown provider', { provider: 'nosuch' }, 'provider'],
    ['a foreign redirect URI', { redirect_uri: 'https://evil.example/cb' }, 'redirect_uri'],
  ])('refuses %s, naming the field, without a call', async (_, fields, path) => {
    const before = await count()
    const calls = grantry.sandbox!.control.calls({}).length
    const answer = await plain(fields)
    expect(answer.status).toBe(422)
    expect(answer.body.errors[0].path).toBe(path)
    expect(await count()).toBe(before)
    expect(grantry.sandbox!.control.calls({})).toHaveLength(calls)
  })

  test('a value that the addresses leave open must be there and fit into them', async () => {
    const { client_id, client_secret } = grantry.sandbox!.clients.shopify!
    const shop = (params?: Record<string, string>) =>
      save({ provider: 'shopify', client_id, client_secret, params })
    for (const params of [undefined, { shop: '' }, { shop: 'a.evil.example/' }, { shop: '../..' }]) {
      const answer = await shop(params)
      expect(answer).toMatchObject({ status: 422, body: { errors: [{ path: 'params.shop' }] } })
    }
    expect((await shop({ shop: 'acme' })).status).toBe(201)
  })

  test('endpoints move only with the secret at hand and without connections', async () => {
    const { id } = await addSandboxIntegration(grantry, 'pipedrive')
    const change = (body: Record<string, unknown>) =>
      grantry.call('PATCH', `/api/v1/integrations/${id}`, body)
    const token_url = `${grantry.sandbox!.url}/plain/token`
    expect(await change({ token_url })).toMatchObject({
      status: 422,
      body: { errors: [{ path: 'client_secret' }] },
    })
    await connectAccount(grantry, { integration: id, end_user: { id: 'u' } })
    expect(await change({ token_url, client_secret: 'x' })).toMatchObject({
      status: 409,
      body: { code: 'has_connections' },
    })
    await change({ tenant_id: 'customer-7' })
    expect((await change({ tenant_id: null })).body.data.tenant_id).toBeNull()
    const renamed = await change({ label: 'Renamed' })
    expect(renamed.body.data).toMatchObject({ label: 'Renamed', validation: { status: 'verified' } })
    expect(await grantry.call('DELETE', `/api/v1/integrations/${id}`)).toMatchObject({ status: 409 })
    expect(await grantry.call('DELETE', `/api/v1/integrations/${id}?force=true`)).toMatchObject({
      status: 200,
    })
    expect((await grantry.call('GET', `/api/v1/integrations/${id}`)).status).toBe(404)
  })

  test('the catalogue can be searched and read', async () => {
    const found = await grantry.call('GET', '/api/v1/providers?search=pipe')
    expect(found.body.data.map(({ provider }: { provider: string }) => provider)).toEqual(['pipedrive'])
    const shown = await grantry.call('GET', '/api/v1/providers/gmail')
    expect(shown.body.data.scopes.read[0]).toHaveProperty('sentence')
    expect((await grantry.call('GET', '/api/v1/providers/nosuch')).status).toBe(404)
  })
})
