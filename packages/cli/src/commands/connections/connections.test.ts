import { decodeId } from '@grantry/api'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runCli } from '../../../../../test/support/cli.ts'
import { addSandboxIntegration, connectAccount } from '../../../../../test/support/connecting.ts'
import { startTestGrantry, type TestGrantry } from '../../../../../test/support/grantry.ts'

let grantry: TestGrantry
let integration: { id: string }
let connection: { id: string }
beforeAll(async () => {
  grantry = await startTestGrantry({ world: { background: false } })
  integration = await addSandboxIntegration(grantry, 'gmail')
  connection = await connect('u_17')
})
afterAll(() => grantry?.close())

const connect = (user: string, account?: string) =>
  connectAccount(grantry, { integration: integration.id, end_user: { id: user } }, account)

const cli = (args: string[], options: Parameters<typeof runCli>[1] = {}, key = grantry.apiKey) =>
  runCli(['connections', ...args], {
    ...options,
    env: { GRANTRY_URL: grantry.url, GRANTRY_API_KEY: key },
  })

/** As when the provider has said that the grant is over. */
const end = ({ id }: { id: string }) =>
  grantry.ctx.db
    .updateTable('connections')
    .set({ status: 'needs_reauth', reason: 'grant_ended', reason_detail: 'invalid_grant' })
    .where('id', '=', decodeId('con', id)!)
    .execute()

test('list shows whose they are, and JSON is the API’s', async () => {
  const { code, stdout } = await cli(['list'])
  expect(code).toBe(0)
  expect(stdout.split('\n')[0]).toMatch(/^ID +PROVIDER +END USER +ACCOUNT +STATUS +LAST REFRESH +MADE$/)
  expect(stdout).toMatch(new RegExp(`${connection.id} +gmail +u_17 +ada@example.com +active`))
  const { json } = await cli(['list', '--json'])
  const { body } = await grantry.call('GET', '/api/v1/connections')
  expect(json).toEqual(body.data)
})

test('list takes filters: by integration’s name, end user, status, count', async () => {
  const other = await connect('u_18', 'grace@example.com')
  const ids = async (...args: string[]) =>
    (await cli(['list', '--json', ...args])).json.map(({ id }: { id: string }) => id)
  expect(await ids('--integration', 'gmail', '--end-user', 'u_18')).toEqual([other.id])
  expect(await ids('--status', 'needs_reauth')).toEqual([])
  expect(await ids('--limit', '1')).toEqual([other.id])
  const none = await cli(['list', '--end-user', 'nobody'])
  expect(none).toMatchObject({ code: 0, stdout: '' })
  expect(none.stderr).toMatch(/No connections fit\.\nNext: /)
})

test('show tells all but the tokens', async () => {
  const { code, stdout } = await cli(['show', connection.id])
  expect(code).toBe(0)
  expect(stdout).toMatch(/^account +ada@example\.com/m)
  expect(stdout).toMatch(/Next: grantry connections token con_/)
  expect(stdout).not.toContain('ya29.')
})

test('token prints the token and a newline, nothing else, for $(…)', async () => {
  const { code, stdout, stderr } = await cli(['token', connection.id])
  expect(code).toBe(0)
  expect(stdout).toMatch(/^\S+\n$/)
  expect(stderr).toBe('')
  expect(grantry.sandbox!.control.token(stdout.trim())).toMatchObject({
    live: true,
    account: 'ada@example.com',
  })
  const found = await cli(['token', '--provider', 'gmail', '--end-user', 'u_17'])
  expect(found.stdout).toBe(stdout)
})

test('token on a terminal warns of who may read it', async () => {
  const { stdout, stderr } = await cli(['token', connection.id], { stdoutIsTerminal: true })
  expect(stdout).toMatch(/^\S+\n$/)
  expect(stderr).toMatch(/^Warning: this is a live access token/)
})

test('token with --json has what belongs to it', async () => {
  const { json } = await cli(['token', connection.id, '--json', '--min-valid', '60'])
  expect(json).toMatchObject({ connection_id: connection.id, provider: 'gmail', token_type: 'Bearer' })
})

test.each([
  [['token'], /Give its id/],
  [['token', 'con_x', '--provider', 'gmail'], /not both/],
  [['token', 'con_x', '--min-valid', 'soon'], /whole number/],
  [['nothing'], /unknown command/],
])('%j is wrong usage: 2', async (args, words) => {
  const { code, stderr } = await cli(args)
  expect(code).toBe(2)
  expect(stderr).toMatch(words)
})

test('what does not exist is 3, and a key that may not is 1 with what to do', async () => {
  const nobody = `con_${'0'.repeat(26)}`
  expect((await cli(['show', nobody])).code).toBe(3)
  expect((await cli(['show', 'con_x'])).code).toBe(3)
  const { body } = await grantry.call('POST', '/api/v1/api-keys', { name: 'k', scopes: ['connections:read'] })
  const answer = await cli(['token', connection.id], {}, body.data.secret)
  expect(answer).toMatchObject({ code: 1, stdout: '' })
  expect(answer.stderr).toMatch(/tokens:read[\s\S]*Next: /)
})

test('refresh gets another token', async () => {
  const before = await cli(['token', connection.id])
  const { code, stdout } = await cli(['refresh', connection.id])
  expect(code).toBe(0)
  expect(stdout).toMatch(/^✓ Refreshed con_\w+; the token ends in 5\d min\./)
  expect((await cli(['token', connection.id])).stdout).not.toBe(before.stdout)
})

test('a connection that needs its person is 4, with the link to connect it again', async () => {
  const lost = await connect('u_19', 'linus@example.com')
  await end(lost)
  const link = new RegExp(`Next: .*${grantry.url}/connect/\\S+`)
  for (const args of [
    ['token', lost.id],
    ['refresh', lost.id],
  ]) {
    const { code, stdout, stderr } = await cli(args)
    expect([args[0], code, stdout]).toEqual([args[0], 4, ''])
    expect(stderr).toMatch(link)
  }
  const { code, stderr } = await cli(['token', lost.id, '--json'])
  expect(code).toBe(4)
  expect(JSON.parse(stderr).error).toMatchObject({
    code: 'connection_needs_reauth',
    next: expect.stringContaining('/connect/'),
  })
  const shown = await cli(['show', lost.id])
  expect(shown.stdout).toMatch(/^status +needs_reauth$/m)
  expect(shown.stdout).toMatch(/^to do +\S/m)
})

test('revoke asks first, and ends it at the provider too', async () => {
  const doomed = await connect('u_20')
  const refused = await cli(['revoke', doomed.id])
  expect(refused.code).toBe(2)
  expect(refused.stderr).toMatch(/give --yes/)
  expect((await grantry.call('GET', `/api/v1/connections/${doomed.id}`)).body.data.status).toBe('active')
  // Ada's other connection stands on the same grant.
  const ended = await cli(['revoke', doomed.id, '--yes', '--force', '--json'])
  expect(ended.code).toBe(0)
  expect(ended.json).toMatchObject({ id: doomed.id, status: 'revoked' })
  expect((await cli(['token', doomed.id])).code).not.toBe(0)
})

test('manage-link prints the link alone, warns, and what it opens is the page of that end user', async () => {
  const { code, stdout, stderr } = await cli(['manage-link', 'u_17'])
  expect([code, stdout.split('\n')]).toEqual([0, [expect.stringMatching(/\/manage\/link\/gml_\S+$/), '']])
  expect(stderr).toContain('whoever opens this link first can disconnect these accounts')
  const opened = await grantry.call('GET', stdout.trim(), undefined, { key: null })
  const cookie = opened.headers.get('set-cookie')!.split(';')[0]!
  const page = await grantry.call('GET', '/manage', undefined, { key: null, headers: { cookie } })
  expect(page.text).toContain('Disconnect Gmail')
  const { json } = await cli(['manage-link', 'u_17', '--json'])
  expect(json).toEqual({ url: expect.any(String), expires_at: expect.any(String) })
})
