import { decodeId, type OAuthScope, oauthScopes } from '@grantry/api'
import type { Context } from '../context.ts'

/** What a token is for (RFC 8707): the API, or one MCP server. */
export type Resource = {
  /** As tokens carry it. */
  audience: string
  scopes: readonly OAuthScope[]
  /** The workspace that an MCP server belongs to, and the end user whose connection it stands on; null for the API. */
  server: { workspace: string; id: string; name: string; endUser: string | null } | null
}

/** Asked for beside any resource: they say who the person is and how long the client may stay. */
const aboutThePerson: readonly OAuthScope[] = ['openid', 'profile', 'email', 'offline_access']
const ofServers: readonly OAuthScope[] = ['mcp:read', 'mcp:write']
const ofReadServers: readonly OAuthScope[] = ['mcp:read']

/** The resource of this identifier; null for what is none of ours. */
export async function findResource(
  ctx: Pick<Context, 'catalogue' | 'config' | 'db'>,
  identifier: string,
): Promise<Resource | null> {
  const { publicUrl } = ctx.config
  if (identifier === publicUrl || identifier === `${publicUrl}/`)
    return { audience: publicUrl, scopes: oauthScopes, server: null }
  const path = `${publicUrl}/mcp/`
  const id = identifier.startsWith(path) ? decodeId('mcp', identifier.slice(path.length)) : null
  if (!id) return null
  // The one look-up that cannot name a workspace: the address of a server is what tells it.
  const server = await ctx.db
    .selectFrom('mcp_servers as server')
    .innerJoin('connections as connection', (join) =>
      join
        .onRef('connection.workspace_id', '=', 'server.workspace_id')
        .onRef('connection.id', '=', 'server.connection_id'),
    )
    .innerJoin('workspaces as workspace', 'workspace.id', 'server.workspace_id')
    .select([
      'server.workspace_id',
      'server.id',
      'server.provider',
      'server.access_type',
      'connection.end_user_id',
    ])
    .where('server.id', '=', id)
    .where('workspace.deleted_at', 'is', null)
    .executeTakeFirst()
  if (!server) return null
  return {
    audience: identifier,
    scopes: [...(server.access_type === 'write' ? ofServers : ofReadServers), ...aboutThePerson],
    server: {
      workspace: server.workspace_id,
      id: server.id,
      name: ctx.catalogue.get(server.provider)?.display_name ?? server.provider,
      endUser: server.end_user_id,
    },
  }
}
