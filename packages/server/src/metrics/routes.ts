import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Context } from '../context.ts'
import { problem } from '../errors.ts'
import { isLoopbackAddress } from '../http/network.ts'

/**
 * `GET /metrics`: this process's numbers in Prometheus' text format, for a scraper on this machine or with a key.
 * @throws ApiError unauthenticated, insufficient_scope
 */
export function metricsRoutes(app: FastifyInstance, { metrics }: Pick<Context, 'metrics'>): void {
  // Nobody need be named on this machine; a credential that is given must be right here as anywhere.
  const config = { access: ['public', 'any', 'operator'] as const, quiet: true }
  app.get('/metrics', { config, schema: { hide: true } }, async (request, reply) => {
    admit(request)
    const text = await metrics.render()
    return reply.header('content-type', metrics.contentType).header('cache-control', 'no-store').send(text)
  })
}

function admit(request: FastifyRequest): void {
  const { kind } = request.principal
  if (kind === 'api_key' || kind === 'operator' || isOnThisMachine(request)) return
  throw problem('unauthenticated', 'From another machine this needs an API key: "Authorization: Bearer KEY".')
}

const forwarding = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via']

/**
 * Whether the caller itself is here: its address as trusted proxies tell it, and the socket's too. A request that says
 * it was forwarded, by a proxy that nobody has declared trusted, comes from who knows where.
 */
function isOnThisMachine({ ip, ips, headers, socket }: FastifyRequest): boolean {
  const told = ips !== undefined && ips.length > 1
  if (!told && forwarding.some((name) => headers[name] !== undefined)) return false
  return isLoopbackAddress(ip) && isLoopbackAddress(socket.remoteAddress ?? '')
}
