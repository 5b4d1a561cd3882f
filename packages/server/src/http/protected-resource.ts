import { oauthScopes } from '@grantry/api'
import type { FastifyInstance } from 'fastify'
import { dpopAlgorithms } from './dpop-algorithms.ts'

const url = '/.well-known/oauth-protected-resource'

/** What reaches nothing here, but tells a client of the person or lets it come back later. */
const elsewhere = ['offline_access', 'openid', 'profile', 'email']

/**
 * For apps that somebody registered, who know by themselves. One that finds its way by this document asks for all that
 * is in it, and would be refused for these.
 */
const byArrangement = ['tokens:read', 'proxy:call']

/** Tells an OAuth client that was refused whom to ask for a token of this API (RFC 9728 §2). */
export function protectedResourceRoutes(app: FastifyInstance, publicUrl: string): void {
  const route = { config: { access: ['public'] as const, quiet: true }, schema: { hide: true } }
  const metadata = {
    resource: publicUrl,
    authorization_servers: [publicUrl],
    scopes_supported: oauthScopes.filter((scope) => ![...elsewhere, ...byArrangement].includes(scope)),
    bearer_methods_supported: ['header'],
    resource_name: 'Grantry API',
    resource_documentation: `${publicUrl}/docs`,
    dpop_signing_alg_values_supported: dpopAlgorithms,
  }
  app.get(url, route, async (_request, reply) =>
    reply
      .header('access-control-allow-origin', '*')
      .header('cache-control', 'public, max-age=3600')
      .send(metadata),
  )
  // Clients in browsers send headers of their own (MCP-Protocol-Version) and so ask first.
  app.options(url, route, async (_request, reply) =>
    reply
      .headers({
        'access-control-allow-origin': '*',
        'access-control-allow-methods': 'GET',
        'access-control-allow-headers': '*',
        'access-control-max-age': '600',
      })
      .status(204)
      .send(),
  )
}
