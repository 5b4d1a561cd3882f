import { PostgresDialect } from 'kysely'
import pg from 'pg'
import type { DatabaseOptions } from './connect.ts'
import { DatabaseError } from './errors.ts'
import { postgresTypes } from './postgres-types.ts'

/** Sent when a connection starts, so that no query depends on what an earlier one left in its session. */
const SESSION_SETTINGS = {
  synchronous_commit: 'on',
  statement_timeout: '30s',
  idle_in_transaction_session_timeout: '60s',
}

export async function postgresDialect(url: string, options: DatabaseOptions): Promise<PostgresDialect> {
  const warn = options.onWarning ?? (() => {})
  const pool = createPool(url, { ...options, settings: await acceptedSettings(url, warn) }, warn)
  try {
    await assertDurable(pool)
    return new PostgresDialect({ pool })
  } catch (error) {
    await pool.end()
    throw error
  }
}

type PoolOptions = { poolSize?: number; settings: string | undefined }

function createPool(
  url: string,
  { poolSize = 10, settings }: PoolOptions,
  warn: (message: string) => void,
): pg.Pool {
  const pool = new pg.Pool({
    ...connection(url, settings),
    max: poolSize,
    idleTimeoutMillis: 30_000,
    // A member of the pool that failed over or was re-weighted is found again within the half hour.
    maxLifetimeSeconds: 1_800,
  })
  pool.on('error', (error) => warn(`An idle database connection was lost: ${error.message}`))
  // While a connection is lent out the pool does not listen, and an unheard 'error' ends the process.
  // The query that runs, or the next one, fails with the same error.
  pool.on('connect', (client) => client.on('error', () => {}))
  return pool
}

function connection(url: string, settings: string | undefined): pg.ClientConfig {
  return {
    connectionString: url,
    application_name: 'grantry',
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    types: postgresTypes,
    ...(settings && { options: settings }),
  }
}

/**
 * PgBouncer refuses start-up settings that it does not track. Then the role's defaults hold (ALTER ROLE … SET …):
 * a SET would reach one of its server connections only, and stay there for strangers.
 */
async function acceptedSettings(url: string, warn: (message: string) => void): Promise<string | undefined> {
  const settings = Object.entries(SESSION_SETTINGS)
    .map(([name, value]) => `-c ${name}=${value}`)
    .join(' ')
  const client = new pg.Client(connection(url, settings))
  client.on('error', () => {})
  try {
    await client.connect()
    return settings
  } catch (error) {
    if (!(error instanceof Error) || !/unsupported startup parameter/i.test(error.message)) throw error
    warn(
      'The connection pooler takes no start-up settings: the role’s own statement_timeout and idle_in_transaction_session_timeout hold',
    )
    return undefined
  } finally {
    await client.end().catch(() => {})
  }
}

/** @throws {DatabaseError} unless a commit that was acknowledged survives a crash */
async function assertDurable(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ level: string }>(
    "select current_setting('synchronous_commit') as level",
  )
  const level = rows[0]?.level
  if (level === 'on' || level === 'remote_apply') return
  throw new DatabaseError(
    `PostgreSQL has synchronous_commit = ${level}, but acknowledged writes must be durable: ALTER ROLE … SET synchronous_commit = on`,
  )
}
