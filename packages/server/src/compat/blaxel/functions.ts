import { encodeId } from '@grantry/api'
import { findByName, nameSpace } from '../../connections/names.ts'
import type { Context } from '../../context.ts'
import { transaction } from '../../db/transaction.ts'
import { invalid } from '../../errors.ts'
import type { Actor, Principal } from '../../http/principal.ts'
import { createMcpServer } from '../../mcp/create.ts'
import { deleteMcpServer } from '../../mcp/delete.ts'
import { type NamedServer, nameServer } from '../../mcp/names.ts'
import { readMcpServer } from '../../mcp/store.ts'
import type { Metadata } from './bring-connection.ts'

/**
 * Makes an MCP server over a connection that goes by its name. It may write: what the grant allows is the only limit here.
 * @throws ApiError invalid_request where no connection has that name, conflict where the name
 * is taken, and what making a server throws
 */
export async function createFunction(
  ctx: Context,
  principal: Principal,
  actor: Actor,
  { name, metadata, connection: called }: { name: string; metadata: Metadata; connection: string },
): Promise<void> {
  const found = await findByName(ctx, principal, called)
  if (!found)
    throw invalid(
      'spec.integrationConnections.0',
      `there is no integration connection called "${called}" here`,
    )
  const { connection } = found
  const now = ctx.clock.now()
  await transaction(ctx.db, async (db) => {
    const { row } = await createMcpServer({ ...ctx, db }, principal, actor, {
      // A service outside the catalogue is served by its integration.
      mcp_server: connection.provider ?? encodeId('int', connection.integration_id),
      access_type: 'write',
      connection_id: encodeId('con', connection.id),
    })
    await nameServer(db, {
      ...nameSpace(principal),
      name,
      mcp_server_id: row.id,
      display_name: metadata.displayName ?? null,
      labels: JSON.stringify(metadata.labels ?? {}),
      stands_on: called,
      created_at: now,
      updated_at: now,
    })
  })
}

export async function deleteFunction(
  ctx: Context,
  principal: Principal,
  actor: Actor,
  { named }: NamedServer,
): Promise<void> {
  await deleteMcpServer(ctx, await readMcpServer(ctx, principal, encodeId('mcp', named.mcp_server_id)), actor)
}
