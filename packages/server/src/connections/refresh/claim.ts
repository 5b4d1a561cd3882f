import { sql } from 'kysely'
import type { Context } from '../../context.ts'
import { type Db, dialectOf } from '../../db/connect.ts'
import { transaction } from '../../db/transaction.ts'
import type { Connection } from '../store.ts'
import { attemptColumns } from './journal.ts'
import type { RefreshRules } from './rules.ts'
import type { Attempt, RefreshStore, Shut } from './store.ts'

type Needs = Pick<Context, 'clock' | 'db'>

/** RefreshStore.claim: over any number of processes, each row goes to one. */
export async function claimDue(
  ctx: Needs,
  limit: number,
  rules: RefreshRules,
): Promise<Awaited<ReturnType<RefreshStore['claim']>>> {
  const now = ctx.clock.now()
  const attempts = (await anyAttempt(ctx.db, now)) ? await claimAttempts(ctx.db, now, limit, rules) : []
  const connections = await claimConnections(ctx.db, now, limit - attempts.length, rules)
  return { attempts, connections, shut: await shutGates(ctx.db, connections) }
}

/**
 * SQLite belongs to one process: what the one before had taken on when it ended is due at once. On PostgreSQL others may
 * be at work on it.
 */
export async function takeOver({ db, clock }: Needs): Promise<void> {
  if (dialectOf(db) !== 'sqlite') return
  const now = clock.now()
  await db.updateTable('token_requests').set({ settle_at: now }).where('settle_at', '>', now).execute()
  await db
    .updateTable('connections')
    .set({ claimed_until: null })
    .where('refresh_at', '<=', now)
    .where('claimed_until', '>', now)
    .execute()
}

/** Nearly always there is none, and then there is nothing to write. */
async function anyAttempt(db: Db, now: number): Promise<boolean> {
  const row = await db
    .selectFrom('token_requests')
    .select('id')
    .where('settle_at', '<=', now)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

function claimAttempts(db: Db, now: number, limit: number, { adoptMs }: RefreshRules): Promise<Attempt[]> {
  return transaction(db, async (tx) => {
    let due = tx
      .selectFrom('token_requests')
      .select(attemptColumns)
      .where('settle_at', '<=', now)
      .orderBy('settle_at')
      .orderBy('id')
      .limit(limit)
    if (dialectOf(tx) === 'postgres') due = due.forUpdate().skipLocked()
    const rows = await due.execute()
    for (const { workspace_id, id } of rows)
      await tx
        .updateTable('token_requests')
        .set({ settle_at: now + adoptMs })
        .where('workspace_id', '=', workspace_id)
        .where('id', '=', id)
        .execute()
    return rows
  })
}

/** By the index on refresh_at alone, so that its cost goes by what is due and not by what there is. */
export function dueConnections(db: Db, now: number, limit: number) {
  return db
    .selectFrom('connections')
    .selectAll()
    .where('refresh_at', 'is not', null)
    .where('refresh_at', '<=', now)
    .where((eb) => eb.or([eb('claimed_until', 'is', null), eb('claimed_until', '<=', now)]))
    .orderBy('refresh_at')
    .limit(limit)
}

async function claimConnections(
  db: Db,
  now: number,
  limit: number,
  { claimMs }: RefreshRules,
): Promise<Connection[]> {
  if (limit <= 0 || (await dueConnections(db, now, 1).execute()).length === 0) return []
  return transaction(db, async (tx) => {
    const due = dueConnections(tx, now, limit)
    const rows = await (dialectOf(tx) === 'postgres' ? due.forUpdate().skipLocked() : due).execute()
    if (rows.length === 0) return []
    await tx
      .updateTable('connections')
      .set({ claimed_until: now + claimMs })
      .where(
        isAmong(
          tx,
          'id',
          rows.map(({ workspace_id, id }) => [workspace_id, id]),
        ),
      )
      .execute()
    return rows
  })
}

async function shutGates(db: Db, connections: Connection[]): Promise<Shut[]> {
  if (connections.length === 0) return []
  const pairs = connections.map((one) => [one.workspace_id, one.integration_id])
  const rows = await db
    .selectFrom('refresh_gates')
    .select(['workspace_id', 'integration_id', 'probe_at', 'probed'])
    .where(isAmong(db, 'integration_id', pairs))
    .where('opened_at', 'is not', null)
    .execute()
  return rows.map((row) => ({ ...row, probe_at: row.probe_at ?? 0 }))
}

/** `(workspace_id, column)` is one of the pairs. */
function isAmong(db: Db, column: 'id' | 'integration_id', pairs: string[][]) {
  const rows = sql.join(pairs.map((pair) => sql`(${sql.join(pair)})`))
  const list = dialectOf(db) === 'postgres' ? sql`(${rows})` : sql`(values ${rows})`
  return sql<boolean>`(workspace_id, ${sql.ref(column)}) in ${list}`
}

/** RefreshStore.defer */
export async function deferConnections(
  ctx: Needs,
  deferred: { connection: Connection; until: number }[],
): Promise<void> {
  if (deferred.length === 0) return
  await transaction(ctx.db, async (tx) => {
    for (const { connection, until } of deferred)
      await tx
        .updateTable('connections')
        .set({ refresh_at: until, claimed_until: null })
        .where('workspace_id', '=', connection.workspace_id)
        .where('id', '=', connection.id)
        .where('refresh_at', '=', connection.refresh_at)
        .execute()
  })
}
