import { randomBytes, randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { type Catalogue, catalogue, mergeCatalogue } from '@grantry/providers'
import type { Logger } from 'pino'
import { type CallFigures, createCallFigures } from './audit/call-figures.ts'
import { type AuditKeys, createAuditKeys } from './audit/chain/keys.ts'
import { type CommitEvent, createGroupCommit } from './audit/group-commit.ts'
import { type Config, ConfigError } from './config.ts'
import { createRefreshing, type Refreshing } from './connections/refresh/create.ts'
import type { Failpoint } from './connections/refresh/engine.ts'
import { type Db, dialectOf, openDatabase } from './db/connect.ts'
import { askDatabaseTime, createDatabaseClock, sleep } from './db/database-clock.ts'
import { createInvalidation, type Invalidation } from './db/invalidation.ts'
import { createLeaseClock, type LeaseClock } from './db/lease-clock.ts'
import { migrate } from './db/migrate.ts'
import { migrations } from './db/migrations/index.ts'
import { parseEgressAllow } from './egress/allow.ts'
import { createEgress, type Egress } from './egress/egress.ts'
import { createTamperReport } from './keyring/report-tampering.ts'
import { createLog } from './log.ts'
import type { Argon2 } from './members/argon2.ts'
import { createPasswords, type Passwords } from './members/passwords.ts'
import { createMetrics, type Metrics } from './metrics/create.ts'
import { openTracing } from './tracing/otlp.ts'
import type { Tracing } from './tracing/tracing.ts'
import { checkRootKey } from './vault/key-check.ts'
import { createMoves, type Moves } from './vault/moves.ts'
import { openVault } from './vault/open-vault.ts'
import { createRandomPool } from './vault/random-pool.ts'
import { restingRootKey } from './vault/rest-after-outage.ts'
import { makeRootKey, readOtherRootKeys, readRootKey } from './vault/root-key-file.ts'
import { openStores, type Stores } from './vault/stores/open-stores.ts'
import type { Vault } from './vault/vault.ts'
import { watchVault } from './vault/watch-vault.ts'
import { type ApiKeyAuthenticator, createApiKeyAuthenticator } from './workspaces/authenticate-api-key.ts'
import { createSourceJudge, type JudgeSource } from './workspaces/judge-source.ts'
import { type CallLimit, createCallLimit } from './workspaces/limit-calls.ts'

/**
 * What operations stand on. Each declares the part it needs (`Pick<Context, 'db' | 'clock'>`), and whoever wants to
 * play another world — a test, a simulation — passes another clock, another random, another fetch.
 */
export type Context = {
  config: Config
  log: Logger
  db: Db
  /**
   * Where the vault reads its keys. On PostgreSQL a pool of its own: a transaction that needs a key would otherwise wait
   * for a connection that is held by another transaction that needs one.
   */
  keysDb: Db
  clock: Clock
  leaseClock: LeaseClock
  /** Brings this process's clock in line with the database's; to be done now and then. */
  agreeOnTime(): Promise<void>
  /** Ends what any process keeps in memory of a workspace, when it changes. */
  invalidation: Invalidation
  random: (bytes: number) => Uint8Array
  vault: Vault
  /** Where sealed values can rest outside of the database. */
  stores: Stores
  /** What waits to be moved there. */
  moves: Moves
  egress: Egress
  /** The shipped entries, with the operator's and the sandbox's merged over them. */
  catalogue: Catalogue
  metrics: Metrics
  tracing: Tracing
  commitEvent: CommitEvent
  callFigures: CallFigures
  auditKeys: AuditKeys
  apiKeys: ApiKeyAuthenticator
  judgeSource: JudgeSource
  passwords: Passwords
  calls: CallLimit
} & Refreshing

export type Clock = {
  /** Milliseconds since the epoch. */
  now(): number
  /** Resolves after `ms`, or when the signal aborts, whichever is first; never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

/** What the world is, unless somebody says otherwise. */
export type World = {
  log?: Logger
  clock?: Clock
  random?: (bytes: number) => Uint8Array
  /** More addresses that may be reached although private: the sandbox's. */
  egressAllow?: string
  /** Certificate authorities that outgoing calls trust instead of the system's, PEM. */
  ca?: string
  /** More catalogue overrides, merged last: the sandbox's endpoints. */
  providers?: Record<string, unknown>
  /** Whether work is done that nobody asked for just now (sweeps, retries). Default true; a test may do it by hand. */
  background?: boolean
  /** Where a test stops or ends the process between two steps of a refresh. */
  at?: (point: Failpoint) => Promise<void>
  /** How passwords are hashed; a test counts, or makes it cheap. */
  argon2?: Argon2
  /** Which of the processes that share a port this is, from 1. */
  worker?: number
}

/**
 * Opens everything that a configuration names, in the order in which a fault is cheapest: the root key is read, and the
 * vault's back end asked, before the database is opened; the key is checked before anything but the schema is written.
 * @throws ConfigError, DatabaseError, VaultError, CatalogueError: each says what to do
 */
export async function createContext(config: Config, world: World = {}): Promise<Context> {
  const { random = createRandomPool(randomBytes) } = world
  const hostClock = createDatabaseClock()
  const clock = world.clock ?? { now: hostClock.now, sleep }
  const log = world.log ?? createLog(config)
  const entries = mergeCatalogue(
    mergeCatalogue(catalogue, await readProvidersFile(config.providersFile)),
    world.providers ?? {},
  )
  const givenKey = await readRootKey(config, random)
  const otherRootKeys = (await readOtherRootKeys(config, random)).map((key) => restingRootKey(clock, key))
  const stores = openStores(config, clock)
  // Whoever could not open what it serves is not ready: it does not start, and has changed nothing.
  if (stores.wanted) await (await stores.open(stores.wanted)).check()
  const moves = createMoves({ clock })
  const db = await openDatabase(config.databaseUrl.expose(), { onWarning: (message) => log.warn(message) })
  let keysDb = db
  let invalidation: Invalidation | undefined
  try {
    const rootKey = restingRootKey(clock, givenKey ?? (await makeRootKey(db, config, random)))
    // A wrong key must change nothing, not even the schema.
    await checkRootKey(db, rootKey, otherRootKeys)
    await migrate(db, migrations, () => clock.now())
    const leaseClock = createLeaseClock(
      () => clock.now(),
      () => performance.now(),
      randomUUID(),
    )
    const agreeOnTime = () => askDatabaseTime(db, hostClock)
    await agreeOnTime()
    keysDb = dialectOf(db) === 'postgres' ? await openKeys(config) : db
    invalidation = createInvalidation({ db, clock, leaseClock, log, random }, config.listenUrl)
    const tracing = await openTracing(config.telemetry.traces, log)
    const metrics = createMetrics({ catalogue: entries, worker: world.worker ?? 1 })
    const use = metrics.vault
    const opened = await openVault({
      db: keysDb,
      rootKey,
      otherRootKeys,
      random,
      clock,
      invalidation,
      use,
      stores,
      onSealed: moves.add,
      onUnreadable: createTamperReport({ clock, db, log, metrics, random }),
    })
    const vault = watchVault(opened, { use, tracing })
    const allow = [config.egressAllow, world.egressAllow].filter(Boolean).join(',')
    const callFigures = createCallFigures({ clock, db })
    const parts = {
      callFigures,
      config,
      log,
      db,
      keysDb,
      clock,
      leaseClock,
      agreeOnTime,
      invalidation,
      random,
      vault,
      tracing,
      egress: createEgress({
        allow: parseEgressAllow(allow),
        tracing,
        ...(world.ca ? { ca: world.ca } : {}),
      }),
      stores,
      moves,
      catalogue: entries,
      metrics,
    }
    const judgeSource = createSourceJudge(parts)
    return {
      ...parts,
      judgeSource,
      commitEvent: createGroupCommit(parts),
      auditKeys: createAuditKeys(parts),
      apiKeys: createApiKeyAuthenticator({ ...parts, judgeSource }),
      passwords: createPasswords({ random, argon2: world.argon2 }),
      calls: createCallLimit(parts),
      ...createRefreshing(parts, world.at),
    }
  } catch (error) {
    await invalidation?.close()
    await stores.close()
    await closeDatabases({ db, keysDb })
    throw error
  }
}

export async function closeContext(
  ctx: Pick<Context, 'egress' | 'invalidation' | 'db' | 'keysDb' | 'stores' | 'tracing'>,
): Promise<void> {
  await ctx.egress.close()
  await ctx.stores.close()
  await ctx.tracing.close()
  await ctx.invalidation.close()
  await closeDatabases(ctx)
}

async function closeDatabases({ db, keysDb }: Pick<Context, 'db' | 'keysDb'>): Promise<void> {
  if (keysDb !== db) await keysDb.destroy()
  await db.destroy()
}

const openKeys = (config: Config): Promise<Db> => openDatabase(config.databaseUrl.expose(), { poolSize: 2 })

async function readProvidersFile(path: string | null): Promise<Record<string, unknown>> {
  if (path === null) return {}
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'))
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>
    throw new Error('it must be an object: {"name": {entry}}')
  } catch (error) {
    throw new ConfigError([
      `GRANTRY_PROVIDERS_FILE names ${path}, which cannot be used: ${(error as Error).message}`,
    ])
  }
}
