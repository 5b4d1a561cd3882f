import type { FastifyInstance } from 'fastify'
import { Histogram, type Registry } from 'prom-client'

export type RequestMetrics = {
  /** `route` is a pattern of the router, null where none fitted; `status` the HTTP status. */
  request(facts: { route: string | null; method: string; status: number; seconds: number }): void
}

// Node's parser knows some thirty methods, and a route that does not exist may be asked by any of them.
const methods = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD'])

export function createRequestMetrics(register: Registry): RequestMetrics {
  const duration = new Histogram({
    name: 'grantry_http_request_duration_seconds',
    help: 'HTTP requests answered, by route pattern, method and class of status',
    labelNames: ['route', 'method', 'status'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [register],
  })
  return {
    request({ route, method, status, seconds }) {
      if (!Number.isFinite(seconds)) return
      duration.observe(
        {
          route: route ?? 'none',
          method: methods.has(method) ? method : 'other',
          status: `${Math.floor(status / 100)}xx`,
        },
        seconds,
      )
    },
  }
}

/** Counts every request of the routes that are mounted after this, by the pattern of its route and never by its path. */
export function measureRequests(app: FastifyInstance, metrics: RequestMetrics): void {
  app.addHook('onResponse', async (request, reply) => {
    metrics.request({
      route: request.routeOptions.url ?? null,
      method: request.method,
      status: reply.statusCode,
      seconds: reply.elapsedTime / 1000,
    })
  })
}
