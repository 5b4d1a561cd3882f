import { sql } from 'kysely'
import { system } from '../audit/event.ts'
import { record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import { type Db, dialectOf } from '../db/connect.ts'
import { transaction } from '../db/transaction.ts'

type Needs = Pick<Context, 'clock' | 'db' | 'random'>

export type Restored = {
  epoch: number
  restored_at: number
  /** When the backup was taken; else of the newest event that it holds. */
  taken_at: number | null
  /** Living connections whose tokens came back, of all workspaces. */
  connections: number
}

/** Over so long the refreshes are spread that fell due while there was no server. */
const spreadMs = 600_000

/**
 * Begins a new epoch in a database that has just come back out of a backup, before any server runs on it; one transaction.
 * What the backup holds of tokens is marked, for a refresh token may have been replaced since. What was under way when it
 * was taken has ended long ago. And whatever people hold that works once, or for as long as nobody ends it, ends: it may
 * have been used or ended since, and everybody can have it again by signing in.
 */
export async function markRestored(ctx: Needs, takenAt: number | null): Promise<Restored> {
  const now = ctx.clock.now()
  return transaction(ctx.db, async (tx) => {
    // Every connection has a row that is written here.
    if (dialectOf(tx) === 'postgres') await sql`set local statement_timeout = 0`.execute(tx)
    const last = await tx
      .selectFrom('restores')
      .select((row) => row.fn.max('epoch').as('epoch'))
      .executeTakeFirst()
    const epoch = Number(last?.epoch ?? 0) + 1
    const workspaces = await readWorkspaces(tx)
    const newest = Math.max(...workspaces.map((one) => one.newestEvent ?? 0), 0)
    const taken_at = takenAt ?? (newest || null)
    await tx.insertInto('restores').values({ epoch, restored_at: now, taken_at }).execute()
    await settleAttempts(tx, epoch)
    await spreadRefreshes(tx, now)
    await signEverybodyOut(tx, now)
    let connections = 0
    for (const { id, living } of workspaces) {
      connections += living
      const data = { epoch, taken_at: taken_at && new Date(taken_at).toISOString(), connections: living }
      await record(ctx, tx, { workspace: id, type: 'workspace.restored', actor: system, data })
    }
    return { epoch, restored_at: now, taken_at, connections }
  })
}

/** Those that have not ended: how many connections live in each, and when its newest event was. */
async function readWorkspaces(tx: Db) {
  const rows = await tx
    .selectFrom('workspaces')
    .select(['id'])
    .select(({ selectFrom, fn }) => [
      selectFrom('connections')
        .select(fn.countAll<number>().as('count'))
        .whereRef('connections.workspace_id', '=', 'workspaces.id')
        .where('status', 'in', ['active', 'pending'])
        .where('token_request_id', 'is not', null)
        .as('living'),
      selectFrom('events')
        .select('at')
        .whereRef('events.workspace_id', '=', 'workspaces.id')
        .orderBy('id', 'desc')
        .limit(1)
        .as('newest'),
    ])
    .where('deleted_at', 'is', null)
    .execute()
  return rows.map(({ id, living, newest }) => ({ id, living: Number(living ?? 0), newestEvent: newest }))
}

/**
 * Marks every pair, and every attempt that a pair may still come for out of the spool. A call whose answer was not in yet
 * has long been answered: it is not asked again as if that had just been lost. A pair that was in is used.
 */
async function settleAttempts(tx: Db, epoch: number): Promise<void> {
  await tx
    .updateTable('token_requests')
    .set({ restored_in: epoch })
    .where((row) => row.or([row('refresh_token', 'is not', null), row('settle_at', 'is not', null)]))
    .execute()
  await tx
    .updateTable('token_requests')
    .set((row) => ({ settle_at: null, outcome: row.fn.coalesce('outcome', sql.lit('uncertain' as const)) }))
    .where('settle_at', 'is not', null)
    .where('received_at', 'is', null)
    .execute()
}

/** Nearly all are due when the backup is older than their tokens live. */
async function spreadRefreshes(tx: Db, now: number): Promise<void> {
  const draw =
    dialectOf(tx) === 'postgres'
      ? sql<number>`floor(random() * ${sql.lit(spreadMs)})::bigint`
      : sql<number>`abs(random() % ${sql.lit(spreadMs)})`
  await tx
    .updateTable('connections')
    .set({ refresh_at: sql<number>`${sql.lit(now)} + ${draw}`, claimed_until: null })
    .where('refresh_at', '<=', now)
    .execute()
}

async function signEverybodyOut(tx: Db, now: number): Promise<void> {
  for (const table of ['sessions', 'outside_sign_ins', 'manage_pages', 'oauth_records'] as const)
    await tx.deleteFrom(table).execute()
  await tx.updateTable('oauth_grants').set({ ended_at: now }).where('ended_at', 'is', null).execute()
  // Without a member nobody could be invited again: there the first owner's link is left.
  await tx
    .deleteFrom('invitations')
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('members').select('id').whereRef('members.workspace_id', '=', 'invitations.workspace_id'),
      ),
    )
    .execute()
  await tx.deleteFrom('authorizations').execute()
  await tx
    .updateTable('connect_sessions')
    .set({ status: 'failed', error: 'expired', error_description: 'Grantry was restored from a backup.' })
    .where('status', 'in', ['created', 'started', 'awaiting_finish'])
    .execute()
}
