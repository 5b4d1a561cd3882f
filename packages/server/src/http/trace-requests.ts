import type { FastifyInstance } from 'fastify'
import type { Span, Tracing } from '../tracing/tracing.ts'

declare module 'fastify' {
  interface FastifyRequest {
    span: Span | null
  }
}

const methods = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD', 'QUERY'])

/**
 * A span around every request, called by the pattern of its route: paths and queries can hold one-use secrets. Where
 * nobody collects there is not even a hook.
 */
export function traceRequests(app: FastifyInstance, tracing: Tracing): void {
  if (!tracing.on) return
  app.decorateRequest('span', null)
  app.addHook('onRequest', (request, _reply, done) => {
    if (request.routeOptions.config.quiet) return done()
    const method = methods.has(request.method) ? request.method : '_OTHER'
    const route = request.routeOptions.url
    const { traceparent } = request.headers
    request.span = tracing.begin(route ? `${method} ${route}` : method, {
      kind: 'server',
      facts: {
        'http.request.method': method,
        'http.route': route,
        'grantry.request_id': request.id,
      },
      traceparent: typeof traceparent === 'string' ? traceparent : undefined,
    })
    tracing.within(request.span, done)
  })
  // A body is read by the socket's events, which are nobody's request.
  app.addHook('preValidation', (request, _reply, done) =>
    request.span ? tracing.within(request.span, done) : done(),
  )
  app.addHook('onResponse', async (request, reply) => {
    const { span, principal } = request
    if (!span) return
    span.set({
      'http.response.status_code': reply.statusCode,
      'grantry.workspace_id': principal?.workspace || undefined,
      'grantry.credential': principal?.kind,
    })
    if (reply.statusCode >= 500) span.fail(String(reply.statusCode))
    span.end()
  })
}
