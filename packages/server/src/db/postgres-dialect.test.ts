import { once } from 'node:events'
import { type AddressInfo, createServer, connect as dial, type Server, type Socket } from 'node:net'
import { type Kysely, sql } from 'kysely'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../../test/support/databases.ts'
import { type DatabaseOptions, openDatabase } from './connect.ts'
import { transaction } from './transaction.ts'

let database: TestDatabase
const opened: Kysely<object>[] = []

async function open(url = database.url, options: DatabaseOptions = {}): Promise<Kysely<object>> {
  const db = await openDatabase<object>(url, options)
  opened.push(db)
  return db
}

async function one<Row>(db: Kysely<object>, query: string): Promise<Row> {
  return (await sql.raw<Row>(query).execute(db)).rows[0]!
}

/** Ends the server's end of every other connection to the test's database, as a restart or a failover would. */
const cutOthers = () => {
  const client = new pg.Client({ connectionString: database.url })
  return client
    .connect()
    .then(() =>
      client.query(
        'select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
      ),
    )
    .finally(() => client.end())
}

beforeAll(async () => {
  database = await createTestDatabase('postgres')
})
afterEach(async () => {
  for (const db of opened.splice(0)) await db.destroy()
})
afterAll(() => database?.drop())

test('every connection has its settings from the start', async () => {
  const db = await open()
  const names = [
    'synchronous_commit',
    'statement_timeout',
    'idle_in_transaction_session_timeout',
    'application_name',
  ]
  const settings = await Promise.all(names.map((name) => one<Record<string, string>>(db, `show ${name}`)))
  expect(settings.map((setting) => Object.values(setting)[0])).toEqual(['on', '30s', '1min', 'grantry'])
})

test('uses as many connections as it was told', async () => {
  const db = await open(database.url, { poolSize: 3 })
  await Promise.all(Array.from({ length: 12 }, () => one(db, 'select pg_sleep(0.02)')))
  const { n } = await one<{ n: number }>(
    db,
    "select count(*) as n from pg_stat_activity where datname = current_database() and application_name = 'grantry'",
  )
  expect(n).toBe(3)
})

test('lives on when idle connections are cut, and says so', async () => {
  const { promise: warned, resolve } = Promise.withResolvers<string>()
  const db = await open(database.url, { onWarning: resolve })
  await cutOthers()
  expect(await warned).toMatch(/connection was lost/)
  expect(await one(db, 'select 1 as a')).toEqual({ a: 1 })
})

test('lives on when the connection of an open transaction is cut', async () => {
  const db = await open()
  const cut = transaction(db, async (tx) => {
    await one(tx, 'select 1 as a')
    await cutOthers()
    await one(tx, 'select 1 as a')
  })
  await expect(cut).rejects.toThrow(/connection/i)
  expect(await one(db, 'select 1 as a')).toEqual({ a: 1 })
})

test('a transaction whose statement failed does not commit', async () => {
  const db = await open()
  const swallowed = transaction(db, async (tx) => {
    await one(tx, 'create table swallowed (a int)')
    await one(tx, 'select 1/0').catch(() => {})
  })
  await expect(swallowed).rejects.toThrow()
  expect(await one(db, "select to_regclass('swallowed') as found")).toEqual({ found: null })
})

test('refuses a server that acknowledges before it has written', async () => {
  // Through a pooler the settings of the role and the database hold, and these may be anything.
  await using pooler = await strictPooler(database.url)
  await databaseDefault('synchronous_commit', 'off')
  await expect(open(pooler.url)).rejects.toMatchObject({
    name: 'DatabaseError',
    message: /synchronous_commit = off/,
  })
  await databaseDefault('synchronous_commit', null)
  await open(pooler.url)
})

test('starts behind a pooler that refuses start-up settings, and says what holds then', async () => {
  await using pooler = await strictPooler(database.url)
  const warnings: string[] = []
  const db = await open(pooler.url, { onWarning: (message) => warnings.push(message) })
  expect(warnings.join()).toMatch(/statement_timeout/)
  expect(await one(db, 'show statement_timeout')).toEqual({ statement_timeout: '0' })
})

test('an unreachable or refusing server fails the start, and the error holds no password', async () => {
  const url = new URL(database.url)
  url.password = 'canary-password'
  const refused = await open(url.href).catch((error: unknown) => error)
  expect(refused).toMatchObject({ code: '28P01' })
  expect(String(refused)).not.toContain('canary')
  url.port = '1'
  await expect(open(url.href)).rejects.toThrow()
})

async function databaseDefault(setting: string, value: string | null): Promise<void> {
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  const name = client.escapeIdentifier(new URL(database.url).pathname.slice(1))
  await client.query(`alter database ${name} ${value ? `set ${setting} = ${value}` : `reset ${setting}`}`)
  await client.end()
}

type Pooler = AsyncDisposable & { url: string }

/** Passes connections on, but refuses the start-up parameter that PgBouncer refuses, in PgBouncer's words. */
async function strictPooler(target: string): Promise<Pooler> {
  const { hostname, port } = new URL(target)
  const sockets = new Set<Socket>()
  const server: Server = createServer((client) => {
    sockets.add(client)
    client.on('error', () => {})
    client.once('data', (startup) => {
      if (startup.includes('\0options\0'))
        return client.end(errorResponse('unsupported startup parameter: options'))
      const upstream = dial(Number(port), hostname)
      sockets.add(upstream)
      upstream.on('error', () => client.destroy())
      upstream.write(startup)
      client.pipe(upstream).pipe(client)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = new URL(target)
  url.port = String((server.address() as AddressInfo).port)
  return {
    url: url.href,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

/** An ErrorResponse of PostgreSQL's protocol: fields of one letter and a text each. */
function errorResponse(message: string): Buffer {
  const fields = Buffer.from(`SFATAL\0C08P01\0M${message}\0\0`)
  const head = Buffer.from([0x45, 0, 0, 0, 0])
  head.writeUInt32BE(fields.length + 4, 1)
  return Buffer.concat([head, fields])
}
