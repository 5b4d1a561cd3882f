import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runCli } from '../../../../../test/support/cli.ts'
import { startTestGrantry, type TestGrantry } from '../../../../../test/support/grantry.ts'

let grantry: TestGrantry
beforeAll(async () => {
  grantry = await startTestGrantry({ sandbox: false, world: { background: false } })
})
afterAll(() => grantry?.close())

const cli = (args: string[], key = grantry.apiKey) =>
  runCli(args, { env: { GRANTRY_URL: grantry.url, GRANTRY_API_KEY: key } })
const nothing = '0'.repeat(26)

describe('apps', () => {
  test('are made, listed, and ended by their name', async () => {
    const { json: app, code } = await cli(['apps', 'create', 'Mobile app', '--json'])
    expect(code).toBe(0)
    expect((await cli(['apps', 'list'])).stdout).toMatch(new RegExp(`${app.id} +Mobile app +now|s ago`))
    expect((await cli(['apps', 'delete', app.id])).code).toBe(2)
    expect((await cli(['apps', 'delete', app.id, '--yes'])).stdout).toBe('✓ Ended the app "Mobile app".\n')
    expect((await cli(['apps', 'delete', app.id, '--yes'])).code).toBe(3)
    const none = await cli(['apps', 'list'])
    expect(none.stderr).toBe('No apps yet.\nNext: grantry apps create NAME\n')
  })
})

describe('API keys', () => {
  test('the secret is shown once, works, and may what was said', async () => {
    const app = (await cli(['apps', 'create', 'One', '--json'])).json
    const made = await cli([
      'keys',
      'create',
      'backend',
      '--scopes',
      'connections:read,tokens:read',
      '--scopes',
      'admin',
      '--app',
      app.id,
      '--days',
      '30',
    ])
    expect(made.code).toBe(0)
    expect(made.stdout).toMatch(/^scopes +connections:read tokens:read admin$/m)
    expect(made.stdout).toMatch(/^ends +in (29|30) d$/m)
    expect(made.stderr).toMatch(/shown this once/)
    const secret = /^secret +(\S+)$/m.exec(made.stdout)![1]!
    const listed = await cli(['keys', 'list', '--json'], secret)
    expect(listed.code).toBe(0)
    expect(JSON.stringify(listed.json)).not.toContain(secret)
  })

  test('is narrowed to providers, integrations and networks, and the list says so', async () => {
    const limits = ['--provider', 'gmail,slack', '--network', '203.0.113.7/24,::1']
    const made = await cli(['keys', 'create', 'job', '--scopes', 'tokens:read', ...limits])
    expect(made.stdout).toMatch(/^reaches +gmail slack$/m)
    expect(made.stdout).toMatch(/^from +203\.0\.113\.0\/24 ::1\/128$/m)
    const [first] = (await cli(['keys', 'list', '--json'])).json
    expect(first).toMatchObject({ providers: ['gmail', 'slack'], integrations: [] })
    expect((await cli(['keys', 'list'])).stdout).toMatch(/job .*gmail slack/)
    const create = ['keys', 'create', 'x', '--scopes', 'admin']
    expect((await cli([...create, '--integration', `int_${nothing}`])).code).toBe(3)
    const wrong = await cli([...create, '--network', 'office'])
    expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining('networks.0')])
  })

  test('a scope that there is not is refused, with the field', async () => {
    const { code, stderr } = await cli(['keys', 'create', 'x', '--scopes', 'everything'])
    expect(code).toBe(1)
    expect(stderr).toMatch(/scopes\.0/)
    expect((await cli(['keys', 'create', 'x'])).code).toBe(2)
  })

  test('rotate: the old secret works for the overlap, or not at all', async () => {
    const { json: key } = await cli(['keys', 'create', 'turning', '--scopes', 'admin', '--json'])
    const first = await cli(['keys', 'rotate', key.id, '--json'])
    expect(first.code).toBe(0)
    expect(first.json.secret).not.toBe(key.secret)
    expect((await cli(['keys', 'list'], key.secret)).code).toBe(0)
    const second = await cli(['keys', 'rotate', key.id, '--overlap', '0'])
    expect(second.stdout).toMatch(/^secret +\S+$/m)
    expect(second.stderr).toMatch(/The old secret has ended/)
    const ended = await cli(['keys', 'list'], first.json.secret)
    expect([ended.code, ended.stderr]).toEqual([
      1,
      expect.stringMatching(/Next: grantry login, or set GRANTRY_API_KEY/),
    ])
  })

  test('delete asks, and then the key is refused', async () => {
    const { json: key } = await cli(['keys', 'create', 'doomed', '--scopes', 'admin', '--json'])
    expect((await cli(['keys', 'delete', key.id])).code).toBe(2)
    expect((await cli(['keys', 'list'], key.secret)).code).toBe(0)
    expect((await cli(['keys', 'delete', key.id, '--yes'])).stdout).toBe('✓ Ended the API key "doomed".\n')
    expect((await cli(['keys', 'list'], key.secret)).code).toBe(1)
    expect((await cli(['keys', 'delete', `key_${nothing}`, '--yes'])).code).toBe(3)
  })
})

describe('OAuth clients', () => {
  test('are made with a secret that is shown once, or without one', async () => {
    const made = await cli([
      ...['clients', 'create', 'Zapfen', '--scopes', 'connections:read'],
      ...['--redirect-uri', 'https://zapfen.example/a', '--redirect-uri', 'https://zapfen.example/b'],
    ])
    expect(made.code).toBe(0)
    expect(made.stdout).toMatch(/^redirect URIs +https:\/\/zapfen\.example\/a https:\/\/zapfen\.example\/b$/m)
    expect(made.stdout).toMatch(/^client secret +\S{20,}$/m)
    const agent = await cli([
      ...['clients', 'create', 'Agent', '--public', '--native', '--json'],
      ...[
        '--redirect-uri',
        'http://127.0.0.1/callback',
        '--grant-types',
        'authorization_code,refresh_token,device_code',
      ],
    ])
    expect(agent.json).toMatchObject({
      client_secret: null,
      token_endpoint_auth_method: 'none',
      application_type: 'native',
      grant_types: expect.arrayContaining(['urn:ietf:params:oauth:grant-type:device_code']),
    })
  })

  test('are shown without their secret, get another, and end', async () => {
    const { json: client } = await cli([
      ...['clients', 'create', 'Turning', '--redirect-uri', 'https://turning.example/a', '--json'],
    ])
    const shown = await cli(['clients', 'show', client.id])
    expect(shown.stdout).toMatch(/^origin +made here$/m)
    expect(shown.stdout).not.toContain(client.client_secret)
    expect((await cli(['clients', 'list'])).stdout).toMatch(/Turning/)
    const rotated = await cli(['clients', 'rotate', client.id, '--overlap', '60', '--json'])
    expect(rotated.json.client_secret).not.toBe(client.client_secret)
    expect((await cli(['clients', 'delete', client.id])).code).toBe(2)
    expect((await cli(['clients', 'delete', client.id, '--yes'])).stdout).toBe(
      '✓ Ended the OAuth client "Turning".\n',
    )
    expect((await cli(['clients', 'show', client.id])).code).toBe(3)
  })
})

describe('providers search', () => {
  test('finds by name and category, and says what to do where there is none', async () => {
    const { code, stdout } = await cli(['providers', 'search', 'gmail'])
    expect(code).toBe(0)
    expect(stdout).toMatch(
      /^PROVIDER +NAME +CATEGORY +TOOLS +ITS DOCUMENTATION\ngmail +Gmail +\S+ +yes +https:\/\//,
    )
    const crm = await cli(['providers', 'search', 'CRM', '--json'])
    expect(crm.json.map(({ provider }: { provider: string }) => provider)).toContain('pipedrive')
    const one = await cli(['providers', 'search', '--limit', '1', '--json'])
    expect(one.json).toHaveLength(1)
    const none = await cli(['providers', 'search', 'no such service'])
    expect([none.code, none.stdout]).toEqual([0, ''])
    expect(none.stderr).toMatch(/Any OAuth 2\.0 service can be added[\s\S]*Next: /)
  })
})
