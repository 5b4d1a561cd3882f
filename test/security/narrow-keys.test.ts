import { afterAll, beforeAll, expect, test } from 'vitest'
import { decodeId } from '../../packages/api/src/ids.ts'
import { exportScope, scopes } from '../../packages/api/src/scopes.ts'
import { startSession } from '../support/connecting.ts'
import { eachDatabase } from '../support/databases.ts'
import { startTestGrantry, type TestGrantry } from '../support/grantry.ts'
import { addPlainIntegration, importTokens } from '../support/importing.ts'
import { openBrowser } from '../support/members.ts'

const proxies = '127.0.0.1'

eachDatabase('an API key that is narrowed', (open) => {
  let grantry: TestGrantry
  /** Integrations: one of a provider, one by its id, one that the key does not reach; a connection of each. */
  let ints: Record<'gmail' | 'plain' | 'slack', string>
  let cons: Record<'gmail' | 'plain' | 'slack', string>
  let servers: Record<'gmail' | 'slack', string>
  /** Narrowed to the provider of the first and to the second. */
  let narrow: string

  const post = async (path: string, body: unknown, key?: string) => {
    const answer = await grantry.call('POST', `/api/v1${path}`, body, key === undefined ? {} : { key })
    expect(answer.status, answer.text).toBe(201)
    return answer.body.data
  }
  const get = (path: string, key = narrow, headers: Record<string, string> = {}) =>
    grantry.call('GET', `/api/v1${path}`, undefined, { key, headers })
  const idsOf = async (path: string, key = narrow): Promise<string[]> => {
    const answer = await get(path, key)
    expect(answer.status, answer.text).toBe(200)
    return answer.body.data.map(({ id }: { id: string }) => id)
  }
  const makeKey = async (limits: object, by?: string) =>
    (await post('/api-keys', { name: 'k', scopes, ...limits }, by)).secret as string
  const refusal = async (method: string, path: string, body: unknown, key = narrow) => {
    const answer = await grantry.call(method, `/api/v1${path}`, body, { key })
    return [answer.status, answer.body?.code]
  }

  beforeAll(async () => {
    grantry = await startTestGrantry({
      databaseUrl: open.url,
      env: { GRANTRY_TRUSTED_PROXIES: proxies },
      world: { background: false },
    })
    const known = (provider: string) =>
      post('/integrations', {
        label: provider,
        provider,
        client_id: 'x',
        client_secret: 'x',
        validate: false,
      })
    ints = {
      gmail: (await known('gmail')).id,
      plain: (await addPlainIntegration(grantry)).id,
      slack: (await known('slack')).id,
    }
    const bring = async (name: keyof typeof ints) =>
      (await importTokens(grantry, ints[name], { access_token: `the-${name}-token` })).id as string
    cons = { gmail: await bring('gmail'), plain: await bring('plain'), slack: await bring('slack') }
    const serve = async (mcp_server: string, connection_id: string) =>
      (await post('/mcp-servers', { mcp_server, access_type: 'read', auth_method: 'oauth', connection_id }))
        .id as string
    servers = { gmail: await serve('gmail', cons.gmail), slack: await serve('slack', cons.slack) }
    narrow = await makeKey({ providers: ['gmail'], integrations: [ints.plain] })
  })
  afterAll(() => grantry?.close())

  test('lists what it reaches and nothing else, a page at a time', async () => {
    const reached = [cons.gmail, cons.plain].sort().reverse()
    const seen: string[] = []
    for (let cursor = ''; ; ) {
      const { body } = await get(`/connections?limit=1${cursor}`)
      seen.push(...body.data.map(({ id }: { id: string }) => id))
      if (body.next_cursor === null) break
      cursor = `&cursor=${body.next_cursor}`
    }
    expect(seen).toEqual(reached)
    expect(await idsOf('/connections?q=u1')).toEqual(reached)
    expect(await idsOf('/connections?provider=slack')).toEqual([])
    expect(await idsOf('/integrations')).toEqual([ints.gmail, ints.plain].sort().reverse())
    expect(await idsOf('/mcp-servers/instances')).toEqual([servers.gmail])
    const { text } = await get('/mcp-servers')
    expect([text.includes(servers.gmail), text.includes(servers.slack)]).toEqual([true, false])
    const counts = (await get('/providers?limit=200')).body.data as {
      provider: string
      integrations: number
    }[]
    expect(counts.filter(({ integrations }) => integrations > 0).map(({ provider }) => provider)).toEqual([
      'gmail',
    ])
    expect((await get('/credentials/oauth/connections?end_user=u1')).body).toHaveLength(2)
  })

  test('reads tokens of what it reaches; the rest is as if it were not there', async () => {
    for (const name of ['gmail', 'plain'] as const) {
      expect((await get(`/connections/${cons[name]}/token`)).body.data.access_token).toBe(`the-${name}-token`)
      expect((await get(`/token?integration=${ints[name]}&end_user=u1`)).status).toBe(200)
    }
    expect((await get('/token?provider=gmail&end_user=u1')).status).toBe(200)
    const nowhere = `con_${'0'.repeat(26)}`
    const words = (text: string) => text.replace(/req_\w+/, '')
    for (const [method, rest] of [
      ['GET', ''],
      ['GET', '/token'],
      ['POST', '/refresh'],
      ['DELETE', ''],
      ['PATCH', ''],
    ] as const) {
      const body = method === 'PATCH' ? { proxy_policy: null } : undefined
      const ask = (id: string) =>
        grantry.call(method, `/api/v1/connections/${id}${rest}`, body, { key: narrow })
      const answer = await ask(cons.slack)
      expect([answer.status, answer.body.code], `${method} ${rest}`).toEqual([404, 'not_found'])
      expect(words(answer.text)).toBe(words((await ask(nowhere)).text))
    }
    expect((await get('/token?provider=slack&end_user=u1')).body.code).toBe('not_found')
    expect((await get(`/proxy/${cons.slack}/x`)).body.code).toBe('not_found')
    expect((await get(`/mcp-servers/${servers.slack}/tools`)).status).toBe(404)
    const mcp = await grantry.call('POST', `/mcp/${servers.slack}`, {}, { key: narrow })
    expect(mcp.status).toBe(404)
  })

  test('events are those about what it reaches', async () => {
    const { body, text } = await get('/events?limit=200')
    const about = new Set(body.data.map((event: { integration_id: string }) => event.integration_id))
    expect(about).toEqual(new Set([ints.gmail, ints.plain]))
    expect(text).not.toContain(cons.slack)
    expect((await get(`/events?connection=${cons.slack}`)).body.data).toEqual([])
    expect((await get('/events?type=api_key.*')).body.data).toEqual([])
  })

  test('connects what it reaches, and offers no more to choose from', async () => {
    const session = await startSession(grantry, { end_user: { id: 'u2' } }, narrow)
    const page = await grantry.call('GET', `/connect/${session.start_token}`, undefined, { key: null })
    expect(page.text).toContain('Gmail')
    expect(page.text).not.toContain('Slack')
    expect((await get(`/connect-sessions/${session.id}`)).status).toBe(200)
    // One that may become what it does not reach is not its to see.
    const wide = await startSession(grantry, { end_user: { id: 'u2' } })
    expect((await get(`/connect-sessions/${wide.id}`)).status).toBe(404)
    for (const wish of [{ provider: 'slack' }, { integration: ints.slack }, { connection_id: cons.slack }])
      expect(await refusal('POST', '/connect-sessions', { ...wish, end_user: { id: 'u2' } })).toEqual([
        404,
        'not_found',
      ])
  })

  test('changes and brings what it reaches, and makes nothing beyond', async () => {
    const tokens = { access_token: 'another' }
    const gmail = { label: 'x', provider: 'gmail', client_id: 'y', client_secret: 'y', validate: false }
    const made = await post('/integrations', gmail, narrow)
    expect(await refusal('POST', '/integrations', { ...gmail, provider: 'slack' })).toEqual([
      403,
      'insufficient_scope',
    ])
    const generic = { ...gmail, provider: undefined, token_url: 'https://idp.example/token' }
    expect((await refusal('POST', '/integrations', generic))[1]).toBe('insufficient_scope')
    await post('/connections', { integration: made.id, end_user: { id: 'u3' }, tokens }, narrow)
    expect((await refusal('POST', '/connections', { integration: ints.slack, tokens }))[0]).toBe(404)
    const several = await grantry.call(
      'POST',
      '/api/v1/connections/import',
      { items: [ints.plain, ints.slack].map((integration, n) => ({ key: `${n}`, integration, tokens })) },
      { key: narrow },
    )
    expect(several.body.data.results.map(({ result }: { result: string }) => result)).toEqual([
      'created',
      'failed',
    ])
    expect((await refusal('DELETE', `/integrations/${ints.slack}?force=true`, undefined))[0]).toBe(404)
    expect((await refusal('DELETE', `/integrations/${made.id}?force=true`, undefined))[0]).toBe(200)
  })

  test('an end user’s token and page that come of it are narrowed as it is', async () => {
    const minted = await post(
      '/end-user-tokens',
      { end_user: { id: 'u1' }, scopes: ['connections:read', 'tokens:read'] },
      narrow,
    )
    expect(await idsOf('/connections', minted.token)).toEqual([cons.gmail, cons.plain].sort().reverse())
    expect((await get(`/connections/${cons.slack}/token`, minted.token)).status).toBe(404)
    const { url } = await post('/manage-links', { end_user: { id: 'u1' } }, narrow)
    const browser = openBrowser(grantry)
    await browser.get(url)
    const page = (await browser.get('/manage')).text
    expect([...page.matchAll(/<h2>(.*?)<\/h2>/g)].map(([, name]) => name)).toEqual(['Plain', 'Gmail'])
    const csrf = /name="csrf" value="([^"]+)"/.exec(page)![1]!
    const other = await browser.post('/manage/disconnect', { csrf, connection: cons.slack })
    expect(other.status).toBe(404)
    expect((await get(`/connections/${cons.slack}`, grantry.apiKey)).body.data.status).toBe('active')
  })

  test('gives other keys no more than it has, and sees those alone', async () => {
    const shown = async (limits: object, by = narrow) => {
      const { providers, integrations, networks } = await post(
        '/api-keys',
        { name: 'of it', scopes: ['admin'], ...limits },
        by,
      )
      return { providers, integrations, networks }
    }
    expect(await shown({})).toEqual({ providers: ['gmail'], integrations: [ints.plain], networks: null })
    expect(await shown({ integrations: [ints.gmail], networks: ['10.1.2.3/8'] })).toEqual({
      providers: [],
      integrations: [ints.gmail],
      networks: ['10.0.0.0/8'],
    })
    const key = { name: 'k', scopes: ['admin'] }
    expect((await refusal('POST', '/api-keys', { ...key, providers: ['gmail', 'slack'] }))[0]).toBe(403)
    expect((await refusal('POST', '/api-keys', { ...key, integrations: [ints.slack] }))[0]).toBe(404)
    const wider = await post('/api-keys', { ...key, providers: ['gmail', 'slack'] })
    const same = await post('/api-keys', { ...key, integrations: [ints.gmail] })
    const listed = await idsOf('/api-keys')
    expect(listed).toContain(same.id)
    expect(listed).not.toContain(wider.id)
    expect(listed.length).toBe(4)
    expect((await refusal('POST', `/api-keys/${wider.id}/rotate`, {}))[0]).toBe(404)
    expect((await refusal('DELETE', `/api-keys/${wider.id}`, undefined))[0]).toBe(404)
    expect((await refusal('POST', `/api-keys/${same.id}/rotate`, {}))[0]).toBe(200)
    expect((await refusal('DELETE', `/api-keys/${same.id}`, undefined))[0]).toBe(200)
  })

  test('nothing is left of it when what it was narrowed to has gone', async () => {
    const { id } = await addPlainIntegration(grantry, { label: 'for a while' })
    const alone = await makeKey({ integrations: [id] })
    await importTokens(grantry, id, { access_token: 'x' }, { end_user: { id: 'u9' } })
    expect(await idsOf('/connections', alone)).toHaveLength(1)
    const ended = await grantry.call('DELETE', `/api/v1/integrations/${id}?force=true`)
    expect(ended.status, ended.text).toBe(200)
    expect(await idsOf('/integrations', alone)).toEqual([])
    // Nor where its limits are lost: it is never wider.
    await grantry.ctx.db.deleteFrom('api_key_limits').where('value', '=', 'gmail').execute()
    const bare = await makeKey({ providers: ['gmail'] })
    await grantry.ctx.db.deleteFrom('api_key_limits').where('value', '=', 'gmail').execute()
    expect(await idsOf('/connections', bare)).toEqual([])
    narrow = await makeKey({ providers: ['gmail'], integrations: [ints.plain] })
  })

  test('what is wrong with a wish is told', async () => {
    const key = { name: 'k', scopes: ['admin'] }
    for (const [limits, path] of [
      [{ providers: ['no-such'] }, 'providers.0'],
      [{ providers: [] }, 'providers'],
      [{ networks: ['10.0.0.0/33'] }, 'networks.0'],
      [{ networks: ['10.0.0.0/8', 'office'] }, 'networks.1'],
    ] as const) {
      const { status, body } = await grantry.call('POST', '/api/v1/api-keys', { ...key, ...limits })
      expect([status, body.errors[0].path]).toEqual([422, path])
    }
  })

  test('an export takes along what it reaches', async () => {
    const exporter = await post('/api-keys', { name: 'k', scopes, providers: ['slack'] })
    // A person gives this scope, as is shown elsewhere.
    await grantry.ctx.db
      .updateTable('api_keys')
      .set({ scopes: JSON.stringify([exportScope]) })
      .where('id', '=', decodeId('key', exporter.id)!)
      .execute()
    const recipients = ['age1znyma77pr40e3rs4eezuq4q577e4tyte97cpfhutkqv4warlt5psaecuc9']
    const file = await grantry.call(
      'POST',
      '/api/v1/connections/export',
      { recipients },
      { key: exporter.secret },
    )
    expect(file.status, file.text).toBe(200)
    const { body } = await get('/events?type=token.exported', grantry.apiKey)
    expect(body.data.map((event: { connection_id: string }) => event.connection_id)).toEqual([cons.slack])
  })

  test('to networks: used from there only, as trusted proxies tell; elsewhere counted and once written down', async () => {
    const key = await makeKey({ networks: ['203.0.113.0/24', '2001:db8::/32'] })
    const from = (address: string, secret = key) => get('/account', secret, { 'x-forwarded-for': address })
    for (const address of ['203.0.113.7', '::ffff:203.0.113.7', '2001:db8:1::7', '198.51.100.1, 203.0.113.9'])
      expect((await from(address)).status, address).toBe(200)
    const refusals = ['203.0.114.7', '::1', '2001:db9::1', '203.0.113.9, 198.51.100.1', 'unknown']
    for (const address of refusals) {
      const answer = await from(address)
      expect([answer.status, answer.body.code], address).toEqual([403, 'network_not_allowed'])
      expect(answer.text).not.toMatch(/203\.0|2001:|198\.51/)
    }
    const none = await get('/account', key)
    expect(none.body.code).toBe('network_not_allowed')
    const { body } = await get('/events?type=api_key.refused', grantry.apiKey)
    expect(body.data).toHaveLength(1)
    expect(body.data[0]).toMatchObject({ actor: { kind: 'api_key' }, data: { network: '203.0.114.7' } })
    grantry.clock.advance(601)
    await from('192.0.2.1')
    const later = await get('/events?type=api_key.refused', grantry.apiKey)
    expect(later.body.data).toHaveLength(2)
    expect(later.body.data[0].data).toMatchObject({ network: '192.0.2.1', more_before: refusals.length })
    const { text } = await grantry.call('GET', '/metrics', undefined)
    expect(text).toMatch(new RegExp(`grantry_source_refusals_total\\{[^}]*\\} ${refusals.length + 2}\\n`))

    const inside = { 'x-forwarded-for': '203.0.113.7' }
    const make = (path: string, wish: object) =>
      grantry.call('POST', `/api/v1${path}`, wish, { key, headers: inside })
    const minted = await make('/end-user-tokens', { end_user: { id: 'u1' }, scopes: ['connections:read'] })
    const { token } = minted.body.data
    expect((await get('/connections', token)).body.code).toBe('network_not_allowed')
    expect((await get('/connections', token, inside)).status).toBe(200)
    const own = { name: 'k', scopes: ['admin'] }
    expect((await make('/api-keys', { ...own, networks: ['0.0.0.0/0'] })).body.code).toBe(
      'insufficient_scope',
    )
    expect((await make('/api-keys', own)).body.data.networks).toEqual(['2001:db8::/32', '203.0.113.0/24'])
    expect((await make('/api-keys', { ...own, networks: ['203.0.113.64/26'] })).status).toBe(201)
    // Another's new secret would be of use from anywhere; so would people and partner apps.
    const free = await post('/api-keys', { ...own })
    expect((await make(`/api-keys/${free.id}/rotate`, {})).body.code).toBe('insufficient_scope')
    for (const [path, wish] of [
      ['/invitations', { email: 'new@example.com', role: 'owner' }],
      ['/oauth-clients', { client_name: 'x', redirect_uris: ['https://x.example/cb'] }],
      ['/registration-tokens', { name: 'x' }],
    ] as const)
      expect((await make(path, wish)).body.code, path).toBe('insufficient_scope')
  })
})
