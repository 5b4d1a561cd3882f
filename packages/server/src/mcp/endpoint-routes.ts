import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Context } from '../context.ts'
import { notFound } from '../errors.ts'
import { dpopAlgorithms } from '../http/dpop-algorithms.ts'
import { createEndpoint, type Needs as Endpoint, type ReconnectLinks } from './endpoint.ts'
import { mountMcp } from './mount-mcp.ts'
import { serverOrigins } from './server-origins.ts'
import { findServerResource, scopesOf, serverResource } from './server-resource.ts'

type Needs = Endpoint & Pick<Context, 'config'>
type OfServer = { Params: { id: string } }

/** Where MCP clients come to a server, and where they are told whom to ask for a token of it. */
export function mcpEndpointRoutes(app: FastifyInstance, ctx: Needs, reconnectLink: ReconnectLinks): void {
  const endpoint = createEndpoint(ctx, reconnectLink)
  app.addHook('onClose', () => endpoint.close())
  mountMcp(app, {
    url: '/mcp/:id',
    config: {
      access: ['mcp:read', 'mcp:write'],
      resource: serverResource(ctx),
      origins: serverOrigins(ctx),
    },
    answer: (request, reply) => endpoint.answer(request, reply, (request.params as { id: string }).id),
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
