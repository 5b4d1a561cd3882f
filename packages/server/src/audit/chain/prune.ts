import { setImmediate as nextTurn } from 'node:timers/promises'
import { encodeId } from '@grantry/api'
import type { Context } from '../../context.ts'
import { isAmong } from '../../db/is-among.ts'
import { transaction } from '../../db/transaction.ts'
import { system } from '../event.ts'
import { record } from '../record.ts'
import { holdChain } from './checkpoint.ts'
import { unpackLinks } from './links.ts'

type Needs = Pick<Context, 'clock' | 'config' | 'db' | 'random'>

/**
 * Deletes events that are older than the deployment keeps them. Each chain is cut at a checkpoint, which stays, so that
 * what follows can be checked from there; what no checkpoint of that age covers stays too. To be done now and then, by any
 * process; it goes on where another was cut off.
 */
export async function pruneEvents(ctx: Needs): Promise<void> {
  const { auditRetentionMs } = ctx.config
  if (auditRetentionMs === null) return
  const before = ctx.clock.now() - auditRetentionMs
  const chains = await ctx.db.selectFrom('event_chains').select(['workspace_id', 'pruned_seq']).execute()
  for (const { workspace_id, pruned_seq } of chains) {
    const cut = await cutChain(ctx, workspace_id, before)
    await deleteUpTo(ctx, workspace_id, cut ?? pruned_seq)
  }
}

/** From here on the chain begins behind the newest checkpoint that is old enough, for everybody who reads it. */
async function cutChain(ctx: Needs, workspace: string, before: number): Promise<number | null> {
  return transaction(ctx.db, async (tx) => {
    const chain = await holdChain(tx, workspace)
    // What the operator's collector has not got yet is not lost to it.
    const feed = await tx
      .selectFrom('event_feeds')
      .select('sent_seq')
      .where('workspace_id', '=', workspace)
      .executeTakeFirst()
    const sent = ctx.config.telemetry.logs ? (feed?.sent_seq ?? 0) : Number.MAX_SAFE_INTEGER
    const cut = await tx
      .selectFrom('event_checkpoints')
      .select('seq')
      .where('workspace_id', '=', workspace)
      .where('at', '<', before)
      .where('seq', '<=', sent)
      .orderBy('seq', 'desc')
      .limit(1)
      .executeTakeFirst()
    if (!chain || !cut || cut.seq <= chain.pruned_seq) return null
    await tx
      .updateTable('event_chains')
      .set({ pruned_seq: cut.seq })
      .where('workspace_id', '=', workspace)
      .execute()
    await tx
      .deleteFrom('event_checkpoints')
      .where('workspace_id', '=', workspace)
      .where('seq', '<', cut.seq)
      .execute()
    await record(ctx, tx, {
      workspace,
      type: 'events.pruned',
      actor: system,
      data: {
        workspace: encodeId('ws', workspace),
        events: cut.seq - chain.pruned_seq,
        up_to: cut.seq,
        before: new Date(before).toISOString(),
      },
    })
    return cut.seq
  })
}

/** A stretch and its events go together, the oldest first. */
async function deleteUpTo(ctx: Needs, workspace: string, cut: number): Promise<void> {
  for (let more = cut > 0; more; ) {
    more = await transaction(ctx.db, async (tx) => {
      const stretch = await tx
        .selectFrom('event_links')
        .selectAll()
        .where('workspace_id', '=', workspace)
        .where('last_seq', '<=', cut)
        .orderBy('last_seq')
        .limit(1)
        .executeTakeFirst()
      if (!stretch) return false
      const ids = unpackLinks(stretch).map(({ event }) => event)
      await tx
        .deleteFrom('events')
        .where('workspace_id', '=', workspace)
        .where(isAmong('id', new Set(ids)))
        .execute()
      await tx
        .deleteFrom('event_links')
        .where('workspace_id', '=', workspace)
        .where('last_seq', '=', stretch.last_seq)
        .execute()
      return true
    })
    await nextTurn()
  }
}
