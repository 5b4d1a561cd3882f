import { encodeId } from '@grantry/api'
import { recordMany } from '../../audit/record.ts'
import type { Context } from '../../context.ts'
import type { Db } from '../../db/connect.ts'
import { idList } from '../../db/id-list.ts'
import type { BreakGlassRow, ConnectionRow } from '../../db/schema.ts'
import { transaction } from '../../db/transaction.ts'
import type { Actor } from '../../http/principal.ts'
import { ended, eventOf } from '../store.ts'
import { destroyUnused } from './destroy-unused.ts'
import { type NextCalls, planRevocations } from './plan-revocations.ts'
import { readGrants } from './read-grants.ts'
import { findSharers } from './sharers.ts'

export type EndNeeds = Pick<Context, 'catalogue' | 'clock' | 'config' | 'db' | 'log' | 'random'>

/** Ends so many in one transaction: others, who wait for it on SQLite, wait for a fifth of a second. */
const atOnce = 1000
/** While it is being ended by one process, no other takes it up; renewed with every transaction. */
export const claimMs = 30_000

/**
 * Ends here what was chosen and is not ended yet. None of it needs the vault or a provider: tokens stay sealed where they
 * rest until their provider has answered.
 */
export async function endAll(ctx: EndNeeds, row: BreakGlassRow): Promise<void> {
  const from = ctx.clock.now() + (await countLeft(ctx, row)) * endedMs
  for (let next: NextCalls | null = { from, byIntegration: new Map() }; next; )
    next = await endSome(ctx, row, next)
  await ctx.db
    .updateTable('break_glass')
    .set({ state: 'revoking', ended_at: ctx.clock.now(), claimed_until: null })
    .where('workspace_id', '=', row.workspace_id)
    .where('id', '=', row.id)
    .where('state', '=', 'ending')
    .execute()
}

/** What one is counted with: providers are not asked before all have ended here, which would be slower for it. */
const endedMs = 0.5

async function countLeft({ db }: EndNeeds, { workspace_id, id }: BreakGlassRow): Promise<number> {
  const { count } = await db
    .selectFrom('break_glass_connections')
    .select((row) => row.fn.countAll<number | string>().as('count'))
    .where('workspace_id', '=', workspace_id)
    .where('break_glass_id', '=', id)
    .where('outcome', '=', 'to_end')
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** @returns when providers may be asked for those behind them; null where nothing was left */
async function endSome(
  ctx: EndNeeds,
  row: BreakGlassRow,
  { from, byIntegration }: NextCalls,
): Promise<NextCalls | null> {
  const { workspace_id: workspace, id } = row
  return transaction(ctx.db, async (tx) => {
    // First, for it holds the row: whoever else took it up, because this process stood still, waits.
    await tx
      .updateTable('break_glass')
      .set({ claimed_until: ctx.clock.now() + claimMs })
      .where('workspace_id', '=', workspace)
      .where('id', '=', id)
      .where('state', '=', 'ending')
      .execute()
    const chosen = await tx
      .selectFrom('break_glass_connections')
      .select('connection_id')
      .where('workspace_id', '=', workspace)
      .where('break_glass_id', '=', id)
      .where('outcome', '=', 'to_end')
      .orderBy('connection_id')
      .limit(atOnce)
      .execute()
    if (chosen.length === 0) return null
    const ids = chosen.map(({ connection_id }) => connection_id)
    const revoked = await tx
      .updateTable('connections')
      .set(ended('break_glass', ctx.clock.now()))
      .where('workspace_id', '=', workspace)
      .where('id', 'in', idList(tx, ids))
      .where('status', '!=', 'revoked')
      .returningAll()
      .execute()
    await letGo(tx, workspace, ids, revoked)
    const grants = await readGrants(ctx, tx, workspace, revoked)
    const shared = row.force === 1 ? new Set<string>() : await findSharers(tx, row, revoked, grants)
    // A copy: this may run more than once, and is to plan as if it were the first time.
    const next = { from, byIntegration: new Map(byIntegration) }
    const outcomes = await planRevocations(ctx, tx, { ended: revoked, grants, shared, next })
    for (const [outcome, connections] of outcomes) {
      await tx
        .updateTable('break_glass_connections')
        .set({ outcome })
        .where('workspace_id', '=', workspace)
        .where(
          'connection_id',
          'in',
          idList(
            tx,
            connections.map((one) => one.id),
          ),
        )
        .execute()
      if (outcome !== 'waiting')
        await destroyUnused(
          tx,
          workspace,
          connections.flatMap(({ token_request_id }) => token_request_id ?? []),
        )
    }
    await recordMany(
      ctx,
      tx,
      revoked.map((one) => ({
        ...eventOf(one),
        type: 'connection.revoked',
        actor: actorOf(row),
        data: { reason: 'break_glass', break_glass: encodeId('bgl', id) },
      })),
    )
    return next
  })
}

const actorOf = ({ actor_kind, actor_id }: BreakGlassRow): Actor => ({
  kind: actor_kind,
  id: actor_id,
  requestId: null,
})

/** Their names, the pairs that were kept beside the current one; and from the report what somebody else has ended meanwhile. */
async function letGo(tx: Db, workspace: string, chosen: string[], ended: ConnectionRow[]): Promise<void> {
  const ids = new Set(ended.map(({ id }) => id))
  const others = chosen.filter((id) => !ids.has(id))
  if (others.length > 0)
    await tx
      .deleteFrom('break_glass_connections')
      .where('workspace_id', '=', workspace)
      .where('connection_id', 'in', idList(tx, others))
      .execute()
  await tx
    .deleteFrom('named_connections')
    .where('workspace_id', '=', workspace)
    .where('connection_id', 'in', idList(tx, [...ids]))
    .execute()
  await tx
    .updateTable('token_requests')
    .set({ access_token: null, refresh_token: null })
    .where('workspace_id', '=', workspace)
    .where('connection_id', 'in', idList(tx, [...ids]))
    .where('outcome', '=', 'superseded')
    .where('settle_at', 'is', null)
    .execute()
}
