import { encodeId } from '@grantry/api'
import { recordMany } from '../../audit/record.ts'
import type { Context } from '../../context.ts'
import { type Db, dialectOf } from '../../db/connect.ts'
import { idList } from '../../db/id-list.ts'
import type { BreakGlassRow, ConnectionRow } from '../../db/schema.ts'
import { transaction } from '../../db/transaction.ts'
import type { Actor } from '../../http/principal.ts'
import { eventOf } from '../store.ts'
import { destroyUnused } from './destroy-unused.ts'
import { createPaces, type Paces, planRevocations } from './plan-revocations.ts'
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
  const paces = createPaces(ctx.clock.now())
  while ((await endSome(ctx, row, paces)) > 0);
  await ctx.db
    .updateTable('break_glass')
    .set({ state: 'revoking', ended_at: ctx.clock.now(), claimed_until: null })
    .where('workspace_id', '=', row.workspace_id)
    .where('id', '=', row.id)
    .where('state', '=', 'ending')
    .execute()
}

/** Answers how many it has looked at: 0 where nothing is left. */
async function endSome(ctx: EndNeeds, row: BreakGlassRow, paces: Paces): Promise<number> {
  const { workspace_id: workspace, id } = row
  const planned = paces.save()
  return transaction(ctx.db, async (tx) => {
    // It may run more than once, and is to plan as if it were the first time.
    paces.restore(planned)
    await hold(tx, row)
    const next = await tx
      .selectFrom('break_glass_connections')
      .select('connection_id')
      .where('workspace_id', '=', workspace)
      .where('break_glass_id', '=', id)
      .where('outcome', '=', 'to_end')
      .orderBy('connection_id')
      .limit(atOnce)
      .execute()
    if (next.length === 0) return 0
    const ids = next.map(({ connection_id }) => connection_id)
    const ended = await revokeHere(ctx, tx, workspace, ids)
    await letGo(tx, workspace, ids, ended)
    const shared = row.force === 1 ? new Set<string>() : await findSharers(ctx, tx, row, ended)
    const outcomes = await planRevocations(ctx, tx, { workspace, ended, shared, paces })
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
      ended.map((one) => ({
        ...eventOf(one),
        type: 'connection.revoked',
        actor: actorOf(row),
        data: { reason: 'break_glass', break_glass: encodeId('bgl', id) },
      })),
    )
    await tx
      .updateTable('break_glass')
      .set({ claimed_until: ctx.clock.now() + claimMs })
      .where('workspace_id', '=', workspace)
      .where('id', '=', id)
      .execute()
    return ids.length
  })
}

/** Whoever else took it up, because this process stood still, waits. SQLite has one writer, and this is it. */
async function hold(tx: Db, { workspace_id, id }: BreakGlassRow): Promise<void> {
  if (dialectOf(tx) === 'sqlite') return
  await tx
    .selectFrom('break_glass')
    .select('id')
    .where('workspace_id', '=', workspace_id)
    .where('id', '=', id)
    .forUpdate()
    .execute()
}

const actorOf = ({ actor_kind, actor_id }: BreakGlassRow): Actor => ({
  kind: actor_kind,
  id: actor_id,
  requestId: null,
})

/** From its commit on nobody reads their tokens, and no refresh that is under way moves them. */
function revokeHere(
  { clock }: Pick<Context, 'clock'>,
  tx: Db,
  workspace: string,
  ids: string[],
): Promise<ConnectionRow[]> {
  return tx
    .updateTable('connections')
    .set((eb) => ({
      status: 'revoked',
      reason: 'break_glass',
      reason_detail: null,
      refresh_at: null,
      claimed_until: null,
      ends_at: null,
      warn_at: null,
      refresh_token_hash: null,
      expires_at: null,
      token_version: eb('token_version', '+', 1),
      updated_at: clock.now(),
    }))
    .where('workspace_id', '=', workspace)
    .where('id', 'in', idList(tx, ids))
    .where('status', '!=', 'revoked')
    .returningAll()
    .execute()
}

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
