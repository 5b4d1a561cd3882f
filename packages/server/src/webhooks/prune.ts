import type { Context } from '../context.ts'
import { firstIdAt } from '../db/new-id.ts'

/** How long the delivery log goes back, and how long a message waits for an endpoint that is stopped. */
const keptMs = 30 * 24 * 3_600_000

/** Drops what is old, endpoint by endpoint: each by the key that its rows are kept in, so that it takes what it drops. */
export async function pruneDeliveries({ db, clock }: Pick<Context, 'clock' | 'db'>): Promise<void> {
  const before = firstIdAt(clock.now() - keptMs)
  const endpoints = await db.selectFrom('webhook_endpoints').select(['workspace_id', 'id']).execute()
  for (const { workspace_id, id } of endpoints)
    await db
      .deleteFrom('webhook_deliveries')
      .where('workspace_id', '=', workspace_id)
      .where('endpoint_id', '=', id)
      .where('event_id', '<', before)
      .execute()
}
