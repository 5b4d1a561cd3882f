import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as v2 from '@modelcontextprotocol/client'
import {
  auth as authV1,
  UnauthorizedError as UnauthorizedErrorV1,
} from '@modelcontextprotocol/sdk/client/auth.js'
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport as StdioTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { StreamableHTTPClientTransport as TransportV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { UrlElicitationRequiredError } from '@modelcontextprotocol/sdk/types.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Browser } from '../support/browser.ts'
import { addSandboxIntegration, confirmPage, connectAccount, consent } from '../support/connecting.ts'
import { freePort } from '../support/free-port.ts'
import { startTestGrantry, type TestGrantry } from '../support/grantry.ts'
import { addMember, allow } from '../support/partner-app.ts'
import { binOf, type Command, run } from './mcp-clients/command.ts'
import { createProvider, type Kept } from './mcp-clients/provider.ts'

const about = { name: 'a tool', version: '1.0.0' }

// Each finds the server's authorization server by itself, registers, is allowed by a person, and comes back by refresh.
describe('MCP clients', () => {
  let grantry: TestGrantry
  let browser: Browser
  let server: { id: string; mcp_url: string }
  const started: Command[] = []
  const folders: string[] = []

  beforeAll(async () => {
    grantry = await startTestGrantry()
    ;({ browser } = await addMember(grantry))
    await addSandboxIntegration(grantry, 'gmail')
    const connection = await connectAccount(grantry, { provider: 'gmail', access_type: 'write' })
    const made = await grantry.call('POST', '/api/v1/mcp-servers', {
      mcp_server: 'gmail',
      access_type: 'write',
      auth_method: 'oauth',
      connection_id: connection.id,
    })
    server = made.body.data
  })
  afterAll(async () => {
    for (const command of started) command.stop()
    await Promise.all(started.map(({ ended }) => ended))
    await grantry?.close()
    for (const folder of folders) await rm(folder, { recursive: true, force: true })
  })

  const folder = async () => {
    const path = await mkdtemp(join(tmpdir(), 'grantry-mcp-'))
    folders.push(path)
    return path
  }
  const start = (...args: Parameters<typeof run>) => {
    const command = run(...args)
    started.push(command)
    return command
  }
  /** What the server says to a token: 400 says that it is good, for there is no message. */
  const told = async (token: string) =>
    (await grantry.call('POST', server.mcp_url, {}, { key: token })).status
  const clientOf = (id: string) =>
    grantry.ctx.db
      .selectFrom('oauth_clients')
      .selectAll()
      .where('client_id', '=', id)
      .executeTakeFirstOrThrow()

  const expectRegistered = async (kept: Kept) => {
    expect(kept.registrations).toBe(1)
    const client = await clientOf(kept.client!.client_id as string)
    expect(client.origin).toBe('registered')
    expect(kept.sentTo!.searchParams.get('resource')).toBe(server.mcp_url)
    expect(kept.sentTo!.searchParams.get('code_challenge_method')).toBe('S256')
    // The challenge named what this server needs, and the client asked for that.
    expect(kept.sentTo!.searchParams.get('scope')).toContain('mcp:read mcp:write')
  }
  /** Each reads and sends a mail as its person would, and the mail is at the provider. */
  const useTools = async (subject: string, { listTools, callTool }: Uses) => {
    const { tools } = await listTools()
    expect(tools.map(({ name }) => name)).toEqual(expect.arrayContaining(['search_messages', 'send_message']))
    const found = (await callTool({ name: 'search_messages', arguments: { query: 'in:inbox' } })) as Called
    expect(found.isError, JSON.stringify(found)).toBeFalsy()
    const mail = { to: ['grace@example.com'], subject, text: 'Written by a tool.' }
    const sent = (await callTool({ name: 'send_message', arguments: mail })) as Called
    expect(sent.isError, JSON.stringify(sent)).toBeFalsy()
    const outbox = JSON.stringify(grantry.sandbox!.control.outbox({ provider: 'gmail' }))
    expect(outbox).toContain(subject)
  }
  const refreshed = async (kept: Kept, refresh: () => Promise<unknown>) => {
    const before = kept.tokens!
    expect(await told(before.access_token)).toBe(400)
    grantry.clock.advance(901)
    expect(await told(before.access_token)).toBe(401)
    kept.sentTo = undefined
    await refresh()
    expect(kept.sentTo).toBeUndefined()
    expect(kept.tokens!.access_token).not.toBe(before.access_token)
    expect(kept.tokens!.refresh_token).not.toBe(before.refresh_token)
    expect(await told(kept.tokens!.access_token)).toBe(400)
    // And it is for nothing else.
    expect(
      (await grantry.call('GET', '/api/v1/account', undefined, { key: kept.tokens!.access_token })).status,
    ).toBe(401)
  }

  test('the SDK, first generation', async () => {
    const { provider, kept } = createProvider('http://localhost:8765/callback')
    const connect = async () => {
      const transport = new TransportV1(new URL(server.mcp_url), { authProvider: provider })
      const client = new ClientV1(about)
      const failure = await client.connect(transport as never).catch((error: unknown) => error)
      return { transport, client, failure }
    }
    const { transport, failure } = await connect()
    expect(failure).toBeInstanceOf(UnauthorizedErrorV1)
    await expectRegistered(kept)
    const back = await allow(browser, kept.sentTo!.href)
    expect(back.searchParams.get('state')).toBe(kept.state)
    await transport.finishAuth(back.searchParams.get('code')!)
    expect(kept.tokens?.scope).toBe('mcp:read mcp:write')
    const { client } = await connect()
    await useTools('sent by the first generation', {
      listTools: () => client.listTools(),
      callTool: (call) => client.callTool(call),
    })
    await client.close()
    await refreshed(kept, async () =>
      expect(await authV1(provider, { serverUrl: server.mcp_url })).toBe('AUTHORIZED'),
    )
    expect(kept.registrations).toBe(1)
  })

  test('the SDK, second generation', async () => {
    const { provider, kept } = createProvider('http://localhost:8765/callback')
    const connect = async (options: v2.ClientOptions = {}) => {
      const transport = new v2.StreamableHTTPClientTransport(new URL(server.mcp_url), {
        authProvider: provider,
      })
      const client = new v2.Client(about, options)
      const failure = await client.connect(transport).catch((error: unknown) => error)
      return { transport, client, failure }
    }
    const { transport, failure } = await connect()
    expect(failure).toBeInstanceOf(v2.UnauthorizedError)
    await expectRegistered(kept)
    const back = await allow(browser, kept.sentTo!.href)
    expect(back.searchParams.get('state')).toBe(kept.state)
    // It holds the issuer of the answer against the one that it asked.
    const forged = new URLSearchParams(back.searchParams)
    forged.set('iss', 'https://as.attacker.example')
    await expect(transport.finishAuth(forged)).rejects.toThrow(v2.IssuerMismatchError)
    expect(kept.tokens).toBeUndefined()
    await transport.finishAuth(back.searchParams)
    expect(kept.tokens?.scope?.split(' ')).toEqual(expect.arrayContaining(['mcp:read', 'mcp:write']))
    for (const mode of ['legacy', { pin: '2026-07-28' }] as const) {
      const { client } = await connect({ versionNegotiation: { mode } })
      expect(client.getNegotiatedProtocolVersion()).toBe(mode === 'legacy' ? '2025-11-25' : '2026-07-28')
      await useTools(`sent by the second generation ${mode === 'legacy' ? 'as before' : 'as of 2026'}`, {
        listTools: () => client.listTools(),
        callTool: (call) => client.callTool(call),
      })
      await client.close()
    }
    await refreshed(kept, async () =>
      expect(await v2.auth(provider, { serverUrl: server.mcp_url })).toBe('AUTHORIZED'),
    )
    expect(kept.registrations).toBe(1)
  })

  test('a client that follows the metadata of the API itself is given what they name', async () => {
    const { provider, kept } = createProvider('http://localhost:8765/callback')
    const api = { serverUrl: grantry.url }
    expect(await v2.auth(provider, api)).toBe('REDIRECT')
    const back = (await allow(browser, kept.sentTo!.href)).searchParams
    expect(back.get('error')).toBeNull()
    const done = { ...api, authorizationCode: back.get('code')!, iss: back.get('iss')! }
    expect(await v2.auth(provider, done)).toBe('AUTHORIZED')
    const { access_token } = kept.tokens!
    expect((await grantry.call('GET', '/api/v1/account', undefined, { key: access_token })).status).toBe(200)
  })

  test('a code that another client was given opens nothing', async () => {
    const { provider, kept } = createProvider('http://localhost:8765/callback')
    const other = createProvider('http://localhost:8765/callback')
    for (const each of [provider, other.provider])
      expect(await v2.auth(each, { serverUrl: server.mcp_url })).toBe('REDIRECT')
    const back = await allow(browser, other.kept.sentTo!.href)
    const transport = new v2.StreamableHTTPClientTransport(new URL(server.mcp_url), {
      authProvider: provider,
    })
    await expect(transport.finishAuth(back.searchParams)).rejects.toThrow(/grant request is invalid/)
    expect(kept.tokens).toBeUndefined()
  })

  test('an account that is not connected is connected through the client, and the call goes on', async () => {
    const follow = async (url: string) => {
      const page = await grantry.call('GET', await consent(grantry, url), undefined, { key: null })
      expect((await confirmPage(grantry, page.text, 'connect')).text).toContain('is connected to')
    }
    const authorization = `Bearer ${grantry.apiKey}`
    const serve = async (id: string) => {
      const body = { mcp_server: 'gmail', access_type: 'read', auth_method: 'oauth', end_user: { id } }
      return new URL((await grantry.call('POST', '/api/v1/mcp-servers', body)).body.data.mcp_url)
    }
    const capabilities = { elicitation: { url: {} } }
    const init = { requestInit: { headers: { authorization } } }

    const modern = new v2.Client(about, { capabilities, versionNegotiation: { mode: { pin: '2026-07-28' } } })
    modern.setRequestHandler('elicitation/create', async ({ params }) => {
      await follow((params as { url: string }).url)
      return { action: 'accept' }
    })
    await modern.connect(new v2.StreamableHTTPClientTransport(await serve('modern'), init))
    expect((await modern.callTool({ name: 'list_labels', arguments: {} })).isError).toBeFalsy()
    await modern.close()

    const past = new ClientV1(about, { capabilities })
    await past.connect(new TransportV1(await serve('past'), init) as never)
    const call = () => past.callTool({ name: 'list_labels', arguments: {} })
    const refusal = await call().catch((error: unknown) => error)
    expect(refusal).toBeInstanceOf(UrlElicitationRequiredError)
    await follow((refusal as UrlElicitationRequiredError).elicitations[0]!.url)
    expect((await call()).isError).toBeFalsy()
    await past.close()
  })

  test('mcp-remote', async () => {
    const config = await folder()
    const port = await freePort()
    const args = [server.mcp_url, String(port), '--transport', 'http-only']
    const env = { MCP_REMOTE_CONFIG_DIR: config }
    const bin = 'dist/client.js'
    const tokens = async () => {
      const names = await readdir(config, { recursive: true })
      const name = names.find((path) => path.endsWith('_tokens.json'))!
      return JSON.parse(await readFile(join(config, name), 'utf8')) as {
        access_token: string
        refresh_token: string
      }
    }

    const first = start('mcp-remote', bin, args, env)
    const address = await first.says(/visiting:\s+(http\S+)\s/)
    const back = await allow(browser, address)
    expect(back.origin).toBe(`http://localhost:${port}`)
    expect((await fetch(back)).status).toBe(200)
    const done = await first.ended
    expect(done.text).toContain('Connected successfully!')
    const before = await tokens()
    expect(await told(before.access_token)).toBe(400)

    grantry.clock.advance(901)
    const second = start('mcp-remote', bin, args, env)
    expect((await second.ended).text).not.toContain('visiting:')
    const after = await tokens()
    expect(after.access_token).not.toBe(before.access_token)
    expect(await told(after.access_token)).toBe(400)

    // As the clients use it that only know programs of their own machine.
    const transport = new StdioTransport({
      command: process.execPath,
      args: [fileURLToPath(new URL('../../node_modules/mcp-remote/dist/proxy.js', import.meta.url)), ...args],
      env: { ...process.env, ...env, BROWSER: 'true' } as Record<string, string>,
      stderr: 'ignore',
    })
    const client = new ClientV1(about)
    await client.connect(transport as never)
    await useTools('sent through mcp-remote', {
      listTools: () => client.listTools(),
      callTool: (call) => client.callTool(call),
    })
    await client.close()
  })

  test('the Inspector, by its command line', async () => {
    const { provider, kept } = createProvider('http://localhost:8765/callback')
    expect(await v2.auth(provider, { serverUrl: server.mcp_url })).toBe('REDIRECT')
    const back = (await allow(browser, kept.sentTo!.href)).searchParams
    const given = { authorizationCode: back.get('code')!, iss: back.get('iss')! }
    expect(await v2.auth(provider, { serverUrl: server.mcp_url, ...given })).toBe('AUTHORIZED')
    const inspect = async (...args: string[]) => {
      const inspector = '@modelcontextprotocol/inspector'
      const { code, text } = await start(inspector, binOf(inspector, 'inspector'), [
        ...['--cli', server.mcp_url, '--transport', 'http'],
        ...['--header', `Authorization: Bearer ${kept.tokens!.access_token}`],
        ...args,
      ]).ended
      expect(code, text).toBe(0)
      return JSON.parse(text.slice(text.indexOf('{')))
    }
    await useTools('sent by the Inspector', {
      listTools: () => inspect('--method', 'tools/list'),
      callTool: ({ name, arguments: given }) =>
        inspect(
          ...['--method', 'tools/call', '--tool-name', name],
          ...Object.entries(given).flatMap(([key, value]) => [
            '--tool-arg',
            `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
          ]),
        ),
    })
  })

  describe('the MCP project’s conformance suite for authorization servers', () => {
    test('every check of every scenario succeeds', async () => {
      const output = await folder()
      const port = await freePort()
      const registered = await grantry.call(
        'POST',
        '/oauth/register',
        { client_name: 'Conformance', redirect_uris: [`http://127.0.0.1:${port}/callback`] },
        { key: null },
      )
      expect(registered.status, registered.text).toBe(201)
      const command = start(
        '@modelcontextprotocol/conformance',
        binOf('@modelcontextprotocol/conformance', 'conformance'),
        [
          'authorization',
          ...['--url', grantry.url],
          ...['--client-id', registered.body.client_id],
          ...['--resource', server.mcp_url],
          ...['--port', String(port)],
          ...['--output-dir', output],
        ],
      )
      const back = await allow(browser, await command.says(/^(http\S+\/oauth\/authorize\?\S+)$/m))
      await fetch(back)
      const { code, text } = await command.ended
      expect(code, text).toBe(0)
      const files = (await readdir(output, { recursive: true })).filter((path) =>
        path.endsWith('checks.json'),
      )
      const checks = await Promise.all(
        files.map(async (path) => JSON.parse(await readFile(join(output, path), 'utf8')) as Check[]),
      )
      const results = Object.fromEntries(checks.flat().map(({ id, status }) => [id, status]))
      expect(results, text).toEqual({
        'authorization-server-metadata': 'SUCCESS',
        'authorization-server-metadata-cimd': 'SUCCESS',
        'authorization-code-grant': 'SUCCESS',
      })
    })
  })
})

type Uses = {
  listTools(): Promise<{ tools: { name: string }[] }>
  callTool(call: { name: string; arguments: Record<string, unknown> }): Promise<unknown>
}
type Called = { isError?: boolean }

type Check = { id: string; status: string }
