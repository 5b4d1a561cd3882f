import type { ProxyPolicy } from '@grantry/api'
import { record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import { transaction } from '../db/transaction.ts'
import { problem } from '../errors.ts'
import type { Actor, Principal } from '../http/principal.ts'
import { type Connection, eventOf, loadConnection, updateConnection } from './store.ts'

/**
 * Changes what may be called with a connection; null: what its integration says. Whom a policy is to hold back does not
 * get to change it: a credential of an end user's, or of somebody else's app.
 * @throws ApiError insufficient_scope
 */
export async function setProxyPolicy(
  ctx: Pick<Context, 'clock' | 'db' | 'random'>,
  { principal, actor }: { principal: Principal; actor: Actor },
  connection: Connection,
  policy: ProxyPolicy | null,
): Promise<Connection> {
  if (principal.kind !== 'api_key' && principal.kind !== 'member')
    throw problem('insufficient_scope', 'A proxy policy is set with an API key.')
  await transaction(ctx.db, async (tx) => {
    await updateConnection(tx, connection, {
      proxy_policy: policy && JSON.stringify(policy),
      updated_at: ctx.clock.now(),
    })
    await record(ctx, tx, {
      ...eventOf(connection),
      type: 'connection.updated',
      actor,
      data: { changed: ['proxy_policy'] },
    })
  })
  return loadConnection(ctx, connection.workspace_id, connection.id)
}
