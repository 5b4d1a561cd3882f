import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as v2 from '@modelcontextprotocol/client'
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { StreamableHTTPClientTransport as TransportV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { Browser } from '../support/browser.ts'
import { addSandboxIntegration, confirmPage } from '../support/connecting.ts'
import { freePort } from '../support/free-port.ts'
import { startTestGrantry, type TestGrantry } from '../support/grantry.ts'
import { addMember, allow } from '../support/partner-app.ts'
import { findPython } from '../support/python.ts'
import { binOf, type Command, fileOf, run, runProgram } from './mcp-clients/command.ts'
import { createProvider } from './mcp-clients/provider.ts'

// A person's Gmail by an MCP server, and the clients that people use: each is let in by OAuth, looks for a mail and sends
// one. What they send is in the sandbox's outbox.
const about = { name: 'a tool', version: '1.0.0' }
const python = await findPython()
if ('missing' in python) console.warn(`Python's MCP client is skipped: ${python.missing}.`)

let grantry: TestGrantry
let browser: Browser
let url: string
const started: Command[] = []
const folders: string[] = []

beforeAll(async () => {
  grantry = await startTestGrantry()
  ;({ browser } = await addMember(grantry))
  await addSandboxIntegration(grantry, 'gmail')
  // Connect Gmail: the person's one click at the provider, and one here.
  const { data: server } = (
    await grantry.call('POST', '/api/v1/mcp-servers', {
      mcp_server: 'gmail',
      access_type: 'write',
      auth_method: 'oauth',
      end_user: { id: 'u1' },
    })
  ).body
  const callback = await grantry.sandbox!.control.consent(server.authorization_url, {
    account: 'ada@example.com',
  })
  const page = await grantry.call('GET', callback, undefined, { key: null })
  await confirmPage(grantry, page.text, 'connect')
  url = server.mcp_url
})
afterEach(async () => {
  const running = started.splice(0)
  for (const command of running) command.stop()
  await Promise.all(running.map(({ ended }) => ended))
})
afterAll(async () => {
  await grantry?.close()
  for (const folder of folders) await rm(folder, { recursive: true, force: true })
})

const folder = async () => {
  const path = await mkdtemp(join(tmpdir(), 'grantry-mcp-'))
  folders.push(path)
  return path
}
const start = (command: Command) => {
  started.push(command)
  return command
}

const query = { query: 'subject:invoice', limit: 2 }
const letterFrom = (client: string) => ({
  to: ['grace@example.com'],
  subject: `Grüße von ${client}`,
  text: 'Sent by a tool.',
})
const expectSent = (client: string) => {
  const sent = grantry.sandbox!.control.outbox({ provider: 'gmail', account: 'ada@example.com' })
  expect(sent.map(({ detail }) => detail)).toContainEqual(
    expect.objectContaining({ subject: `Grüße von ${client}` }),
  )
}
const expectFound = (found: unknown) =>
  expect(found).toMatchObject({ messages: [{ subject: expect.stringMatching(/invoice/i) }] })

/** What both generations of the SDK's client can do. */
type Tools = {
  listTools(): Promise<{ tools: { name: string }[] }>
  callTool(call: { name: string; arguments: Record<string, unknown> }): Promise<Record<string, unknown>>
}
async function work(tools: Tools, client: string): Promise<void> {
  const names = (await tools.listTools()).tools.map(({ name }) => name)
  expect(names).toEqual(expect.arrayContaining(['search_messages', 'send_message']))
  const found = await tools.callTool({ name: 'search_messages', arguments: query })
  expectFound(found.structuredContent)
  const sent = await tools.callTool({ name: 'send_message', arguments: letterFrom(client) })
  expect(sent.structuredContent).toMatchObject({ label_ids: ['SENT'] })
  expectSent(client)
}

test('@modelcontextprotocol/sdk', async () => {
  const { provider, kept } = createProvider('http://localhost:8765/callback')
  const transport = () => new TransportV1(new URL(url), { authProvider: provider })
  const first = transport()
  await expect(new ClientV1(about).connect(first as never)).rejects.toThrow()
  const back = await allow(browser, kept.sentTo!.href)
  await first.finishAuth(back.searchParams.get('code')!)
  const client = new ClientV1(about)
  await client.connect(transport() as never)
  await work(client as never, 'SDK')
  await client.close()
})

test.each(['2025-11-25', '2026-07-28'])('@modelcontextprotocol/client, revision %s', async (revision) => {
  const { provider, kept } = createProvider('http://localhost:8765/callback')
  const transport = () => new v2.StreamableHTTPClientTransport(new URL(url), { authProvider: provider })
  const open = (through: ReturnType<typeof transport>) => {
    const mode = revision === '2026-07-28' ? { pin: revision } : 'legacy'
    const client = new v2.Client(about, { versionNegotiation: { mode } } as never)
    return { client, connected: client.connect(through) }
  }
  const first = transport()
  await expect(open(first).connected).rejects.toThrow(v2.UnauthorizedError)
  const back = await allow(browser, kept.sentTo!.href)
  await first.finishAuth(back.searchParams)
  const { client, connected } = open(transport())
  await connected
  await work(client as never, `client ${revision}`)
  await client.close()
})

test('mcp-remote, for a client that can only talk to a program', async () => {
  const env = { MCP_REMOTE_CONFIG_DIR: await folder(), PATH: process.env.PATH!, BROWSER: 'true' }
  const port = await freePort()
  const args = [url, String(port), '--transport', 'http-only']
  const first = start(run('mcp-remote', 'dist/client.js', args, env))
  await fetch(await allow(browser, await first.says(/visiting:\s+(http\S+)\s/)))
  expect((await first.ended).text).toContain('search_messages')
  const client = new ClientV1(about)
  const command = { command: process.execPath, args: [fileOf('mcp-remote', 'dist/proxy.js'), ...args] }
  await client.connect(new StdioClientTransport({ ...command, env, stderr: 'ignore' }) as never)
  await work(client as never, 'mcp-remote')
  await client.close()
})

test('Inspector --cli', async () => {
  // Without a terminal it only starts when it may open a browser, which is one that does nothing here.
  const env = {
    HOME: await folder(),
    MCP_AUTO_OPEN_ENABLED: 'true',
    BROWSER: 'true',
    // In a container it would forget them.
    MCP_INSPECTOR_SECRET_STORE: 'file',
  }
  const callback = `http://127.0.0.1:${await freePort()}/oauth/callback`
  const inspect = (...args: string[]) => {
    const all = ['--cli', url, '--transport', 'http', '--callback-url', callback, '--format', 'json', ...args]
    const bin = binOf('@modelcontextprotocol/inspector', 'mcp-inspector')
    return start(run('@modelcontextprotocol/inspector', bin, all, env))
  }
  const first = inspect('--method', 'tools/list')
  await fetch(await allow(browser, await first.says(/(http\S+\/oauth\/authorize\?\S+)/)))
  const listed = await first.ended
  expect([listed.code, listed.text]).toEqual([0, expect.stringContaining('search_messages')])
  const call = (name: string, args: Record<string, unknown>) =>
    inspect(
      ...['--method', 'tools/call', '--stored-auth-only', '--quiet'],
      ...['--tool-name', name, '--tool-args-json', JSON.stringify(args)],
    ).ended
  const found = await call('search_messages', query)
  expect(found.code, found.text).toBe(0)
  expectFound(JSON.parse(found.text).structuredContent ?? JSON.parse(found.text).result.structuredContent)
  const sent = await call('send_message', letterFrom('Inspector'))
  expect(sent.code, sent.text).toBe(0)
  expectSent('Inspector')
})

test.skipIf('missing' in python)('mcp of Python', async () => {
  const script = join(import.meta.dirname, 'mcp-clients/with_mcp.py')
  const args = [script, url, 'http://localhost:8765/callback', JSON.stringify(letterFrom('Python'))]
  const path = 'path' in python ? python.path : ''
  const command = start(runProgram('Python', path, args, { PYTHONDONTWRITEBYTECODE: '1' }))
  command.type((await allow(browser, await command.says(/^open (http\S+)$/m))).href)
  const done = JSON.parse(await command.says(/^done (.*)$/m))
  expect(done.tools).toEqual(expect.arrayContaining(['search_messages', 'send_message']))
  expectFound(done.found)
  expect(done.sent).toMatchObject({ label_ids: ['SENT'] })
  expectSent('Python')
})
