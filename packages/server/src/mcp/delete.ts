import { encodeId } from '@grantry/api'
import { record } from '../audit/record.ts'
import { deleteConnection } from '../connections/delete.ts'
import { eventOf } from '../connections/store.ts'
import type { Context } from '../context.ts'
import { transaction } from '../db/transaction.ts'
import { notFound } from '../errors.ts'
import type { Actor } from '../http/principal.ts'
import type { McpServer } from './store.ts'

/** Ends a server at once, and then the connection that was made for it. */
export async function deleteMcpServer(
  ctx: Context,
  { row, connection }: McpServer,
  actor: Actor,
): Promise<void> {
  await transaction(ctx.db, async (tx) => {
    const gone = await tx
      .deleteFrom('mcp_servers')
      .where('workspace_id', '=', row.workspace_id)
      .where('id', '=', row.id)
      .returning('id')
      .executeTakeFirst()
    if (!gone) throw notFound('MCP server')
    await record(ctx, tx, {
      ...eventOf(connection),
      type: 'mcp_server.deleted',
      actor,
      data: { mcp_server: encodeId('mcp', row.id) },
    })
  })
  if (row.owns_connection === 1 && connection.status !== 'revoked')
    await deleteConnection(ctx, { connection, actor, force: false })
}
