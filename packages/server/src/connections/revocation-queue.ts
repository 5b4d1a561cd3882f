import type { Context } from '../context.ts'
import type { RevocationRow } from '../db/schema.ts'
import { ApiError } from '../errors.ts'
import { endRevocation, revokeUpstream } from './revoke-upstream.ts'

type Needs = Pick<Context, 'catalogue' | 'clock' | 'config' | 'db' | 'egress' | 'log' | 'random' | 'vault'>

/** While a claimed row is being worked on, nobody else takes it. */
const claimMs = 60_000
const atOnce = 20

/** Tries the revocations that are due. Several processes may do this at once: each row is claimed by compare-and-swap. */
export async function runDueRevocations(ctx: Needs): Promise<void> {
  const due = await ctx.db
    .selectFrom('revocations')
    .selectAll()
    .where('next_attempt_at', '<=', ctx.clock.now())
    .orderBy('next_attempt_at')
    .limit(atOnce)
    .execute()
  for (const row of due) {
    if (!(await claim(ctx, row))) continue
    try {
      await revokeUpstream(ctx, row)
    } catch (error) {
      ctx.log.warn({ err: error, connection: row.connection_id }, 'a revocation could not be tried')
      // With its integration went the client that could have asked.
      const gone = error instanceof ApiError && error.code === 'not_found'
      if (gone) await endRevocation(ctx, row, { error: 'integration_deleted', description: null })
      else if (ctx.clock.now() >= row.gives_up_at)
        await endRevocation(ctx, row, { error: 'not_sent', description: null })
    }
  }
}

async function claim(ctx: Needs, row: RevocationRow): Promise<boolean> {
  const result = await ctx.db
    .updateTable('revocations')
    .set({ next_attempt_at: ctx.clock.now() + claimMs })
    .where('workspace_id', '=', row.workspace_id)
    .where('id', '=', row.id)
    .where('next_attempt_at', '=', row.next_attempt_at)
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}
