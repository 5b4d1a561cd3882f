import type { Context } from '../context.ts'
import { mintCredential } from '../vault/credential.ts'
import type { Arrival } from './callback.ts'

/**
 * Where nothing else leads on from a failure — no return address, no page that opened this one —, the person may begin again
 * by a link that only the page in their browser has. Never after they said that it is not them.
 * @returns the link; null where there is another way, or none
 */
export async function offerRetry(
  ctx: Pick<Context, 'config' | 'clock' | 'db' | 'random'>,
  arrival: Extract<Arrival, { outcome: 'failed' }>,
): Promise<string | null> {
  const { session } = arrival
  if (arrival.notMe || session.return_to !== null || session.origin !== null) return null
  const { text, hash } = mintCredential('gst', session.workspace_id, session.id, ctx.random)
  const offered = await ctx.db
    .updateTable('connect_sessions')
    .set({ retry_token_hash: hash })
    .where('workspace_id', '=', session.workspace_id)
    .where('id', '=', session.id)
    .where('status', '=', 'failed')
    .where('expires_at', '>', ctx.clock.now())
    .executeTakeFirst()
  return offered.numUpdatedRows > 0n ? `${ctx.config.publicUrl}/connect/${text}` : null
}
