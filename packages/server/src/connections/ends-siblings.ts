import type { Db } from '../db/connect.ts'
import type { Integration } from '../integrations/store.ts'
import type { Connection } from './store.ts'

/** Whether revoking this connection's grant would end other living connections of the same account at the same OAuth app. */
export async function endsSiblings(
  db: Db,
  { profile }: Pick<Integration, 'profile'>,
  connection: Connection,
): Promise<boolean> {
  if (!profile.revocation?.ends_siblings || connection.account_id === null) return false
  const sibling = await db
    .selectFrom('connections')
    .select('id')
    .where('workspace_id', '=', connection.workspace_id)
    .where('integration_id', '=', connection.integration_id)
    .where('account_id', '=', connection.account_id)
    .where('id', '!=', connection.id)
    .where('status', '!=', 'revoked')
    .executeTakeFirst()
  return sibling !== undefined
}
