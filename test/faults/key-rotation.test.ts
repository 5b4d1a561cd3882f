import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../support/databases.ts'
import { type ServerProcess, startServerProcess } from '../support/server-process.ts'

const long = process.env.GRANTRY_LONG === '1'
/** Connections, each with two values. */
const connections = long ? 5000 : 300
const leastReads = long ? 12_000 : 200
const perSecond = 200
/** Waits for other processes, on whatever machine. */
const timeout = long ? 600_000 : 90_000
const newKey = () => randomBytes(32).toString('base64')

let folder: string
let database: TestDatabase
let servers: ServerProcess[]
const secrets = {
  GRANTRY_BOOTSTRAP_API_KEY: `test_key_${randomBytes(18).toString('base64url')}`,
  GRANTRY_OPERATOR_KEY: `test_operator_${randomBytes(18).toString('base64url')}`,
}
beforeEach(async () => {
  servers = []
  folder = await mkdtemp(join(tmpdir(), 'grantry-rotation-'))
})
afterEach(async () => {
  await Promise.all(servers.map((server) => server.end('SIGKILL')))
  await database?.drop()
  await rm(folder, { recursive: true, force: true })
})

async function start(index: number, key: string, other?: string): Promise<ServerProcess> {
  const server = await startServerProcess({
    ...secrets,
    GRANTRY_DATABASE_URL: database.url,
    GRANTRY_DATA_DIR: join(folder, String(index)),
    GRANTRY_ENCRYPTION_KEY: key,
    GRANTRY_EGRESS_ALLOW: '127.0.0.1:9',
    ...(other === undefined ? {} : { GRANTRY_OTHER_ENCRYPTION_KEYS: other }),
  })
  servers.push(server)
  return server
}

const operator = async (server: ServerProcess, method: string, path: string, body?: unknown) => {
  const answer = await server.call(method, `/api/v1${path}`, body, { key: secrets.GRANTRY_OPERATOR_KEY })
  if (answer.status >= 300) throw new Error(answer.text)
  return answer.body.data
}

/** Connections by their ids, each with the token that reading it must give. */
async function fill(server: ServerProcess): Promise<[string, string][]> {
  const made = await server.call('POST', '/api/v1/integrations', {
    label: 'Nobody asks it',
    authorization_url: 'http://127.0.0.1:9/authorize',
    token_url: 'http://127.0.0.1:9/token',
    client_id: 'x',
    client_secret: 'x',
    validate: false,
  })
  const all: [string, string][] = []
  for (let from = 0; from < connections; from += 100) {
    const items = Array.from({ length: 100 }, (_, n) => ({
      key: `k${from + n}`,
      integration: made.body.data.id,
      end_user: { id: `u${from + n}` },
      tokens: {
        access_token: `access-${from + n}`,
        refresh_token: `refresh-${from + n}`,
        expires_at: '2099-01-01T00:00:00Z',
      },
    }))
    const answer = await server.call('POST', '/api/v1/connections/import', { items })
    if (answer.status !== 200) throw new Error(answer.text)
    for (const [n, { connection_id }] of answer.body.data.results.entries())
      all.push([connection_id, `access-${from + n}`])
  }
  return all
}

/** Reads tokens at a steady pace, of each server in turn, until `stop`, and judges every answer. */
function startReaders(from: ServerProcess[], all: [string, string][]) {
  const failures: string[] = []
  const running = new Set<Promise<void>>()
  let reads = 0
  let stopping = false

  async function read(n: number) {
    const [id, token] = all[(n * 7919) % all.length]!
    try {
      const { body, status, text } = await from[n % from.length]!.call(
        'GET',
        `/api/v1/connections/${id}/token`,
      )
      if (body?.data?.access_token !== token) failures.push(`${status} ${text}`)
    } catch (error) {
      failures.push(String(error))
    }
    reads += 1
  }
  const clock = (async () => {
    for (let n = 0; !stopping || n < leastReads; n++) {
      const one: Promise<void> = read(n).finally(() => running.delete(one))
      running.add(one)
      await pause(1000 / perSecond)
      // A machine that is busy with others is given no more than it answers.
      while (running.size >= perSecond) await Promise.race(running)
    }
    await Promise.all(running)
  })()
  return async () => {
    stopping = true
    await clock
    return { reads, failures }
  }
}

const expectNoFailure = ({ reads, failures }: { reads: number; failures: string[] }) => {
  expect(failures.slice(0, 3)).toEqual([])
  expect(reads).toBeGreaterThanOrEqual(leastReads)
}

async function expectAll(server: ServerProcess, all: [string, string][]) {
  for (let from = 0; from < all.length; from += 50)
    await Promise.all(
      all.slice(from, from + 50).map(async ([id, token]) => {
        const { body } = await server.call('GET', `/api/v1/connections/${id}/token`)
        expect(body?.data?.access_token).toBe(token)
      }),
    )
}

async function expectSealed(server: ServerProcess) {
  await expect
    .poll(async () => (await operator(server, 'GET', '/vault')).values, { timeout: 90_000, interval: 500 })
    .toEqual({ left: 0, refused: 0, workspaces_to_look_at: 0 })
}

/** Everything is under new data keys, and those are wrapped by one root key. */
async function expectRotated(server: ServerProcess) {
  await expectSealed(server)
  await expect
    .poll(async () => (await operator(server, 'GET', '/vault')).root_keys.filter(wraps))
    .toMatchObject([{ to_wrap_all: true }])
}

const wraps = ({ data_keys }: { data_keys: number }) => data_keys > 0

describe('a process', () => {
  beforeEach(async () => {
    database = await createTestDatabase('sqlite', 'migrated')
  })

  test('that is killed while its keys rotate goes on under a new root key, and no read fails', {
    timeout,
  }, async () => {
    const former = newKey()
    const first = await start(0, former)
    const all = await fill(first)
    await operator(first, 'POST', '/vault/rotations', { of: 'all' })
    await expect
      .poll(async () => (await operator(first, 'GET', '/vault')).values.left, { interval: 2 })
      .toBeGreaterThan(0)
    await first.end('SIGKILL')

    const second = await start(0, newKey(), former)
    expect((await operator(second, 'GET', '/vault')).values.left).toBeGreaterThan(0)
    const stop = startReaders([second], all)
    await expectRotated(second)
    expectNoFailure(await stop())
    await expectAll(second, all)
  })
})

describe('two processes on one PostgreSQL', () => {
  beforeEach(async () => {
    database = await createTestDatabase('postgres', 'migrated')
  })

  test('of which one has the new root key already: both serve while all keys rotate, and no read fails', {
    timeout,
  }, async () => {
    const [former, next] = [newKey(), newKey()]
    const old = await start(0, former, next)
    const all = await fill(old)
    const serving = [old]
    const stop = startReaders(serving, all)
    const rolled = await start(1, next, former)
    serving.push(rolled)
    await operator(old, 'POST', '/vault/rotations', { of: 'all' })
    await expectRotated(rolled)
    expectNoFailure(await stop())
    await expectAll(rolled, all)
    if (!long) return
    // Half the time the one that is killed is at it; the other goes on as soon as its claim has run out.
    const stopOld = startReaders([old], all)
    await operator(old, 'POST', '/vault/rotations', { of: 'all' })
    await expect
      .poll(async () => (await operator(old, 'GET', '/vault')).values.left, { interval: 2 })
      .toBeGreaterThan(0)
    await rolled.end('SIGKILL')
    await expectSealed(old)
    expectNoFailure(await stopOld())
    await expectAll(old, all)
  })
})
