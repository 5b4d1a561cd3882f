import type { Context } from '../../context.ts'
import { leaseNow } from '../../db/lease-clock.ts'
import { firstIdAt } from '../../db/new-id.ts'

/** How long a connection's history of attempts is kept. */
const historyMs = 7 * 24 * 3_600_000
/** A lease of a token that nobody has wanted for so long: who held it is not coming back. */
const leaseMs = 24 * 3_600_000
const atOnce = 1000

/**
 * Takes away what refreshing leaves behind: the records of attempts that are older than a week and hold no tokens, and
 * leases that nobody has wanted for a day. Some at a time, so that nobody waits for it.
 */
export async function pruneRefreshes(ctx: Pick<Context, 'clock' | 'db' | 'leaseClock'>): Promise<void> {
  const workspaces = await ctx.db.selectFrom('workspaces').select('id').execute()
  for (const { id } of workspaces) while ((await pruneAttempts(ctx, id)) === atOnce);
  await pruneLeases(ctx)
}

/** Ids are in the order of time, so that the primary key finds the old ones. */
async function pruneAttempts(ctx: Pick<Context, 'clock' | 'db'>, workspace: string): Promise<number> {
  const rows = await ctx.db
    .selectFrom('token_requests')
    .select('id')
    .where('workspace_id', '=', workspace)
    .where('id', '<', firstIdAt(ctx.clock.now() - historyMs))
    .where('settle_at', 'is', null)
    .where('access_token', 'is', null)
    .where('refresh_token', 'is', null)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('connections')
            .select('connections.id')
            .whereRef('connections.workspace_id', '=', 'token_requests.workspace_id')
            .whereRef('connections.id', '=', 'token_requests.connection_id')
            .whereRef('connections.token_request_id', '=', 'token_requests.id'),
        ),
      ),
    )
    .limit(atOnce)
    .execute()
  if (rows.length === 0) return 0
  await ctx.db
    .deleteFrom('token_requests')
    .where('workspace_id', '=', workspace)
    .where(
      'id',
      'in',
      rows.map(({ id }) => id),
    )
    .execute()
  return rows.length
}

async function pruneLeases(ctx: Pick<Context, 'db' | 'leaseClock'>): Promise<void> {
  const now = leaseNow(ctx.db, ctx.leaseClock)
  await ctx.db
    .deleteFrom('refresh_leases')
    .where((eb) => eb('expires_at', '<', eb(now, '-', leaseMs)))
    .execute()
}
