import { afterAll, beforeAll, expect, test } from 'vitest'
import { createHome, runCli } from '../../../../test/support/cli.ts'
import { startTestGrantry, type TestGrantry } from '../../../../test/support/grantry.ts'

let grantry: TestGrantry
let env: Record<string, string>
beforeAll(async () => {
  grantry = await startTestGrantry({ sandbox: false, world: { background: false } })
  env = { GRANTRY_URL: grantry.url, GRANTRY_API_KEY: grantry.apiKey }
})
afterAll(() => grantry?.close())

async function after(...words: string[]) {
  const { code, stdout, stderr } = await runCli(['complete', '--', ...words], { env })
  expect([code, stderr]).toEqual([0, ''])
  return stdout.split('\n').flatMap((line) => (line === '' ? [] : line.split('\t')[0]!))
}

test.each([
  [['acc'], ['account']],
  [['account', 'oauth', 're'], ['revoke']],
  [['--json', 'profile', 'u'], ['use']],
  [['--profile', 'x', 'profile', 'u'], ['use']],
  [
    ['completion', ''],
    ['bash', 'zsh', 'fish'],
  ],
  [['account', 'oauth', 'auth', 'gma'], ['gmail']],
  [['account', 'oauth', 'auth', '--no-'], ['--no-browser']],
  [['account', 'oauth', 'auth', 'gmail', '--js'], ['--json']],
  [['app', 'oauth', 'register', '--provider-config', ''], [':files']],
  [['account', 'oauth', 'configure', 'gmail', '--client-secret-f'], ['--client-secret-file']],
  [['account', 'oauth', 'configure', 'gmail', '--client-secret', ''], []],
  [['compl'], ['completion']],
  [['nonsense', 'x', ''], []],
])('%j', async (words, expected) => {
  expect(await after(...words)).toEqual(expected)
})

test('ids come from the server, with what they are; none when it does not answer', async () => {
  const made = await grantry.call('POST', '/api/v1/apps', { name: 'the app' })
  const line = ['app', 'oauth', 'list-providers', '--app', '']
  const there = await runCli(['complete', '--', ...line], { env })
  expect(there.stdout).toBe(`${made.body.data.id}\tthe app\n`)
  const nowhere = { ...env, GRANTRY_URL: 'http://127.0.0.1:9' }
  const gone = await runCli(['complete', '--', ...line], { env: nowhere })
  expect(gone).toMatchObject({ code: 0, stdout: '', stderr: '' })
  const nobody = await runCli(['complete', '--', ...line])
  expect(nobody).toMatchObject({ code: 0, stdout: '', stderr: '' })
})

test('profiles come with their address', async () => {
  const home = await createHome()
  await runCli(['profile', 'add', 'prod', '--url', 'https://prod.example'], { home })
  for (const line of [
    ['--profile', ''],
    ['profile', 'use', 'p'],
    ['--config-name', 'pr'],
  ])
    expect((await runCli(['complete', '--', ...line], { home })).stdout).toBe('prod\thttps://prod.example\n')
})

test.each(['bash', 'zsh', 'fish'])('the script for %s asks grantry', async (shell) => {
  expect((await runCli(['completion', shell])).stdout).toContain('grantry complete -- ')
})
