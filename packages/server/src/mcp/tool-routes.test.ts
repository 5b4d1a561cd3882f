import { afterAll, beforeAll, expect, test } from 'vitest'
import { addSandboxIntegration, connectAccount } from '../../../../test/support/connecting.ts'
import { eachDatabase } from '../../../../test/support/databases.ts'
import { startTestGrantry, type TestGrantry } from '../../../../test/support/grantry.ts'
import { joinAs } from '../../../../test/support/members.ts'

eachDatabase('the tools of a connection', (database) => {
  const tools = [
    {
      name: 'show_account',
      title: 'Show the account',
      description: 'Tells whose account it is.',
      access: 'read',
      input: {
        type: 'object',
        properties: { fields: { type: 'string', maxLength: 20, default: 'all' } },
        additionalProperties: false,
      },
      steps: [{ method: 'GET', path: '/gmail/v1/users/me/labels' }],
      output: 'answer',
    },
    {
      name: 'rename_account',
      title: 'Rename the account',
      description: 'Gives the account another name.',
      access: 'write',
      destructive: true,
      input: { type: 'object', properties: {}, additionalProperties: false },
      steps: [{ method: 'POST', path: '/gmail/v1/users/me/labels' }],
      output: 'answer',
    },
  ]

  let grantry: TestGrantry
  let servers: { read: string; write: string; pending: string }
  let connection: string
  let keys: { read: string; write: string; manage: string }

  beforeAll(async () => {
    grantry = await startTestGrantry({
      databaseUrl: database.url,
      world: { background: false },
      providers: { gmail: { tools } },
    })
    const integration = await addSandboxIntegration(grantry, 'gmail')
    const end_user = { id: 'u1', email: 'u1@example.com' }
    connection = (
      await connectAccount(grantry, { integration: integration.id, end_user, access_type: 'write' })
    ).id
    const make = async (body: object) =>
      (
        await grantry.call('POST', '/api/v1/mcp-servers', {
          mcp_server: 'gmail',
          auth_method: 'oauth',
          ...body,
        })
      ).body.data.id as string
    servers = {
      read: await make({ access_type: 'read', connection_id: connection }),
      write: await make({ access_type: 'write', connection_id: connection }),
      pending: await make({ access_type: 'read', end_user: { id: 'u2' } }),
    }
    const key = async (...scopes: string[]) =>
      (await grantry.call('POST', '/api/v1/api-keys', { name: 'k', scopes })).body.data.secret as string
    keys = {
      read: await key('mcp:read'),
      write: await key('mcp:write', 'connections:write'),
      manage: await key('mcp:manage'),
    }
  })
  afterAll(() => grantry?.close())

  const path = (server: string, tool = '') => `/api/v1/mcp-servers/${server}/tools${tool && `/${tool}`}`
  const run = (server: string, tool: string, key: string, args?: object) =>
    grantry.call('POST', path(server, tool), args ? { arguments: args } : {}, { key })
  const runnable = async (server: string, key: string) => {
    const { status, body } = await grantry.call('GET', path(server), undefined, { key })
    expect(status).toBe(200)
    return body.data.tools.map(({ name, runnable }: { name: string; runnable: boolean }) => [name, runnable])
  }

  test('lists what a server has, with what each does and whether the caller may run it', async () => {
    const { body } = await grantry.call('GET', path(servers.write))
    expect(body.data.tools).toEqual([
      {
        name: 'show_account',
        title: 'Show the account',
        description: 'Tells whose account it is.',
        access: 'read',
        destructive: false,
        idempotent: true,
        input_schema: tools[0]!.input,
        runnable: true,
      },
      expect.objectContaining({ name: 'rename_account', access: 'write', destructive: true, runnable: true }),
    ])
    expect(await runnable(servers.read, keys.write)).toEqual([['show_account', true]])
    const both = (read: boolean, write: boolean) => [
      ['show_account', read],
      ['rename_account', write],
    ]
    expect(await runnable(servers.write, keys.read)).toEqual(both(true, false))
    expect(await runnable(servers.write, keys.manage)).toEqual(both(false, false))
  })

  test('runs one, and writes it down as the call that it is', async () => {
    const { status, body, headers } = await run(servers.read, 'show_account', keys.read, { fields: 'all' })
    expect(status, JSON.stringify(body)).toBe(200)
    expect(headers.get('cache-control')).toBe('no-store')
    expect(body.data).toMatchObject({ is_error: false, content: [{ type: 'text' }] })
    expect(JSON.parse(body.data.content[0].text)).toEqual(body.data.structured_content)
    const events = await grantry.call('GET', `/api/v1/events?type=proxy.called&connection=${connection}`)
    expect(events.body.data[0]).toMatchObject({
      data: { tool: 'show_account', method: 'GET' },
      actor: { kind: 'api_key' },
    })
  })

  test('what the arguments lack is told in the answer, and nothing is sent', async () => {
    const calls = grantry.sandbox!.control.stats().calls
    const { status, body } = await run(servers.read, 'show_account', keys.read, { colour: 'red' })
    expect([status, body.data]).toEqual([
      200,
      {
        content: [{ type: 'text', text: expect.stringContaining('There is no argument "colour"') }],
        structured_content: null,
        is_error: true,
      },
    ])
    expect(grantry.sandbox!.control.stats().calls).toBe(calls)
    const deep = JSON.parse(`{"fields":${'['.repeat(100)}${']'.repeat(100)}}`)
    expect((await run(servers.read, 'show_account', keys.read, deep)).status).toBe(422)
  })

  test('no tool of the server: 404; one that changes something, to whoever may read only: 403', async () => {
    expect((await run(servers.read, 'rename_account', keys.write)).status).toBe(404)
    expect((await run(servers.read, 'nonsense', keys.read)).body.code).toBe('not_found')
    const { status, body } = await run(servers.write, 'rename_account', keys.read)
    expect([status, body.code]).toEqual([403, 'insufficient_scope'])
  })

  test('an account that is to be connected: 409, with the link for whoever may start connecting', async () => {
    const bare = await run(servers.pending, 'show_account', keys.read)
    expect([bare.status, bare.body.code, bare.body.connect_url]).toEqual([
      409,
      'connection_not_ready',
      undefined,
    ])
    const linked = await run(servers.pending, 'show_account', keys.write)
    expect(linked.body.connect_url).toContain(`${grantry.url}/connect/`)
    await grantry.ctx.db
      .updateTable('connections')
      .set({ status: 'needs_reauth', reason: 'grant_ended' })
      .where('end_user_id', '=', 'u1')
      .execute()
    const ended = await run(servers.read, 'show_account', keys.write)
    expect([ended.status, ended.body.code]).toEqual([409, 'connection_needs_reauth'])
    await grantry.ctx.db
      .updateTable('connections')
      .set({ status: 'active', reason: null })
      .where('end_user_id', '=', 'u1')
      .execute()
  })

  test('members by cookie: a developer runs tools, a viewer sees them and runs none', async () => {
    const developer = await joinAs(grantry, 'developer')
    const ran = await developer.api('POST', path(servers.write, 'show_account').slice('/api/v1'.length), {})
    expect([ran.status, ran.body.data?.is_error], ran.text).toEqual([200, false])
    const viewer = await joinAs(grantry, 'viewer')
    const listed = await viewer.api('GET', path(servers.write).slice('/api/v1'.length))
    expect(listed.body.data.tools.map((tool: { runnable: boolean }) => tool.runnable)).toEqual([false, false])
    for (const tool of ['show_account', 'rename_account']) {
      const refused = await viewer.api('POST', path(servers.write, tool).slice('/api/v1'.length), {})
      expect([refused.status, refused.body.code], tool).toEqual([403, 'insufficient_scope'])
    }
  })

  test('the list of instances comes in pages, with whose account each works with, and is filtered', async () => {
    const list = async (query = '') =>
      (await grantry.call('GET', `/api/v1/mcp-servers/instances?${query}`)).body
    const ids = (body: { data: { id: string }[] }) => body.data.map(({ id }) => id)
    const first = await list('limit=2')
    expect(ids(first)).toEqual([servers.pending, servers.write])
    expect(first.data[1]).toMatchObject({
      mcp_server: 'gmail',
      access_type: 'write',
      status: 'active',
      reason: null,
      connection_id: connection,
      end_user: { id: 'u1', email: 'u1@example.com' },
      account: { email: 'ada@example.com' },
    })
    const second = await list(`limit=2&cursor=${first.next_cursor}`)
    expect([ids(second), second.next_cursor]).toEqual([[servers.read], null])
    expect(ids(await list('status=pending'))).toEqual([servers.pending])
    expect(ids(await list('end_user=u2'))).toEqual([servers.pending])
    expect(ids(await list(`connection=${connection}`))).toEqual([servers.write, servers.read])
    expect(ids(await list('mcp_server=slack'))).toEqual([])
    const minted = await grantry.call('POST', '/api/v1/end-user-tokens', {
      end_user: { id: 'u2' },
      scopes: ['mcp:read'],
      ttl: 600,
    })
    const own = await grantry.call('GET', '/api/v1/mcp-servers/instances', undefined, {
      key: minted.body.data.token,
    })
    expect(ids(own.body)).toEqual([servers.pending])
  })
})
