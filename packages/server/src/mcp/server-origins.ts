import type { Context } from '../context.ts'
import type { RouteOrigins } from '../http/cross-origin.ts'
import { loadWorkspace } from '../workspaces/store.ts'
import { findServerResource } from './server-resource.ts'

/** MCP clients in pages: those of the origins that the server's workspace has registered. */
export function serverOrigins(ctx: Pick<Context, 'catalogue' | 'config' | 'db'>): RouteOrigins {
  return {
    exposes: 'www-authenticate, mcp-session-id, retry-after, x-request-id',
    async allows(request, origin) {
      const resource = await findServerResource(ctx, request)
      if (!resource?.server) return false
      const { allowedOrigins } = await loadWorkspace(ctx, resource.server.workspace)
      return allowedOrigins.includes(origin)
    },
  }
}
