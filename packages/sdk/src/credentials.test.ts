import { inspect } from 'node:util'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { addSandboxIntegration, connectAccount } from '../../../test/support/connecting.ts'
import { eachDatabase } from '../../../test/support/databases.ts'
import { startTestGrantry, type TestGrantry } from '../../../test/support/grantry.ts'
import { passTime, refreshCalls } from '../../../test/support/importing.ts'
import { Agent, Grantry, NeedsReauthError, NotFoundError } from './index.ts'

eachDatabase('credentials', (open) => {
  let server: TestGrantry
  let integration: string
  let asked: string[]
  let endUser: string
  let connection: string
  let people = 0
  let grant: string | undefined

  /** A client that keeps what it asks Grantry for. */
  const client = (apiKey = server.apiKey) =>
    new Grantry({
      url: server.url,
      apiKey,
      fetch: async (input, init) => {
        const url = input instanceof Request ? input.url : String(input)
        if (url.startsWith(server.url)) asked.push(`${init?.method} ${new URL(url).pathname}`)
        return fetch(input, init)
      },
    })
  const profile = '/gmail/v1/users/me/profile'
  const hashes = () => {
    const tokens = server.sandbox!.control.tokens({ provider: 'gmail' })
    return new Set(tokens.filter(({ kind }) => kind === 'refresh_token').map(({ hash }) => hash))
  }
  /** How often the provider was asked to refresh this test's connection: others come due too while time passes. */
  const refreshes = () =>
    refreshCalls(server).filter(({ refresh_token_hash }) => refresh_token_hash === grant).length

  beforeAll(async () => {
    server = await startTestGrantry({ databaseUrl: open.url })
    integration = (await addSandboxIntegration(server, 'gmail')).id
  })
  afterAll(() => server?.close())

  beforeEach(async () => {
    endUser = `u_${++people}`
    asked = []
    const before = hashes()
    const made = await connectAccount(server, { integration, access_type: 'read', end_user: { id: endUser } })
    connection = made.id
    grant = [...hashes()].find((hash) => !before.has(hash))
  })

  test('a token is asked for once and held, by provider, integration or connection', async () => {
    const grantry = client()
    const credentials = grantry.credentials('gmail', { endUser })
    const token = await credentials.getAccessToken()
    expect(token).toBe(
      (await server.call('GET', `/api/v1/connections/${connection}/token`)).body.data.access_token,
    )
    expect(await grantry.credentials('gmail', { endUser }).getAccessToken()).toBe(token)
    expect(asked).toEqual(['GET /api/v1/token'])
    expect(await grantry.credentials(integration, { endUser }).getAccessToken()).toBe(token)
    expect(await grantry.credentials(connection).getAccessToken()).toBe(token)
    const headers = await credentials.getRequestHeaders()
    expect(headers.get('authorization')).toBe(`Bearer ${token}`)
  })

  test("fetch calls the provider's API, by path or by URL", async () => {
    const credentials = client().credentials('gmail', { endUser })
    const { fetch } = credentials
    expect(await (await fetch(profile)).json()).toMatchObject({ emailAddress: 'ada@example.com' })
    const { api_base_url } = await credentials.getToken()
    expect((await fetch(new URL(`${api_base_url}${profile}`))).status).toBe(200)
    expect((await fetch(new Request(`${api_base_url}${profile}`))).status).toBe(200)
  })

  test('a token that the provider refuses is renewed once, however many were refused it', async () => {
    const credentials = client().credentials(connection)
    const old = await credentials.getAccessToken()
    passTime(server, 3700)
    asked = []
    const answers = await Promise.all(Array.from({ length: 50 }, () => credentials.fetch(profile)))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    expect(await credentials.getAccessToken()).not.toBe(old)
    expect(refreshes()).toBe(1)
    expect(asked).toEqual([`GET /api/v1/connections/${connection}/token`])
  })

  test('a token that the provider refuses before its end is renewed by a refresh through Grantry', async () => {
    const credentials = client().credentials(connection)
    const old = await credentials.getAccessToken()
    server.sandbox!.control.fault({ endpoint: 'api', fault: 'status', status: 401 })
    expect((await credentials.fetch('/gmail/v1/users/me/messages')).status).toBe(200)
    expect(asked).toContain(`POST /api/v1/connections/${connection}/refresh`)
    expect(await credentials.getAccessToken()).not.toBe(old)
  })

  test('a thousand at once are one question and one refresh', async () => {
    const grantry = client()
    passTime(server, 3700)
    const agent = new Agent({ grantry, endUser })
    const all = await Promise.all(
      Array.from({ length: 1000 }, async () => {
        const credentials = await agent.getOAuthProvider().getCredentials('gmail')
        return credentials!.getAccessToken()
      }),
    )
    expect(new Set(all).size).toBe(1)
    expect(asked).toEqual(['GET /api/v1/token'])
    expect(refreshes()).toBe(1)
  })

  test('agents that know nothing of each other make one refresh, a thousand of them', async () => {
    const agents = open.dialect === 'sqlite' ? 1000 : 100
    passTime(server, 3700)
    const all = await Promise.all(
      Array.from({ length: agents }, async () => {
        const agent = new Agent({ grantry: client(), endUser })
        return (await agent.getOAuthProvider().getCredentials('gmail'))!.getAccessToken()
      }),
    )
    expect(new Set(all).size).toBe(1)
    expect(asked.length).toBe(agents)
    expect(refreshes()).toBe(1)
  })

  test('nobody connected, or to be connected again: null for an agent, an error for who asks on', async () => {
    const grantry = client()
    const agent = new Agent({ grantry, endUser: 'nobody' })
    expect(await agent.getOAuthProvider().getCredentials('gmail')).toBeNull()
    await expect(grantry.credentials('gmail', { endUser: 'nobody' }).getAccessToken()).rejects.toThrow(
      NotFoundError,
    )

    // Asked for, and nobody has consented yet.
    await grantry.mcpServers.create({
      mcp_server: 'gmail',
      access_type: 'read',
      auth_method: 'oauth',
      end_user: { id: 'later' },
    })
    expect(
      await new Agent({ grantry, endUser: 'later' }).getOAuthProvider().getCredentials('gmail'),
    ).toBeNull()

    server.sandbox!.control.revokeGrant({ provider: 'gmail', account: 'ada@example.com' })
    const credentials = grantry.credentials('gmail', { endUser })
    await grantry.connections.refresh(connection).catch(() => null)
    const refused = await credentials.getAccessToken().catch((error) => error)
    expect(refused).toBeInstanceOf(NeedsReauthError)
    expect(refused).toMatchObject({
      connectionId: connection,
      connectUrl: expect.stringContaining(server.url),
    })
    expect(await new Agent({ grantry, endUser }).getOAuthProvider().getCredentials('gmail')).toBeNull()
  })

  test('what is not about the connection is thrown for an agent too', async () => {
    const agent = new Agent({ url: server.url, apiKey: 'not_a_key', endUser })
    await expect(agent.getOAuthProvider().getCredentials('gmail')).rejects.toThrow('credential')
  })

  test('credentials show no token', async () => {
    const credentials = client().credentials(connection)
    const token = await credentials.getAccessToken()
    const shown = inspect(credentials, { depth: 9, showHidden: true }) + JSON.stringify(credentials)
    expect(shown).not.toContain(token)
    expect(shown).toContain(connection)
  })

  test('a token is not sent in the clear', async () => {
    const credentials = client().credentials(connection)
    for (const host of ['gmail.example', '127.example.com', 'localhost.example.com'])
      await expect(credentials.fetch(`http://${host}/x`)).rejects.toThrow('https only')
  })
})
