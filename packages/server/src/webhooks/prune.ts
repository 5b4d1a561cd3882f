import type { Context } from '../context.ts'
import { firstIdAt } from '../db/new-id.ts'

/** How long the delivery log goes back. */
const keptMs = 30 * 24 * 3_600_000

/** Drops what is over and old. What still waits stays, however old. */
export async function pruneDeliveries({ db, clock }: Pick<Context, 'clock' | 'db'>): Promise<void> {
  await db
    .deleteFrom('webhook_deliveries')
    .where('status', '!=', 'pending')
    .where('event_id', '<', firstIdAt(clock.now() - keptMs))
    .execute()
}
