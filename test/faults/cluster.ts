import type { ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { decodeId } from '../../packages/api/src/index.ts'
import { type Sandbox, startSandbox } from '../../packages/sandbox/src/start.ts'
import type { Failpoint } from '../../packages/server/src/connections/refresh/engine.ts'
import type { DialectName } from '../../packages/server/src/db/connect.ts'
import { createTestDatabase, type TestDatabase } from '../support/databases.ts'
import { addPlainIntegration, importTokens, type Minted, mintTokens } from '../support/importing.ts'
import { type ServerProcess, startServerProcess } from '../support/server-process.ts'
import type { Order, Reached } from './stoppable-server.ts'

/** A server process that can be stopped between two steps of a refresh. */
export type Server = ServerProcess & {
  dataDir: string
  /** Makes the next refresh that comes to the point die or wait there; resolves when it has. */
  arm(point: Failpoint, act: 'kill' | 'wait'): { reached: Promise<void> }
  /** Lets go on what waits there. */
  go(point: Failpoint): void
  advance(seconds: number): void
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void
}

/** A provider, and an integration of it. */
export type Provider = { sandbox: Sandbox; integration: string }

/** A connection, and the tokens that it was imported with. */
export type Subject = { id: string; tokens: Minted; provider: Provider }

export type Cluster = {
  dialect: DialectName
  /** For people: `PostgreSQL, 4 processes`. */
  name: string
  databaseUrl: string
  servers: Server[]
  /** Takes an exchanged refresh token again for 30 s. */
  lenient: Provider
  /** Takes it never again, and ends the whole grant when it comes. */
  strict: Provider
  /** Starts the process of that place (again). */
  start(index: number, options?: { background: boolean }): Promise<Server>
  /** A connection with a living token, which nothing refreshes by itself for long; `expiresIn` in seconds. */
  connect(provider: Provider, expiresIn?: number): Promise<Subject>
  query(sql: string): Promise<Row[]>
  close(): Promise<void>
}

export type Row = Record<string, unknown>

/** Processes on one database (one with SQLite), two sandboxes beside them, an integration of each. */
export async function startCluster(
  dialect: DialectName,
  processes: number,
  {
    urlFor = (_index, url) => url,
    database: given,
    background: usual = true,
  }: {
    /** Where the process of that place finds the database. */
    urlFor?: (index: number, databaseUrl: string) => string
    /** Else one of its own, on the PostgreSQL that all tests share. */
    database?: TestDatabase
    /** Whether anything is refreshed that nobody asks for. */
    background?: boolean
  } = {},
): Promise<Cluster> {
  const closers: (() => Promise<unknown>)[] = []
  const close = async () => {
    for (const end of closers.reverse()) await end()
  }
  try {
    const database = given ?? (await createTestDatabase(dialect, 'migrated'))
    closers.push(() => database.drop())
    const folder = await mkdtemp(join(tmpdir(), 'grantry-faults-'))
    closers.push(() => rm(folder, { recursive: true, force: true }))
    const sandboxes = [await startSandbox(), await startSandbox()] as const
    for (const sandbox of sandboxes) closers.push(() => sandbox.close())
    sandboxes[0].control.settings('plain', { leeway: 30 })
    const settings = {
      GRANTRY_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
      GRANTRY_BOOTSTRAP_API_KEY: `test_key_${randomBytes(18).toString('base64url')}`,
      GRANTRY_EGRESS_ALLOW: sandboxes.map(({ url }) => new URL(url).host).join(','),
      GRANTRY_LOG_LEVEL: 'silent',
    }
    const servers: Server[] = []
    closers.push(() => Promise.all(servers.map((server) => server.end('SIGKILL'))))
    const start: Cluster['start'] = async (index, { background } = { background: usual }) => {
      const dataDir = join(folder, String(index))
      const server = await startServerSomewhere({
        ...settings,
        GRANTRY_DATABASE_URL: urlFor(index, database.url),
        GRANTRY_DATA_DIR: dataDir,
        FAULTS_BACKGROUND: background ? '1' : '0',
      })
      servers[index] = { ...server, dataDir }
      return servers[index]
    }
    const first = await start(0)
    await Promise.all(Array.from({ length: processes - 1 }, (_, index) => start(index + 1)))
    const provider = async (sandbox: Sandbox): Promise<Provider> => ({
      sandbox,
      integration: (await addPlainIntegration({ call: first.call, sandbox })).id,
    })
    const lenient = await provider(sandboxes[0])
    const strict = await provider(sandboxes[1])
    return {
      dialect,
      name: dialect === 'sqlite' ? 'SQLite' : `PostgreSQL, ${processes} processes`,
      databaseUrl: database.url,
      servers,
      lenient,
      strict,
      start,
      async connect(of, expiresIn = 86_400) {
        const reach = { call: servers[0]!.call, sandbox: of.sandbox }
        const tokens = await mintTokens(reach)
        const { id } = await importTokens(reach, of.integration, tokens, { expiresIn })
        return { id, tokens, provider: of }
      },
      query: (sql) => queryBeside(database.url, sql),
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

type Settings = Parameters<typeof startServerProcess>[0]

/** Among thousands of starts, some find that their free port has been taken meanwhile. */
async function startServerSomewhere(settings: Settings, tries = 3): Promise<Omit<Server, 'dataDir'>> {
  try {
    return await startServer(settings)
  } catch (error) {
    if (tries === 1 || !String(error).includes('EADDRINUSE')) throw error
    return startServerSomewhere(settings, tries - 1)
  }
}

async function startServer(settings: Settings): Promise<Omit<Server, 'dataDir'>> {
  let child: ChildProcess | undefined
  const server = await startServerProcess(
    settings,
    (spawned) => {
      child = spawned
    },
    'stoppable-server',
  )
  const process = child!
  const tell = (order: Order) => void (process.connected && process.send(order))
  return {
    ...server,
    arm(point, act) {
      const reached = new Promise<void>((resolve) => {
        const listen = (message: unknown) => {
          if ((message as Reached).reached !== point) return
          process.off('message', listen)
          resolve()
        }
        process.on('message', listen)
      })
      tell({ arm: point, act })
      return { reached: act === 'kill' ? reached.then(() => ended(process)) : reached }
    },
    go: (point) => tell({ go: point }),
    advance: (seconds) => tell({ advance: seconds }),
    signal: (signal) => void process.kill(signal),
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
}

/** Looks into the database beside the running servers. */
async function queryBeside(url: string, sql: string): Promise<Row[]> {
  if (url.startsWith('sqlite:')) {
    const db = new DatabaseSync(url.slice('sqlite:'.length), { readOnly: true, timeout: 5000 })
    try {
      return db.prepare(sql).all() as Row[]
    } finally {
      db.close()
    }
  }
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

export const refresh = (server: Server, { id }: Subject) =>
  server.call('POST', `/api/v1/connections/${id}/refresh`)

export const readToken = (server: Server, { id }: Pick<Subject, 'id'>) =>
  server.call('GET', `/api/v1/connections/${id}/token`)

export const show = async (server: Server, { id }: Pick<Subject, 'id'>) =>
  (await server.call('GET', `/api/v1/connections/${id}`)).body.data

/** How often the provider was asked with the refresh token that the connection was imported with. */
export function usesOf({ tokens, provider }: Subject): number {
  const { hash } = provider.sandbox.control.token(tokens.refresh_token)!
  return provider.sandbox.control
    .calls({ endpoint: 'token', grant_type: 'refresh_token' })
    .filter((call) => call.refresh_token_hash === hash).length
}

/** The attempts of a connection as the database has them, oldest first. */
export const attemptsOf = (cluster: Pick<Cluster, 'query'>, { id }: Subject) =>
  cluster.query(
    `select outcome, error, sent_at, received_at, settle_at from token_requests
     where connection_id = '${decodeId('con', id)}' and kind = 'refresh' order by id`,
  )

/** Whether the connection is whole: the provider takes both tokens that it has now. */
export async function works(server: Server, subject: Subject): Promise<boolean> {
  const { control } = subject.provider.sandbox
  const live = async () => {
    const { body } = await readToken(server, subject)
    return control.token(body?.data?.access_token ?? '')?.live === true
  }
  return (await live()) && (await refresh(server, subject)).status === 200 && (await live())
}

/** Resolves as soon as it is so; what it is about stands in the error otherwise. */
export async function until(
  what: string,
  holds: () => Promise<boolean> | boolean,
  seconds = 60,
): Promise<void> {
  for (const end = performance.now() + seconds * 1000; !(await holds()); await wait(50))
    if (performance.now() > end) throw new Error(`Not within ${seconds} s: ${what}`)
}
