import { record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import { transaction } from '../db/transaction.ts'
import type { Actor } from '../http/principal.ts'
import { deployment } from '../vault/deployment.ts'

/**
 * Has the values of every workspace, and the deployment's own, looked at: what does not rest in the back end of this process'
 * configuration is moved there in the background.
 */
export async function migrateVault(
  ctx: Pick<Context, 'clock' | 'db' | 'random' | 'stores'>,
  actor: Actor,
): Promise<void> {
  const now = ctx.clock.now()
  await transaction(ctx.db, async (tx) => {
    await tx
      .insertInto('reseals')
      .columns(['workspace_id', 'next_at', 'claimed_until', 'values_left', 'values_refused'])
      .expression((eb) =>
        eb
          .selectFrom('data_keys')
          .select(({ val, lit }) => [
            'workspace_id',
            val(now).as('next_at'),
            lit(null).as('claimed_until'),
            lit(null).as('values_left'),
            lit(0).as('values_refused'),
          ])
          .where('retired_at', 'is', null)
          .groupBy('workspace_id'),
      )
      // What was counted before was of another back end.
      .onConflict((conflict) =>
        conflict.column('workspace_id').doUpdateSet({ next_at: now, values_left: null, values_refused: 0 }),
      )
      .execute()
    await record(ctx, tx, {
      workspace: deployment,
      type: 'vault.migration_started',
      actor,
      data: { to: ctx.stores.wanted ?? 'database' },
    })
  })
}
