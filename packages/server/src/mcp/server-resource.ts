import type { FastifyRequest } from 'fastify'
import { findResource, type Resource } from '../authorization-server/resources.ts'
import type { Context } from '../context.ts'
import type { RouteResource } from '../http/resource.ts'

type Needs = Pick<Context, 'catalogue' | 'config' | 'db'>

/** An MCP server as a resource of its own (MCP authorization, RFC 9728): a token for one is nothing to another. */
export function serverResource(ctx: Needs): RouteResource {
  return {
    path,
    async scopes(request) {
      const resource = await findServerResource(ctx, request)
      return resource ? scopesOf(resource) : []
    },
  }
}

/** The server that a request's path names; null where there is none. */
export async function findServerResource(ctx: Needs, request: FastifyRequest): Promise<Resource | null> {
  return findResource(ctx, ctx.config.publicUrl + path(request))
}

/** Those that reach its tools; how long a client may stay is between it and the authorization server. */
export const scopesOf = ({ scopes }: Resource): string[] => scopes.filter((scope) => scope.startsWith('mcp:'))

function path({ params }: FastifyRequest): string {
  return `/mcp/${encodeURIComponent((params as { id: string }).id)}`
}
