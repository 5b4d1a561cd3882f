import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../../packages/sandbox/src/start.ts'
import { createTestDatabase, type TestDatabase } from '../support/databases.ts'
import {
  addPlainIntegration,
  importTokens,
  mintTokens,
  readToken,
  refreshCalls,
} from '../support/importing.ts'
import { type ServerProcess, startServerProcess } from '../support/server-process.ts'

const long = process.env.GRANTRY_LONG === '1'

describe('processes on one PostgreSQL', () => {
  let sandbox: Sandbox
  let database: TestDatabase
  let folder: string
  let servers: ServerProcess[] = []
  const settings = {
    GRANTRY_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    GRANTRY_BOOTSTRAP_API_KEY: `test_key_${randomBytes(18).toString('base64url')}`,
  }

  const start = (index: number) =>
    startServerProcess({
      ...settings,
      GRANTRY_DATABASE_URL: database.url,
      GRANTRY_DATA_DIR: join(folder, String(index)),
      GRANTRY_EGRESS_ALLOW: new URL(sandbox.url).host,
    })

  beforeAll(async () => {
    sandbox = await startSandbox()
    database = await createTestDatabase('postgres')
    folder = await mkdtemp(join(tmpdir(), 'grantry-processes-'))
  })
  afterAll(async () => {
    for (const server of servers) await server.end('SIGKILL')
    await sandbox?.close()
    await database?.drop()
    if (folder) await rm(folder, { recursive: true, force: true })
  })

  test('4 start at once on an empty database: all are ready, and there is one workspace', async () => {
    const started = await Promise.allSettled([0, 1, 2, 3].map(start))
    servers = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
    expect(started.flatMap((one) => (one.status === 'rejected' ? [String(one.reason)] : []))).toEqual([])
    for (const server of servers) {
      expect((await server.call('GET', '/readyz', undefined, { key: null })).status).toBe(200)
      const { body } = await server.call('GET', '/api/v1/workspace')
      expect(body.data.name).toBe('default')
    }
    expect(await count(database.url, 'workspaces')).toBe(1)
    expect(await count(database.url, 'api_key_secrets')).toBe(1)
    for (const server of servers.splice(2)) expect(await server.end()).toEqual({ code: 0, signal: null })
  })

  test('2 with one expired rotating token: 100 reads at once make one refresh, and all get the living token', async () => {
    const [first, second] = servers as [ServerProcess, ServerProcess]
    const reach = { call: first.call, sandbox }
    const { id: integration } = await addPlainIntegration(reach)
    const rounds = long ? 200 : 8
    for (let round = 1; round <= rounds; round++) {
      const { id } = await importTokens(reach, integration, await mintTokens(reach), { expiresIn: -60 })
      const before = refreshCalls(reach).length
      const answers = await Promise.all(
        Array.from({ length: 100 }, (_, reader) =>
          readToken({ call: (reader % 2 ? first : second).call, sandbox }, id),
        ),
      )
      const tokens = new Set(
        answers.map(({ status, body, text }) => body?.data?.access_token ?? `${status} ${text}`),
      )
      expect([...tokens], `round ${round}`).toHaveLength(1)
      expect(sandbox.control.token([...tokens][0]), `round ${round}`).toMatchObject({ live: true })
      expect(refreshCalls(reach).length - before, `round ${round}`).toBe(1)
    }
    expect(sandbox.control.stats()).toMatchObject({
      families_killed: 0,
      reuses: 0,
      peak_concurrent_refreshes: 1,
    })
    // Every read is in the audit log, whichever process answered it.
    expect(await count(database.url, 'events', "where type = 'token.read'")).toBe(rounds * 100)
  })

  test('the holder of the lease is killed while the provider is being asked: the other process goes on', async () => {
    const [first, second] = servers as [ServerProcess, ServerProcess]
    const reach = { call: second.call, sandbox }
    const { id: integration } = await addPlainIntegration(reach)
    // Not due by itself: the background of the other process would be the holder as well as this one.
    const { id } = await importTokens(reach, integration, await mintTokens(reach), { expiresIn: 3600 })
    const refresh = ({ call }: ServerProcess) => call('POST', `/api/v1/connections/${id}/refresh`)
    sandbox.control.fault({ fault: 'hold', endpoint: 'token' })
    const lost = refresh(first).catch(() => 'cut')
    await expect.poll(() => sandbox.control.held(), { timeout: 10_000 }).toBe(1)
    await first.end('SIGKILL')
    expect(await lost).toBe('cut')
    // The provider never did the work of the dead caller: the refresh token is still good.
    await expect
      .poll(async () => (await refresh(second)).status, { timeout: 60_000, interval: 250 })
      .toBe(200)
    const answer = await readToken(reach, id)
    expect(sandbox.control.token(answer.body.data.access_token)).toMatchObject({ live: true })
    servers = [second]
  }, 90_000)
})

async function count(url: string, table: string, where = ''): Promise<number> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query(`select count(*)::int as count from ${table} ${where}`)
  await client.end()
  return rows[0].count
}
