import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createHome, runCli } from '../../../../../test/support/cli.ts'
import { connectAccount } from '../../../../../test/support/connecting.ts'
import { startTestGrantry, type TestGrantry } from '../../../../../test/support/grantry.ts'

let grantry: TestGrantry
beforeAll(async () => {
  grantry = await startTestGrantry({ world: { background: false } })
})
afterAll(() => grantry?.close())

const cli = (args: string[], options: Parameters<typeof runCli>[1] = {}) =>
  runCli(['integrations', ...args], {
    ...options,
    env: { GRANTRY_URL: grantry.url, GRANTRY_API_KEY: grantry.apiKey },
  })
const client = (provider: string) => grantry.sandbox!.clients[provider]!

test('create checks the credentials at the provider, keeps the secret and never shows it', async () => {
  const { client_id, client_secret } = client('gmail')
  const made = await cli(
    ['create', 'gmail', '--client-id', client_id, '--client-secret-stdin', '--scopes', 'openid,email'],
    { stdin: `${client_secret}\n` },
  )
  expect(made.code).toBe(0)
  expect(made.stdout).toMatch(/^credentials +verified$/m)
  expect(made.stdout).toMatch(/^scopes +openid email$/m)
  expect(made.stdout).toMatch(/Next: grantry doctor int_\w+/)
  expect(made.stderr).toMatch(
    /Register this redirect URI at the provider: http:\/\/localhost:\d+\/api\/v1\/credentials\/auth\/callback\/gmail/,
  )
  expect(made.stdout + made.stderr).not.toContain(client_secret)
})

test('create takes the secret from a file, and a generic service by its endpoints', async () => {
  const plain = grantry.sandbox!.generic.plain!
  const home = await createHome()
  await writeFile(join(home, 'secret.txt'), `${plain.client_secret}\n`)
  const { code, json } = await cli(
    [
      ...['create', '--label', 'Our ERP', '--json'],
      ...['--authorization-url', plain.authorization_url!, '--token-url', plain.token_url!],
      ...['--client-id', plain.client_id, '--client-secret-file', 'secret.txt'],
      ...['--authorize-param', 'prompt=consent', '--authorize-param', 'display=page'],
    ],
    { home },
  )
  expect(code).toBe(0)
  expect(json).toMatchObject({
    label: 'Our ERP',
    provider: null,
    extra_authorize_params: { prompt: 'consent', display: 'page' },
    validation: { status: 'verified' },
  })
})

test('a secret on the command line works, with a warning', async () => {
  const { client_id, client_secret } = client('slack')
  const { code, stderr } = await cli([
    'create',
    'slack',
    '--client-id',
    client_id,
    '--client-secret',
    client_secret,
  ])
  expect(code).toBe(0)
  expect(stderr).toMatch(/^Warning: a client secret on the command line/)
})

test('what the provider refuses is told with its words, and nothing is kept', async () => {
  const { client_id } = client('github')
  const { code, stderr } = await cli(
    ['create', 'github', '--client-id', client_id, '--client-secret-stdin'],
    {
      stdin: 'not-the-secret',
    },
  )
  expect(code).toBe(1)
  expect(stderr).toMatch(/refused the client credentials/)
  expect(stderr).not.toContain('not-the-secret')
  expect((await cli(['list', '--provider', 'github', '--json'])).json).toEqual([])
})

test('where nobody can be asked, what is missing is named', async () => {
  const noId = await cli(['create', 'gmail'])
  expect([noId.code, noId.stderr]).toEqual([2, expect.stringMatching(/give --client-id/)])
  const noSecret = await cli(['create', 'gmail', '--client-id', 'x'])
  expect([noSecret.code, noSecret.stderr]).toEqual([2, expect.stringMatching(/give --client-secret-stdin/)])
})

test('show and list find it by provider, label or id', async () => {
  const { json: all } = await cli(['list', '--json'])
  const erp = all.find(({ label }: { label: string }) => label === 'Our ERP')
  for (const name of [erp.id, 'Our ERP']) expect((await cli(['show', name, '--json'])).json.id).toBe(erp.id)
  expect((await cli(['show', 'gmail'])).stdout).toMatch(/^provider +gmail$/m)
  expect((await cli(['list'])).stdout).toMatch(/Our ERP +generic +authorization_code +verified/)
  const none = await cli(['show', 'nothing'])
  expect([none.code, none.stderr]).toEqual([3, expect.stringMatching(/Next: grantry integrations list/)])
})

test('two of one provider are to be told apart by id', async () => {
  const { client_id, client_secret } = client('slack')
  await cli(['create', 'slack', '--label', 'Second', '--client-id', client_id, '--client-secret-stdin'], {
    stdin: client_secret,
  })
  const { code, stderr } = await cli(['show', 'slack'])
  expect(code).toBe(2)
  expect(stderr).toMatch(
    /could be int_\w+ \(slack\) or int_\w+ \(Second\)|could be int_\w+ \(Second\) or int_\w+ \(slack\)/,
  )
})

test('update changes what is given, and refuses to do nothing', async () => {
  const changed = await cli(['update', 'gmail', '--label', 'Mail', '--scopes', 'openid', '--json'])
  expect(changed.json).toMatchObject({ label: 'Mail', scope: 'openid', client_id: client('gmail').client_id })
  const secret = await cli(['update', 'gmail', '--client-secret-stdin'], {
    stdin: client('gmail').client_secret,
  })
  expect(secret.code).toBe(0)
  const nothing = await cli(['update', 'gmail', '--no-validate'])
  expect([nothing.code, nothing.stderr]).toEqual([2, expect.stringMatching(/Nothing to change/)])
})

test('validate asks the provider again', async () => {
  const { code, stdout } = await cli(['validate', 'gmail'])
  expect(code).toBe(0)
  expect(stdout).toMatch(/^✓ Gmail recognises the client\./)
})

test('delete asks for the label, and says what is in the way', async () => {
  await connectAccount(grantry, { provider: 'gmail', end_user: { id: 'u_1' } })
  const asked = await cli(['delete', 'gmail'])
  expect([asked.code, asked.stderr]).toEqual([2, expect.stringMatching(/give --yes/)])
  const refused = await cli(['delete', 'gmail', '--yes'])
  expect(refused.code).toBe(1)
  expect(refused.stderr).toMatch(/Next: grantry integrations delete int_\w+ --force/)
  const { code, json } = await cli(['delete', 'gmail', '--yes', '--force', '--json'])
  expect([code, json.deleted]).toEqual([0, true])
  expect((await cli(['show', 'gmail'])).code).toBe(3)
})

test('a mistyped parameter is wrong usage', async () => {
  const { code, stderr } = await cli(['create', 'gmail', '--param', 'novalue'])
  expect([code, stderr]).toEqual([2, expect.stringMatching(/It is name=value/)])
})
