import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { decodeId, type IdKind } from '../../packages/api/src/index.ts'
import { type Sandbox, startSandbox } from '../../packages/sandbox/src/start.ts'
import { createTestDatabase, type TestDatabase } from '../support/databases.ts'
import { addPlainIntegration, importTokens, mintTokens, readToken } from '../support/importing.ts'
import { type ServerProcess, startServerProcess } from '../support/server-process.ts'
import { seededRandom } from './seeded-random.ts'

const long = process.env.GRANTRY_LONG === '1'
const seed = Number(process.env.KILL_LOOP_SEED ?? 20)

/** What the server acknowledged, and so must never be without again. */
type Ledger = {
  rows: Record<'apps' | 'api_keys' | 'integrations' | 'connections', string[]>
  keys: string[]
  /** Connection → how many reads of its token were answered. */
  reads: Map<string, number>
  workspaceName: number
  writes: number
}

describe.each([
  ['sqlite', long ? 470 : 17],
  ['postgres', long ? 30 : 3],
] as const)('killed at any moment, on %s', (dialect, kills) => {
  let sandbox: Sandbox
  let database: TestDatabase
  let folder: string
  let server: ServerProcess | null = null
  const random = seededRandom(seed)
  const key = `test_key_${randomBytes(18).toString('base64url')}`
  const encryptionKey = randomBytes(32).toString('base64')
  const settings = () => ({
    GRANTRY_ENCRYPTION_KEY: encryptionKey,
    GRANTRY_BOOTSTRAP_API_KEY: key,
    GRANTRY_DATABASE_URL: database.url,
    GRANTRY_DATA_DIR: folder,
    GRANTRY_EGRESS_ALLOW: new URL(sandbox.url).host,
  })

  beforeAll(async () => {
    sandbox = await startSandbox()
    // A pair that is lost with the process can be asked for again.
    sandbox.control.settings('plain', { leeway: 86_400 })
    database = await createTestDatabase(dialect)
    folder = await mkdtemp(join(tmpdir(), 'grantry-killed-'))
  })
  afterAll(async () => {
    await server?.end('SIGKILL')
    await sandbox?.close()
    await database?.drop()
    if (folder) await rm(folder, { recursive: true, force: true })
  })

  test(
    `${kills} times: what was acknowledged is there, and the next start needs no help`,
    async () => {
      const ledger: Ledger = {
        rows: { apps: [], api_keys: [], integrations: [], connections: [] },
        keys: [],
        reads: new Map(),
        workspaceName: 0,
        writes: 0,
      }
      server = await startServerProcess(settings())
      const { id: integration } = await addPlainIntegration({ call: server.call, sandbox })
      const rotating: string[] = []
      for (let n = 0; n < 4; n++) {
        const reach = { call: server.call, sandbox }
        rotating.push(
          (await importTokens(reach, integration, await mintTokens(reach), { expiresIn: 3600 })).id,
        )
      }
      let startsKilled = 0
      for (let kill = 1; kill <= kills; kill++) {
        const writers = [1, 2, 3, 4].map((writer) =>
          writeUntilCut(server!, {
            ledger,
            integration,
            rotating,
            random,
            sandbox,
            patches: writer === 1,
            dialect,
          }),
        )
        // Counted in what was acknowledged, not in time: a busy machine gets its work done too before the kill.
        const enough = ledger.writes + 1 + Math.floor(random() * 30)
        const ended = Promise.allSettled(writers).then(() => 'ended')
        while (ledger.writes < enough) if ((await Promise.race([ended, wait(5)])) === 'ended') break
        await wait(random() * 20)
        expect(await server.end('SIGKILL')).toEqual({ code: null, signal: 'SIGKILL' })
        await Promise.all(writers)

        // Now and then the start is killed too: migrating, recovering, making the first things.
        if (kill % (long ? 4 : 6) === 3) {
          startsKilled++
          await startServerProcess(settings(), (child) =>
            setTimeout(() => child.kill('SIGKILL'), random() * 600),
          ).then(
            (started) => started.end('SIGKILL'),
            () => {},
          )
        }
        server = await startServerProcess(settings())
        const stored = await readStored(database.url)
        expect(stored.integrity).toBe('ok')
        expect(missing(ledger, stored), `after kill ${kill}, seed ${seed}`).toEqual([])
        // A change and its event are one: neither is there without the other.
        for (const [table, type] of Object.entries(eventOfTable))
          expect([table, stored.events.get(type) ?? 0]).toEqual([
            table,
            stored.rows[table as keyof Ledger['rows']].size,
          ])
        const { body } = await server.call('GET', '/api/v1/workspace')
        expect(nameNumber(body.data.name)).toBeGreaterThanOrEqual(ledger.workspaceName)
        const newest = ledger.keys.at(-1)
        if (newest)
          expect((await server.call('GET', '/api/v1/workspace', undefined, { key: newest })).status).toBe(200)
        if (dialect === 'postgres') continue
        for (const id of rotating) {
          const refreshed = await server.call('POST', `/api/v1/connections/${id}/refresh`)
          expect(refreshed.status, `after kill ${kill}, seed ${seed}: ${refreshed.text}`).toBe(200)
          const { body: read } = await readToken({ call: server.call, sandbox }, id)
          expect(sandbox.control.token(read.data.access_token)).toMatchObject({ live: true })
        }
      }
      console.log(
        `${dialect}: ${kills} kills while writing, ${startsKilled} while starting, ${ledger.writes} acknowledged writes, all there (seed ${seed})`,
      )
      expect(ledger.writes).toBeGreaterThan(0)
    },
    90_000 + kills * 8000,
  )
})

type Work = {
  ledger: Ledger
  integration: string
  rotating: string[]
  random: () => number
  sandbox: Sandbox
  /** One writer only changes the workspace's name, so that the names it acknowledged have an order. */
  patches: boolean
  dialect: 'sqlite' | 'postgres'
}

/** Writes one thing after the other until the connection is cut; only what was answered goes into the ledger. */
async function writeUntilCut(server: ServerProcess, work: Work): Promise<void> {
  const { ledger, integration, rotating, random, sandbox } = work
  const acknowledged = async (method: string, path: string, body?: unknown) => {
    const answer = await server.call(method, path, body)
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`)
    ledger.writes++
    return answer.body.data
  }
  const writes = [
    async () => {
      const { id } = await acknowledged('POST', '/api/v1/apps', { name: `app ${random()}` })
      ledger.rows.apps.push(uuid('app', id))
    },
    async () => {
      const made = await acknowledged('POST', '/api/v1/api-keys', { name: 'k', scopes: ['connections:read'] })
      ledger.rows.api_keys.push(uuid('key', made.id))
      ledger.keys.push(made.secret ?? made.api_key ?? made.key)
    },
    async () => {
      const { id } = await addPlainIntegration({ call: server.call, sandbox })
      ledger.writes++
      ledger.rows.integrations.push(uuid('int', id))
    },
    async () => {
      const tokens = { access_token: `at-${random()}` }
      const { id } = await acknowledged('POST', '/api/v1/connections', { integration, tokens })
      ledger.rows.connections.push(uuid('con', id))
    },
    async () => {
      const id = pick(random, rotating)
      await acknowledged('GET', `/api/v1/connections/${id}/token`)
      ledger.reads.set(uuid('con', id), (ledger.reads.get(uuid('con', id)) ?? 0) + 1)
    },
    async () => {
      if (work.dialect === 'postgres') return
      await acknowledged('POST', `/api/v1/connections/${pick(random, rotating)}/refresh`)
    },
  ]
  let name = ledger.workspaceName
  const patch = async () => {
    name++
    await acknowledged('PATCH', '/api/v1/workspace', { name: `name ${name}` })
    ledger.workspaceName = name
  }
  try {
    for (;;) await (work.patches ? patch() : pick(random, writes)())
  } catch (error) {
    // The kill; anything else is a finding.
    if (!isCut(error)) throw error
  }
}

const isCut = (error: unknown) =>
  error instanceof TypeError && (error.message === 'fetch failed' || error.message === 'terminated')

const eventOfTable = {
  apps: 'app.created',
  integrations: 'integration.created',
  connections: 'connection.imported',
} as const

type Stored = {
  integrity: string
  rows: Record<keyof Ledger['rows'], Set<string>>
  events: Map<string, number>
  reads: Map<string, number>
}

/** Looks into the database beside the running server. */
async function readStored(url: string): Promise<Stored> {
  const query = await openBeside(url)
  const ids = async (table: string) =>
    new Set((await query.all(`select id from ${table}`)).map((row) => String(row.id)))
  const counted = async (sql: string) =>
    new Map((await query.all(sql)).map((row) => [String(row.name), Number(row.count)]))
  const stored = {
    integrity: query.integrity,
    rows: {
      apps: await ids('apps'),
      api_keys: await ids('api_keys'),
      integrations: await ids('integrations'),
      connections: await ids('connections'),
    },
    events: await counted('select type as name, count(*) as count from events group by type'),
    reads: await counted(
      "select connection_id as name, count(*) as count from events where type = 'token.read' group by connection_id",
    ),
  }
  await query.close()
  return stored
}

type Row = Record<string, unknown>

async function openBeside(url: string) {
  if (url.startsWith('sqlite:')) {
    const db = new DatabaseSync(url.slice('sqlite:'.length), { readOnly: true })
    const { integrity_check } = db.prepare('pragma integrity_check').get() as { integrity_check: string }
    return {
      integrity: integrity_check,
      all: async (sql: string) => db.prepare(sql).all() as Row[],
      close: async () => db.close(),
    }
  }
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  return {
    integrity: 'ok',
    all: async (sql: string) => (await client.query(sql)).rows as Row[],
    close: () => client.end(),
  }
}

function missing(ledger: Ledger, stored: Stored): string[] {
  const rows = Object.entries(ledger.rows).flatMap(([table, ids]) =>
    ids.filter((id) => !stored.rows[table as keyof Ledger['rows']].has(id)).map((id) => `${table} ${id}`),
  )
  const reads = [...ledger.reads].filter(([id, count]) => (stored.reads.get(id) ?? 0) < count)
  return [...rows, ...reads.map(([id, count]) => `an event of ${count} reads of ${id}`)]
}

function uuid(kind: IdKind, id: string): string {
  const found = decodeId(kind, id)
  if (!found) throw new Error(`not an id: ${id}`)
  return found
}

const nameNumber = (name: string) => (name === 'default' ? 0 : Number(name.slice('name '.length)))

const pick = <T>(random: () => number, list: readonly T[]): T => list[Math.floor(random() * list.length)]!
