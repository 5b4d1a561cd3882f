import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type CliAnswer, runCli } from '../../../../../test/support/cli.ts'
import { freePort } from '../../../../../test/support/free-port.ts'
import { readConfig } from '../../../../server/src/config.ts'
import { type Grantry, startGrantry } from '../../../../server/src/start.ts'
import { readSince } from '../../since.ts'

const apiKey = 'a-key-for-the-tail-of-events'
let url: string
let env: Record<string, string>
let grantry: Grantry

const start = () => startGrantry(readConfig(env), { background: false })

beforeAll(async () => {
  const port = await freePort()
  url = `http://localhost:${port}`
  env = {
    GRANTRY_PORT: String(port),
    GRANTRY_DATA_DIR: await mkdtemp(join(tmpdir(), 'grantry-events-')),
    GRANTRY_BOOTSTRAP_API_KEY: apiKey,
    GRANTRY_LOG_LEVEL: 'silent',
  }
  grantry = await start()
})
afterAll(async () => {
  await grantry?.close()
  await rm(env.GRANTRY_DATA_DIR!, { recursive: true, force: true })
})

const post = async (path: string, body: unknown) => {
  const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' }
  const response = await fetch(`${url}/api/v1${path}`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  })
  expect(response.status).toBe(201)
}
const makeApp = (name: string) => post('/apps', { name })

/** A tail that runs until it is stopped; `seen` are the names of the apps that it told of. */
function tail(...args: string[]) {
  const stop = new AbortController()
  let printed = ''
  const done: Promise<CliAnswer> = runCli(['events', 'tail', ...args], {
    env: { GRANTRY_URL: url, GRANTRY_API_KEY: apiKey },
    signal: stop.signal,
    onOutput: (text) => {
      printed += text
    },
  })
  const seen = () => [...printed.matchAll(/app\.created.*"name":"(\w+)"/g)].map(([, name]) => name)
  return { done, stop: () => stop.abort(), seen, printed: () => printed }
}

const soon = { timeout: 15_000, interval: 50 }

test('what there is, oldest first, for people and as lines of JSON', async () => {
  await makeApp('one')
  await makeApp('two')
  const run = (...args: string[]) =>
    runCli(['events', 'tail', '--no-follow', ...args], { env: { GRANTRY_URL: url, GRANTRY_API_KEY: apiKey } })
  const people = await run('--type', 'app.created')
  expect(people.code).toBe(0)
  expect(people.stdout).toMatch(
    /^\d{4}-\d\d-\d\dT\S+Z {2}app\.created {2}by api_key key_\w+ {2}\{"name":"one"\}\n\S+ {2}app\.created .*"two"/,
  )
  const lines = async (...args: string[]) =>
    (await run('--json', ...args)).stdout
      .trimEnd()
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line))
  expect((await lines('--type', 'app.created', '--last', '1')).map(({ data }) => data.name)).toEqual(['two'])
  expect((await lines('--type', 'app.*,api_key.*', '--since', '1h')).map(({ data }) => data.name)).toEqual(
    expect.arrayContaining(['one', 'two']),
  )
  expect(await lines('--since', new Date(Date.now() + 60_000).toISOString())).toEqual([])
})

test('follows, and a restart of the server loses and doubles nothing', async () => {
  const follower = tail('--type', 'app.created', '--last', '0')
  const all = tail('--since', '1h', '--json')
  await vi.waitFor(() => expect(all.seen()).toEqual(['one', 'two']), soon)
  await makeApp('three')
  await vi.waitFor(() => expect(follower.seen()).toEqual(['three']), soon)

  await grantry.close()
  await vi.waitFor(() => expect(follower.printed()).toContain('waiting for it'), soon)
  grantry = await start()
  await makeApp('four')
  await vi.waitFor(() => expect(follower.seen()).toEqual(['three', 'four']), soon)
  await vi.waitFor(() => expect(all.seen()).toEqual(['one', 'two', 'three', 'four']), soon)
  follower.stop()
  all.stop()
  expect((await follower.done).code).toBe(130)
  expect((await all.done).code).toBe(130)
})

test('a key that may not read the log is told so at once', async () => {
  await post('/api-keys', { name: 'k', scopes: ['connections:read'] })
  const { code, stderr } = await runCli(['events', 'tail'], {
    env: { GRANTRY_URL: url, GRANTRY_API_KEY: 'not-a-key-at-all-but-long-enough' },
  })
  expect([code, stderr]).toEqual([1, expect.stringMatching(/Next: grantry login/)])
})

test('a server that is not there at the start is not waited for', async () => {
  const { code } = await runCli(['events', 'tail'], {
    env: { GRANTRY_URL: 'http://localhost:1', GRANTRY_API_KEY: apiKey },
  })
  expect(code).toBe(1)
})

test.each([
  ['90s', 90],
  ['10m', 600],
  ['2h', 7200],
  ['7d', 604_800],
])('%s ago is %i seconds ago', (text, seconds) => {
  expect(readSince(text, 1_000_000_000)).toBe(new Date(1_000_000_000 - seconds * 1000).toISOString())
})

test('a time that is none is wrong usage', async () => {
  const { code, stderr } = await runCli(['events', 'tail', '--since', 'yesterday'])
  expect([code, stderr]).toEqual([2, expect.stringMatching(/how long ago \(10m, 2h, 7d\)/)])
})
