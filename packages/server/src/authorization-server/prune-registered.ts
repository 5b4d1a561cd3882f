import type { Context } from '../context.ts'
import { removeRegistered } from './registered-clients.ts'

/** How long a client that registered itself is kept for somebody to allow it something. */
const patienceMs = 30 * 86_400_000
const atOnce = 100

/** Removes clients that registered themselves a month ago, and to whom nobody has ever allowed anything. */
export async function pruneRegistered(
  ctx: Pick<Context, 'clock' | 'db' | 'invalidation' | 'random'>,
): Promise<void> {
  const before = ctx.clock.now() - patienceMs
  for (;;) {
    const idle = await ctx.db
      .selectFrom('oauth_clients as client')
      .select('client.client_id')
      .where('client.origin', '=', 'registered')
      .where('client.created_at', '<', before)
      .where((eb) => eb.or([eb('client.last_used_at', 'is', null), eb('client.last_used_at', '<', before)]))
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('oauth_grants')
              .select('oauth_grants.id')
              .whereRef('oauth_grants.client_id', '=', 'client.client_id'),
          ),
        ),
      )
      .limit(atOnce)
      .execute()
    for (const { client_id } of idle) await removeRegistered(ctx, client_id)
    if (idle.length < atOnce) return
  }
}
