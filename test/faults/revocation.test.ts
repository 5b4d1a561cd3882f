import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../../packages/sandbox/src/start.ts'
import { hashCredential } from '../../packages/server/src/vault/credential.ts'
import { type DatabaseProxy, startDatabaseProxy } from '../support/database-proxy.ts'
import { createTestDatabase, type TestDatabase } from '../support/databases.ts'
import { addPlainIntegration, importTokens, type Reach } from '../support/importing.ts'
import { type ServerProcess, startServerProcess } from '../support/server-process.ts'

/** What Grantry promises: a request that is sent later than this after the answer to a revocation is refused everywhere. */
const PROMISED_MS = 1000

describe('4 processes on one PostgreSQL', () => {
  let sandbox: Sandbox
  let database: TestDatabase
  let folder: string
  /** Between the last process and what it listens to. */
  let proxy: DatabaseProxy
  let servers: ServerProcess[] = []
  let integration: string
  const operator = `test_operator_${randomBytes(18).toString('base64url')}`

  beforeAll(async () => {
    sandbox = await startSandbox()
    database = await createTestDatabase('postgres')
    folder = await mkdtemp(join(tmpdir(), 'grantry-revocation-'))
    proxy = await startDatabaseProxy(database.url)
    const settings = {
      GRANTRY_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
      GRANTRY_BOOTSTRAP_API_KEY: `test_key_${randomBytes(18).toString('base64url')}`,
      GRANTRY_OPERATOR_KEY: operator,
      GRANTRY_DATABASE_URL: database.url,
      GRANTRY_EGRESS_ALLOW: new URL(sandbox.url).host,
      GRANTRY_LOG_LEVEL: 'info',
    }
    for (const index of [0, 1, 2, 3])
      servers.push(
        await startServerProcess({
          ...settings,
          GRANTRY_DATA_DIR: join(folder, String(index)),
          GRANTRY_LISTEN_URL: index === 3 ? proxy.url : database.url,
        }),
      )
    integration = (await addPlainIntegration(reach())).id
  })
  afterAll(async () => {
    for (const server of servers) await server.end('SIGKILL')
    await proxy?.close()
    await sandbox?.close()
    await database?.drop()
    if (folder) await rm(folder, { recursive: true, force: true })
    servers = []
  })

  const first = () => servers[0]!
  const reach = (): Reach => ({ call: first().call, sandbox })
  const importOne = (n: string) =>
    importTokens(reach(), integration, { access_token: `at-${n}` }, { end_user: { id: n } })

  type Ask = (server: ServerProcess) => Promise<{ status: number; text: string }>

  /** Every process answers 200 and keeps what it needed for that; then `revoke`, and soon none does. */
  async function refusedEverywhere(ask: Ask, revoke: () => Promise<{ status: number; text: string }>) {
    for (const server of servers)
      for (let again = 0; again < 4; again++) {
        const { status, text } = await ask(server)
        expect(status, text).toBe(200)
      }
    const done = await revoke()
    expect(done.status, done.text).toBeLessThan(300)
    const answered = performance.now()
    await Promise.all(
      servers.map(async (server, index) => {
        for (;;) {
          const after = performance.now() - answered
          const { status, text } = await ask(server)
          if (status !== 200) return expect([401, 404, 409], text).toContain(status)
          expect(after, `process ${index} accepted it`).toBeLessThan(PROMISED_MS)
        }
      }),
    )
  }

  async function makeKey(scopes = ['connections:read', 'tokens:read']) {
    const { body } = await first().call('POST', '/api/v1/api-keys', { name: 'k', scopes })
    return body.data as { id: string; secret: string }
  }
  const asking =
    (path: string, key?: string): Ask =>
    (server) =>
      server.call('GET', `/api/v1${path}`, undefined, key ? { key } : {})

  test('a deleted API key', async () => {
    const { id, secret } = await makeKey()
    await refusedEverywhere(asking('/account', secret), () =>
      first().call('DELETE', `/api/v1/api-keys/${id}`),
    )
  })

  test('the secret of a rotated API key', async () => {
    const { id, secret } = await makeKey()
    await refusedEverywhere(asking('/account', secret), () =>
      first().call('POST', `/api/v1/api-keys/${id}/rotate`, { overlap_seconds: 0 }),
    )
  })

  test('the token of an end user, with the key that it was minted by', async () => {
    await importOne('u7')
    const { id, secret } = await makeKey(['connections:read', 'connections:write'])
    const minted = await first().call(
      'POST',
      '/api/v1/end-user-tokens',
      { end_user: { id: 'u7' }, scopes: ['connections:read'] },
      { key: secret },
    )
    expect(minted.status, minted.text).toBe(201)
    await refusedEverywhere(asking('/connections', minted.body.data.token), () =>
      first().call('DELETE', `/api/v1/api-keys/${id}`),
    )
  })

  test('a deleted connection', async () => {
    const { id } = await importOne('u8')
    await refusedEverywhere(asking(`/connections/${id}/token`), () =>
      first().call('DELETE', `/api/v1/connections/${id}`),
    )
  })

  test('a workspace that has ended, with all its keys', async () => {
    const made = await first().call('POST', '/api/v1/workspaces', { name: 'w' }, { key: operator })
    expect(made.status, made.text).toBe(201)
    const { id, api_key } = made.body.data
    await refusedEverywhere(asking('/account', api_key), () =>
      first().call('DELETE', `/api/v1/workspaces/${id}`, undefined, { key: operator }),
    )
  })

  test('a key that is revoked while one process is cut off, and while its connection has gone silent', async () => {
    for (const fault of ['refuse', 'silence'] as const) {
      const { id, secret } = await makeKey()
      await refusedEverywhere(asking('/account', secret), () => {
        proxy.set(fault)
        return first().call('DELETE', `/api/v1/api-keys/${id}`)
      })
      proxy.set('pass')
      await keepsAgain(servers[3]!)
    }
  })

  test('a key that is revoked while the server ends every connection that is listened on', async () => {
    const { id, secret } = await makeKey()
    await refusedEverywhere(asking('/account', secret), async () => {
      const [revoked] = await Promise.all([
        first().call('DELETE', `/api/v1/api-keys/${id}`),
        query(
          "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'grantry changes' and datname = current_database()",
        ),
      ])
      return revoked
    })
    for (const server of servers) await keepsAgain(server)
  })

  /** What somebody changes past Grantry is not noticed: so the process uses what it keeps. */
  async function keepsAgain(server: ServerProcess): Promise<void> {
    await expect
      .poll(
        async () => {
          const { secret } = await makeKey()
          const ask = asking('/account', secret)
          for (let again = 0; again < 4; again++) expect((await ask(server)).status).toBe(200)
          await query('delete from api_key_secrets where hash = $1', [hashCredential(secret)])
          return (await ask(server)).status
        },
        { timeout: 30_000 },
      )
      .toBe(200)
  }

  async function query(text: string, values: unknown[] = []): Promise<void> {
    const client = new pg.Client({ connectionString: database.url })
    await client.connect()
    await client.query(text, values)
    await client.end()
  }
})
