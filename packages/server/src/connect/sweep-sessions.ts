import type { Context } from '../context.ts'

/** How long the end of a session can still be asked for. */
const keepMs = 24 * 3_600_000

/** Removes sessions that ended a day ago, with them every code that was never used, and end users' dead tokens and pages. */
export async function sweepSessions(ctx: Pick<Context, 'clock' | 'db'>): Promise<void> {
  const before = ctx.clock.now() - keepMs
  // A code that nobody came back for rests here no longer than it would work at the provider.
  await ctx.db
    .updateTable('authorizations')
    .set({ code: null })
    .where('code', 'is not', null)
    .where('code_expires_at', '<', ctx.clock.now())
    .execute()
  await ctx.db.deleteFrom('authorizations').where('expires_at', '<', before).execute()
  await ctx.db.deleteFrom('manage_pages').where('expires_at', '<', before).execute()
  await ctx.db.deleteFrom('end_user_tokens').where('expires_at', '<', before).execute()
  await ctx.db.deleteFrom('connect_sessions').where('expires_at', '<', before).execute()
}
