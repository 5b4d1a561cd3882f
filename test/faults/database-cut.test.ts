import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type ExpectStatic, test } from 'vitest'
import { SECRET_MARK } from '../../packages/sandbox/src/secret-mark.ts'
import { findSecrets } from '../security/find-secrets.ts'
import { createTestDatabase } from '../support/databases.ts'
import { figure } from '../support/figures.ts'
import { startPostgres } from '../support/postgres.ts'
import {
  attemptsOf,
  readToken,
  refresh,
  type Server,
  type Subject,
  startCluster,
  until,
  usesOf,
  works,
} from './cluster.ts'
import { startCuttableProxy } from './cuttable-proxy.ts'

const tested = { timeout: 120_000 }
const replayedAndUsed =
  'pair in the spool, no secret readable in it, replayed and used with 1 call to the provider'

test.concurrent(
  'PostgreSQL is cut off from one of 2 processes between answer and commit: the pair waits in its spool',
  tested,
  async ({ expect, onTestFinished }) => {
    const database = await createTestDatabase('postgres')
    const way = await startCuttableProxy(database.url)
    onTestFinished(way.close)
    const cluster = await startCluster('postgres', 2, {
      database,
      urlFor: (index, url) => (index === 0 ? way.through(url) : url),
    })
    onTestFinished(cluster.close)
    const other = cluster.servers[1]!

    // The other one must not come to the attempt while it waits: a provider without leeway would end the grant.
    other.signal('SIGSTOP')
    const mended = await cluster.connect(cluster.strict)
    await answered(cluster.servers[0]!, mended)
    await spooled(expect, cluster.servers[0]!, way.cut)
    way.mend()
    await replayed(mended)

    const killed = await cluster.connect(cluster.strict)
    await answered(cluster.servers[0]!, killed)
    await spooled(expect, cluster.servers[0]!, way.cut)
    await cluster.servers[0]!.end('SIGKILL')
    way.mend()
    await cluster.start(0)
    await replayed(killed)

    const overtaken = await cluster.connect(cluster.lenient)
    await answered(cluster.servers[0]!, overtaken)
    await spooled(expect, cluster.servers[0]!, way.cut)
    other.signal('SIGCONT')
    await until('the other takes over', async () => (await refresh(other, overtaken)).status === 200)
    const token = async () => (await readToken(other, overtaken)).body.data.access_token
    const before = await token()
    way.mend()
    await until(
      'the late pair is out of the spool',
      async () => (await spoolOf(cluster.servers[0]!)).length === 0,
    )
    await until(
      'it is settled',
      async () => (await attemptsOf(cluster, overtaken))[0]!.outcome === 'superseded',
    )
    expect(await token()).toBe(before)
    for (const server of cluster.servers) expect(await works(server, overtaken)).toBe(true)
    for (const subject of [mended, killed]) await used(expect, cluster.servers[0]!, subject)
    figure('PostgreSQL cut off between answer and commit', replayedAndUsed)
    figure('the same, process killed with the pair in its spool', replayedAndUsed)
    figure(
      'only one of 2 processes loses PostgreSQL, for longer than its lease',
      'the other goes on; the late pair is kept; 0 overwrites of newer tokens',
    )

    /** It is used when the lease of the call that brought it has run out. */
    async function replayed(subject: Subject): Promise<void> {
      await until('the pair is in the database', async () => {
        const [attempt] = await attemptsOf(cluster, subject)
        return attempt!.received_at !== null
      })
    }
  },
)

test.concurrent(
  'PostgreSQL itself crashes between answer and commit: all is well when it is back',
  tested,
  async ({ expect, onTestFinished }) => {
    const postgres = await startPostgres()
    onTestFinished(postgres.stop)
    const cluster = await startCluster('postgres', 2, {
      database: { url: postgres.url, drop: async () => {} },
    })
    onTestFinished(cluster.close)
    const subject = await cluster.connect(cluster.strict)
    const server = cluster.servers[0]!
    const { flight } = await answered(server, subject)
    const [backend] = await cluster.query(
      "select pid from pg_stat_activity where application_name = 'grantry' limit 1",
    )
    // One of its processes dies: it ends all the others, and recovers.
    process.kill(Number(backend!.pid), 'SIGKILL')
    server.go('answered')
    await flight
    await used(expect, server, subject)
    for (const one of cluster.servers) expect(await works(one, subject)).toBe(true)
    figure('PostgreSQL crashes between answer and commit', 'pair used with 1 call to the provider')
  },
)

test.concurrent(
  'SQLite takes no write between answer and commit: the pair waits in the spool',
  tested,
  async ({ expect, onTestFinished }) => {
    const cluster = await startCluster('sqlite', 1)
    onTestFinished(cluster.close)
    const stranger = new DatabaseSync(cluster.databaseUrl.slice('sqlite:'.length), { timeout: 5000 })
    onTestFinished(() => stranger.close())
    const lock = () => stranger.exec('begin immediate')
    const unlock = () => stranger.exec('commit')

    const killed = await cluster.connect(cluster.strict)
    await answered(cluster.servers[0]!, killed)
    await spooled(expect, cluster.servers[0]!, lock)
    await cluster.servers[0]!.end('SIGKILL')
    unlock()
    // A reader may come before the background does.
    const server = await cluster.start(0, { background: false })
    await used(expect, server, killed)
    await cluster.servers[0]!.end('SIGKILL')
    await cluster.start(0)

    const slow = await cluster.connect(cluster.strict)
    await answered(cluster.servers[0]!, slow)
    await spooled(expect, cluster.servers[0]!, lock)
    unlock()
    await used(expect, cluster.servers[0]!, slow)

    // Longer than a write waits for the lock.
    const refused = await cluster.connect(cluster.strict)
    const { flight } = await answered(cluster.servers[0]!, refused)
    await spooled(expect, cluster.servers[0]!, lock)
    await flight
    unlock()
    await used(expect, cluster.servers[0]!, refused)
    figure('SQLite locked by a stranger between answer and commit', replayedAndUsed)
    figure('the same, process killed with the pair in its spool', replayedAndUsed)
  },
)

/** A refresh whose answer is there, and nothing done with it yet. */
async function answered(server: Server, subject: Subject): Promise<{ flight: Promise<unknown> }> {
  const { reached } = server.arm('answered', 'wait')
  const flight = refresh(server, subject).catch(() => 'cut')
  await reached
  return { flight }
}

/** Lets the refresh go on into a database that is not there. */
async function spooled(expect: ExpectStatic, server: Server, takeAway: () => void): Promise<void> {
  takeAway()
  server.go('answered')
  await until('the pair is in the spool', async () => (await spoolOf(server)).length === 1)
  for (const file of await readdir(join(server.dataDir, 'spool'))) {
    const bytes = await readFile(join(server.dataDir, 'spool', file))
    expect(findSecrets(new Map([['token', Buffer.from(SECRET_MARK)]]), bytes)).toEqual([])
  }
}

const spoolOf = async ({ dataDir }: Server) =>
  (await readdir(join(dataDir, 'spool')).catch(() => [])).filter((name) => name.endsWith('.json'))

/** The pair from the spool is the one that is used: the old token was never sent again. */
async function used(expect: ExpectStatic, server: Server, subject: Subject): Promise<void> {
  await until('the connection works again', async () => (await refresh(server, subject)).status === 200)
  expect(await works(server, subject)).toBe(true)
  expect(usesOf(subject)).toBe(1)
  expect(await spoolOf(server)).toEqual([])
}
