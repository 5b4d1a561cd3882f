import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Context } from '../context.ts'
import { notFound, problem } from '../errors.ts'
import { dpopAlgorithms } from '../http/dpop-algorithms.ts'
import { findServerResource, scopesOf, serverResource } from './server-resource.ts'
import { readMcpServer } from './store.ts'

type Needs = Pick<Context, 'catalogue' | 'config' | 'db'>
type OfServer = { Params: { id: string } }

/** Where MCP clients come to a server, and where they are told whom to ask for a token of it. */
export function mcpEndpointRoutes(app: FastifyInstance, ctx: Needs): void {
  const config = { access: ['mcp:read', 'mcp:write'] as const, resource: serverResource(ctx) }
  app.all<OfServer>('/mcp/:id', { config, schema: { hide: true } }, async ({ principal, params }) => {
    await readMcpServer(ctx, principal, params.id)
    // The tools come later; until then it says so, to whoever may have them.
    throw problem(
      'not_implemented',
      'This version makes MCP servers and their connections, but does not serve tools yet.',
    )
  })

  const url = '/.well-known/oauth-protected-resource/mcp/:id'
  const open = { config: { access: ['public'] as const }, schema: { hide: true } }
  app.get<OfServer>(url, open, async (request, reply) => {
    anyOrigin(reply)
    const resource = await findServerResource(ctx, request)
    if (!resource) throw notFound('MCP server')
    const { publicUrl } = ctx.config
    return reply.header('cache-control', 'public, max-age=300').send({
      resource: resource.audience,
      authorization_servers: [publicUrl],
      scopes_supported: scopesOf(resource),
      bearer_methods_supported: ['header'],
      // Whoever has the address is told no more than that: which service is behind it is its owner's business.
      resource_name: 'Grantry MCP server',
      resource_documentation: `${publicUrl}/docs`,
      dpop_signing_alg_values_supported: dpopAlgorithms,
    })
  })
  // Clients in browsers send headers of their own (MCP-Protocol-Version) and so ask first.
  app.options(url, open, async (_request, reply) =>
    anyOrigin(reply)
      .headers({
        'access-control-allow-methods': 'GET',
        'access-control-allow-headers': '*',
        'access-control-max-age': '600',
      })
      .status(204)
      .send(),
  )
}

const anyOrigin = (reply: FastifyReply): FastifyReply => reply.header('access-control-allow-origin', '*')
