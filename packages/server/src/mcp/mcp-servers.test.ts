import { afterAll, beforeAll, expect, test } from 'vitest'
import { addSandboxIntegration, confirmPage, connectAccount } from '../../../../test/support/connecting.ts'
import { eachDatabase } from '../../../../test/support/databases.ts'
import { startTestGrantry, type TestGrantry } from '../../../../test/support/grantry.ts'

eachDatabase('MCP servers', (open) => {
  let grantry: TestGrantry
  beforeAll(async () => {
    grantry = await startTestGrantry({ databaseUrl: open.url })
    await addSandboxIntegration(grantry, 'gmail')
  })
  afterAll(() => grantry?.close())

  const create = (body: Record<string, unknown>) =>
    grantry.call('POST', '/api/v1/mcp-servers', {
      mcp_server: 'gmail',
      access_type: 'read',
      auth_method: 'oauth',
      ...body,
    })
  const rows = async () => {
    const db = await open()
    const count = async (table: 'mcp_servers' | 'connections' | 'connect_sessions') =>
      Number(
        (
          await db
            .selectFrom(table)
            .select(({ fn }) => fn.countAll().as('n'))
            .executeTakeFirstOrThrow()
        ).n,
      )
    return [await count('mcp_servers'), await count('connections'), await count('connect_sessions')]
  }

  async function consentAt(authorizationUrl: string) {
    const callback = await grantry.sandbox!.control.consent(authorizationUrl, { account: 'ada@example.com' })
    const page = await grantry.call('GET', callback, undefined, { key: null })
    return confirmPage(grantry, page.text, 'connect')
  }

  test('is pending until somebody consents at the authorization URL, then active', async () => {
    const made = await create({ end_user: { id: 'k1' } })
    expect(made.status).toBe(201)
    const server = made.body.data
    expect(server).toMatchObject({
      mcp_server_name: 'Gmail',
      status: 'pending',
      access_type: 'read',
      auth_method: 'oauth',
    })
    expect(server.mcp_server_access_id).toEqual(expect.any(Number))
    expect(server.authorization_url).toContain('/gmail/o/oauth2')
    await consentAt(server.authorization_url)
    const shown = await grantry.call('GET', `/api/v1/mcp-servers/${server.id}`)
    expect(shown.body.data).toMatchObject({ status: 'active', connection_id: server.connection_id })
    expect((await grantry.call('GET', `/api/v1/connections/${server.connection_id}/token`)).status).toBe(200)
    const endpoint = await grantry.call('POST', server.mcp_url, {})
    expect(endpoint).toMatchObject({ status: 400, body: { error: { code: -32600 } } })
  })

  test('read and write servers of the same account stand on connections of their own', async () => {
    const [read, write] = [
      await create({ end_user: { id: 'k2' } }),
      await create({ end_user: { id: 'k2' }, access_type: 'write' }),
    ]
    await consentAt(read.body.data.authorization_url)
    await consentAt(write.body.data.authorization_url)
    const status = async (id: string) =>
      (await grantry.call('GET', `/api/v1/mcp-servers/${id}`)).body.data.status
    expect([await status(read.body.data.id), await status(write.body.data.id)]).toEqual(['active', 'active'])
    expect(read.body.data.connection_id).not.toBe(write.body.data.connection_id)
    expect(write.body.data.mcp_server_access_id).toBe(read.body.data.mcp_server_access_id + 1)
  })

  test('stands on an existing connection, which outlives it', async () => {
    const connection = await connectAccount(grantry, { provider: 'gmail', end_user: { id: 'k3' } })
    const made = await create({ connection_id: connection.id })
    expect(made.body.data).toMatchObject({ status: 'active', authorization_url: null, connect_url: null })
    await grantry.call('DELETE', `/api/v1/mcp-servers/${made.body.data.id}`)
    expect((await grantry.call('GET', `/api/v1/connections/${connection.id}`)).body.data.status).toBe(
      'active',
    )
  })

  test('takes its own connection with it when it is ended', async () => {
    const { data } = (await create({ end_user: { id: 'k4' } })).body
    await consentAt(data.authorization_url)
    await grantry.call('DELETE', `/api/v1/mcp-servers/${data.id}`)
    expect((await grantry.call('GET', `/api/v1/mcp-servers/${data.id}`)).status).toBe(404)
    expect((await grantry.call('GET', `/api/v1/connections/${data.connection_id}`)).body.data.status).toBe(
      'revoked',
    )
  })

  test.each([
    [{ mcp_server: 'nosuch' }, 'mcp_server'],
    [{ access_type: 'admin' }, 'access_type'],
    [{ auth_method: 'basic' }, 'auth_method'],
    [{ return_to: 'https://evil.example/' }, 'return_to'],
    [{ origin: 'https://evil.example' }, 'origin'],
    [{ mcp_server: 'pipedrive' }, 'mcp_server'],
  ])('refuses %j, naming the field, and stores nothing', async (body, path) => {
    const before = await rows()
    const answer = await create(body)
    expect(answer.status).toBe(422)
    expect(answer.body.errors[0].path).toBe(path)
    expect(await rows()).toEqual(before)
  })

  test('ends with its connection only where no other server stands on it', async () => {
    const first = (await create({ end_user: { id: 'k6' } })).body.data
    await consentAt(first.authorization_url)
    const second = (await create({ connection_id: first.connection_id, access_type: 'write' })).body.data
    const drop = (id: string) => grantry.call('DELETE', `/api/v1/mcp-servers/${id}`)
    const status = async () =>
      (await grantry.call('GET', `/api/v1/connections/${first.connection_id}`)).body.data.status
    expect((await drop(first.id)).status).toBe(200)
    expect(await status()).toBe('active')
    expect((await drop(second.id)).status).toBe(200)
    expect(await status()).toBe('revoked')
    const late = await create({ connection_id: first.connection_id })
    expect(late).toMatchObject({ status: 409, body: { code: 'conflict' } })
  })

  test('many made at once have numbers of their own', async () => {
    const made = await Promise.all(Array.from({ length: 8 }, () => create({ end_user: { id: 'k5' } })))
    expect(made.map(({ status }) => status)).toEqual(Array(8).fill(201))
    expect(new Set(made.map(({ body }) => body.data.mcp_server_access_id)).size).toBe(8)
  })

  test('the list says what is supported, configured and made', async () => {
    const { body } = await grantry.call('GET', '/api/v1/mcp-servers')
    const find = (name: string) => body.data.find((item: { mcp_server: string }) => item.mcp_server === name)
    expect(find('gmail')).toMatchObject({
      mcp_server_name: 'Gmail',
      auth_methods: ['oauth'],
      access_types: ['read', 'write'],
      configured: true,
    })
    expect(find('gmail').instances.length).toBeGreaterThan(0)
    expect(find('pipedrive')).toMatchObject({ configured: false, instances: [] })
    // Without anybody's consent there is nothing to make a server over.
    const { client_id, client_secret } = grantry.sandbox!.clients.zoom!
    const own = { provider: 'zoom', label: 'Own', grant_type: 'client_credentials', validate: false }
    const made = await grantry.call('POST', '/api/v1/integrations', { ...own, client_id, client_secret })
    expect(made.status, made.text).toBe(201)
    const again = await grantry.call('GET', '/api/v1/mcp-servers')
    const zoom = again.body.data.find((item: { mcp_server: string }) => item.mcp_server === 'zoom')
    expect(zoom.configured).toBe(false)
    expect((await grantry.call('GET', '/api/v1/mcp-servers', undefined, { key: 'wrong' })).status).toBe(401)
  })
})
