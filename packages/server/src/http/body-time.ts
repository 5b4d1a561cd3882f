import type { IncomingMessage } from 'node:http'
import type { FastifyInstance } from 'fastify'
import { refuseSocket } from './refuse-socket.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** A body may take as long as something comes: the route itself sees to that. */
    unhurried?: boolean
  }
}

/**
 * How long the rest of a request may take once its headers are there; a slow one ends with its connection. In place of
 * Node's own limit, which is the same for all routes and would cut a large upload.
 */
export function limitBodyTime(app: FastifyInstance, ms: number): void {
  const timers = new WeakMap<IncomingMessage, NodeJS.Timeout>()
  app.server.prependListener('request', (request: IncomingMessage) => {
    if (!hasBody(request)) return
    const timer = setTimeout(() => {
      if (!request.complete)
        refuseSocket(Object.assign(new Error('slow'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' }), request.socket)
    }, ms)
    timers.set(request, timer)
    request.once('close', () => clearTimeout(timer))
  })
  // Not earlier: whoever is refused before has no more time than anybody.
  app.addHook('preParsing', async ({ raw, routeOptions }) => {
    if (routeOptions.config.unhurried) clearTimeout(timers.get(raw))
  })
}

/** Whether a body follows the headers (RFC 9112 §6.3). */
export function hasBody({ headers }: Pick<IncomingMessage, 'headers'>): boolean {
  const length = headers['content-length']
  return headers['transfer-encoding'] !== undefined || (length !== undefined && Number(length) > 0)
}
