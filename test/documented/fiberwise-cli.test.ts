import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createShell, type Shell } from '../support/cli-process.ts'
import { confirmPage, consent } from '../support/connecting.ts'
import { startTestGrantry, type TestGrantry } from '../support/grantry.ts'

// The command lines of Fiberwise's "OAuth API" page, run by a shell. `fiber` is `grantry`, the server's address is ours,
// `provider-id` stands for what register answered. `your-client-id` and its secret are registered at the sandbox
// beforehand, and `myinstance` is a profile. Printing errors mended: none.
const page = String.raw`fiber account oauth configure gmail \
  --client-id "your-client-id" \
  --client-secret "your-client-secret" \
  --redirect-uri "http://localhost:7001/api/v1/credentials/auth/callback/gmail" \
  --scopes "https://www.googleapis.com/auth/gmail.readonly"

fiber account oauth list-providers

fiber account oauth auth gmail --config-name myinstance

fiber account oauth list-connections --config-name myinstance

fiber account oauth revoke gmail --config-name myinstance

fiber app oauth register --provider-config gmail-config.json

fiber app oauth list-providers

fiber app oauth delete-provider provider-id`

const [configure, listProviders, auth, listConnections, revoke, register, listAppProviders, deleteProvider] =
  page.split('\n\n') as [string, string, string, string, string, string, string, string]

let grantry: TestGrantry
let shell: Shell

/** As documented but for the names. */
const run = (line: string) =>
  shell.start(line.replace(/^fiber/, 'grantry').replaceAll('http://localhost:7001', grantry.url))
const done = async (line: string) => {
  const ended = await run(line).ended
  if (ended.code !== 0) throw new Error(`${line}\n${ended.stdout}${ended.stderr}`)
  return ended
}

beforeAll(async () => {
  grantry = await startTestGrantry({ world: { background: false } })
  for (const client_id of ['your-client-id', '123456-abc.apps.googleusercontent.com'])
    grantry.sandbox!.control.registerClient({
      provider: 'gmail',
      client_id,
      client_secret: 'your-client-secret',
      redirect_uris: [`${grantry.url}/api/v1/credentials/auth/callback/gmail`],
    } as never)
  shell = await createShell()
  const login = `grantry login --api-key-stdin --config-name myinstance --url ${grantry.url}`
  const { code, stderr } = await shell.start(login, { input: grantry.apiKey }).ended
  expect([code, stderr]).toEqual([0, ''])
})
afterAll(() => grantry?.close())

test('account oauth: configure, list, connect in the browser, list, revoke', async () => {
  const configured = await done(configure)
  expect(configured.stdout).toContain('✓ gmail is configured.')
  expect(configured.stderr).toContain('Warning: a client secret on the command line')
  expect(configured.stdout + configured.stderr).not.toContain('your-client-secret')

  expect((await done(listProviders)).stdout).toMatch(
    /^PROVIDER +ID +STATUS +CLIENT ID +REDIRECT URI\ngmail +int_\w+ +verified +your-client-id +http/,
  )

  const connecting = run(auth)
  const [, address = ''] = await connecting.heard(/Open (http\S+)/)
  const callback = await consent(grantry, address)
  const confirm = await grantry.call('GET', callback, undefined, { key: null })
  await confirmPage(grantry, confirm.text, 'connect')
  const connected = await connecting.ended
  expect(connected).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/✓ Gmail is connected.\nconnection +con_\w+\naccount +ada@example.com\n/),
  })
  expect(await readFile(shell.opened, 'utf8')).toBe(`${address}\n`)

  expect((await done(listConnections)).stdout).toMatch(/\ngmail +active +- +\d{4}-\d\d-\d\dT/)
  expect((await done(revoke)).stdout).toContain('✓ The connection to gmail has ended.')
  const none = await done(listConnections)
  expect([none.stdout, none.stderr]).toEqual(['', expect.stringContaining('No account is connected yet.')])
  expect(await run(revoke).ended).toMatchObject({ code: 3 })
})

test('app oauth: register from a file, list, delete', async () => {
  const app = (await grantry.call('POST', '/api/v1/apps', { name: 'A' })).body.data
  const { id: app_id } = await grantry.ctx.db.selectFrom('apps').select('id').executeTakeFirstOrThrow()
  await writeFile(
    join(shell.home, 'gmail-config.json'),
    JSON.stringify({
      provider_name: 'gmail',
      client_id: '123456-abc.apps.googleusercontent.com',
      client_secret: 'your-client-secret',
      redirect_uri: `${grantry.url}/api/v1/credentials/auth/callback/gmail`,
      token_data: { scopes: ['https://www.googleapis.com/auth/gmail.readonly'] },
      app_id,
    }),
  )
  const registered = await done(register)
  const [, providerId = ''] = /registered: ([0-9a-f-]{36})/.exec(registered.stdout) ?? []
  expect((await done(listAppProviders)).stdout).toMatch(new RegExp(`\\ngmail +int_\\w+ +${app.id} +verified`))
  await done(deleteProvider.replace('provider-id', providerId))
  expect((await done(listAppProviders)).stderr).toContain('No provider is registered for an app yet.')
})
