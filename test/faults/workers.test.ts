import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { runMain } from '../security/run-main.ts'
import { startDatabaseProxy } from '../support/database-proxy.ts'
import { createTestDatabase, type TestDatabase } from '../support/databases.ts'
import { freePort, freePorts } from '../support/free-port.ts'
import { missingApps, startLoad } from '../support/load.ts'
import { type ServerProcess, startServerProcess } from '../support/server-process.ts'

const long = process.env.GRANTRY_LONG === '1'

let database: TestDatabase
let folder: string
let server: ServerProcess | null = null

const settings = () => ({
  GRANTRY_ENCRYPTION_KEY: encryptionKey,
  GRANTRY_BOOTSTRAP_API_KEY: apiKey,
  GRANTRY_DATABASE_URL: database.url,
  GRANTRY_DATA_DIR: folder,
  GRANTRY_LOG_LEVEL: 'info',
})
const encryptionKey = randomBytes(32).toString('base64')
const apiKey = `test_key_${randomBytes(18).toString('base64url')}`

beforeAll(async () => {
  database = await createTestDatabase('postgres')
  folder = await mkdtemp(join(tmpdir(), 'grantry-workers-'))
})
afterEach(async () => {
  await server?.end('SIGKILL')
  server = null
})
afterAll(async () => {
  await database?.drop()
  if (folder) await rm(folder, { recursive: true, force: true })
})

const start = (env: Record<string, string> = {}) => startServerProcess({ ...settings(), ...env })

/** Processes that have answered a request so far, as the log has it. */
const answering = ({ output }: ServerProcess) =>
  new Set([...output().matchAll(/"pid":(\d+)[^\n]*"msg":"request"/g)].map(([, pid]) => Number(pid)))

const ask = ({ url }: ServerProcess) =>
  fetch(`${url}/api/v1/account`, {
    headers: { authorization: `Bearer ${apiKey}`, connection: 'close' },
    // A connection that is just being handed to a worker when that is killed stays with the primary, unanswered.
    signal: AbortSignal.timeout(2000),
  })

/** Asks until so many processes beside those of `before` have answered. */
async function askUntil(server: ServerProcess, count: number, before: ReadonlySet<number> = new Set()) {
  const found = () => [...answering(server)].filter((pid) => !before.has(pid))
  await expect
    .poll(
      async () => {
        expect((await ask(server)).status).toBe(200)
        return found().length
      },
      { timeout: 20_000, interval: 5 },
    )
    .toBe(count)
  return new Set(found())
}

test('3 workers answer on one port, are greeted for once, and all end with the primary, without a word', async () => {
  const port = String(await freePorts())
  server = await start({ GRANTRY_WORKERS: '3', GRANTRY_SANDBOX: '1', GRANTRY_PORT: port })
  const pids = await askUntil(server, 3)
  expect(pids.has(server.pid)).toBe(false)
  expect(server.output().match(/^Console {2}/gm)).toHaveLength(1)
  const numbers = new Set<string>()
  // What the primary plays is known to whichever worker is asked.
  const statuses = await Promise.all(
    Array.from({ length: 12 }, async () => {
      const session = { provider: 'gmail', end_user: { id: 'u1' } }
      const made = await server!.call('POST', '/api/v1/connect-sessions', session, {
        headers: { connection: 'close' },
      })
      const begun = await fetch(made.body.data.connect_url, { redirect: 'manual' })
      return (await fetch(begun.headers.get('location')!)).status
    }),
  )
  expect(statuses).toEqual(Array(12).fill(200))
  await expect
    .poll(async () => {
      const metrics = await fetch(`${server!.url}/metrics`, { headers: { connection: 'close' } })
      numbers.add((await metrics.text()).match(/worker="(\d+)"/)![1]!)
      return [...numbers].sort()
    })
    .toEqual(['1', '2', '3'])
  expect(await server.end()).toEqual({ code: 0, signal: null })
  for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow('ESRCH')
  expect(server.output()).not.toMatch(/"level":[456]0/)
})

test('a worker that is killed is replaced, and nobody else is; where none can start again the primary ends, so that its supervisor sees that nobody serves', async () => {
  const proxy = await startDatabaseProxy(database.url)
  server = await start({ GRANTRY_WORKERS: '2', GRANTRY_DATABASE_URL: proxy.url })
  const [victim, other] = [...(await askUntil(server, 2))] as [number, number]
  process.kill(victim, 'SIGKILL')
  const fresh = await askUntil(server, 1, new Set([victim, other]))
  expect(fresh.size).toBe(1)
  expect(() => process.kill(other, 0)).not.toThrow()
  expect(server.output()).toMatch(new RegExp(`"worker":${victim},"code":null,"signal":"SIGKILL"`))

  proxy.set('refuse')
  for (const pid of [other, ...fresh]) process.kill(pid, 'SIGKILL')
  expect(await server.ended).toEqual({ code: 1, signal: null })
  expect(server.output()).toContain('A worker could not start')
  await proxy.close()
})

test('workers that cannot start at all end the primary, with their words and once', async () => {
  const run = runMain({
    ...settings(),
    GRANTRY_WORKERS: '2',
    GRANTRY_PORT: String(await freePort()),
    GRANTRY_DATABASE_URL: `postgres://u:canary@127.0.0.1:${await freePort()}/x`,
  })
  expect(await run.ended).toBe(1)
  expect(run.said().match(/ECONNREFUSED/g)).toHaveLength(1)
  expect(run.said()).toContain('A worker could not start')
  expect(run.said()).not.toContain('canary')
})

test(
  'SIGHUP puts new workers in the place of the old under load, and no request fails',
  async () => {
    server = await start({ GRANTRY_WORKERS: '2', GRANTRY_LOG_LEVEL: 'info' })
    const old = await askUntil(server, 2)
    const load = startLoad(server.url, apiKey, { clients: 4 })
    const rounds = long ? 20 : 1
    for (let round = 1; round <= rounds; round++) {
      await load.answered(50)
      process.kill(server.pid, 'SIGHUP')
      await expect
        .poll(() => server!.output().match(/all workers are new/g)?.length, { timeout: 60_000 })
        .toBe(round)
    }
    await load.answered(50)
    const { answers, failures, acknowledged } = await load.stop()
    console.log(`SIGHUP to 2 workers, ${rounds} times: ${answers} requests, ${failures.length} failed`)
    expect(failures).toEqual([])
    expect(await missingApps(server.call, acknowledged)).toEqual([])
    for (const pid of old) expect(() => process.kill(pid, 0)).toThrow('ESRCH')
  },
  long ? 900_000 : 120_000,
)
