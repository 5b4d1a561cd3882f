import { encodeId } from '@grantry/api'
import type { Secret } from '@grantry/oauth'
import { record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import type { WebhookEndpointRow } from '../db/schema.ts'
import { transaction } from '../db/transaction.ts'
import { problem } from '../errors.ts'
import type { Actor } from '../http/principal.ts'
import { mintSecret } from './sign.ts'
import { secretPlace } from './store.ts'

/**
 * Gives an endpoint another secret. The one before signs too for `overlapMs`, so that receivers may change at their own
 * time; one that was older still ends now.
 * @throws ApiError conflict where somebody else did the same at this moment
 */
export async function rotateSecret(
  ctx: Pick<Context, 'clock' | 'db' | 'random' | 'vault'>,
  row: WebhookEndpointRow,
  { overlapMs, actor }: { overlapMs: number; actor: Actor },
): Promise<{ row: WebhookEndpointRow; secret: Secret }> {
  const { workspace_id, id, secret_version } = row
  const secret = mintSecret(ctx.random)
  const sealed = await ctx.vault.seal(secretPlace(workspace_id, id, secret_version + 1), secret)
  const now = ctx.clock.now()
  const changed = await transaction(ctx.db, async (tx) => {
    const next = await tx
      .updateTable('webhook_endpoints')
      .set(({ ref }) => ({
        secret: sealed,
        secret_version: secret_version + 1,
        // As it rests now: meanwhile it may have been sealed anew.
        old_secret: overlapMs > 0 ? ref('secret') : null,
        old_secret_until: overlapMs > 0 ? now + overlapMs : null,
        updated_at: now,
      }))
      .where('workspace_id', '=', workspace_id)
      .where('id', '=', id)
      .where('secret_version', '=', secret_version)
      .returningAll()
      .executeTakeFirst()
    if (!next)
      throw problem('conflict', 'This endpoint was changed at the same moment. Look at it and try again.')
    await record(ctx, tx, {
      workspace: workspace_id,
      type: 'webhook_endpoint.secret_rotated',
      actor,
      app: row.app_id,
      data: { endpoint: encodeId('whe', id), overlap_seconds: overlapMs / 1000 },
    })
    return next
  })
  return { row: changed, secret }
}
