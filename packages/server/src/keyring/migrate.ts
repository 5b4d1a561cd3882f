import { record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import { transaction } from '../db/transaction.ts'
import type { Actor } from '../http/principal.ts'
import { deployment } from '../vault/deployment.ts'
import { requestReseals } from './reseals.ts'

/**
 * Has the values of every workspace, and the deployment's own, looked at: what does not rest in the back end of this process'
 * configuration is moved there in the background.
 */
export async function migrateVault(
  ctx: Pick<Context, 'clock' | 'db' | 'random' | 'stores'>,
  actor: Actor,
): Promise<void> {
  await transaction(ctx.db, async (tx) => {
    const sealing = tx
      .selectFrom('data_keys')
      .select('workspace_id')
      .distinct()
      .where('retired_at', 'is', null)
    await requestReseals(ctx, tx, { of: sealing, afresh: true })
    await record(ctx, tx, {
      workspace: deployment,
      type: 'vault.migration_started',
      actor,
      data: { to: ctx.stores.wanted ?? 'database' },
    })
  })
}
