import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createWorkspace } from '../security/tenant.ts'
import { addSandboxIntegration, connectAccount } from '../support/connecting.ts'
import { startTestGrantry, type TestGrantry } from '../support/grantry.ts'
import { callMcp, initialize, type McpCall, toolCall } from '../support/mcp.ts'
import { addClient, addMember, obtain } from '../support/partner-app.ts'

// What reference has it that a server refuses: each leaves the provider unasked.
let grantry: TestGrantry
let reading: string
let writing: string
let other: string
let tokens: { forReading: string; forOther: string; forApi: string; narrow: string; provider: string }
let theirKey: string

beforeAll(async () => {
  grantry = await startTestGrantry({ world: { background: false } })
  await addSandboxIntegration(grantry, 'gmail')
  const connected = await connectAccount(grantry, {
    provider: 'gmail',
    access_type: 'write',
    end_user: { id: 'u1' },
  })
  const another = await connectAccount(grantry, { provider: 'gmail', end_user: { id: 'u2' } })
  const serve = async (connection_id: string, access_type: string) => {
    const body = { mcp_server: 'gmail', auth_method: 'oauth', access_type, connection_id }
    return (await grantry.call('POST', '/api/v1/mcp-servers', body)).body.data.mcp_url as string
  }
  reading = await serve(connected.id, 'read')
  writing = await serve(connected.id, 'write')
  other = await serve(another.id, 'write')
  const { browser } = await addMember(grantry)
  const client = await addClient(grantry)
  const take = async (more: Record<string, string>) =>
    (await obtain(grantry, client, browser, more)).access_token
  const own = await grantry.call('GET', `/api/v1/connections/${connected.id}/token`)
  tokens = {
    forReading: await take({ resource: reading }),
    forOther: await take({ resource: other }),
    forApi: await take({ scope: 'mcp:read mcp:write' }),
    narrow: await take({ resource: writing, scope: 'mcp:read' }),
    provider: own.body.data.access_token,
  }
  theirKey = await createWorkspace(grantry, 'theirs')
})
afterAll(() => grantry?.close())

const send = toolCall('send_message', { to: ['victim@example.com'], subject: 'x', text: 'y' })
const ask = (call: Partial<McpCall> & { method: string }) => callMcp(grantry, { url: writing, ...call })
const keyWith = async (scopes: string[]) =>
  (await grantry.call('POST', '/api/v1/api-keys', { name: 'k', scopes })).body.data.secret as string
const apiCalls = () => grantry.sandbox!.control.calls({ provider: 'gmail', endpoint: 'api' }).length
const audited = async () =>
  (await grantry.call('GET', '/api/v1/events?type=proxy.called&limit=200')).body.data.length as number

/** Does it, and looks that nothing was sent to the provider and nothing was written down as sent. */
async function expectUnsent(attack: () => Promise<void>): Promise<void> {
  const before = [apiCalls(), await audited()]
  await attack()
  expect([apiCalls(), await audited()]).toEqual(before)
  expect(grantry.sandbox!.control.outbox({ provider: 'gmail' })).toEqual([])
}

describe.each(['2026', '2025'] as const)('in the era of %s', (era) => {
  test.each(['forOther', 'forReading', 'forApi', 'provider'] as const)(
    'a token that is not for this server (%s): 401',
    (which) =>
      expectUnsent(async () => {
        for (const headers of [{}, { 'x-api-key': '' }] as Record<string, string>[]) {
          const answer = await ask({ ...send, era, key: tokens[which], headers })
          expect(answer.status).toBe(401)
          expect(answer.headers.get('www-authenticate')).toContain('error="invalid_token"')
        }
      }),
  )

  test('a token that only reads, and keys without a scope of MCP: 403', () =>
    expectUnsent(async () => {
      const stepUp = await ask({ ...send, era, key: tokens.narrow })
      expect([stepUp.status, stepUp.headers.get('www-authenticate')]).toEqual([
        403,
        expect.stringContaining('scope="mcp:read mcp:write"'),
      ])
      for (const scopes of [['connections:read'], ['proxy:call', 'tokens:read', 'mcp:manage']])
        expect((await ask({ ...send, era, key: await keyWith(scopes) })).status).toBe(403)
      const reader = await ask({ ...send, era, key: await keyWith(['mcp:read']) })
      expect(reader.body.result.isError).toBe(true)
    }))

  test('a page of another origin: 403, whatever it shows; a cookie is nothing', () =>
    expectUnsent(async () => {
      for (const origin of [
        'https://evil.example',
        'null',
        `${grantry.url}.evil.example`,
        'http://localhost',
      ])
        expect((await ask({ ...send, era, headers: { origin } })).status).toBe(403)
      const { browser } = await addMember(grantry, { email: `cookie-${era}@example.com` })
      const cookie = `grantry_session=${browser.cookies.get('grantry_session')}`
      expect((await ask({ ...send, era, key: null, headers: { cookie } })).status).toBe(401)
    }))

  test('another workspace, its server and its tools: as if there were none', () =>
    expectUnsent(async () => {
      const answer = await ask({ ...send, era, key: theirKey })
      const none = await ask({ ...send, era, key: theirKey, url: `${grantry.url}/mcp/mcp_${'0'.repeat(26)}` })
      expect([answer.status, answer.body.detail]).toEqual([404, none.body.detail])
      expect((await ask({ method: 'tools/list', era, key: theirKey })).status).toBe(404)
    }))

  test('a tool that there is not, and one that writes on a server that reads: -32602', () =>
    expectUnsent(async () => {
      for (const call of [
        { ...toolCall('drop_everything') },
        { ...toolCall('__proto__') },
        { ...toolCall('request', { path: '/' }) },
        { ...send, url: reading },
        { ...send, url: reading, key: tokens.forReading },
      ]) {
        const answer = await ask({ ...call, era })
        expect([answer.status, answer.body.error?.code], JSON.stringify(call)).toEqual([200, -32602])
      }
    }))

  test('arguments outside the schema, and names that mean something to JavaScript', () =>
    expectUnsent(async () => {
      for (const args of [
        { to: 'victim@example.com', subject: 'x', text: 'y' },
        { to: ['victim@example.com'], subject: 'x', text: 'y', from_connection: 'con_other' },
        { to: Array(10_000).fill('victim@example.com'), subject: 'x', text: 'y' },
        { to: ['victim@example.com'], subject: 'x', text: 'y', constructor: {} },
      ]) {
        const answer = await ask({ ...toolCall('send_message', args), era })
        expect(answer.body.result.isError, answer.text).toBe(true)
        expect(answer.body.result.content[0].text).toContain('Nothing was sent')
      }
    }))

  test('a batch of 10,000 calls: 400', () =>
    expectUnsent(async () => {
      const call = { jsonrpc: '2.0', method: 'tools/call', params: toolCall('list_labels').params }
      const batch = Array.from({ length: 10_000 }, (_, id) => ({ ...call, id }))
      const version = era === '2026' ? '2026-07-28' : '2025-03-26'
      const headers = { accept: 'application/json, text/event-stream', 'mcp-protocol-version': version }
      for (const body of [batch, batch.slice(0, 1)]) {
        const answer = await grantry.call('POST', writing, body, { headers })
        expect([answer.status, answer.body.error.code]).toEqual([400, -32600])
      }
    }))

  test('a wrong version, or headers that say other than the body: 400', () =>
    expectUnsent(async () => {
      const wrong: Record<string, string>[] = [{ 'mcp-protocol-version': '1999-01-01' }]
      if (era === '2026')
        wrong.push({ 'mcp-name': 'list_labels' }, { 'mcp-method': 'tools/list' }, { 'mcp-method': '' })
      for (const headers of wrong)
        expect((await ask({ ...send, era, headers })).status, JSON.stringify(headers)).toBe(400)
    }))
})

test('a session id opens nothing, and another’s takes nothing back', () =>
  expectUnsent(async () => {
    const session = (await ask(initialize(true))).headers.get('mcp-session-id')!
    expect((await ask({ ...send, era: '2025', key: null, session })).status).toBe(401)
    expect((await ask({ ...send, era: '2025', key: theirKey, session })).status).toBe(404)
  }))

test('what is refused would have been done for whoever may', async () => {
  // Also where the same client has a token of the API that was given no connections.
  expect((await ask({ method: 'tools/list', url: reading, key: tokens.forReading })).status).toBe(200)
  const answer = await ask({ ...send, key: await keyWith(['mcp:write']) })
  expect(answer.body.result.isError, answer.text).toBeUndefined()
  expect(grantry.sandbox!.control.outbox({ provider: 'gmail' })).toHaveLength(1)
  expect(answer.text).not.toContain(tokens.provider)
})
