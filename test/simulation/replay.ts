import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { Secret } from '../../packages/oauth/src/index.ts'
import { refreshRules } from '../../packages/server/src/connections/refresh/rules.ts'
import { createRefreshStore } from '../../packages/server/src/connections/refresh/sql-store.ts'
import { type Db, dialectOf } from '../../packages/server/src/db/connect.ts'
import type { IntegrationRow } from '../../packages/server/src/db/schema.ts'
import type { MemoryDatabase } from './memory-store.ts'
import { type Command, integrationId, workspaceId } from './world.ts'

export type Disagreement = { command: number; operation: string; memory: unknown; sql: unknown }

/**
 * Does to a real database what a simulated run did to the store in memory, at the same times and with the same random
 * bytes. Returns the first answer, or at the end the first table, that differs.
 */
export async function replay(
  db: Db,
  commands: Command[],
  memory: MemoryDatabase,
): Promise<Disagreement | null> {
  await empty(db)
  const world = { now: 0, leaseNow: 0, boot: '', random: [] as Uint8Array[] }
  const store = createRefreshStore(contextOf(db, world), refreshRules)
  for (const [index, command] of commands.entries()) {
    if ('write' in command) {
      await write(db, command.write)
      continue
    }
    const { operation, given, answer } = command
    Object.assign(world, {
      now: command.now,
      leaseNow: command.leaseNow,
      boot: command.boot,
      random: [...command.random],
    })
    if (dialectOf(db) === 'postgres') await setDatabaseClock(db, command.leaseNow)
    const asked = (store[operation] as (...given: unknown[]) => Promise<unknown>)(...given)
    const [theirs, ours] = [comparable(await asked), comparable(answer)]
    if (theirs !== ours) return { command: index, operation, memory: ours, sql: theirs }
  }
  return compareTables(db, memory)
}

/** PostgreSQL's clock, as the leases see it: a function of the same name that is found before the real one. */
export async function takeOverDatabaseClock(db: Db, name: string): Promise<void> {
  await sql`create schema if not exists simulated`.execute(db)
  await sql`create table if not exists simulated.clock (ms bigint not null)`.execute(db)
  await sql`insert into simulated.clock values (0)`.execute(db)
  await sql`create or replace function simulated.clock_timestamp() returns timestamptz language sql
    as 'select to_timestamp(ms / 1000.0) from simulated.clock'`.execute(db)
  await sql`alter database ${sql.ref(name)} set search_path = simulated, pg_catalog, public`.execute(db)
}

async function setDatabaseClock(db: Db, ms: number): Promise<void> {
  await sql`update simulated.clock set ms = ${ms}`.execute(db)
}

/** Sealing and opening leave a secret as it is: what is compared is what the store does with it. */
function contextOf(
  db: Db,
  world: { now: number; leaseNow: number; boot: string; random: Uint8Array[] },
): Parameters<typeof createRefreshStore>[0] {
  const seal = async (_place: unknown, secret: Secret) => new TextEncoder().encode(secret.expose())
  const context = {
    db,
    // Another one each time, as in the memory store.
    get clock() {
      return { now: () => world.now, sleep: async () => {} }
    },
    leaseClock: {
      monotonicNow: () => world.leaseNow,
      get bootId() {
        return world.boot
      },
    },
    // The SQL stores draw more than the one in memory: they give ids to events as well.
    random: (count: number) => world.random.shift() ?? randomBytes(count),
    catalogue: new Map(),
    config: { publicUrl: 'https://grantry.example' },
    vault: {
      seal,
      sealer: async () => seal,
      open: async (_place: unknown, sealed: Uint8Array) => new Secret(new TextDecoder().decode(sealed)),
    },
  }
  return context as unknown as Parameters<typeof createRefreshStore>[0]
}

async function empty(db: Db): Promise<void> {
  for (const table of [
    'connections',
    'token_requests',
    'refresh_leases',
    'refresh_gates',
    'revocations',
    'integrations',
  ] as const)
    await db.deleteFrom(table).execute()
  const integration: Partial<IntegrationRow> = {
    workspace_id: workspaceId,
    id: integrationId,
    label: 'simulated',
    grant_type: 'authorization_code',
    authorization_url: 'https://provider.example/authorize',
    token_url: 'https://provider.example/token',
    revocation_url: 'https://provider.example/revoke',
    client_id: 'client',
    secret_version: 1,
    token_auth_method: 'client_secret_post',
    scopes: '[]',
    params: '{}',
    extra_authorize_params: '{}',
    validation: '{"status":"unverified","checks":[]}',
    created_at: 0,
    updated_at: 0,
  }
  await db
    .insertInto('integrations')
    .values(integration as IntegrationRow)
    .execute()
}

async function write(
  db: Db,
  { connections, attempts }: Extract<Command, { write: unknown }>['write'],
): Promise<void> {
  for (const row of attempts)
    await db
      .insertInto('token_requests')
      .values(row)
      .onConflict((conflict) => conflict.columns(['workspace_id', 'id']).doUpdateSet(row))
      .execute()
  for (const row of connections)
    await db
      .insertInto('connections')
      .values(row)
      .onConflict((conflict) => conflict.columns(['workspace_id', 'id']).doUpdateSet(row))
      .execute()
}

async function compareTables(db: Db, memory: MemoryDatabase): Promise<Disagreement | null> {
  const byId = <Row extends { id: string }>(rows: Row[]) => rows.sort((a, b) => (a.id < b.id ? -1 : 1))
  const tables: [string, unknown, unknown][] = [
    [
      'connections',
      byId([...memory.connections.values()]),
      await db.selectFrom('connections').selectAll().orderBy('id').execute(),
    ],
    [
      'token_requests',
      byId([...memory.attempts.values()]),
      await db.selectFrom('token_requests').selectAll().orderBy('id').execute(),
    ],
    [
      'refresh_leases',
      [...memory.leases.values()].map(({ token_key, fence }) => `${token_key} ${fence}`).sort(),
      (await db.selectFrom('refresh_leases').select(['token_key', 'fence']).execute())
        .map(({ token_key, fence }) => `${token_key} ${fence}`)
        .sort(),
    ],
    [
      'refresh_gates',
      [...memory.gates.values()],
      (
        await db
          .selectFrom('refresh_gates')
          .select(['failing', 'opened_at', 'probe_at', 'probed', 'budget', 'filled_at'])
          .execute()
      ).map((row) => ({ ...row, failing: JSON.parse(row.failing) })),
    ],
    [
      'revocations',
      memory.revocations.length,
      (await db.selectFrom('revocations').select('id').execute()).length,
    ],
  ]
  for (const [name, ours, theirs] of tables)
    if (comparable(ours) !== comparable(theirs))
      return { command: -1, operation: name, memory: comparable(ours), sql: comparable(theirs) }
  return null
}

/** One text for what means the same: bytes of either kind, fields in any order, rows that nothing puts in an order. */
function comparable(value: unknown): string {
  return JSON.stringify(value ?? null, (_key, part: unknown) => {
    if (part instanceof Uint8Array) return Buffer.from(part).toString('hex')
    if (typeof part !== 'object' || part === null) return part
    if ('type' in part && 'data' in part && part.type === 'Buffer')
      return Buffer.from(part.data as number[]).toString('hex')
    if (Array.isArray(part)) return part
    const entries = Object.entries(part).filter(([, field]) => field !== undefined)
    return Object.fromEntries(
      entries
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, field]) => [
          name,
          ['connections', 'shut', 'moved'].includes(name) && Array.isArray(field)
            ? [...field].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
            : field,
        ]),
    )
  })
}
