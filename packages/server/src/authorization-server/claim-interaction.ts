import type { Context } from '../context.ts'

/**
 * Takes a request that waits for its person's answer, for one answer: a form that is sent twice at once (a double
 * click, a second process) makes one grant.
 * @returns false where it was taken already
 */
export async function claimInteraction(ctx: Pick<Context, 'clock' | 'db'>, idHash: string): Promise<boolean> {
  const { numUpdatedRows } = await ctx.db
    .updateTable('oauth_records')
    .set({ consumed_at: ctx.clock.now() })
    .where('model', '=', 'Interaction')
    .where('id_hash', '=', idHash)
    .where('consumed_at', 'is', null)
    .executeTakeFirstOrThrow()
  return numUpdatedRows > 0n
}
