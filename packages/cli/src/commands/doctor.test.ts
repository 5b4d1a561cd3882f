import { afterAll, beforeAll, expect, test } from 'vitest'
import { runCli } from '../../../../test/support/cli.ts'
import { addSandboxIntegration, connectAccount } from '../../../../test/support/connecting.ts'
import { freePort } from '../../../../test/support/free-port.ts'
import { startTestGrantry, type TestGrantry } from '../../../../test/support/grantry.ts'

let grantry: TestGrantry
beforeAll(async () => {
  grantry = await startTestGrantry({ world: { background: false } })
})
afterAll(() => grantry?.close())

const cli = (args: string[], env: Record<string, string> = {}) =>
  runCli(['doctor', ...args], {
    env: { GRANTRY_URL: grantry.url, GRANTRY_API_KEY: grantry.apiKey, ...env },
  })
type Finding = { check: string; status: string }
const statuses = (findings: Finding[]) =>
  Object.fromEntries(findings.map(({ check, status }) => [check, status]))

test('a server without integrations is in order, and the next step is told', async () => {
  const { code, stdout } = await cli([])
  const { json } = await cli(['--json'])
  expect(code).toBe(0)
  expect(stdout).toMatch(/^ok +reachable +Grantry 0\.1\.0 answers at http:\/\/localhost:\d+, on sqlite\.$/m)
  expect(stdout).toMatch(/^ok +credential +The API key is good: admin clients:write/m)
  expect(stdout).toMatch(/Next: grantry integrations create PROVIDER\n✓ Everything is in order\.\n$/)
  expect(statuses(json.findings)).toEqual({
    reachable: 'ok',
    public_url: 'ok',
    clock: 'ok',
    https: 'ok',
    sandbox: 'ok',
    encryption_key: 'ok',
    credential: 'ok',
  })
})

test('one integration: every check, and what is sound ends well', async () => {
  const integration = await addSandboxIntegration(grantry, 'gmail')
  await connectAccount(grantry, { integration: integration.id, end_user: { id: 'u_1' } })
  const { code, stdout } = await cli(['gmail'])
  expect(code).toBe(0)
  expect(stdout).toMatch(/^ok +redirect uri +Gmail takes http/m)
  expect(stdout).toMatch(/✓ Nothing is broken; 1 could not be told\.\n$/)
  const { json } = await cli([integration.id, '--json', '--no-ask'])
  expect(json).toMatchObject({ integration_id: integration.id, asked: false })
})

test('one that is broken: the arrow says what mends it and where, and scripts hear of it', async () => {
  await addSandboxIntegration(grantry, 'slack', { client_secret: 'wrong', validate: false })
  const { code, stdout, stderr } = await cli(['slack'])
  expect(code).toBe(1)
  expect(stdout).toMatch(/^failed +client authentication +Slack refused the client id or the client secret/m)
  expect(stdout).toMatch(/^ +→ Compare both with the provider's developer console.* \[client_secret\]$/m)
  expect(stderr).toMatch(
    /✗ 1 thing needs mending\.\nNext: change what the arrows say, then grantry doctor int_\w+\n$/,
  )
  const json = await cli(['slack', '--json'])
  expect(json.code).toBe(1)
  expect(statuses(json.json.findings)).toMatchObject({ client_authentication: 'failed', clock: 'ok' })
})

test('all of them in short', async () => {
  const { code, json } = await cli(['--json'])
  expect(code).toBe(1)
  expect(statuses(json.integrations)).toEqual({ 'gmail (sandbox)': 'ok', 'slack (sandbox)': 'failed' })
})

test('an integration that there is not is 3', async () => {
  expect((await cli(['nothing'])).code).toBe(3)
})

test('a clock that is wrong is told', async () => {
  grantry.clock.advance(3600)
  const { json } = await cli(['--json'])
  grantry.clock.advance(-3600)
  expect(json.findings.find(({ check }: Finding) => check === 'clock')).toMatchObject({
    status: 'warning',
    what: expect.stringMatching(/3(599|600|601) s ahead of/),
  })
})

test('a key that may not look at integrations is told which one may', async () => {
  const { body } = await grantry.call('POST', '/api/v1/api-keys', { name: 'k', scopes: ['connections:read'] })
  const { code, json } = await cli(['--json'], { GRANTRY_API_KEY: body.data.secret })
  expect(code).toBe(0)
  expect(json.integrations).toMatchObject([
    { check: 'integrations', status: 'unknown', todo: expect.stringMatching(/integrations:write/) },
  ])
})

test('no credential, and one that is not good: whether the server is there is told all the same', async () => {
  const none = await runCli(['doctor', '--json'], { env: { GRANTRY_URL: grantry.url } })
  expect([none.code, statuses(none.json.findings)]).toEqual([1, { reachable: 'ok', credential: 'failed' }])
  const bad = await cli(['--json'], { GRANTRY_API_KEY: 'not-a-key-of-this-server-at-all' })
  expect([bad.code, statuses(bad.json.findings)]).toEqual([1, { reachable: 'ok', credential: 'failed' }])
})

test('a server that is not there', async () => {
  const { code, json } = await cli(['--json'], { GRANTRY_URL: `http://localhost:${await freePort()}` })
  expect([code, statuses(json.findings)]).toEqual([1, { reachable: 'failed' }])
})

test.each([
  ['nowhere', async () => `http://localhost:${await freePort()}`, /cannot be reached/],
  ['to another server', async () => grantry.url.replace('localhost', '127.0.0.1'), /leads to another server/],
])('a public URL that leads %s', async (_name, publicUrl, words) => {
  const lost = await startTestGrantry({
    sandbox: false,
    env: { GRANTRY_PUBLIC_URL: await publicUrl() },
    world: { background: false },
  })
  const env = { GRANTRY_URL: lost.address, GRANTRY_API_KEY: lost.apiKey }
  const { code, json } = await runCli(['doctor', '--json'], { env })
  await lost.close()
  expect([code, json.findings[1]]).toEqual([
    1,
    expect.objectContaining({
      check: 'public_url',
      status: 'failed',
      where: 'GRANTRY_PUBLIC_URL',
      what: expect.stringMatching(words),
    }),
  ])
})

// Last, for nothing may be asked for a while then.
test('what may not be asked any more for now is judged by what has been seen', async () => {
  const { body } = await grantry.call('GET', '/api/v1/integrations?provider=gmail')
  const spend = () => grantry.call('POST', `/api/v1/integrations/${body.data[0].id}/diagnosis`)
  while ((await spend()).status === 200);
  const { json } = await cli(['--json'])
  expect(json.integrations).toContainEqual(
    expect.objectContaining({
      check: 'gmail (sandbox)',
      what: expect.stringMatching(/provider was not asked/),
    }),
  )
})
