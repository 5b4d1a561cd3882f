import { system } from '../audit/event.ts'
import { record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import { transaction } from '../db/transaction.ts'
import { type Connection, eventOf, loadConnection } from './store.ts'

/** An expired token that nothing can renew: the person must consent again. Returns the connection as it is then. */
export async function expireConnection(
  ctx: Pick<Context, 'clock' | 'db' | 'random'>,
  connection: Connection,
): Promise<Connection> {
  const reason = 'expired'
  const detail =
    'the access token has expired and the provider gave no refresh token (was offline access asked for?)'
  await transaction(ctx.db, async (tx) => {
    const result = await tx
      .updateTable('connections')
      .set({
        status: 'needs_reauth',
        reason,
        reason_detail: detail,
        refresh_at: null,
        ends_at: null,
        warn_at: null,
        updated_at: ctx.clock.now(),
      })
      .where('workspace_id', '=', connection.workspace_id)
      .where('id', '=', connection.id)
      .where('status', '=', 'active')
      .where('token_version', '=', connection.token_version)
      .executeTakeFirst()
    if (result.numUpdatedRows === 0n) return
    const event = { ...eventOf(connection), type: 'connection.needs_reauth', actor: system } as const
    await record(ctx, tx, { ...event, data: { reason } })
  })
  return loadConnection(ctx, connection.workspace_id, connection.id)
}
