import type { Context } from '../../context.ts'
import type { Db } from '../../db/connect.ts'
import { newId } from '../../db/new-id.ts'
import type { TokenRequestRow } from '../../db/schema.ts'
import { transaction } from '../../db/transaction.ts'
import { isUnreadable } from '../../vault/errors.ts'
import type { Connection } from '../store.ts'
import { tokenPlace } from '../token-set.ts'
import { enter } from './gate.ts'
import { lockGate, saveGate } from './gates.ts'
import type { Lease } from './lease.ts'
import {
  type Attempt,
  type Begun,
  type Closing,
  type ConnectionKey,
  isStale,
  type Kept,
  type RefreshStore,
  type Scene,
} from './store.ts'

type Needs = Pick<Context, 'clock' | 'db' | 'random'>
/** What looks whether a pair opens. */
type Opening = Pick<Context, 'log' | 'vault'>

export const attemptColumns = [
  'workspace_id',
  'id',
  'integration_id',
  'connection_id',
  'fence',
  'spent_hash',
  'sent_at',
  'received_at',
  'lifetime',
  'refresh_lifetime',
  'refresh_token_hash',
  'outcome',
] as const satisfies (keyof Attempt)[]

export async function readScene(ctx: Needs, key: ConnectionKey): Promise<Scene | undefined> {
  return transaction(ctx.db, async (tx) => {
    const connection = await tx
      .selectFrom('connections')
      .selectAll()
      .where('workspace_id', '=', key.workspace_id)
      .where('id', '=', key.id)
      .executeTakeFirst()
    if (!connection) return undefined
    const siblings = (await holdersOf(tx, connection, connection.refresh_token_hash)).filter(
      ({ id }) => id !== connection.id,
    )
    const open = await openAttempts(tx, connection)
    return { connection, siblings, open, restored: await isRestored(tx, connection) }
  })
}

export async function findHolders(ctx: Pick<Context, 'db'>, attempt: Attempt): Promise<Connection[]> {
  const sharing = await holdersOf(ctx.db, attempt, attempt.spent_hash)
  const own = await ctx.db
    .selectFrom('connections')
    .selectAll()
    .where('workspace_id', '=', attempt.workspace_id)
    .where('id', '=', attempt.connection_id)
    .where('status', '!=', 'revoked')
    .execute()
  return [...own, ...sharing.filter(({ id }) => id !== attempt.connection_id)]
}

async function holdersOf(
  db: Db,
  { workspace_id, integration_id }: Pick<Connection, 'workspace_id' | 'integration_id'>,
  hash: string | null,
): Promise<Connection[]> {
  if (hash === null) return []
  const rows = await db
    .selectFrom('connections')
    .selectAll()
    .where('workspace_id', '=', workspace_id)
    .where('integration_id', '=', integration_id)
    .where('refresh_token_hash', '=', hash)
    .where('status', '!=', 'revoked')
    .execute()
  return rows.sort(byId)
}

/** Whether a connection's tokens came back out of a backup and have not been renewed since. */
async function isRestored(
  db: Db,
  { workspace_id, token_request_id }: Pick<Connection, 'workspace_id' | 'token_request_id'>,
): Promise<boolean> {
  if (token_request_id === null) return false
  const pair = await db
    .selectFrom('token_requests')
    .select('restored_in')
    .where('workspace_id', '=', workspace_id)
    .where('id', '=', token_request_id)
    .executeTakeFirst()
  return pair != null && pair.restored_in !== null
}

/** Not by the database: asked for an order, SQLite walks the whole workspace by its primary key. */
const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1)

async function openAttempts(db: Db, connection: Connection): Promise<Attempt[]> {
  const { workspace_id, integration_id, refresh_token_hash: hash } = connection
  const rows = await db
    .selectFrom('token_requests')
    .select(attemptColumns)
    .where('workspace_id', '=', workspace_id)
    .where('integration_id', '=', integration_id)
    .where('spent_hash', hash === null ? 'is' : '=', hash)
    .where('settle_at', 'is not', null)
    .$if(hash === null, (query) => query.where('connection_id', '=', connection.id))
    .execute()
  return rows.sort(byId)
}

/** What is written before anything is sent: which token is spent, by whom, and when to look what became of it. */
export function journalEntry(
  ctx: Pick<Context, 'random'> & { clock: Pick<Context['clock'], 'now'> },
  lease: Lease,
  connection: Connection,
  { kind, settleAt }: Pick<Parameters<RefreshStore['begin']>[2], 'kind' | 'settleAt'>,
): TokenRequestRow {
  const now = ctx.clock.now()
  const { refresh_at, refresh_failures } = connection
  return {
    workspace_id: lease.workspace,
    id: newId(ctx),
    integration_id: lease.integration,
    connection_id: connection.id,
    kind,
    fence: lease.fence,
    spent_hash: connection.refresh_token_hash,
    due_at: refresh_failures === 0 && refresh_at !== null && refresh_at <= now ? refresh_at : null,
    sent_at: now,
    received_at: null,
    access_token: null,
    refresh_token: null,
    refresh_token_hash: null,
    token_type: null,
    scopes: null,
    expires_at: null,
    lifetime: null,
    refresh_lifetime: null,
    settle_at: settleAt,
    outcome: null,
    error: null,
    error_description: null,
    restored_in: null,
  }
}

export async function beginAttempt(
  ctx: Needs,
  lease: Lease,
  { connection }: Scene,
  { kind, budget, lost, settleAt }: Parameters<RefreshStore['begin']>[2],
): Promise<Begun> {
  return transaction(ctx.db, async (tx) => {
    const now = ctx.clock.now()
    const open = await openAttempts(tx, connection)
    if (open.some((attempt) => attempt.received_at !== null && !isStale(attempt, connection)))
      return { overtaken: true }
    const gate = await lockGate(tx, lease, now, budget)
    const pass = enter(gate, { now, connection: connection.id, budget, lost })
    await saveGate(tx, lease, pass.gate)
    if (!pass.ok) return { blocked: pass.why, retryAfterMs: pass.retryAfterMs }
    const row = journalEntry(ctx, lease, connection, { kind, settleAt })
    await tx.insertInto('token_requests').values(row).execute()
    return { attempt: row }
  })
}

/**
 * @param ctx without a vault where a backup is written: the pair goes in as it is
 * @returns false where there is nothing that the pair belongs to, or it does not open
 */
export async function keepTokens(
  ctx: Pick<Context, 'db'> & Partial<Opening>,
  kept: Kept,
  settleAt: number,
): Promise<boolean> {
  const { workspace_id, id, tokens } = kept
  const result = await ctx.db
    .updateTable('token_requests')
    // An attempt that was taken for lost is open again: the pair may be the live one.
    .set({ ...tokens, settle_at: settleAt, outcome: null })
    .where('workspace_id', '=', workspace_id)
    .where('id', '=', id)
    // A spool file may be replayed after its pair has already been used.
    .where('received_at', 'is', null)
    .executeTakeFirst()
  if (result.numUpdatedRows > 0n) return true
  const row = await ctx.db
    .selectFrom('token_requests')
    .select('id')
    .where('workspace_id', '=', workspace_id)
    .where('id', '=', id)
    .executeTakeFirst()
  return row !== undefined || (await keepNewer(ctx, kept, settleAt))
}

/**
 * A pair that was received after the backup which this database came back out of: it counts as what came of the token that
 * the connection has again.
 */
async function keepNewer(
  { db, vault, log }: Pick<Context, 'db'> & Partial<Opening>,
  kept: Kept,
  settleAt: number,
): Promise<boolean> {
  const { workspace_id, id, tokens, of } = kept
  if (!of || !(await findRestored(db, kept))) return false
  // Before the transaction: its data key may have to be unwrapped by a service.
  if (vault && !(await opens({ vault, log: log! }, kept))) return false
  return transaction(db, async (tx) => {
    const connection = await findRestored(tx, kept)
    if (!connection) return false
    await tx
      .insertInto('token_requests')
      .values({
        ...tokens,
        ...of,
        workspace_id,
        id,
        kind: 'refresh',
        fence: 0,
        spent_hash: connection.refresh_token_hash,
        due_at: null,
        sent_at: tokens.received_at,
        settle_at: settleAt,
        outcome: null,
        error: null,
        error_description: null,
        restored_in: null,
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
    return true
  })
}

/** The connection that a pair is of, where it came back out of a backup and has not been renewed since. */
async function findRestored(db: Db, { workspace_id, of }: Kept): Promise<Connection | null> {
  const connection = await db
    .selectFrom('connections')
    .selectAll()
    .where('workspace_id', '=', workspace_id)
    .where('id', '=', of!.connection_id)
    .where('status', '!=', 'revoked')
    .executeTakeFirst()
  return connection && (await isRestored(db, connection)) ? connection : null
}

/**
 * Whether the pair can be used here: the data key that sealed it may be newer than the backup, and be gone with the database.
 * @throws {VaultError} where that cannot be told now; the pair then waits
 */
async function opens({ vault, log }: Opening, { workspace_id, id, tokens, of }: Kept): Promise<boolean> {
  try {
    for (const column of ['access_token', 'refresh_token'] as const) {
      const sealed = tokens[column]
      if (sealed) await vault.open(tokenPlace(workspace_id, id, column), sealed)
    }
    return true
  } catch (error) {
    if (!isUnreadable(error)) throw error
    log.error(
      { workspace: workspace_id, connection: of!.connection_id, attempt: id, code: error.code },
      'a pair in the spool is newer than the restored backup and does not open: it is dropped',
    )
    return false
  }
}

export async function closeAttempt(
  db: Db,
  { workspace_id, id }: Pick<Attempt, 'workspace_id' | 'id'>,
  { outcome, facts, settleAt }: Closing,
): Promise<void> {
  await db
    .updateTable('token_requests')
    .set({
      outcome,
      settle_at: settleAt,
      ...(facts && { error: facts.error, error_description: facts.description }),
    })
    .where('workspace_id', '=', workspace_id)
    .where('id', '=', id)
    // What has come late is not to be closed over.
    .where('received_at', 'is', null)
    .execute()
}

export async function postponeAttempt(
  ctx: Pick<Context, 'db'>,
  { workspace_id, id }: Attempt,
  settleAt: number,
): Promise<void> {
  await ctx.db
    .updateTable('token_requests')
    .set({ settle_at: settleAt })
    .where('workspace_id', '=', workspace_id)
    .where('id', '=', id)
    .where('settle_at', 'is not', null)
    .execute()
}
