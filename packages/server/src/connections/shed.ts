import type { Account } from '@grantry/oauth'
import type { Context } from '../context.ts'
import type { Db } from '../db/connect.ts'
import type { Integration } from '../integrations/store.ts'
import { destroyTokens, queueRevocation } from './queue-revocation.ts'
import { type Connection, isConnected } from './store.ts'

/**
 * Lets go of what a connection had before it was given other tokens. Those of the same account are only destroyed here:
 * ending them at the provider could end the new ones. Another account's grant has no use any more and ends there too.
 */
export async function shed(
  ctx: Pick<Context, 'clock' | 'random' | 'vault'>,
  tx: Db,
  integration: Integration,
  before: Connection,
  account: Account | null,
): Promise<void> {
  const { workspace_id, id, token_request_id } = before
  if (!token_request_id) return
  const request = await tx
    .selectFrom('token_requests')
    .selectAll()
    .where('workspace_id', '=', workspace_id)
    .where('id', '=', token_request_id)
    .executeTakeFirst()
  const shared = await tx
    .selectFrom('connections')
    .select('id')
    .where('workspace_id', '=', workspace_id)
    .where('token_request_id', '=', token_request_id)
    .where('id', '!=', id)
    .executeTakeFirst()
  if (!request || shared) return
  const changed = account !== null && before.account_id !== null && before.account_id !== account.id
  if (changed && !(await isConnected(tx, integration, before.account_id)))
    await queueRevocation(ctx, tx, { connection: before, integration, request, waitMs: 0 })
  else await destroyTokens(tx, request)
}
