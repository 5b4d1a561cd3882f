import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addSandboxIntegration } from '../../../../test/support/connecting.ts'
import { startTestGrantry, type TestGrantry } from '../../../../test/support/grantry.ts'
import { callMcp, initialize, type McpCall } from '../../../../test/support/mcp.ts'
import { addClient, addMember, obtain } from '../../../../test/support/partner-app.ts'

/** Tools of a service whose API the sandbox has: who the account is. */
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
    steps: [{ method: 'GET', path: '/whoami' }],
    output: 'answer',
  },
  {
    name: 'rename_account',
    title: 'Rename the account',
    description: 'Gives the account another name.',
    access: 'write',
    destructive: true,
    idempotent: true,
    input: {
      type: 'object',
      properties: { name: { type: 'string', minLength: 1, maxLength: 20 } },
      required: ['name'],
      additionalProperties: false,
    },
    steps: [{ method: 'POST', path: '/whoami', body: '{name: name}' }],
    output: 'answer',
  },
]

let grantry: TestGrantry
let reading: string
let writing: string

beforeAll(async () => {
  grantry = await startTestGrantry({
    world: { background: false },
    providers: { gmail: { tools } },
  })
  await grantry.call('PATCH', '/api/v1/workspace', { allowed_origins: ['https://app.example.com'] })
  const integration = await addSandboxIntegration(grantry, 'gmail')
  const connection = await grantry.call('POST', '/api/v1/connections', {
    integration: integration.id,
    tokens: { access_token: 'ya29.imported', refresh_token: '1//imported' },
  })
  const serve = async (access_type: string) => {
    const body = { mcp_server: 'gmail', auth_method: 'oauth', connection_id: connection.body.data.id }
    return (await grantry.call('POST', '/api/v1/mcp-servers', { ...body, access_type })).body.data.mcp_url
  }
  reading = await serve('read')
  writing = await serve('write')
})
afterAll(() => grantry?.close())

const ask = (call: Omit<McpCall, 'url'> & { url?: string }) => callMcp(grantry, { url: writing, ...call })
const keyWith = async (scopes: string[]) =>
  (await grantry.call('POST', '/api/v1/api-keys', { name: 'k', scopes })).body.data.secret as string
const namesOf = async (call: Omit<McpCall, 'url' | 'method'> & { url?: string }) =>
  (await ask({ method: 'tools/list', ...call })).body.result.tools.map(({ name }: { name: string }) => name)

describe.each(['2026', '2025'] as const)('in the era of %s', (era) => {
  test('lists tools with what they need and what they do', async () => {
    const { status, body, headers } = await ask({ method: 'tools/list', era })
    expect(status).toBe(200)
    expect(headers.get('cache-control')).toMatch(/^no-/)
    expect(body.result.tools).toEqual([
      {
        name: 'show_account',
        title: 'Show the account',
        description: 'Tells whose account it is.',
        inputSchema: tools[0]!.input,
        annotations: { title: 'Show the account', readOnlyHint: true, openWorldHint: true },
      },
      {
        name: 'rename_account',
        title: 'Rename the account',
        description: 'Gives the account another name.',
        inputSchema: tools[1]!.input,
        annotations: {
          title: 'Rename the account',
          readOnlyHint: false,
          destructiveHint: true,
          idempotentHint: true,
          openWorldHint: true,
        },
      },
    ])
    if (era === '2026') expect(body.result).toMatchObject({ ttlMs: 300_000, cacheScope: 'private' })
  })

  test('a read server, and a key that may only read, list what reads', async () => {
    expect(await namesOf({ era, url: reading })).toEqual(['show_account'])
    expect(await namesOf({ era, key: await keyWith(['mcp:read']) })).toEqual(['show_account'])
    expect(await namesOf({ era, key: await keyWith(['mcp:write']) })).toHaveLength(2)
  })
})

test('says what it is, and nothing of whose account it is', async () => {
  const began = await ask({ ...initialize(), url: reading })
  expect(began.body.result).toEqual({
    protocolVersion: '2025-11-25',
    capabilities: { tools: {} },
    serverInfo: { name: 'grantry-gmail', title: 'Gmail, read only', version: '1' },
    instructions: expect.stringContaining('only reads'),
  })
  const found = await ask({ method: 'server/discover' })
  expect(found.body.result).toMatchObject({ supportedVersions: ['2026-07-28'], cacheScope: 'private' })
  expect(began.text + found.text).not.toMatch(/@|u1/)
})

test('GET, DELETE and others: 405, to whoever may call', async () => {
  for (const method of ['GET', 'DELETE', 'PUT', 'PATCH']) {
    const answer = await grantry.call(method, writing)
    expect([answer.status, answer.headers.get('allow'), answer.body.error.code]).toEqual([
      405,
      'POST',
      -32000,
    ])
  }
})

test('a method that there is not is 404 with -32601; a version that there is not, 400 with those there are', async () => {
  const unknown = await ask({ method: 'resources/everything' })
  expect([unknown.status, unknown.body.error.code]).toEqual([404, -32601])
  const headers = { 'mcp-protocol-version': '2031-01-01' }
  const future = await ask({ method: 'tools/list', headers })
  expect([future.status, future.body.error.code]).toEqual([400, -32020])
  const past = await ask({
    method: 'tools/list',
    era: '2025',
    headers: { 'mcp-protocol-version': '1999-01-01' },
  })
  expect([past.status, past.text]).toEqual([400, expect.stringContaining('2025-11-25')])
})

test('headers must say what the body says', async () => {
  for (const headers of [{ 'mcp-method': 'tools/call' }, { 'mcp-method': '' }] as Record<string, string>[]) {
    const answer = await ask({ method: 'tools/list', headers })
    expect([answer.status, answer.body.error.code]).toEqual([400, -32020])
  }
})

test('what is no message, no JSON, too deep or too large is refused as such', async () => {
  const send = (body: string, type = 'application/json') =>
    grantry.call('POST', writing, body, { headers: { 'content-type': type } })
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
  const nested = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"x","arguments":{"a":${deep}}}}`
  for (const [body, status, code] of [
    ['{"jsonrpc":', 400, -32700],
    ['{"jsonrpc":"2.0","__proto__":{}}', 400, -32700],
    ['{}', 400, -32600],
    ['7', 400, -32600],
    [nested, 400, -32600],
    ['[]', 400, -32600],
  ] as const) {
    const answer = await send(body)
    expect([answer.status, answer.body.error.code], body.slice(0, 50)).toEqual([status, code])
  }
  expect((await send('')).body.error.code).toBe(-32700)
  expect((await send(`"${'x'.repeat(5_000_000)}"`)).status).toBe(413)
  expect((await send('{}', 'text/plain')).status).toBe(415)
})

test('a token that only reads is told which scopes a tool that writes needs; a key is told in the answer', async () => {
  const { browser } = await addMember(grantry)
  const client = await addClient(grantry)
  const { access_token } = await obtain(grantry, client, browser, { resource: writing, scope: 'mcp:read' })
  const rename = { method: 'tools/call', params: { name: 'rename_account', arguments: { name: 'x' } } }
  for (const era of ['2026', '2025'] as const) {
    const answer = await ask({ ...rename, era, key: access_token })
    expect(answer.status).toBe(403)
    expect(answer.headers.get('www-authenticate')).toContain(
      'error="insufficient_scope", scope="mcp:read mcp:write"',
    )
    const byKey = await ask({ ...rename, era, key: await keyWith(['mcp:read']) })
    expect(byKey.body.result).toMatchObject({
      isError: true,
      content: [{ text: expect.stringContaining('needs the scope mcp:write') }],
    })
  }
  expect(await namesOf({ key: access_token })).toEqual(['show_account'])
})

describe('a page', () => {
  const page = (origin: string) => ({ headers: { origin } })
  const preflight = (origin: string) =>
    grantry.call('OPTIONS', writing, undefined, {
      key: null,
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type,mcp-protocol-version,mcp-method',
      },
    })

  test('of a registered origin may call, and read the answer and the challenge', async () => {
    const origin = 'https://app.example.com'
    const asked = await preflight(origin)
    expect([asked.status, asked.headers.get('access-control-allow-origin')]).toEqual([204, origin])
    expect(asked.headers.get('access-control-allow-headers')).toContain('authorization')
    expect(asked.headers.get('access-control-allow-headers')).toContain('mcp-protocol-version')
    expect(asked.headers.get('access-control-allow-credentials')).toBeNull()
    const answer = await ask({ method: 'tools/list', ...page(origin) })
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([200, origin])
    const refused = await ask({ method: 'tools/list', key: null, ...page(origin) })
    expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([401, origin])
    expect(refused.headers.get('access-control-expose-headers')).toContain('www-authenticate')
    expect((await ask({ method: 'tools/list', ...page(grantry.url) })).status).toBe(200)
  })

  test('of any other may not, whatever it shows', async () => {
    for (const origin of ['https://evil.example', 'null', 'https://app.example.com.evil.example']) {
      const answer = await ask({ method: 'tools/list', ...page(origin) })
      expect([answer.status, answer.body.code], origin).toEqual([403, 'foreign_origin'])
      expect(answer.headers.get('access-control-allow-origin')).toBeNull()
      expect((await preflight(origin)).status).toBe(403)
    }
  })
})

test('a workspace whose plan has no MCP servers any more is told so', async () => {
  await grantry.ctx.db.updateTable('workspaces').set({ features: '["import"]' }).execute()
  const answer = await ask({ method: 'tools/list' })
  await grantry.ctx.db.updateTable('workspaces').set({ features: null }).execute()
  expect([answer.status, answer.body.code]).toEqual([403, 'feature_not_in_plan'])
})
