import { encodeId } from '@grantry/api'
import { sql } from 'kysely'
import { system } from '../../audit/event.ts'
import { record } from '../../audit/record.ts'
import type { BreakGlassRow } from '../../db/schema.ts'
import { transaction } from '../../db/transaction.ts'
import { claimMs, type EndNeeds, endAll } from './end-all.ts'
import { readBreakGlass } from './read.ts'

/**
 * Goes on where a process ended in the middle of ending connections, and closes what has an outcome for each. Several
 * processes may do this at once.
 */
export async function followBreakGlass(ctx: EndNeeds): Promise<void> {
  const open = await ctx.db
    .selectFrom('break_glass')
    .selectAll()
    // As the partial index has it, word for word.
    .where('state', '<>', sql.lit('done' as const))
    .execute()
  for (const row of open)
    if (row.state === 'revoking') await close(ctx, row)
    else if (await claim(ctx, row)) await endAll(ctx, row)
}

async function claim(ctx: EndNeeds, { workspace_id, id, claimed_until }: BreakGlassRow): Promise<boolean> {
  const now = ctx.clock.now()
  if (claimed_until !== null && claimed_until > now) return false
  const result = await ctx.db
    .updateTable('break_glass')
    .set({ claimed_until: now + claimMs })
    .where('workspace_id', '=', workspace_id)
    .where('id', '=', id)
    .where('claimed_until', claimed_until === null ? 'is' : '=', claimed_until)
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}

async function close(ctx: EndNeeds, { workspace_id, id, app_id }: BreakGlassRow): Promise<void> {
  const left = await ctx.db
    .selectFrom('break_glass_connections')
    .select('connection_id')
    .where('break_glass_id', '=', id)
    .where('workspace_id', '=', workspace_id)
    .where('outcome', 'in', ['waiting', 'retrying'])
    .limit(1)
    .executeTakeFirst()
  if (left) return
  await transaction(ctx.db, async (tx) => {
    const closed = await tx
      .updateTable('break_glass')
      .set({ state: 'done', done_at: ctx.clock.now() })
      .where('workspace_id', '=', workspace_id)
      .where('id', '=', id)
      .where('state', '=', 'revoking')
      .executeTakeFirst()
    if (closed.numUpdatedRows === 0n) return
    const found = await readBreakGlass({ db: tx }, { workspace: workspace_id, app: null, actor: null }, id)
    await record(ctx, tx, {
      workspace: workspace_id,
      type: 'break_glass.finished',
      actor: system,
      app: app_id,
      data: { break_glass: encodeId('bgl', id), ...found!.outcomes },
    })
  })
}
