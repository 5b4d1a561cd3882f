import type { Context } from '../context.ts'
import { isAmong } from '../db/is-among.ts'
import { isServed, joinedConnection } from '../db/is-served.ts'
import type { McpServerRow } from '../db/schema.ts'
import type { Page } from '../http/cursor.ts'
import type { Principal } from '../http/principal.ts'
import { type McpServer, presentMcpServer } from './store.ts'

type Needs = Pick<Context, 'catalogue' | 'config' | 'db'>

export type InstanceFilter = {
  /** What they are served as. */
  name?: string | undefined
  /** UUID of the connection that they stand on. */
  connection?: string | undefined
  endUser?: string | undefined
  status?: McpServer['connection']['status'] | undefined
}

/** Servers that a credential reaches, newest first, `limit + 1` of them. */
export async function listInstances(
  { db }: Needs,
  { workspace, app, endUser, connections, services }: Principal,
  filter: InstanceFilter,
  page: Page,
): Promise<McpServer[]> {
  let query = db
    .selectFrom('mcp_servers as server')
    .innerJoin('connections as connection', (join) =>
      join
        .onRef('connection.workspace_id', '=', 'server.workspace_id')
        .onRef('connection.id', '=', 'server.connection_id'),
    )
    .selectAll('connection')
    .select([
      'server.id as server_id',
      'server.number',
      'server.provider as server_provider',
      'server.access_type',
      'server.owns_connection',
      'server.scopes as server_scopes',
      'server.created_at as server_created_at',
    ])
    .where('server.workspace_id', '=', workspace)
  if (app !== null) query = query.where('connection.app_id', '=', app)
  if (endUser !== null) query = query.where('connection.end_user_id', '=', endUser)
  if (connections) query = query.where(isAmong('connection.id', connections))
  if (services) query = query.where(isServed(services, joinedConnection))
  if (filter.name !== undefined) query = query.where('server.provider', '=', filter.name)
  if (filter.connection !== undefined) query = query.where('server.connection_id', '=', filter.connection)
  if (filter.endUser !== undefined) query = query.where('connection.end_user_id', '=', filter.endUser)
  if (filter.status !== undefined) query = query.where('connection.status', '=', filter.status)
  if (page.after) query = query.where('server.id', '<', page.after)
  const rows = await query
    .orderBy('server.id', 'desc')
    .limit(page.limit + 1)
    .execute()
  return rows.map(
    ({
      server_id,
      number,
      server_provider,
      access_type,
      owns_connection,
      server_scopes,
      server_created_at,
      ...connection
    }) => {
      const row: McpServerRow = {
        workspace_id: workspace,
        id: server_id,
        number,
        provider: server_provider,
        access_type,
        connection_id: connection.id,
        owns_connection,
        scopes: server_scopes,
        created_at: server_created_at,
      }
      return { row, connection }
    },
  )
}

/** A server as the list shows it: also whose account it works with. */
export function presentInstance(ctx: Needs, server: McpServer) {
  const { reason, end_user_id, end_user_email, end_user_name, account_id, account_label, account_email } =
    server.connection
  return {
    ...presentMcpServer(ctx, server),
    reason,
    end_user:
      end_user_id === null ? null : { id: end_user_id, email: end_user_email, display_name: end_user_name },
    account: account_id === null ? null : { id: account_id, label: account_label, email: account_email },
  }
}
