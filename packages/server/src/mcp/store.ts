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
  let query = ctx.db.selectFrom('mcp_servers').selectAll().where('workspace_id', '=', principal.workspace)
  if (id) query = query.where('id', '=', id)
  const rows = await query.orderBy('id', 'desc').execute()
  if (rows.length === 0) return []
  const connections = await ctx.db
    .selectFrom('connections')
    .selectAll()
    .where('workspace_id', '=', principal.workspace)
    .where(
      'id',
      'in',
      rows.map(({ connection_id }) => connection_id),
    )
    .execute()
  const byId = new Map(connections.map((connection) => [connection.id, connection]))
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
