import type { Context } from '../context.ts'
import type { StoredClient } from './client-store.ts'

/** Written at most this often: it tells people, and the sweep, what is still in use. */
const accuracyMs = 86_400_000

/** Best effort: that a client was used is not worth failing or delaying a request for. */
export function noteClientUse(
  ctx: Pick<Context, 'clock' | 'db' | 'log'>,
  { workspace, id, lastUsedAt }: Pick<StoredClient, 'workspace' | 'id' | 'lastUsedAt'>,
): void {
  const now = ctx.clock.now()
  if (lastUsedAt !== null && now - lastUsedAt < accuracyMs) return
  ctx.db
    .updateTable('oauth_clients')
    .set({ last_used_at: now })
    .where('workspace_id', '=', workspace)
    .where('id', '=', id)
    .execute()
    .catch((error: unknown) => ctx.log.warn({ err: error }, 'last use of an OAuth client was not noted'))
}
