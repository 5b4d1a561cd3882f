import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as v2 from '@modelcontextprotocol/client'
import {
  auth as authV1,
  UnauthorizedError as UnauthorizedErrorV1,
} from '@modelcontextprotocol/sdk/client/auth.js'
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport as TransportV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Browser } from '../support/browser.ts'
import { addSandboxIntegration } from '../support/connecting.ts'
import { eachDatabase } from '../support/databases.ts'
import { freePort, startTestGrantry, type TestGrantry } from '../support/grantry.ts'
import { callMcp } from '../support/mcp.ts'
import { addMember, allow } from '../support/partner-app.ts'
import { binOf, type Command, run } from './mcp-clients/command.ts'
import { createProvider, type Kept } from './mcp-clients/provider.ts'

const about = { name: 'a tool', version: '1.0.0' }

// Each finds the server's authorization server by itself, registers, is allowed by a person, and comes back by refresh.
eachDatabase('MCP clients', (open) => {
  let grantry: TestGrantry
  let browser: Browser
  let server: { id: string; mcp_url: string }
  const started: Command[] = []
  const folders: string[] = []

  beforeAll(async () => {
    grantry = await startTestGrantry({ databaseUrl: open.url })
    ;({ browser } = await addMember(grantry))
    const integration = await addSandboxIntegration(grantry, 'gmail')
    const connection = await grantry.call('POST', '/api/v1/connections', {
      integration: integration.id,
      tokens: { access_token: 'ya29.imported', refresh_token: '1//imported' },
    })
    const made = await grantry.call('POST', '/api/v1/mcp-servers', {
      mcp_server: 'gmail',
      access_type: 'write',
      auth_method: 'oauth',
      connection_id: connection.body.data.id,
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
  /** What the server says to a token that asks for its tools. */
  const told = async (token: string) =>
    (await callMcp(grantry, { url: server.mcp_url, method: 'tools/list', key: token })).status
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
  const refreshed = async (kept: Kept, refresh: () => Promise<unknown>) => {
    const before = kept.tokens!
    expect(await told(before.access_token)).toBe(200)
    grantry.clock.advance(901)
    expect(await told(before.access_token)).toBe(401)
    kept.sentTo = undefined
    await refresh()
    expect(kept.sentTo).toBeUndefined()
    expect(kept.tokens!.access_token).not.toBe(before.access_token)
    expect(kept.tokens!.refresh_token).not.toBe(before.refresh_token)
    expect(await told(kept.tokens!.access_token)).toBe(200)
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
      return { transport, failure }
    }
    const { transport, failure } = await connect()
    expect(failure).toBeInstanceOf(UnauthorizedErrorV1)
    await expectRegistered(kept)
    const back = await allow(browser, kept.sentTo!.href)
    expect(back.searchParams.get('state')).toBe(kept.state)
    await transport.finishAuth(back.searchParams.get('code')!)
    expect(kept.tokens?.scope).toBe('mcp:read mcp:write')
    // Now it is let in.
    expect((await connect()).failure).toBeUndefined()
    await refreshed(kept, async () =>
      expect(await authV1(provider, { serverUrl: server.mcp_url })).toBe('AUTHORIZED'),
    )
    expect(kept.registrations).toBe(1)
  })

  test('the SDK, second generation', async () => {
    const { provider, kept } = createProvider('http://localhost:8765/callback')
    const connect = async () => {
      const transport = new v2.StreamableHTTPClientTransport(new URL(server.mcp_url), {
        authProvider: provider,
      })
      const failure = await new v2.Client(about).connect(transport).catch((error: unknown) => error)
      return { transport, failure }
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
    expect((await connect()).failure).toBeUndefined()
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
    expect(done.text).toContain('search_messages')
    const before = await tokens()
    expect(await told(before.access_token)).toBe(200)

    grantry.clock.advance(901)
    const second = start('mcp-remote', bin, args, env)
    expect((await second.ended).text).not.toContain('visiting:')
    const after = await tokens()
    expect(after.access_token).not.toBe(before.access_token)
    expect(await told(after.access_token)).toBe(200)
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

type Check = { id: string; status: string }
