import { encodeId } from '@grantry/api'
import { record } from '../audit/record.ts'
import { deleteConnection } from '../connections/delete.ts'
import { eventOf } from '../connections/store.ts'
import type { Context } from '../context.ts'
import type { Db } from '../db/connect.ts'
import type { McpServerRow } from '../db/schema.ts'
import { transaction } from '../db/transaction.ts'
import { notFound } from '../errors.ts'
import type { Actor } from '../http/principal.ts'
import { removeServerName } from './names.ts'
import type { McpServer } from './store.ts'

/** Ends a server at once, and then the connection that was made for it, unless another server stands on it. */
export async function deleteMcpServer(
  ctx: Context,
  { row, connection }: McpServer,
  actor: Actor,
): Promise<void> {
  const ends = await transaction(ctx.db, async (tx) => {
    const gone = await tx
      .deleteFrom('mcp_servers')
      .where('workspace_id', '=', row.workspace_id)
      .where('id', '=', row.id)
      .returning('id')
      .executeTakeFirst()
    if (!gone) throw notFound('MCP server')
    await removeServerName(tx, row)
    await record(ctx, tx, {
      ...eventOf(connection),
      type: 'mcp_server.deleted',
      actor,
      data: { mcp_server: encodeId('mcp', row.id) },
    })
    return row.owns_connection === 1 && connection.status !== 'revoked' && !(await inherit(tx, row))
  })
  if (ends) await deleteConnection(ctx, { connection, actor, force: false })
}

/** Whether another server stands on this one's connection; it is the one that the connection goes with then. */
async function inherit(tx: Db, { workspace_id, connection_id }: McpServerRow): Promise<boolean> {
  const heir = await tx
    .selectFrom('mcp_servers')
    .select('id')
    .where('workspace_id', '=', workspace_id)
    .where('connection_id', '=', connection_id)
    .orderBy('id')
    .limit(1)
    .executeTakeFirst()
  if (!heir) return false
  await tx
    .updateTable('mcp_servers')
    .set({ owns_connection: 1 })
    .where('workspace_id', '=', workspace_id)
    .where('id', '=', heir.id)
    .execute()
  return true
}
