import type { Context } from '../context.ts'
import { isUniqueViolation } from '../db/constraint.ts'

/** What belongs to no workspace: clients that registered themselves, signing keys. Matches no workspace's id. */
export const deployment = '00000000-0000-0000-0000-000000000000'

/** Of its first data key; one id, so that of several who make it at once one does. */
const firstKey = '00000000-0000-7000-8000-000000000001'

/** Makes the data key that seals what is the deployment's own, where there is none yet. */
export async function prepareDeploymentKey({ db, vault }: Pick<Context, 'db' | 'vault'>): Promise<void> {
  const keys = db.selectFrom('data_keys').select('id').where('workspace_id', '=', deployment)
  if (await keys.limit(1).executeTakeFirst()) return
  const key = await vault.prepareDataKey(deployment, firstKey)
  await key.insert(db).catch((error: unknown) => {
    if (!isUniqueViolation(error, 'data_keys_pkey')) throw error
  })
}
