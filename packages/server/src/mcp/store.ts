import { decodeId, encodeId } from '@grantry/api'
import { type Connection, reaches } from '../connections/store.ts'
import type { Context } from '../context.ts'
import type { McpServerRow } from '../db/schema.ts'
import { notFound } from '../errors.ts'
import type { Principal } from '../http/principal.ts'

/** A server and the connection it stands on, whose status is its own. */
export type McpServer = { row: McpServerRow; connection: Connection }

type Needs = Pick<Context, 'catalogue' | 'config' | 'db'>

/** @throws ApiError not_found, also where the credential does not reach the connection behind */
export async function readMcpServer(ctx: Needs, principal: Principal, text: string): Promise<McpServer> {
  const id = decodeId('mcp', text)
  const [server] = id ? await listMcpServers(ctx, principal, id) : []
  if (!server) throw notFound('MCP server')
  return server
}

/** Those that the credential reaches, newest first. */
export async function listMcpServers(ctx: Needs, principal: Principal, id?: string): Promise<McpServer[]> {
  // Only connections that have a server are read, however many servers there are.
  const connections = ctx.db
    .selectFrom('connections')
    .selectAll()
    .where('workspace_id', '=', principal.workspace)
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('mcp_servers')
        .select('connection_id')
        .where('workspace_id', '=', principal.workspace)
        .$if(id !== undefined, (servers) => servers.where('id', '=', id!)),
    )
  let servers = ctx.db.selectFrom('mcp_servers').selectAll().where('workspace_id', '=', principal.workspace)
  if (id) servers = servers.where('id', '=', id)
  const rows = await servers.orderBy('id', 'desc').execute()
  const byId = new Map((await connections.execute()).map((connection) => [connection.id, connection]))
  return rows.flatMap((row) => {
    const connection = byId.get(row.connection_id)
    return connection && reaches(principal, connection) ? { row, connection } : []
  })
}

export function presentMcpServer(ctx: Needs, { row, connection }: McpServer) {
  const id = encodeId('mcp', row.id)
  return {
    id,
    mcp_server: row.provider,
    mcp_server_name: ctx.catalogue.get(row.provider)?.display_name ?? row.provider,
    mcp_server_access_id: row.number,
    access_type: row.access_type,
    auth_method: 'oauth' as const,
    status: connection.status,
    connection_id: encodeId('con', connection.id),
    mcp_url: `${ctx.config.publicUrl}/mcp/${id}`,
    scopes: JSON.parse(row.scopes) as string[],
    created_at: new Date(row.created_at).toISOString(),
  }
}
