import type { Context } from '../context.ts'
import type { Db } from '../db/connect.ts'
import { transaction } from '../db/transaction.ts'

/** What belongs to no workspace: clients that registered themselves, signing keys. Matches no workspace's id. */
export const deployment = '00000000-0000-0000-0000-000000000000'

/** Makes the data key that seals what is the deployment's own, where there is none yet. */
export async function prepareDeploymentKey(ctx: Pick<Context, 'db' | 'vault'>): Promise<void> {
  if (await hasKey(ctx.db)) return
  const key = await ctx.vault.prepareDataKey(deployment)
  await transaction(ctx.db, async (tx) => {
    if (!(await hasKey(tx))) await key.insert(tx)
  })
}

async function hasKey(db: Db): Promise<boolean> {
  const key = await db
    .selectFrom('data_keys')
    .select('id')
    .where('workspace_id', '=', deployment)
    .executeTakeFirst()
  return key !== undefined
}
