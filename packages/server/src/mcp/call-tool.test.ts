import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { addSandboxIntegration, confirmPage, consent } from '../../../../test/support/connecting.ts'
import { startTestGrantry, type TestGrantry } from '../../../../test/support/grantry.ts'
import { callMcp, initialize, type McpCall, toolCall } from '../../../../test/support/mcp.ts'
import { openBrowser } from '../../../../test/support/members.ts'
import { addClient, addMember, obtain } from '../../../../test/support/partner-app.ts'

const labels = {
  name: 'list_labels',
  title: 'List labels',
  description: 'Lists the labels of the mailbox.',
  access: 'read',
  input: {
    type: 'object',
    properties: { limit: { type: 'integer', minimum: 1, maximum: 50, default: 7 } },
    additionalProperties: false,
  },
  steps: [{ method: 'GET', path: '/gmail/v1/users/me/labels' }],
  output: '{labels: answer.labels[].name, limit: limit}',
}

/** An API that answers as a test says. */
let api: Server
let handle: (request: IncomingMessage, response: ServerResponse, body: string) => void
let grantry: TestGrantry
let generic: { id: string; mcp_url: string }

beforeAll(async () => {
  api = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part) => parts.push(part))
    request.on('end', () => handle(request, response, Buffer.concat(parts).toString()))
  })
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve))
  const { port } = api.address() as AddressInfo
  grantry = await startTestGrantry({
    world: { background: false },
    env: { GRANTRY_EGRESS_ALLOW: `127.0.0.1:${port}` },
    providers: { gmail: { tools: [labels] } },
  })
  await addSandboxIntegration(grantry, 'gmail')
  const integration = await grantry.call('POST', '/api/v1/integrations', {
    label: 'Our own API',
    authorization_url: `http://127.0.0.1:${port}/authorize`,
    token_url: `http://127.0.0.1:${port}/token`,
    api_base_url: `http://127.0.0.1:${port}/v1`,
    client_id: 'a',
    client_secret: 'b',
    scope: 'things',
    validate: false,
  })
  expect(integration.status, integration.text).toBe(201)
  const connection = await grantry.call('POST', '/api/v1/connections', {
    integration: integration.body.data.id,
    end_user: { id: 'u1' },
    tokens: { access_token: 'the-upstream-token' },
  })
  generic = await make({ mcp_server: integration.body.data.id, connection_id: connection.body.data.id })
})
afterAll(async () => {
  await grantry?.close()
  api.closeAllConnections()
  api.close()
})
beforeEach(() => {
  handle = (_request, response) => response.writeHead(500).end()
})

async function make(fields: Record<string, unknown>) {
  const body = { mcp_server: 'gmail', access_type: 'write', auth_method: 'oauth', ...fields }
  const made = await grantry.call('POST', '/api/v1/mcp-servers', body)
  expect(made.status, made.text).toBe(201)
  return made.body.data
}
const ask = (url: string, call: Omit<McpCall, 'url'>) => callMcp(grantry, { url, ...call })
const textOf = ({ body }: { body: { result?: { content?: { text: string }[] } } }) =>
  body.result?.content?.[0]?.text ?? JSON.stringify(body)
const callsOf = () => grantry.sandbox!.control.calls({ provider: 'gmail', endpoint: 'api' })

/** Through the connect page of an answer; `browser` is who follows it. */
async function follow(url: string) {
  const page = await grantry.call('GET', await consent(grantry, url), undefined, { key: null })
  const done = await confirmPage(grantry, page.text, 'connect')
  expect(done.text).toContain('is connected to')
}

test('a proxy policy holds tools too: paths, hosts, where they are led, and how often', async () => {
  const reached: string[] = []
  handle = (request, response) => {
    reached.push(request.url!)
    if (request.url === '/v1/led') response.writeHead(302, { location: '/v1/secrets' }).end()
    else response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":true}')
  }
  const { body } = await grantry.call('GET', `/api/v1/mcp-servers/${generic.id}`)
  const { connection_id } = body.data
  const { integration_id } = (await grantry.call('GET', `/api/v1/connections/${connection_id}`)).body.data
  const hold = async (of: 'connections' | 'integrations', proxy_policy: object | null) => {
    const id = of === 'connections' ? connection_id : integration_id
    const more = of === 'integrations' ? { validate: false } : {}
    const set = await grantry.call('PATCH', `/api/v1/${of}/${id}`, { proxy_policy, ...more })
    expect(set.status, set.text).toBe(200)
  }
  const request = async (path: string, method = 'GET') => {
    const { result } = (await ask(generic.mcp_url, toolCall('request', { path, method }))).body
    return result.content[0].text as string
  }
  await hold('integrations', { allow: [{ methods: ['GET', 'POST'], paths: ['/things*', '/led'] }] })
  await hold('connections', { allow: [{ methods: ['GET'], paths: ['/*'] }] })
  expect(await request('/things')).toContain('"status":200')
  expect(await request('/secrets')).toContain('policy of this integration does not allow GET')
  expect(await request('/things', 'POST')).toContain('policy of this connection does not allow POST')
  expect(await request('/things/%2e%2e/secrets')).toContain("must stay below the API's base URL")
  // It gets the redirect, and is not led by it.
  expect(await request('/led')).toContain('"status":302')
  expect(reached).toEqual(['/v1/things', '/v1/led'])
  await hold('connections', { hosts: ['api.example.com'] })
  expect(await request('/things')).toContain('does not allow 127.0.0.1')
  await hold('connections', { budget: { calls: 1, per_seconds: 2_678_400 } })
  expect(await request('/things')).toContain('"status":200')
  expect(await request('/things')).toContain('allows 1 calls in')
  expect(reached).toHaveLength(3)
  await hold('connections', null)
  await hold('integrations', null)
})

describe('an account that is not connected yet', () => {
  test('2026: asked for by URL, until it is; then the same call succeeds', async () => {
    const { mcp_url, connect_url } = await make({ end_user: { id: 'u1', email: 'private@example.com' } })
    const call = { ...toolCall('list_labels'), elicits: true }
    expect((await ask(mcp_url, { method: 'tools/list' })).body.result.tools).toHaveLength(1)
    const first = await ask(mcp_url, call)
    expect(first.body.result).toEqual({
      resultType: 'input_required',
      inputRequests: {
        connect: {
          method: 'elicitation/create',
          params: {
            mode: 'url',
            message: 'Connect the Gmail account to go on.',
            url: expect.stringContaining(`${grantry.url}/connect/gst_`),
          },
        },
      },
      _meta: expect.anything(),
    })
    const { url } = first.body.result.inputRequests.connect.params
    expect(url).not.toBe(connect_url)
    expect(first.text).not.toContain('private@example.com')
    // Accepting is not done: what is stored says whether it is, and the page is the same.
    const accepted = {
      ...call,
      params: { ...call.params, inputResponses: { connect: { action: 'accept' } } },
    }
    const second = await ask(mcp_url, accepted)
    expect(second.body.result.inputRequests.connect.params).toMatchObject({
      url,
      message: expect.stringContaining('not connected yet'),
    })
    const declined = {
      ...call,
      params: { ...call.params, inputResponses: { connect: { action: 'decline' } } },
    }
    const refused = await ask(mcp_url, declined)
    expect([refused.body.result.isError, textOf(refused)]).toEqual([true, expect.stringContaining(url)])
    expect(callsOf()).toEqual([])
    await follow(url)
    const done = await ask(mcp_url, accepted)
    expect(done.body.result).toMatchObject({
      structuredContent: { labels: expect.arrayContaining(['INBOX']), limit: 7 },
    })
    expect(JSON.parse(textOf(done))).toEqual(done.body.result.structuredContent)
  })

  test('2025: by error -32042 to a client that said that it can, else as text', async () => {
    const { mcp_url } = await make({ end_user: { id: 'u2' } })
    const began = async (elicits: boolean) =>
      (await ask(mcp_url, initialize(elicits))).headers.get('mcp-session-id')!
    const call = { ...toolCall('list_labels'), era: '2025' as const }
    const can = await ask(mcp_url, { ...call, session: await began(true) })
    const { error } = can.body
    expect([can.status, error.code]).toEqual([200, -32042])
    expect(error.data.elicitations).toEqual([
      {
        mode: 'url',
        message: 'Connect the Gmail account to go on.',
        url: expect.stringContaining(`${grantry.url}/connect/gst_`),
        elicitationId: expect.stringMatching(/^cs_/),
      },
    ])
    const { url } = error.data.elicitations[0]
    for (const session of [await began(false), undefined]) {
      const cannot = await ask(mcp_url, { ...call, ...(session ? { session } : {}) })
      expect(cannot.body.result.isError).toBe(true)
      expect(textOf(cannot)).toContain(url)
    }
    await follow(url)
    expect((await ask(mcp_url, call)).body.result.structuredContent.labels).toContain('INBOX')
  })

  test('2026 without elicitation: as text; a grant that has ended is asked for again', async () => {
    const { mcp_url, connect_url } = await make({ end_user: { id: 'u3' } })
    await follow(connect_url)
    grantry.sandbox!.control.revokeGrant({ provider: 'gmail', account: 'ada@example.com' })
    grantry.clock.advance(4000)
    const text = textOf(await ask(mcp_url, toolCall('list_labels')))
    const [url] = /http\S+\/connect\/\S+/.exec(text) ?? []
    await follow(url!)
    expect((await ask(mcp_url, toolCall('list_labels'))).body.result.isError).toBeUndefined()
  })

  test('2025: a grant that turns out to have ended in the call is asked for by error -32042 too', async () => {
    const { mcp_url, connect_url } = await make({ end_user: { id: 'u3b' } })
    await follow(connect_url)
    grantry.sandbox!.control.revokeGrant({ provider: 'gmail', account: 'ada@example.com' })
    grantry.clock.advance(4000)
    const session = (await ask(mcp_url, initialize(true))).headers.get('mcp-session-id')!
    const { body } = await ask(mcp_url, { ...toolCall('list_labels'), era: '2025', session })
    expect(body.error?.code, JSON.stringify(body)).toBe(-32042)
    await follow(body.error.data.elicitations[0].url)
    expect((await ask(mcp_url, toolCall('list_labels'))).body.result.isError).toBeUndefined()
  })

  test('asked for with the token of a person: the page is for that person only', async () => {
    const { mcp_url } = await make({ end_user: { id: 'u4' } })
    const { browser } = await addMember(grantry, { email: 'm@example.com' })
    const { access_token } = await obtain(grantry, await addClient(grantry), browser, { resource: mcp_url })
    const asked = await ask(mcp_url, { ...toolCall('list_labels'), elicits: true, key: access_token })
    const { url } = asked.body.result.inputRequests.connect.params
    expect((await openBrowser(grantry).get(url)).location).toContain('/sign-in?')
    expect((await browser.open(url)).url).toContain(grantry.sandbox!.url)
  })

  test('ended for good: said so, without a link', async () => {
    const { mcp_url, connection_id } = await make({ end_user: { id: 'u5' } })
    await grantry.call('DELETE', `/api/v1/connections/${connection_id}`)
    const text = textOf(await ask(mcp_url, { ...toolCall('list_labels'), elicits: true }))
    expect(text).toContain('a new MCP server is to be made')
    expect(text).not.toContain('/connect/')
  })
})

describe('arguments', () => {
  test('that the schema does not have are told in words, and nothing is sent', async () => {
    const { mcp_url, connect_url } = await make({ end_user: { id: 'u6' } })
    await follow(connect_url)
    const before = callsOf().length
    for (const [args, words] of [
      [{ limit: 51 }, '"limit" must be <= 50'],
      [{ limit: '5' }, '"limit" must be integer'],
      [{ label: 'x' }, 'There is no argument "label"'],
    ] as const) {
      const answer = await ask(mcp_url, toolCall('list_labels', args))
      expect([answer.body.result.isError, textOf(answer)]).toEqual([true, expect.stringContaining(words)])
    }
    expect(callsOf()).toHaveLength(before)
    const events = await grantry.call('GET', '/api/v1/events?type=proxy.called')
    expect(
      (await ask(mcp_url, toolCall('list_labels', { limit: 2 }))).body.result.structuredContent.limit,
    ).toBe(2)
    const { data } = (await grantry.call('GET', '/api/v1/events?type=proxy.called')).body
    expect(data).toHaveLength(events.body.data.length + 1)
    expect(data[0].data).toMatchObject({ tool: 'list_labels', method: 'GET' })
  })
})

test('a list of a million faults is told as one: all of them would hold the process, and its memory', async () => {
  const { mcp_url, connect_url } = await make({ end_user: { id: 'u7' } })
  await follow(connect_url)
  const args = Object.fromEntries(Array.from({ length: 200_000 }, (_, i) => [`a${i}`, 0]))
  const answer = await ask(mcp_url, toolCall('list_labels', args))
  expect(textOf(answer).split('.')[0]).toBe('There is no argument "a0"')
  expect(textOf(answer)).not.toContain('"a1"')
})

describe('the tool for any request', () => {
  const send = (args: Record<string, unknown>, more: Partial<McpCall> = {}) =>
    ask(generic.mcp_url, { ...toolCall('request', args), ...more })

  test('is there on a server that writes; one that reads has none, and says why', async () => {
    const { tools } = (await ask(generic.mcp_url, { method: 'tools/list' })).body.result
    expect(tools.map(({ name }: { name: string }) => name)).toEqual(['request'])
    expect(tools[0].annotations).toMatchObject({ readOnlyHint: false, destructiveHint: true })
    const shown = await grantry.call('GET', `/api/v1/mcp-servers/${generic.id}`)
    const { mcp_server, connection_id } = shown.body.data
    const reading = await make({ mcp_server, connection_id, access_type: 'read' })
    expect((await ask(reading.mcp_url, { method: 'tools/list' })).body.result.tools).toEqual([])
    const { instructions } = (await ask(reading.mcp_url, initialize())).body.result
    expect(instructions).toContain('no tools')
    const { data } = (await grantry.call('GET', '/api/v1/mcp-servers')).body
    const listed = data.find((entry: { mcp_server: string }) => entry.mcp_server === mcp_server)
    expect(listed.instances).toHaveLength(2)
  })

  test('sends method, path, query and body below the base URL, with the token, and gives the answer', async () => {
    let seen: unknown
    handle = ({ method, url, headers }, response, body) => {
      seen = { method, url, authorization: headers.authorization, type: headers['content-type'], body }
      response.writeHead(201, { 'content-type': 'application/json' }).end('{"id":7}')
    }
    const answer = await send({ method: 'POST', path: '/things', query: { a: 'b c', n: 2 }, body: { x: 1 } })
    expect(seen).toEqual({
      method: 'POST',
      url: '/v1/things?a=b+c&n=2',
      authorization: 'Bearer the-upstream-token',
      type: 'application/json',
      body: '{"x":1}',
    })
    expect(answer.body.result.structuredContent).toEqual({ status: 201, body: { id: 7 } })
    expect(answer.text).not.toContain('the-upstream-token')
    await send({ method: 'PUT', path: '/text', body: 'plain' })
    expect(seen).toMatchObject({ type: 'text/plain; charset=utf-8', body: 'plain' })
  })

  test('a refusal of the API is an error with its words; what cannot be shown says so', async () => {
    const answers: [number, string, string | Buffer, RegExp][] = [
      [404, 'application/json', '{"error":"nothing"}', /404.*nothing/],
      [200, 'image/png', Buffer.from([1, 2, 3]), /image\/png/],
      [200, 'text/plain', 'x'.repeat(100_001), /more than 100 kB/],
    ]
    for (const [status, type, body, words] of answers) {
      handle = (_request, response) => void response.writeHead(status, { 'content-type': type }).end(body)
      const answer = await send({ path: '/x' })
      expect([answer.body.result.isError, textOf(answer)]).toEqual([true, expect.stringMatching(words)])
    }
  })

  test('an answer that nests without end is given as text', async () => {
    const deep = '['.repeat(30_000) + ']'.repeat(30_000)
    handle = (_request, response) =>
      void response.writeHead(200, { 'content-type': 'application/json' }).end(deep)
    const answer = await send({ path: '/deep' })
    expect(answer.body.result.structuredContent).toEqual({ status: 200, body: deep })
  })

  test('leaves the base URL by no path', async () => {
    let reached = 0
    handle = ({ url }, response) => {
      if (!url?.startsWith('/v1/')) reached++
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
    }
    for (const path of [
      '//evil.example/x',
      '/../admin',
      '/%2e%2e/admin',
      '/\\evil.example',
      'https://evil.example/',
    ])
      expect((await send({ path })).body.result.isError, path).toBe(true)
    expect(reached).toBe(0)
  })

  test('is not for a credential that only reads', async () => {
    const key = await grantry.call('POST', '/api/v1/api-keys', { name: 'r', scopes: ['mcp:read'] })
    const answer = await send({ path: '/x' }, { key: key.body.data.secret })
    expect(textOf(answer)).toContain('mcp:write')
  })

  test.each(['2026', '2025'])('a client that leaves ends the call upstream (%s)', async (era) => {
    const begun = Promise.withResolvers<void>()
    const ended = Promise.withResolvers<void>()
    handle = (_request, response) => {
      response.once('close', ended.resolve)
      begun.resolve()
    }
    const leaving = new AbortController()
    const meta = {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientInfo': { name: 'a test', version: '1' },
      'io.modelcontextprotocol/clientCapabilities': {},
    }
    const params = { name: 'request', arguments: { path: '/slow' }, ...(era === '2026' && { _meta: meta }) }
    const left = fetch(generic.mcp_url, {
      method: 'POST',
      signal: leaving.signal,
      headers: {
        authorization: `Bearer ${grantry.apiKey}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        ...(era === '2026' && {
          'mcp-protocol-version': '2026-07-28',
          'mcp-method': 'tools/call',
          'mcp-name': 'request',
        }),
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: 5, method: 'tools/call', params }),
    }).then((answer) => answer.text())
    const rejected = expect(left).rejects.toThrow()
    await begun.promise
    leaving.abort()
    await Promise.all([rejected, ended.promise])
  })

  test('a client of 2025 takes its call back', async () => {
    const again = Promise.withResolvers<void>()
    const cut = Promise.withResolvers<void>()
    handle = (_request, response) => {
      response.once('close', cut.resolve)
      again.resolve()
    }
    const session = (await ask(generic.mcp_url, initialize())).headers.get('mcp-session-id')!
    const call = send({ path: '/slow' }, { era: '2025', session, id: 9 })
    await again.promise
    const cancel = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 9 } }
    const headers = { accept: 'application/json, text/event-stream' }
    const taken = await grantry.call('POST', generic.mcp_url, cancel, {
      headers: { ...headers, 'mcp-session-id': session },
    })
    expect(taken.status).toBe(202)
    await cut.promise
    const answer = await call
    expect([answer.body.result.isError, textOf(answer)]).toEqual([
      true,
      expect.stringContaining('look before you try again'),
    ])
  })
})
