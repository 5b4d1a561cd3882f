import { encodeId } from '@grantry/api'
import { record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import type { WebhookEndpointRow } from '../db/schema.ts'
import { transaction } from '../db/transaction.ts'
import type { Actor } from '../http/principal.ts'
import { originOf } from './store.ts'

/** Ends an endpoint, and what still waited for it. */
export async function deleteEndpoint(
  ctx: Pick<Context, 'clock' | 'db' | 'random'>,
  { workspace_id, id, app_id, url }: WebhookEndpointRow,
  actor: Actor,
): Promise<void> {
  await transaction(ctx.db, async (tx) => {
    await tx
      .deleteFrom('webhook_deliveries')
      .where('workspace_id', '=', workspace_id)
      .where('endpoint_id', '=', id)
      .execute()
    const gone = await tx
      .deleteFrom('webhook_endpoints')
      .where('workspace_id', '=', workspace_id)
      .where('id', '=', id)
      .executeTakeFirst()
    if (gone.numDeletedRows === 0n) return
    await record(ctx, tx, {
      workspace: workspace_id,
      type: 'webhook_endpoint.deleted',
      actor,
      app: app_id,
      data: { endpoint: encodeId('whe', id), origin: originOf(url) },
    })
  })
}
