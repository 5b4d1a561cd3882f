import { execFile } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { chmod, mkdtemp, readFile, rm, stat, unlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Secret } from '../../packages/oauth/src/index.ts'
import { openDatabase } from '../../packages/server/src/db/connect.ts'
import { migrate } from '../../packages/server/src/db/migrate.ts'
import { migrations } from '../../packages/server/src/db/migrations/index.ts'
import { tieRootKey } from '../../packages/server/src/vault/key-check.ts'
import { localRootKey } from '../../packages/server/src/vault/root-key.ts'
import { createTestDatabase } from '../support/databases.ts'
import { freePort } from '../support/free-port.ts'
import { findSecrets, type Secrets } from './find-secrets.ts'
import { readFolder } from './read-database.ts'
import { main, type Run, runMain } from './run-main.ts'

const key = () => randomBytes(32).toString('base64')

let folder: string
let running: Run[]

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'grantry-process-'))
  running = []
})
afterEach(async () => {
  for (const run of running) await run.end()
  await rm(folder, { recursive: true, force: true })
})

async function start(env: Record<string, string> = {}, program?: string): Promise<Run & { url: string }> {
  const port = await freePort()
  const settings = { GRANTRY_DATA_DIR: folder, GRANTRY_PORT: String(port), GRANTRY_LOG_LEVEL: 'debug' }
  const run = runMain({ ...settings, ...env }, program)
  running.push(run)
  return { ...run, url: `http://127.0.0.1:${port}` }
}

/** Every file's name, bytes and permissions. */
async function snapshot(): Promise<Record<string, string>> {
  const files = await readFolder(folder)
  const entries = [...files].map(async ([name, bytes]): Promise<[string, string]> => {
    const { mode } = await stat(join(folder, name))
    return [name, `${mode.toString(8)} ${createHash('sha256').update(bytes).digest('hex')}`]
  })
  return Object.fromEntries(await Promise.all(entries))
}

async function made(env: Record<string, string>): Promise<Record<string, string>> {
  const run = await start(env)
  await run.says(/API key/)
  await run.end()
  return snapshot()
}

describe('a root key that is not the one', () => {
  test('ends at once with a word of what to do, and no byte of the data is another', {
    timeout: 120_000,
  }, async () => {
    const before = await made({ GRANTRY_ENCRYPTION_KEY: key() })
    const cases: [Record<string, string>, RegExp][] = [
      [{ GRANTRY_ENCRYPTION_KEY: key() }, /sealed with another root key/],
      [{}, /root\.key is gone/],
      [{ GRANTRY_ENCRYPTION_KEY: randomBytes(31).toString('base64') }, /31 bytes/],
      [{ GRANTRY_ENCRYPTION_KEY: randomBytes(33).toString('base64') }, /33 bytes/],
      [{ GRANTRY_ENCRYPTION_KEY: 'canary!'.repeat(8) }, /not base64/],
      [{ GRANTRY_ENCRYPTION_KEY: Buffer.alloc(32, 7).toString('base64') }, /not random/],
      [{ GRANTRY_ENCRYPTION_KEY_FILE: join(folder, 'no.key') }, /does not exist/],
    ]
    for (const [env, words] of cases) {
      const run = await start(env)
      expect(await run.ended).toBe(1)
      expect(run.said()).toMatch(words)
      expect(run.said()).not.toMatch(/^\s+at /m)
      if (env.GRANTRY_ENCRYPTION_KEY) expect(run.said()).not.toContain(env.GRANTRY_ENCRYPTION_KEY)
      expect(await snapshot()).toEqual(before)
    }
  })

  test('a key file that is gone, cut short or readable by others is refused; as it was, it opens again', {
    timeout: 120_000,
  }, async () => {
    const before = await made({})
    const path = join(folder, 'root.key')
    const text = await readFile(path, 'utf8')
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    const refused = async (words: RegExp) => {
      const run = await start()
      expect(await run.ended).toBe(1)
      expect(run.said()).toMatch(words)
      expect(run.said()).not.toContain(text.trim())
    }
    await unlink(path)
    await refused(/root\.key is gone/)
    await writeFile(path, text.slice(0, 20), { mode: 0o600 })
    await refused(/root\.key holds 15 bytes/)
    await writeFile(path, text)
    await chmod(path, 0o644)
    await refused(/chmod 600/)
    await chmod(path, 0o600)
    expect(await snapshot()).toEqual(before)
    await (await start()).says(/API key/)
  })

  test.each(['sqlite', 'postgres'] as const)(
    'of an older version (%s): not even the schema is another; with its key it is brought up to date',
    {
      timeout: 120_000,
    },
    async (dialect) => {
      const database = await createTestDatabase(dialect)
      const right = key()
      const open = () => openDatabase<{ migrations: { name: string } }>(database.url)
      const applied = async () => {
        await using db = await open()
        const rows = await db.selectFrom('migrations').select('name').orderBy('name').execute()
        return rows.map(({ name }) => name)
      }
      try {
        const older = migrations.slice(0, -1)
        const db = await openDatabase(database.url)
        await migrate(db, older, Date.now)
        await tieRootKey(db, localRootKey(new Secret(right), 'KEY', randomBytes), Date.now)
        await db.destroy()
        const before = await applied()
        expect(before).toHaveLength(older.length)
        const run = await start({ GRANTRY_DATABASE_URL: database.url, GRANTRY_ENCRYPTION_KEY: key() })
        expect(await run.ended).toBe(1)
        expect(run.said()).toMatch(/sealed with another root key/)
        expect(await applied()).toEqual(before)
        const again = await start({ GRANTRY_DATABASE_URL: database.url, GRANTRY_ENCRYPTION_KEY: right })
        await again.says(/API key/)
        await again.end()
        expect(await applied()).toHaveLength(migrations.length)
      } finally {
        await database.drop()
      }
    },
  )

  test('with PostgreSQL: refused without a key and with another, and no row is another', {
    timeout: 120_000,
  }, async () => {
    const database = await createTestDatabase('postgres')
    try {
      const rows = async () => {
        const client = new pg.Client({ connectionString: database.url })
        await client.connect()
        const { rows: tables } = await client.query(
          `select tablename from pg_tables where schemaname = 'public' order by 1`,
        )
        const all = []
        for (const { tablename } of tables)
          all.push(tablename, (await client.query(`select * from "${tablename}"`)).rows)
        await client.end()
        return JSON.stringify(all)
      }
      const right = { GRANTRY_DATABASE_URL: database.url, GRANTRY_ENCRYPTION_KEY: key() }
      const first = await start(right)
      await first.says(/API key/)
      await first.end()
      const before = await rows()
      for (const [env, words] of [
        [{ GRANTRY_DATABASE_URL: database.url, GRANTRY_ENCRYPTION_KEY: key() }, /another root key/],
        [{ GRANTRY_DATABASE_URL: database.url }, /GRANTRY_ENCRYPTION_KEY must be set with PostgreSQL/],
      ] as const) {
        const run = await start(env)
        expect(await run.ended).toBe(1)
        expect(run.said()).toMatch(words)
        expect(run.said()).not.toContain(new URL(database.url).password)
        expect(await rows()).toBe(before)
      }
    } finally {
      await database.drop()
    }
  })
})

test('every fault of the configuration is told at once, none with a secret', async () => {
  const run = await start({
    GRANTRY_PUBLIC_URL: 'http://grantry.example.com',
    GRANTRY_DATABASE_URL: 'postgres://grantry:canary-password@db.example.com/grantry',
    GRANTRY_OPERATOR_KEY: 'canary short',
    GRANTRY_BOOTSTRAP_API_KEY: 'canary-short',
    GRANTRY_SANDBOX: '1',
    GRANTRY_ENCRYPTON_KEY: 'canary-typo',
  })
  expect(await run.ended).toBe(1)
  for (const words of [
    /GRANTRY_PUBLIC_URL must be https/,
    /GRANTRY_ENCRYPTION_KEY must be set with PostgreSQL/,
    /GRANTRY_OPERATOR_KEY must be at least/,
    /GRANTRY_BOOTSTRAP_API_KEY must be at least/,
    /GRANTRY_SANDBOX is for a machine of your own/,
    /GRANTRY_ENCRYPTON_KEY .*did you mean GRANTRY_ENCRYPTION_KEY\?/,
  ])
    expect(run.said()).toMatch(words)
  expect(run.said()).not.toContain('canary')
  expect(await snapshot()).toEqual({})
})

test.each([
  ['unreachable', (port: number) => `postgres://grantry:canary-password@127.0.0.1:${port}/grantry`],
  ['malformed', () => 'postgres://grantry:canary-password@[127.0.0.1/grantry'],
  ['with a bad port', () => 'postgres://grantry:canary-password@127.0.0.1:99999/grantry'],
])('a database that is %s ends the start without its password', async (_, url) => {
  const run = await start({ GRANTRY_DATABASE_URL: url(await freePort()), GRANTRY_ENCRYPTION_KEY: key() })
  expect(await run.ended).toBe(1)
  expect(run.said()).not.toContain('canary')
})

test('what a running process prints, logs at debug and shows in the process list holds no secret', async () => {
  const secrets: Secrets = new Map()
  const secret = (name: string, value = `canary-${randomBytes(18).toString('base64url')}`) => {
    secrets.set(name, Buffer.from(value))
    return value
  }
  const apiKey = secret('API key')
  const settings = {
    GRANTRY_SANDBOX: '1',
    GRANTRY_BOOTSTRAP_API_KEY: apiKey,
    GRANTRY_OPERATOR_KEY: secret('operator key'),
    GRANTRY_ENCRYPTION_KEY: secret('encryption key', key()),
  }
  const run = await start(settings, main)
  await run.says(/Connect a sandbox Gmail account.*\n.*\/connect\/gst_/)
  const call = async (method: string, path: string, body?: unknown) => {
    const answer = await fetch(`${run.url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${apiKey}`, ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    // biome-ignore lint/suspicious/noExplicitAny: answers are judged by expectations
    return (await answer.json()) as any
  }
  const { data } = await call('GET', '/integrations')
  const integration = data.find(({ provider }: { provider: string }) => provider === 'gmail').id
  const tokens = { access_token: secret('access token'), refresh_token: secret('refresh token') }
  const connection = await call('POST', '/connections', { integration, tokens })
  expect((await call('GET', `/connections/${connection.data.id}/token`)).data.access_token).toBe(
    tokens.access_token,
  )
  expect((await call('POST', `/connections/${connection.data.id}/refresh`)).data.status).toBe('needs_reauth')
  await call('POST', '/integrations', {
    label: 'x',
    provider: 'gmail',
    client_id: 'x',
    client_secret: secret('client secret'),
  })
  const made = await call('POST', '/api-keys', { name: 'x', scopes: ['admin'] })
  secret('made key', made.data.secret)
  const { stdout } = await promisify(execFile)('ps', ['-o', 'args=', '-p', String(run.pid)])
  expect(stdout).toContain('main.ts')
  await run.end()
  expect(run.said()).toContain('"route":"/api/v1/connections/:id/token"')
  expect(findSecrets(secrets, Buffer.from(`${stdout}${run.said()}`))).toEqual([])
  for (const [name, bytes] of await readFolder(folder)) expect(findSecrets(secrets, bytes), name).toEqual([])
})

test('a generated first key goes into a file of its owner only, not into the output that a service keeps', async () => {
  const run = await start()
  await run.says(/API key/)
  const path = join(folder, 'first-api-key')
  const generated = (await readFile(path, 'utf8')).trim()
  expect((await stat(path)).mode & 0o777).toBe(0o600)
  const answer = await fetch(`${run.url}/api/v1/account`, {
    headers: { authorization: `Bearer ${generated}` },
  })
  expect(answer.status).toBe(200)
  await run.end()
  expect(run.said()).not.toContain(generated)
})
