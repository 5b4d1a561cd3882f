import { type NamePage, nameSpace } from '../connections/names.ts'
import type { Context } from '../context.ts'
import type { Db } from '../db/connect.ts'
import { isUniqueViolation } from '../db/constraint.ts'
import { isAmong } from '../db/is-among.ts'
import { isServed, joinedConnection } from '../db/is-served.ts'
import type { ConnectionRow, McpServerRow, NamedMcpServerRow } from '../db/schema.ts'
import { problem } from '../errors.ts'
import type { Principal } from '../http/principal.ts'

/** An MCP server by the name that its maker gave it, which ends with it; its status is its connection's. */
export type NamedServer = { named: NamedMcpServerRow; status: ConnectionRow['status'] }

/** @throws ApiError conflict where another server has the name */
export async function nameServer(tx: Db, row: NamedMcpServerRow): Promise<void> {
  try {
    await tx.insertInto('named_mcp_servers').values(row).execute()
  } catch (error) {
    if (!isUniqueViolation(error, 'named_mcp_servers_pkey')) throw error
    throw problem('conflict', `There is a function called "${row.name}" already. Choose another name.`, {
      cause: error,
      errors: [{ path: 'metadata.name', message: 'is taken' }],
    })
  }
}

/** Those that the credential reaches, by name. */
export async function listServerNames(
  { db }: Pick<Context, 'db'>,
  principal: Principal,
  which: Partial<NamePage> & { name?: string; connection?: string },
): Promise<NamedServer[]> {
  const { workspace_id, app } = nameSpace(principal)
  const { endUser, connections: among, services } = principal
  const { name, connection, after, limit } = which
  const rows = await db
    .selectFrom('named_mcp_servers as named')
    .innerJoin('mcp_servers as server', (join) =>
      join
        .onRef('server.workspace_id', '=', 'named.workspace_id')
        .onRef('server.id', '=', 'named.mcp_server_id'),
    )
    .innerJoin('connections as connection', (join) =>
      join
        .onRef('connection.workspace_id', '=', 'server.workspace_id')
        .onRef('connection.id', '=', 'server.connection_id'),
    )
    .selectAll('named')
    .select('connection.status')
    .where('named.workspace_id', '=', workspace_id)
    .where('named.app', '=', app)
    .$if(endUser !== null, (query) => query.where('connection.end_user_id', '=', endUser))
    .$if(among !== null, (query) => query.where(isAmong('connection.id', among!)))
    .$if(services !== null, (query) => query.where(isServed(services!, joinedConnection)))
    .$if(name !== undefined, (query) => query.where('named.name', '=', name!))
    .$if(connection !== undefined, (query) => query.where('connection.id', '=', connection!))
    .$if(after !== undefined, (query) => query.where('named.name', '>', after!))
    .orderBy('named.name')
    .$if(limit !== undefined, (query) => query.limit(limit!))
    .execute()
  return rows.map(({ status, ...named }) => ({ named, status }))
}

/** For whoever ends a server. */
export async function removeServerName(
  tx: Db,
  { workspace_id, id }: Pick<McpServerRow, 'workspace_id' | 'id'>,
): Promise<void> {
  await tx
    .deleteFrom('named_mcp_servers')
    .where('workspace_id', '=', workspace_id)
    .where('mcp_server_id', '=', id)
    .execute()
}
