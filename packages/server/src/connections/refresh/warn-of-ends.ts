import { system } from '../../audit/event.ts'
import { record } from '../../audit/record.ts'
import type { Context } from '../../context.ts'
import { transaction } from '../../db/transaction.ts'
import { eventOf } from '../store.ts'

const atOnce = 100

/** One `connection.expiring` for each grant or refresh token whose end is near, while there is time to connect again. */
export async function warnOfEnds(ctx: Pick<Context, 'clock' | 'db' | 'random'>): Promise<void> {
  const due = await ctx.db
    .selectFrom('connections')
    .selectAll()
    .where('warn_at', 'is not', null)
    .where('warn_at', '<=', ctx.clock.now())
    .orderBy('warn_at')
    .limit(atOnce)
    .execute()
  for (const connection of due) {
    const ends = Math.min(
      ...[connection.refresh_token_expires_at, connection.grant_ends_at].filter((end) => end !== null),
    )
    await transaction(ctx.db, async (tx) => {
      const result = await tx
        .updateTable('connections')
        // What refreshing should have put off is near: it counts as an end until a refresh does put it off.
        .set({ warn_at: null, ...(connection.status === 'active' ? { ends_at: ends } : {}) })
        .where('workspace_id', '=', connection.workspace_id)
        .where('id', '=', connection.id)
        .where('warn_at', '=', connection.warn_at)
        .executeTakeFirst()
      if (result.numUpdatedRows === 0n || connection.status !== 'active') return
      await record(ctx, tx, {
        ...eventOf(connection),
        type: 'connection.expiring',
        actor: system,
        data: { ends_at: new Date(ends).toISOString() },
      })
    })
  }
}
