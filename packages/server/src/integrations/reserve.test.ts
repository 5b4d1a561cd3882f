import { afterAll, beforeAll, expect, test } from 'vitest'
import { eachDatabase } from '../../../../test/support/databases.ts'
import { startTestGrantry, type TestGrantry } from '../../../../test/support/grantry.ts'
import { addPlainIntegration, passTime } from '../../../../test/support/importing.ts'

eachDatabase('a redirect URI before there is an integration', (database) => {
  let grantry: TestGrantry
  beforeAll(async () => {
    grantry = await startTestGrantry({ databaseUrl: database.url, world: { background: false } })
  })
  afterAll(() => grantry?.close())

  const reserve = async (body: object, key?: string) => {
    const answer = await grantry.call('POST', '/api/v1/integrations/redirect-uri', body, key ? { key } : {})
    expect(answer.status, answer.text).toBe(200)
    return answer.body.data as { redirect_uri: string; expires_at: string | null }
  }
  const save = (fields: object, key?: string) => {
    const { authorization_url, token_url, client_id } = grantry.sandbox!.generic.plain!
    const body = {
      label: 'x',
      authorization_url,
      token_url,
      client_id,
      client_secret: 's',
      validate: false,
      ...fields,
    }
    return grantry.call('POST', '/api/v1/integrations', body, key ? { key } : {})
  }
  const callback = () => `${grantry.url}/api/v1/credentials/auth/callback`

  test("the catalogue's endpoints have theirs; any other pair gets one that saving keeps", async () => {
    expect(await reserve({ provider: 'gmail' })).toEqual({
      redirect_uri: `${callback()}/gmail`,
      expires_at: null,
    })
    const { authorization_url, token_url } = (await grantry.call('GET', '/api/v1/providers/gmail')).body.data
    expect((await reserve({ provider: 'gmail', authorization_url, token_url })).expires_at).toBeNull()
    for (const other of [
      {},
      { provider: 'gmail', token_url: 'https://idp.example/t' },
      { provider: 'shopify', params: { shop: 'a' } },
    ])
      expect((await reserve(other)).redirect_uri).toMatch(/\/callback\/int_\w{26}$/)
    const unknown = await grantry.call('POST', '/api/v1/integrations/redirect-uri', { provider: 'nobody' })
    expect([unknown.status, unknown.body.errors[0].path]).toEqual([422, 'provider'])

    const { redirect_uri, expires_at } = await reserve({})
    expect(Date.parse(expires_at!)).toBeGreaterThan(grantry.clock.now() + 6 * 86_400_000)
    const saved = await save({ redirect_uri })
    expect(saved.status, saved.text).toBe(201)
    expect(saved.body.data).toMatchObject({ redirect_uri, id: redirect_uri.split('/').at(-1) })
  })

  test('it serves once, in its own workspace, for a week', async () => {
    const used = await reserve({})
    const first = await save({ redirect_uri: used.redirect_uri })
    const again = await save({ redirect_uri: used.redirect_uri })
    expect([again.status, again.body.errors[0].path]).toEqual([422, 'redirect_uri'])
    await grantry.call('DELETE', `/api/v1/integrations/${first.body.data.id}`)
    expect((await save({ redirect_uri: used.redirect_uri })).status).toBe(422)

    const made = await grantry.call('POST', '/api/v1/workspaces', { name: 'w' }, { key: grantry.operatorKey })
    const ours = await reserve({})
    expect((await save({ redirect_uri: ours.redirect_uri }, made.body.data.api_key)).status).toBe(422)
    const { redirect_uri } = await addPlainIntegration(grantry)
    expect((await save({ redirect_uri })).status).toBe(422)
    expect((await save({ redirect_uri: `${callback()}/int_${'0'.repeat(26)}` })).status).toBe(422)

    passTime(grantry, 8 * 86_400)
    expect((await save({ redirect_uri: ours.redirect_uri })).status).toBe(422)
  })

  test('two who save with it at once: one has it', async () => {
    const { redirect_uri } = await reserve({})
    const statuses = (await Promise.all([1, 2, 3].map(() => save({ redirect_uri })))).map(
      ({ status }) => status,
    )
    expect(statuses.filter((status) => status === 201)).toHaveLength(1)
    expect(statuses.every((status) => status === 201 || status === 409 || status === 422)).toBe(true)
  })

  test('an issuer is asked for the fields of a form; one that is none, or out of reach, is refused with why', async () => {
    const discover = (issuer: string) => grantry.call('POST', '/api/v1/integrations/discover', { issuer })
    const { status, body, text } = await discover(`${grantry.sandbox!.url}/gmail`)
    expect(status, text).toBe(200)
    const { authorization_url, token_url, revocation_url } = (
      await grantry.call('GET', '/api/v1/providers/gmail')
    ).body.data
    expect(body.data).toMatchObject({
      issuer: `${grantry.sandbox!.url}/gmail`,
      authorization_url,
      token_url,
      revocation_url,
      pkce: true,
      identity: true,
      provider: 'gmail',
      grant_types: expect.arrayContaining(['authorization_code']),
    })
    const none = await discover(`${grantry.sandbox!.url}/nobody`)
    expect([none.status, none.body.code, none.body.errors[0].path]).toEqual([
      422,
      'provider_unusable',
      'issuer',
    ])
    const away = await discover('https://10.0.0.1')
    expect([away.status, away.body.code]).toEqual([422, 'url_refused'])
    const bad = await discover('https://idp.example/?x=1')
    expect([bad.status, bad.body.errors[0].path]).toEqual([422, 'issuer'])
  })

  test('a workspace asks as often as it saves, and no more', async () => {
    passTime(grantry, 120)
    const statuses: number[] = []
    for (let n = 0; n < 31; n++)
      statuses.push(
        (await grantry.call('POST', '/api/v1/integrations/redirect-uri', { provider: 'gmail' })).status,
      )
    expect(statuses).toEqual([...Array(30).fill(200), 429])
    expect(
      (await grantry.call('POST', '/api/v1/integrations/discover', { issuer: 'https://10.0.0.1' })).status,
    ).toBe(429)
  })

  test('a provider is told with what a form needs, and how many integrations there are for whoever may see them', async () => {
    const get = async (key?: string) =>
      (await grantry.call('GET', '/api/v1/providers/gmail', undefined, key ? { key } : {})).body.data
    await save({ provider: 'gmail', authorization_url: undefined, token_url: undefined })
    expect(await get()).toMatchObject({
      integrations: 1,
      tools: { read: expect.any(Number), write: expect.any(Number) },
      notes: expect.stringContaining('restricted scopes'),
      register_url: expect.stringMatching(/^https:\/\/console\.cloud\.google\.com\//),
      hints: expect.arrayContaining(['A connection that is not refreshed for 180 days ends.']),
      params: [],
    })
    const key = await grantry.call('POST', '/api/v1/api-keys', { name: 'k', scopes: ['connections:read'] })
    expect((await get(key.body.data.secret)).integrations).toBeNull()
    const shopify = (await grantry.call('GET', '/api/v1/providers/shopify')).body.data
    expect(shopify.params).toEqual([
      { name: 'shop', label: 'Shop', description: expect.any(String), example: 'acme', default: null },
    ])
  })
})
