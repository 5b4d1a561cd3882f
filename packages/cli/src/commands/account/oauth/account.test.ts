import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createHome, runCli } from '../../../../../../test/support/cli.ts'
import { confirmPage, consent } from '../../../../../../test/support/connecting.ts'
import { startTestGrantry, type TestGrantry } from '../../../../../../test/support/grantry.ts'
import { addMember } from '../../../../../../test/support/partner-app.ts'

let grantry: TestGrantry
let env: Record<string, string>
let client: { client_id: string; client_secret: string }
beforeAll(async () => {
  grantry = await startTestGrantry({ world: { background: false } })
  env = { GRANTRY_URL: grantry.url, GRANTRY_API_KEY: grantry.apiKey }
  client = grantry.sandbox!.clients.gmail!
})
afterAll(() => grantry?.close())

const configure = (rest: string[], options: { stdin?: string; home?: string } = {}) =>
  runCli(['account', 'oauth', 'configure', 'gmail', '--client-id', client.client_id, ...rest], {
    env,
    ...options,
  })

describe('configure', () => {
  test('takes the secret from stdin or a file, and says it nowhere', async () => {
    const home = await createHome()
    await writeFile(join(home, 'secret.txt'), `${client.client_secret}\n`)
    for (const [rest, stdin] of [
      [['--client-secret-stdin'], `${client.client_secret}\n`],
      [['--client-secret-file', 'secret.txt'], ''],
    ] as const) {
      const { code, stdout, stderr } = await configure([...rest, '--json'], { home, stdin })
      expect([code, JSON.parse(stdout), stderr]).toEqual([0, expect.objectContaining({ success: true }), ''])
      expect(stdout).not.toContain(client.client_secret)
    }
    expect(grantry.logs()).not.toContain(client.client_secret)
  })

  test.each([
    ['twice', ['--client-secret', 'a', '--client-secret-stdin'], 2, 'more than once'],
    ['an empty one', ['--client-secret-stdin'], 2, 'is empty'],
    ['a file that is not there', ['--client-secret-file', 'nowhere'], 1, 'ENOENT'],
  ])('refuses a secret given %s', async (_how, rest, code, why) => {
    expect(await configure(rest)).toMatchObject({ code, stderr: expect.stringContaining(why) })
  })

  test('says what the provider says of a wrong one, without it', async () => {
    const { code, stderr } = await configure(['--client-secret-stdin'], { stdin: 'GOCSPX-quite-wrong' })
    expect([code, stderr]).toEqual([1, expect.stringContaining('invalid_client')])
    expect(stderr).not.toContain('quite-wrong')
  })

  test('names the field that the server does not take', async () => {
    const { stderr, code } = await configure(
      ['--client-secret-stdin', '--redirect-uri', 'https://evil.example/cb'],
      {
        stdin: client.client_secret,
      },
    )
    expect([code, stderr]).toEqual([1, expect.stringContaining('✗ redirect_uri: ')])
  })
})

describe('auth', () => {
  const auth = (decide: (address: string) => Promise<unknown>, ...args: string[]) =>
    runCli(['account', 'oauth', 'auth', 'gmail', ...args], {
      env,
      openBrowser: async (address) => {
        await decide(address)
        return true
      },
    })
  const confirm = async (address: string) => {
    const page = await grantry.call('GET', await consent(grantry, address), undefined, { key: null })
    await confirmPage(grantry, page.text, 'connect')
  }
  beforeAll(async () => {
    await configure(['--client-secret-stdin'], { stdin: client.client_secret })
  })

  test('for an end user: the connection as JSON, listed and revoked as theirs alone', async () => {
    const { code, stdout } = await auth(confirm, '--end-user', 'u_17', '--json')
    expect([code, JSON.parse(stdout)]).toEqual([
      0,
      expect.objectContaining({ status: 'active', end_user: expect.objectContaining({ id: 'u_17' }) }),
    ])
    const list = async (...args: string[]) =>
      (await runCli(['account', 'oauth', 'list-connections', '--json', ...args], { env })).json
    expect(await list()).toEqual([])
    expect(await list('--end-user', 'u_17')).toMatchObject([{ provider_type: 'gmail', status: 'active' }])
    const revoke = (...args: string[]) => runCli(['account', 'oauth', 'revoke', 'gmail', ...args], { env })
    // It says whose are there, and ends none.
    expect((await revoke()).code).toBe(1)
    expect((await revoke('--end-user', 'u_17')).code).toBe(0)
    expect((await revoke('--end-user', 'u_17')).code).toBe(3)
  })

  test('who says no at the provider is told so', async () => {
    const deny = async (address: string) =>
      grantry.call('GET', await consent(grantry, address, { deny: true }), undefined, { key: null })
    const { code, stderr } = await auth(deny)
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/✗ It was not connected: .*\nNext: grantry account oauth auth gmail/s),
    ])
  })

  test('a link that nobody used', async () => {
    const wait = async () => grantry.clock.advance(31 * 60)
    const { code, stderr } = await auth(wait)
    expect([code, stderr]).toEqual([1, expect.stringContaining('Nobody connected in time.')])
  })

  test('a provider that is not configured', async () => {
    const { code, stderr } = await runCli(['account', 'oauth', 'auth', 'slack'], { env })
    expect([code, stderr]).toEqual([
      3,
      expect.stringContaining('Next: grantry account oauth configure slack'),
    ])
  })
})

test('a member who signed in by the browser connects, and calls tools as their role lets them', async () => {
  const { browser } = await addMember(grantry, { email: 'dev@account.example', role: 'developer' })
  const home = await createHome()
  const decide = async (address: string) => {
    const page = await browser.submit(await browser.submit(await browser.open(address)))
    await browser.submit(page, { decision: 'allow' })
    return true
  }
  await runCli(['login', '--url', grantry.url], { home, openBrowser: decide })
  const confirm = async (address: string) => {
    const page = await grantry.call('GET', await consent(grantry, address), undefined, { key: null })
    return (await confirmPage(grantry, page.text, 'connect')).status < 400
  }
  const args = ['account', 'oauth', 'auth', 'gmail', '--end-user', 'u_18', '--json']
  const connected = await runCli(args, { home, openBrowser: confirm })
  expect(connected).toMatchObject({ code: 0 })
  const made = await grantry.call('POST', '/api/v1/mcp-servers', {
    mcp_server: 'gmail',
    access_type: 'read',
    auth_method: 'oauth',
    connection_id: connected.json.id,
  })
  const tools = await runCli(['mcp', 'call', made.body.data.id, '--json'], { home })
  expect([tools.code, tools.stderr]).toEqual([0, ''])
  expect(JSON.stringify(tools.json)).toContain('search_messages')
})

describe('app oauth register', () => {
  const register = async (content: string, args: string[] = []) => {
    const { code, stderr } = await runCli(['app', 'oauth', 'register', '--provider-config', '-', ...args], {
      env,
      stdin: content,
    })
    return [code, stderr] as const
  }

  test.each([
    ['no JSON', '{"client_secret": "GOCSPX-hidden', 1, 'is not JSON'],
    ['no object with what it must have', '[]', 2, 'provider_name and client_id'],
    ['a field that nobody knows', '{"provider_name":"gmail","client_id":"x","colour":"red"}', 1, 'colour'],
  ])('refuses %s', async (_what, content, code, why) => {
    const answer = await register(content)
    expect(answer).toEqual([code, expect.stringContaining(why)])
    expect(answer[1]).not.toContain('GOCSPX-hidden')
  })

  test('an id that is none', async () => {
    const content = JSON.stringify({ provider_name: 'gmail', ...client })
    expect(await register(content, ['--app', 'int_x'])).toEqual([2, expect.stringContaining('is no id')])
    const gone = await runCli(['app', 'oauth', 'delete-provider', '550e8400-e29b-41d4-a716-446655440000'], {
      env,
    })
    expect(gone.code).toBe(3)
  })
})
