import { decodeId, encodeId } from '@grantry/api'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eachDatabase } from '../support/databases.ts'
import { startTestGrantry, type TestGrantry } from '../support/grantry.ts'
import { mintTokens } from '../support/importing.ts'
import { callMcp, toolCall } from '../support/mcp.ts'
import { shell } from '../support/shell.ts'

// Blaxel's "OAuth for integrations": the requests of the page, run by a shell. Google's and Blaxel's addresses are the
// sandbox's and ours, capitals stand for what a reader fills in. Printing errors mended: the backslash that is missing
// after the X-Blaxel-Workspace header in both requests of step 5 (the shell would take the next line for a command), and
// the `//` comments above them, which no shell knows.
const oauthUrl =
  'https://accounts.google.com/o/oauth2/auth?client_id={CLIENT_ID}&redirect_uri={REDIRECT_URI}&scope=email+https%3A%2F%2Fwww.googleapis.com%2Fauth%2Fgmail.send+openid+profile&response_type=code&access_type=offline'

const exchangeCode = `curl -X POST https://oauth2.googleapis.com/token \\
  -H "Content-Type: application/x-www-form-urlencoded" \\
  -d "code=AUTHORIZATION_CODE" \\
  -d "client_id=YOUR_CLIENT_ID" \\
  -d "client_secret=YOUR_CLIENT_SECRET" \\
  -d "redirect_uri=YOUR_REDIRECT_URI" \\
  -d "grant_type=authorization_code"`

const createConnection = `curl -X POST https://api.blaxel.ai/v0/integrations/connections \\
  -H "Content-Type: application/json" \\
  -H "X-Blaxel-Workspace: YOUR_WORKSPACE_ID" \\
  -H "Authorization: Bearer BL_API_KEY" \\
  -d '{
    "metadata": {
      "name": "gmail-google-oauth",
      "displayName": "Gmail Google OAuth Connection"
    },
    "spec": {
      "integration": "gmail",
      "secret": {
        "CLIENT_ID": "your-google-client-id.apps.googleusercontent.com",
        "CLIENT_SECRET": "your-google-client-secret",
        "REFRESH_TOKEN": "user-refresh-token-from-oauth"
      }
    }
  }'`

const createFunction = `curl -X POST https://api.blaxel.ai/v0/functions \\
  -H "Content-Type: application/json" \\
  -H "Authorization: Bearer BL_API_KEY" \\
  -H "X-Blaxel-Workspace: YOUR_WORKSPACE_ID" \\
  -d '{
    "metadata": {
      "name": "gmail-mcp-server",
      "displayName": "Gmail MCP Server"
    },
    "spec": {
      "type": "mcp",
      "integrationConnections": ["gmail-google-oauth"],
      "runtime": {
        "type": "mcp"
      }
    }
  }'`

const client = {
  CLIENT_ID: 'your-google-client-id.apps.googleusercontent.com',
  CLIENT_SECRET: 'your-google-client-secret',
}
type Shown = { id: string; client_id: string; app_id: string | null }
const redirectUri = 'https://app.example.com/oauth/google/callback'
const connections = '/v0/integrations/connections'

eachDatabase('Blaxel as documented', (open) => {
  let grantry: TestGrantry
  let workspace: { id: string; name: string }
  beforeAll(async () => {
    grantry = await startTestGrantry({ databaseUrl: open.url })
    workspace = (await grantry.call('GET', '/api/v1/workspace')).body.data
    registerClient()
  })
  afterAll(() => grantry?.close())

  /** Of the customer, at Google. */
  const registerClient = (client_secret = client.CLIENT_SECRET) =>
    grantry.sandbox!.control.registerClient({
      provider: 'gmail',
      client_id: client.CLIENT_ID,
      client_secret,
      redirect_uris: [redirectUri],
    })

  /** A document's text with this server's addresses and a reader's own values. */
  const fill = (text: string, values: Record<string, string> = {}) => {
    const { authorization_url, token_url } = grantry.sandbox!.providers.gmail!
    const all = {
      'https://accounts.google.com/o/oauth2/auth': authorization_url,
      'https://oauth2.googleapis.com/token': token_url,
      'https://api.blaxel.ai': grantry.url,
      YOUR_WORKSPACE_ID: workspace.id,
      BL_API_KEY: grantry.apiKey,
      YOUR_CLIENT_ID: client.CLIENT_ID,
      YOUR_CLIENT_SECRET: client.CLIENT_SECRET,
      YOUR_REDIRECT_URI: redirectUri,
      '{CLIENT_ID}': client.CLIENT_ID,
      '{REDIRECT_URI}': encodeURIComponent(redirectUri),
      ...values,
    }
    return Object.entries(all).reduce((filled, [from, to]) => filled.replaceAll(from, to), text)
  }

  /** Steps 1 to 4: a person at Google, and the customer's own backend. */
  async function authorize(account = 'ada@example.com'): Promise<{ refresh_token: string }> {
    const url = `${fill(oauthUrl)}&prompt=consent`
    const back = new URL(await grantry.sandbox!.control.consent(url, { account }))
    expect(back.href.startsWith(redirectUri)).toBe(true)
    return exchange(back.searchParams.get('code')!)
  }
  async function exchange(code: string) {
    const { token_url } = grantry.sandbox!.providers.gmail!
    const response = await fetch(token_url, {
      method: 'POST',
      body: new URLSearchParams({
        code,
        client_id: client.CLIENT_ID,
        client_secret: client.CLIENT_SECRET,
        redirect_uri: redirectUri,
        grant_type: 'authorization_code',
      }),
    })
    return (await response.json()) as { refresh_token: string }
  }

  const bodyOf = (name: string, secret: Record<string, string>) => ({
    metadata: { name },
    spec: { integration: 'gmail', secret: { ...client, ...secret } },
  })
  async function connect(name: string, options: { key?: string } = {}): ReturnType<TestGrantry['call']> {
    const { refresh_token } = await authorize()
    return grantry.call('POST', connections, bodyOf(name, { REFRESH_TOKEN: refresh_token }), options)
  }
  const serve = (name: string, connection: string, options: { key?: string } = {}) =>
    grantry.call(
      'POST',
      '/v0/functions',
      { metadata: { name }, spec: { type: 'mcp', integrationConnections: [connection] } },
      options,
    )
  const newWorkspace = async (name: string): Promise<{ id: string; api_key: string }> =>
    (await grantry.call('POST', '/api/v1/workspaces', { name }, { key: grantry.operatorKey })).body.data
  const integrations = async () => (await grantry.call('GET', '/api/v1/integrations?limit=200')).body.data
  const tokenOf = (endUser: string) => grantry.call('GET', `/api/v1/token?provider=gmail&end_user=${endUser}`)
  const count = async (table: 'connections' | 'integrations' | 'named_connections' | 'token_requests') => {
    const db = await open()
    const rows = await db.selectFrom(table).select('workspace_id').execute()
    return rows.length
  }

  test('the page, from the first step to the last', async () => {
    const authorizationUrl = fill(oauthUrl)
    const back = new URL(await grantry.sandbox!.control.consent(authorizationUrl))
    const code = back.searchParams.get('code')!
    const tokens = await shell(fill(exchangeCode, { AUTHORIZATION_CODE: code }))
    expect(tokens).toMatchObject({ access_token: expect.any(String), expires_in: expect.any(Number) })

    const made = await shell(
      fill(createConnection, { 'user-refresh-token-from-oauth': tokens.refresh_token }),
    )
    expect(made).toEqual({
      metadata: {
        name: 'gmail-google-oauth',
        displayName: 'Gmail Google OAuth Connection',
        labels: {},
        workspace: workspace.id,
        createdAt: expect.stringMatching(/Z$/),
        updatedAt: expect.stringMatching(/Z$/),
      },
      spec: { integration: 'gmail' },
      status: 'active',
      reason: null,
    })
    const served = await shell(fill(createFunction))
    expect(served).toMatchObject({
      metadata: {
        name: 'gmail-mcp-server',
        displayName: 'Gmail MCP Server',
        url: expect.stringMatching(new RegExp(`^${grantry.url}/mcp/mcp_\\w+$`)),
      },
      spec: {
        type: 'mcp',
        integrationConnections: ['gmail-google-oauth'],
        runtime: { type: 'mcp' },
      },
      status: 'active',
    })
    const [, id] = /\/mcp\/(\w+)$/.exec(served.metadata.url)!
    const native = (await grantry.call('GET', `/api/v1/mcp-servers/${id}`)).body.data
    expect(native).toMatchObject({ access_type: 'write', status: 'active', mcp_url: served.metadata.url })
    // An agent with a key for no more than its tools sends a mail by it.
    const key = await grantry.call('POST', '/api/v1/api-keys', { name: 'k', scopes: ['mcp:write'] })
    const headers = { authorization: `Bearer ${key.body.data.secret}` }
    const agent = new Client({ name: 'an agent', version: '1.0.0' })
    const url = new URL(served.metadata.url)
    await agent.connect(new StreamableHTTPClientTransport(url, { requestInit: { headers } }))
    const letter = { to: ['grace@example.com'], subject: 'Grüße', text: 'By an agent.' }
    const sent = await agent.callTool({ name: 'send_message', arguments: letter })
    expect(sent.isError, JSON.stringify(sent.content)).toBeFalsy()
    const outbox = grantry.sandbox!.control.outbox({ provider: 'gmail', account: 'ada@example.com' })
    expect(outbox.map(({ detail }) => detail)).toMatchObject([{ subject: 'Grüße', text: 'By an agent.' }])
    await agent.close()
    // The token that was given works, and the account that it is of is known.
    const { body } = await tokenOf('gmail-google-oauth')
    expect(grantry.sandbox!.control.token(body.data.access_token)).toMatchObject({
      live: true,
      account: 'ada@example.com',
      client_id: client.CLIENT_ID,
    })
    const shown = (await grantry.call('GET', `/api/v1/connections/${native.connection_id}`)).body.data
    expect(shown).toMatchObject({
      end_user: { id: 'gmail-google-oauth', display_name: 'Gmail Google OAuth Connection' },
      account: { email: 'ada@example.com' },
      status: 'active',
    })
    expect(shown.scopes_granted).toContain('https://www.googleapis.com/auth/gmail.send')
  })

  test('list, show, rename, end; no answer holds a secret', async () => {
    await connect('tenant-a')
    const { refresh_token } = await authorize()
    const rotated = await grantry.call('PUT', `${connections}/tenant-a`, {
      metadata: { displayName: 'Tenant A', labels: { tier: 'gold' } },
      spec: { integration: 'gmail', secret: { ...client, REFRESH_TOKEN: refresh_token } },
    })
    expect(rotated.status, rotated.text).toBe(200)
    // Of what it had before, nothing is left that could be opened.
    const [{ id = '' } = {}] = (await grantry.call('GET', '/api/v1/connections?end_user=tenant-a')).body.data
    const kept = await (await open())
      .selectFrom('token_requests')
      .select('id')
      .where('connection_id', '=', decodeId('con', id)!)
      .where('refresh_token', 'is not', null)
      .execute()
    expect(kept).toHaveLength(1)
    expect(rotated.body.metadata).toMatchObject({ displayName: 'Tenant A', labels: { tier: 'gold' } })
    // A client that reads, changes and writes back what it has read.
    const read = await grantry.call('GET', `${connections}/tenant-a`)
    read.body.metadata.displayName = 'A'
    const renamed = await grantry.call('PUT', `${connections}/tenant-a`, read.body)
    expect(renamed.body.metadata).toMatchObject({ displayName: 'A', labels: { tier: 'gold' } })

    await serve('tenant-a-mcp', 'tenant-a')
    const lists = [await grantry.call('GET', connections), await grantry.call('GET', '/v0/functions')]
    const names = (answer: Awaited<ReturnType<TestGrantry['call']>>) =>
      answer.body.map(({ metadata }: { metadata: { name: string } }) => metadata.name)
    expect(names(lists[0]!)).toEqual(['gmail-google-oauth', 'tenant-a'])
    expect(names(lists[1]!)).toEqual(['gmail-mcp-server', 'tenant-a-mcp'])
    expect(names(await grantry.call('GET', `${connections}?after=gmail-google-oauth&limit=1`))).toEqual([
      'tenant-a',
    ])
    for (const { text } of [rotated, read, renamed, ...lists])
      for (const secret of [client.CLIENT_SECRET, refresh_token]) expect(text).not.toContain(secret)

    const inUse = await grantry.call('DELETE', `${connections}/tenant-a`)
    expect([inUse.status, inUse.body.functions]).toEqual([409, ['tenant-a-mcp']])
    expect((await grantry.call('DELETE', '/v0/functions/tenant-a-mcp')).status).toBe(200)
    expect((await grantry.call('GET', '/v0/functions/tenant-a-mcp')).status).toBe(404)
    const ended = await grantry.call('DELETE', `${connections}/tenant-a`)
    expect([ended.status, ended.body.status]).toEqual([200, 'revoked'])
    expect((await grantry.call('GET', `${connections}/tenant-a`)).status).toBe(404)
    expect((await tokenOf('tenant-a')).status).toBe(404)
    // The name is free again.
    expect((await connect('tenant-a')).status).toBe(200)
    expect((await serve('tenant-a-mcp', 'tenant-a')).status).toBe(200)
    expect((await grantry.call('DELETE', `${connections}/tenant-a?force=true`)).status).toBe(200)
    expect((await grantry.call('GET', '/v0/functions/tenant-a-mcp')).status).toBe(404)
  })

  test('a grant that has ended is told; a new refresh token by PUT, and the same function goes on', async () => {
    await connect('tenant-b')
    const { url } = (await serve('tenant-b-mcp', 'tenant-b')).body.metadata
    const [native] = (await grantry.call('GET', '/api/v1/connections?end_user=tenant-b')).body.data
    await grantry.ctx.db
      .updateTable('connections')
      .set({ status: 'needs_reauth', reason: 'grant_ended', refresh_at: null })
      .where('id', '=', decodeId('con', native.id)!)
      .execute()
    const { body: told } = await grantry.call('GET', `${connections}/tenant-b`)
    expect([told.status, told.reason]).toEqual(['needs_reauth', 'grant_ended'])
    const letter = { to: ['grace@example.com'], subject: 'B', text: 'B' }
    const send = async () =>
      (await callMcp(grantry, { url, ...toolCall('send_message', letter), elicits: true })).body.result
    const refused = await send()
    expect([refused.isError, refused.content[0].text]).toEqual([
      true,
      expect.stringContaining('refresh token'),
    ])

    const { refresh_token } = await authorize()
    const { status, body } = await grantry.call('PUT', `${connections}/tenant-b`, {
      spec: { secret: { ...client, REFRESH_TOKEN: refresh_token } },
    })
    expect([status, body.status, body.reason]).toEqual([200, 'active', null])
    expect((await send()).isError).toBeFalsy()
    const [same] = (await grantry.call('GET', '/api/v1/connections?end_user=tenant-b')).body.data
    expect(same.id).toBe(native.id)
    await grantry.call('DELETE', `${connections}/tenant-b?force=true`)
  })

  test('what is ended by the native API has no name any more', async () => {
    await connect('elsewhere')
    const { url } = (await serve('elsewhere-mcp', 'elsewhere')).body.metadata
    const id = url.split('/').at(-1)
    const { connection_id } = (await grantry.call('GET', `/api/v1/mcp-servers/${id}`)).body.data
    expect((await grantry.call('DELETE', `/api/v1/mcp-servers/${id}`)).status).toBe(200)
    expect((await grantry.call('GET', '/v0/functions/elsewhere-mcp')).status).toBe(404)
    // The server did not own its connection.
    expect((await grantry.call('GET', `${connections}/elsewhere`)).body.status).toBe('active')
    await grantry.call('DELETE', `/api/v1/connections/${connection_id}`)
    expect((await grantry.call('GET', `${connections}/elsewhere`)).status).toBe(404)
  })

  describe('refusals', () => {
    test.each([
      ['a dead refresh token', { REFRESH_TOKEN: '1//dead' }, 'invalid_grant', ['REFRESH_TOKEN']],
      [
        'another client secret',
        { CLIENT_SECRET: 'not-the-secret' },
        'invalid_client',
        ['CLIENT_ID', 'CLIENT_SECRET'],
      ],
      [
        'a client that is not there',
        { CLIENT_ID: 'nobody.apps.googleusercontent.com' },
        'invalid_client',
        ['CLIENT_ID', 'CLIENT_SECRET'],
      ],
    ])(
      "%s: 422 with the provider's words and advice, and nothing is stored",
      async (_, wrong, error, fields) => {
        const { refresh_token } = await authorize()
        const tables = ['connections', 'integrations', 'named_connections', 'token_requests'] as const
        const counts = async () => Promise.all(tables.map(count))
        const before = await counts()
        const body = bodyOf('refused', { REFRESH_TOKEN: refresh_token, ...wrong })
        for (const answer of [
          await grantry.call('POST', connections, body),
          await grantry.call('PUT', `${connections}/gmail-google-oauth`, { spec: body.spec }),
        ]) {
          expect([answer.status, answer.body.code]).toEqual([422, 'provider_rejected_credentials'])
          expect(answer.body.provider_error).toBe(error)
          expect(answer.body.advice.todo).toEqual(expect.any(String))
          expect(answer.body.errors.map(({ path }: { path: string }) => path)).toEqual(
            fields.map((name) => `spec.secret.${name}`),
          )
          expect(answer.text).not.toContain(refresh_token)
        }
        expect(await counts()).toEqual(before)
        expect((await tokenOf('gmail-google-oauth')).status).toBe(200)
        expect((await grantry.call('GET', `${connections}/refused`)).status).toBe(404)
      },
    )

    test('a provider that is away: 503, nothing is stored, and it can be done again', async () => {
      const { refresh_token } = await authorize()
      const before = await count('connections')
      grantry.sandbox!.control.fault({
        provider: 'gmail',
        endpoint: 'token',
        fault: 'status',
        status: 503,
      })
      const body = bodyOf('later', { REFRESH_TOKEN: refresh_token })
      const away = await grantry.call('POST', connections, body)
      expect([away.status, away.body.code]).toEqual([503, 'provider_unavailable'])
      expect(away.headers.get('retry-after')).not.toBeNull()
      expect(await count('connections')).toBe(before)
      expect((await grantry.call('POST', connections, body)).status).toBe(200)
    })

    test('a name that is taken: 409; names of other forms, other types, an unknown connection: 422', async () => {
      const taken = await connect('gmail-google-oauth')
      expect([taken.status, taken.body.errors[0].path]).toEqual([409, 'metadata.name'])
      const again = await serve('gmail-mcp-server', 'gmail-google-oauth')
      expect([again.status, again.body.errors[0].path]).toEqual([409, 'metadata.name'])
      const secret = { ...client, REFRESH_TOKEN: 'x' }
      for (const name of ['', 'Gmail', 'a_b', '-a', 'a-', 'a b', 'ä', 'a'.repeat(64), '../a'])
        expect((await grantry.call('POST', connections, bodyOf(name, secret))).status, name).toBe(422)
      const unknown = await serve('over-nothing', 'no-such-connection')
      expect([unknown.status, unknown.body.errors[0]]).toEqual([
        422,
        {
          path: 'spec.integrationConnections.0',
          message: 'there is no integration connection called "no-such-connection" here',
        },
      ])
      for (const spec of [
        { type: 'agent', integrationConnections: ['gmail-google-oauth'] },
        { type: 'mcp', integrationConnections: [] },
        { type: 'mcp', integrationConnections: ['gmail-google-oauth', 'gmail-google-oauth'] },
        { type: 'mcp', integrationConnections: ['gmail-google-oauth'], runtime: { type: 'job' } },
      ])
        expect((await grantry.call('POST', '/v0/functions', { metadata: { name: 'x' }, spec })).status).toBe(
          422,
        )
      const nowhere = bodyOf('nowhere', secret)
      nowhere.spec.integration = 'no-such-service'
      const refused = await grantry.call('POST', connections, nowhere)
      expect([refused.status, refused.body.errors[0].path]).toEqual([422, 'spec.integration'])
    })

    test('each part asks for its scopes', async () => {
      const keyWith = async (...scopes: string[]) =>
        (await grantry.call('POST', '/api/v1/api-keys', { name: 'k', scopes })).body.data.secret
      const integrationsOnly = await keyWith('integrations:write')
      expect((await connect('scoped', { key: integrationsOnly })).status).toBe(403)
      const both = await keyWith('integrations:write', 'connections:write')
      expect((await connect('scoped', { key: both })).status).toBe(200)
      expect((await serve('scoped-mcp', 'scoped', { key: both })).status).toBe(403)
      expect((await serve('scoped-mcp', 'scoped')).status).toBe(200)
      const forced = await grantry.call('DELETE', `${connections}/scoped?force=true`, undefined, {
        key: both,
      })
      expect(forced.status).toBe(403)
      expect((await grantry.call('GET', '/v0/functions/scoped-mcp')).status).toBe(200)
    })
  })

  test('plans count: a quota for what is made, not for what is renewed; features', async () => {
    const { id, api_key: key } = await newWorkspace('With a plan')
    const plan = (settings: Record<string, unknown>) =>
      grantry.call('PATCH', `/api/v1/workspaces/${id}`, settings, { key: grantry.operatorKey })
    expect((await plan({ quotas: { connections: 1, mcp_servers: 1 } })).status).toBe(200)
    expect((await connect('only', { key })).status).toBe(200)
    const second = await connect('second', { key })
    expect([second.status, second.body.code]).toEqual([403, 'quota_exceeded'])
    const { refresh_token } = await authorize()
    const spec = { secret: { ...client, REFRESH_TOKEN: refresh_token } }
    expect((await grantry.call('PUT', `${connections}/only`, { spec }, { key })).status).toBe(200)
    expect((await serve('only-mcp', 'only', { key })).status).toBe(200)
    expect((await serve('second-mcp', 'only', { key })).body.code).toBe('quota_exceeded')
    expect((await plan({ quotas: {}, features: [] })).status).toBe(200)
    for (const answer of [await connect('third', { key }), await serve('third-mcp', 'only', { key })])
      expect([answer.status, answer.body.code]).toEqual([403, 'feature_not_in_plan'])
  })

  describe('workspaces and apps', () => {
    test('X-Blaxel-Workspace is an id or a name of the key’s own; another’s answers as none', async () => {
      const other = await newWorkspace('Other tenants')
      const ask = (value: string) =>
        grantry.call('GET', `${connections}/gmail-google-oauth`, undefined, {
          headers: { 'x-blaxel-workspace': value },
        })
      for (const own of [workspace.id, workspace.name]) expect((await ask(own)).status, own).toBe(200)
      const [foreign, none] = [await ask(other.id), await ask('ws_01jd3xqv5me8tvh6w5kq2a9xyz')]
      expect([foreign.status, foreign.body.code]).toEqual([404, 'not_found'])
      expect({ ...foreign.body, request_id: '' }).toEqual({ ...none.body, request_id: '' })
      expect((await ask('Other tenants')).status).toBe(404)
    })

    test('two workspaces use the same names, and neither reaches the other’s', async () => {
      const other = await newWorkspace('Namesakes')
      const key = other.api_key
      expect(
        (await grantry.call('GET', `${connections}/gmail-google-oauth`, undefined, { key })).status,
      ).toBe(404)
      expect((await serve('thief', 'gmail-google-oauth', { key })).status).toBe(422)
      const made = await connect('gmail-google-oauth', { key })
      expect([made.status, made.body.metadata.workspace]).toEqual([200, other.id])
      expect((await serve('gmail-mcp-server', 'gmail-google-oauth', { key })).status).toBe(200)
      for (const path of [`${connections}/gmail-google-oauth?force=true`])
        expect((await grantry.call('DELETE', path, undefined, { key })).status).toBe(200)
      expect((await grantry.call('GET', '/v0/functions/gmail-mcp-server')).body.status).toBe('active')
      expect((await grantry.call('GET', `${connections}/gmail-google-oauth`)).body.status).toBe('active')
    })

    test('a key that is narrowed to an app has names and an integration of its own', async () => {
      const app = (await grantry.call('POST', '/api/v1/apps', { name: 'An app' })).body.data
      const scopes = ['integrations:write', 'connections:write', 'connections:read', 'mcp:manage']
      const made = await grantry.call('POST', '/api/v1/api-keys', { name: 'k', scopes, app_id: app.id })
      const key = made.body.data.secret
      expect((await grantry.call('GET', connections, undefined, { key })).body).toEqual([])
      expect((await connect('gmail-google-oauth', { key })).status).toBe(200)
      const shown = await grantry.call('GET', '/api/v1/connections?end_user=gmail-google-oauth', undefined, {
        key,
      })
      expect(shown.body.data).toMatchObject([{ app_id: app.id }])
      // It may use the workspace's integration, whose secret it knows, but may not change it.
      registerClient('a-second-secret')
      const { refresh_token } = await connectWith('a-second-secret')
      const body = bodyOf('app-two', { CLIENT_SECRET: 'a-second-secret', REFRESH_TOKEN: refresh_token })
      expect((await grantry.call('POST', connections, body, { key })).status).toBe(200)
      registerClient()
      const ours = (await integrations()).filter(({ client_id }: Shown) => client_id === client.CLIENT_ID)
      expect(ours.map(({ app_id }: Shown) => app_id).sort()).toEqual([app.id, null].sort())
    })
  })

  /** Steps 1 to 4 while Google knows the client by this secret. */
  async function connectWith(client_secret: string): Promise<{ refresh_token: string }> {
    const url = `${fill(oauthUrl)}&prompt=consent`
    const back = new URL(await grantry.sandbox!.control.consent(url))
    const response = await fetch(grantry.sandbox!.providers.gmail!.token_url, {
      method: 'POST',
      body: new URLSearchParams({
        code: back.searchParams.get('code')!,
        client_id: client.CLIENT_ID,
        client_secret,
        redirect_uri: redirectUri,
        grant_type: 'authorization_code',
      }),
    })
    return (await response.json()) as { refresh_token: string }
  }

  describe('one client, many tenants', () => {
    test('a client secret that has changed at the provider changes for all, once one tenant has shown it', async () => {
      const before = await integrations()
      registerClient('the-next-secret')
      const { refresh_token } = await connectWith('the-next-secret')
      const body = bodyOf('after-the-change', {
        CLIENT_SECRET: 'the-next-secret',
        REFRESH_TOKEN: refresh_token,
      })
      expect((await grantry.call('POST', connections, body)).status).toBe(200)
      expect(await integrations()).toHaveLength(before.length)
      // A tenant of before is refreshed with the new secret.
      const [older] = (await grantry.call('GET', '/api/v1/connections?end_user=gmail-google-oauth')).body.data
      expect((await grantry.call('POST', `/api/v1/connections/${older.id}/refresh`)).status).toBe(200)
      const rotated = await grantry.call('PUT', `${connections}/after-the-change`, { spec: body.spec })
      expect(rotated.status).toBe(200)
      registerClient()
      const { refresh_token: again } = await connectWith(client.CLIENT_SECRET)
      const back = await grantry.call('PUT', `${connections}/after-the-change`, {
        spec: { secret: { ...client, REFRESH_TOKEN: again } },
      })
      expect(back.status, back.text).toBe(200)
      expect(await integrations()).toHaveLength(before.length)
    })

    test('the workspace’s own integration of that client is used; of another client, one is made', async () => {
      const { api_key: key } = await newWorkspace('With an integration')
      const made = await grantry.call(
        'POST',
        '/api/v1/integrations',
        {
          label: 'Ours',
          provider: 'gmail',
          client_id: client.CLIENT_ID,
          client_secret: client.CLIENT_SECRET,
        },
        { key },
      )
      expect(made.status).toBe(201)
      await connect('uses-ours', { key })
      const list = async () =>
        (await grantry.call('GET', '/api/v1/integrations', undefined, { key })).body.data
      expect((await list()).map(({ id }: Shown) => id)).toEqual([made.body.data.id])
      const builtIn = grantry.sandbox!.clients.gmail!
      const { refresh_token } = await mintTokens(grantry, 'ada@example.com', 'gmail', {
        scope: 'https://www.googleapis.com/auth/gmail.send',
        access_type: 'offline',
        prompt: 'consent',
      })
      const body = bodyOf('another-client', {
        CLIENT_ID: builtIn.client_id,
        CLIENT_SECRET: builtIn.client_secret!,
        REFRESH_TOKEN: refresh_token,
      })
      expect((await grantry.call('POST', connections, body, { key })).status).toBe(200)
      expect(await list()).toHaveLength(2)
      // Where people connect by the provider's name, it still means the one that they can consent at.
      const session = await grantry.call(
        'POST',
        '/api/v1/connect-sessions',
        { provider: 'gmail', end_user: { id: 'u1' } },
        { key },
      )
      expect(session.status).toBe(201)
    })

    test('an integration of the workspace by its name, also of a service outside the catalogue', async () => {
      const plain = grantry.sandbox!.generic.plain!
      const registered = await grantry.call('POST', '/api/v1/credentials/oauth/register', {
        provider_name: 'our-crm',
        client_id: plain.client_id,
        client_secret: plain.client_secret,
        token_data: { authorize_url: plain.authorization_url, token_url: plain.token_url, scopes: ['read'] },
      })
      expect(registered.status, registered.text).toBe(200)
      const { refresh_token } = await mintTokens(grantry)
      const ask = (CLIENT_ID: string) =>
        grantry.call('POST', connections, {
          metadata: { name: 'crm-tenant' },
          spec: {
            integration: 'our-crm',
            secret: { CLIENT_ID, CLIENT_SECRET: plain.client_secret, REFRESH_TOKEN: refresh_token },
          },
        })
      const other = await ask('another-client')
      expect([other.status, other.body.errors[0].path]).toEqual([422, 'spec.secret.CLIENT_ID'])
      const made = await ask(plain.client_id)
      expect(made.status, made.text).toBe(200)
      const [shown] = (await grantry.call('GET', '/api/v1/connections?end_user=crm-tenant')).body.data
      expect([shown.integration_id, shown.provider]).toEqual([
        encodeId('int', registered.body.provider_id),
        null,
      ])
      const served = await serve('crm-mcp', 'crm-tenant')
      expect(served.status, served.text).toBe(200)
      const listed = await callMcp(grantry, { url: served.body.metadata.url, method: 'tools/list' })
      expect(listed.body.result.tools.map(({ name }: { name: string }) => name)).toEqual(['request'])
    })

    test('two tenants of one Google account: ending one leaves the other', async () => {
      await connect('twin-a')
      await connect('twin-b')
      await grantry.call('DELETE', `${connections}/twin-a`)
      const { body } = await tokenOf('twin-b')
      expect(grantry.sandbox!.control.token(body.data.access_token)).toMatchObject({ live: true })
    })

    test('the first two at once make one integration', async () => {
      const { api_key: key } = await newWorkspace('Two at once')
      const names = ['first', 'second', 'third', 'fourth']
      const answers = await Promise.all(names.map((name) => connect(name, { key })))
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200])
      const made = (await grantry.call('GET', '/api/v1/integrations', undefined, { key })).body.data
      expect(made).toHaveLength(1)
      const events = await grantry.call('GET', '/api/v1/events?type=integration.created', undefined, { key })
      expect(events.body.data).toHaveLength(1)
      const shown = (await grantry.call('GET', '/api/v1/connections', undefined, { key })).body.data
      for (const { integration_id } of shown) expect(integration_id).toBe(made[0].id)
      const db = await open()
      expect(await db.selectFrom('integrations').select('id').where('trial', '=', 1).execute()).toEqual([])
    })

    test('the same name twice at once is one connection', async () => {
      const answers = await Promise.all([connect('same-name'), connect('same-name')])
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
      expect((await tokenOf('same-name')).status).toBe(200)
    })

    const tenants = process.env.GRANTRY_LONG === '1' ? 1000 : 100
    test(`${tenants} tenants, each with a connection and a server of its own`, async () => {
      const { api_key: key } = await newWorkspace('A thousand')
      const people = ['ada@example.com', 'grace@example.com', 'linus@example.com']
      const urls = new Map<string, string>()
      const next = Array.from({ length: tenants }, (_, n) => n).values()
      const work = async () => {
        for (const n of next) {
          const { refresh_token } = await authorize(people[n % 3])
          const name = `tenant-${n}`
          const body = bodyOf(name, { REFRESH_TOKEN: refresh_token })
          const made = await grantry.call('POST', connections, body, { key })
          if (made.status !== 200) throw new Error(made.text)
          const served = await serve(`${name}-mcp`, name, { key })
          if (served.status !== 200) throw new Error(served.text)
          urls.set(name, served.body.metadata.url)
        }
      }
      await Promise.all(Array.from({ length: 8 }, work))
      expect(new Set(urls.values()).size).toBe(tenants)
      const listed = await grantry.call('GET', connections, undefined, { key })
      expect(listed.body).toHaveLength(tenants)
      expect((await grantry.call('GET', '/v0/functions', undefined, { key })).body).toHaveLength(tenants)
      expect((await grantry.call('GET', '/api/v1/integrations', undefined, { key })).body.data).toHaveLength(
        1,
      )
      for (const n of [0, 1, tenants - 1]) {
        const { body } = await grantry.call(
          'GET',
          `/api/v1/token?provider=gmail&end_user=tenant-${n}`,
          undefined,
          { key },
        )
        expect(grantry.sandbox!.control.token(body.data.access_token)).toMatchObject({
          live: true,
          account: people[n % 3],
        })
      }
      // Nobody else's key opens one of them, by name or by address.
      expect((await grantry.call('GET', `${connections}/tenant-0`)).status).toBe(404)
      expect((await grantry.call('POST', urls.get('tenant-0')!, {})).status).toBe(404)
    }, 120_000)
  })
})
