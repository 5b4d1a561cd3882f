import type { Context } from '../context.ts'
import { transaction } from '../db/transaction.ts'

/** What belongs to no workspace: clients that registered themselves, signing keys. Matches no workspace's id. */
export const deployment = '00000000-0000-0000-0000-000000000000'

/** Makes the data key that seals what is the deployment's own, where there is none yet. */
export async function prepareDeploymentKey(ctx: Pick<Context, 'db' | 'vault'>): Promise<void> {
  await transaction(ctx.db, async (tx) => {
    const key = await tx
      .selectFrom('data_keys')
      .select('id')
      .where('workspace_id', '=', deployment)
      .executeTakeFirst()
    if (!key) await ctx.vault.createDataKey(tx, deployment)
  })
}
