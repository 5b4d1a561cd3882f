import type { FastifyInstance } from 'fastify'
import type { Context } from '../../context.ts'

/** The public halves of what signs checkpoints, as a JWK set (RFC 7517), for whoever checks an export. */
export function auditKeyRoute(app: FastifyInstance, { auditKeys }: Pick<Context, 'auditKeys'>): void {
  const route = { config: { access: ['public'] as const, quiet: true }, schema: { hide: true } }
  app.get('/.well-known/grantry-audit-keys.json', route, async (_request, reply) => {
    const keys = await auditKeys.published()
    return reply.header('cache-control', 'public, max-age=300').send({ keys })
  })
}
