import type { FastifyReply } from 'fastify'
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

/** Mcp-Param-* are named by tools that are not ours. */
const taken = [
  'authorization',
  'x-api-key',
  'dpop',
  'content-type',
  'mcp-protocol-version',
  'mcp-session-id',
  'mcp-method',
  'mcp-name',
  'last-event-id',
].join(', ')

/** Answers a browser that asks before it calls; that its page may was judged before. */
export function answerPreflight(reply: FastifyReply): FastifyReply {
  return reply
    .headers({
      allow: 'POST',
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': taken,
      'access-control-max-age': '600',
    })
    .status(204)
    .send()
}
