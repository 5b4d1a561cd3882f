import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { decodeId } from '@grantry/api'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createHome, runCli } from '../../../../../test/support/cli.ts'
import { addSandboxIntegration, connectAccount } from '../../../../../test/support/connecting.ts'
import { startTestGrantry, type TestGrantry } from '../../../../../test/support/grantry.ts'

let grantry: TestGrantry
let connection: { id: string }
let server: { id: string; mcp_url: string }
beforeAll(async () => {
  grantry = await startTestGrantry({ world: { background: false } })
  const integration = await addSandboxIntegration(grantry, 'pipedrive')
  await addSandboxIntegration(grantry, 'gmail')
  connection = await connectAccount(grantry, {
    integration: integration.id,
    end_user: { id: 'u_1' },
    access_type: 'write',
  })
  server = (await cli(['create', 'pipedrive', '--access', 'write', '--connection', connection.id, '--json']))
    .json
})
afterAll(() => grantry?.close())

const cli = (args: string[], options: Parameters<typeof runCli>[1] = {}) =>
  runCli(['mcp', ...args], {
    ...options,
    env: { GRANTRY_URL: grantry.url, GRANTRY_API_KEY: grantry.apiKey },
  })

describe('list and create', () => {
  test('over a connection that is there', async () => {
    expect(server).toMatchObject({ status: 'active', access_type: 'write', connect_url: null })
    expect((await cli(['list'])).stdout).toMatch(
      new RegExp(`${server.id} +pipedrive +write +active +${connection.id}`),
    )
  })

  test('over an account that is to be connected: the link is told, and opened when asked', async () => {
    const made = await cli(['create', 'gmail', '--end-user', 'u_2', '--open'])
    expect(made.code).toBe(0)
    expect(made.stdout).toMatch(/^status +pending$/m)
    const link = /^connect here +(\S+)$/m.exec(made.stdout)![1]
    expect(made.opened).toEqual([link])
    const shut = await cli(['create', 'gmail', '--end-user', 'u_3', '--open'], {
      openBrowser: async () => false,
    })
    expect(shut.stderr).toMatch(/open the link by hand/)
  })

  test('what could be served', async () => {
    const { json } = await cli(['list', '--available', '--json'])
    expect(json.find((service: { mcp_server: string }) => service.mcp_server === 'pipedrive')).toMatchObject({
      configured: true,
    })
  })

  test('a service that there is not, and an access that there is not', async () => {
    expect((await cli(['create', 'nothing'])).code).toBe(1)
    expect((await cli(['create', 'gmail', '--access', 'all'])).code).toBe(2)
  })
})

describe('config', () => {
  test('for all clients, without a key', async () => {
    const { code, stdout, stderr } = await cli(['config', 'pipedrive'])
    expect(code).toBe(0)
    expect(stderr).toBe('')
    expect(stdout).toContain(`claude mcp add --transport http grantry-pipedrive ${server.mcp_url}\n`)
    expect(stdout).toContain(`npx -y mcp-remote ${server.mcp_url}\n`)
    expect(stdout).not.toContain(grantry.apiKey)
    expect(stdout).not.toContain('Bearer')
  })

  test.each([
    [
      'claude-desktop',
      (url: string) => ({
        mcpServers: { 'grantry-pipedrive': { command: 'npx', args: ['-y', 'mcp-remote', url] } },
      }),
    ],
    ['cursor', (url: string) => ({ mcpServers: { 'grantry-pipedrive': { url } } })],
    ['vscode', (url: string) => ({ servers: { 'grantry-pipedrive': { type: 'http', url } } })],
  ])('for %s, as its file wants it', async (client, expected) => {
    const { stdout } = await cli(['config', server.id, '--client', client])
    expect(JSON.parse(stdout)).toEqual(expected(server.mcp_url))
  })

  test('with a key only when one is given, and a warning', async () => {
    const home = await createHome()
    await writeFile(join(home, 'key.txt'), "a-key-with-'quote\n")
    const code = await cli(
      ['config', server.id, '--client', 'claude-code', '--name', 'crm', '--key-file', 'key.txt'],
      { home },
    )
    expect(code.stdout).toBe(
      `claude mcp add --transport http crm ${server.mcp_url} --header 'Authorization: Bearer a-key-with-'\\''quote'\n`,
    )
    expect(code.stderr).toMatch(/Warning: the API key is inside/)
    const desktop = await cli(['config', server.id, '--client', 'claude-desktop', '--key-stdin'], {
      stdin: 'the-key',
    })
    expect(JSON.parse(desktop.stdout).mcpServers['grantry-pipedrive']).toMatchObject({
      // biome-ignore lint/suspicious/noTemplateCurlyInString: for mcp-remote
      args: expect.arrayContaining(['--header', 'Authorization:${AUTH_HEADER}']),
      env: { AUTH_HEADER: 'Bearer the-key' },
    })
  })

  test('as JSON', async () => {
    const { json } = await cli(['config', server.id, '--json'])
    expect(json.map(({ client }: { client: string }) => client)).toEqual([
      'claude-code',
      'claude-desktop',
      'cursor',
      'vscode',
      'mcp-remote',
      'inspector',
      'json',
    ])
  })

  test('a client that there is not', async () => {
    const { code, stderr } = await cli(['config', server.id, '--client', 'netscape'])
    expect([code, stderr]).toEqual([2, expect.stringMatching(/not one of claude-code/)])
    expect((await cli(['config', 'nothing'])).code).toBe(3)
  })
})

describe('call', () => {
  test('without a tool, lists them with what they take', async () => {
    const { code, stdout } = await cli(['call', 'pipedrive'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^TOOL +ACCESS +ARGUMENTS +WHAT IT DOES$/m)
    expect(stdout).toMatch(/^create_deal +write +title /m)
    expect(stdout).toMatch(/Next: grantry mcp call mcp_\w+ \w+ --args/)
  })

  test('with a tool, calls it at the provider', async () => {
    const made = await cli(['call', server.id, 'create_deal', '--args', '{"title":"From a terminal"}'])
    expect([made.code, made.stderr]).toEqual([0, 'Calling create_deal\n'])
    expect(JSON.parse(made.stdout)).toMatchObject({ title: 'From a terminal' })
    expect(grantry.sandbox!.control.outbox({ provider: 'pipedrive' }).at(-1)!.summary).toContain(
      'From a terminal',
    )
    const { json } = await cli([
      'call',
      server.id,
      'create_deal',
      '--args',
      '{"title":"Once more"}',
      '--json',
    ])
    expect(json.content[0].type).toBe('text')
  })

  test.each([
    ['{"title":', 2],
    ['[1]', 2],
    ['{}', 1],
    ['{"nothing":1}', 1],
  ])('arguments %s are refused', async (args, expected) => {
    const { code, stdout } = await cli(['call', server.id, 'create_deal', '--args', args])
    expect([code, stdout]).toEqual([expected, ''])
  })

  test('a tool that there is not', async () => {
    const { code, stderr } = await cli(['call', server.id, 'nothing'])
    expect([code, stderr]).toEqual([1, expect.stringMatching(/nothing/)])
  })

  test('an account that is not connected any more is 4, with the link', async () => {
    await grantry.ctx.db
      .updateTable('connections')
      .set({ status: 'needs_reauth', reason: 'grant_ended', reason_detail: 'invalid_grant' })
      .where('id', '=', decodeId('con', connection.id)!)
      .execute()
    const { code, stderr } = await cli(['call', server.id, 'list_deals'])
    expect([code, stderr]).toEqual([
      4,
      expect.stringMatching(/Next: open http:\/\/localhost:\d+\/connect\/\S+, and then/),
    ])
  })
})

test('delete asks first', async () => {
  expect((await cli(['delete', server.id])).code).toBe(2)
  expect((await cli(['delete', server.id, '--yes'])).code).toBe(0)
  expect((await cli(['config', server.id])).code).toBe(3)
})
