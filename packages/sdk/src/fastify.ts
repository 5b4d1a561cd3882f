import type { IncomingMessage } from 'node:http'
import { createHandlers, type Handlers } from './connect/handlers.ts'
import type { ConnectOptions } from './connect/options.ts'

export type { ConnectOptions, Outcome } from './connect/options.ts'

type FastifyRequestLike = { method: string; url: string; body: unknown; raw: IncomingMessage }
type FastifyReplyLike = {
  status(code: number): FastifyReplyLike
  headers(values: Record<string, string>): FastifyReplyLike
  send(body?: unknown): unknown
}

/** A Fastify handler, said without Fastify. */
export type FastifyHandler<R> = (request: R, reply: FastifyReplyLike) => Promise<unknown>

/**
 * Connecting accounts from a Fastify app.
 *
 * @example
 * const { start, finish } = connect<FastifyRequest>({ endUser: (request) => request.session.userId, finishUrl })
 * app.route({ method: ['GET', 'POST'], url: '/connect', handler: start })
 * app.route({ method: ['GET', 'POST'], url: '/connect/finish', handler: finish })
 */
export function connect<R extends FastifyRequestLike>(
  options: ConnectOptions<R>,
): { start: FastifyHandler<R>; finish: FastifyHandler<R> } {
  const handlers = createHandlers(options)
  const handler =
    (name: keyof Handlers<R>): FastifyHandler<R> =>
    async (request, reply) => {
      const { status, headers, body } = await handlers[name]({
        request,
        method: request.method,
        query: new URL(request.url, 'http://localhost').searchParams,
        cookies: request.raw.headers.cookie ?? '',
        contentType: request.raw.headers['content-type'] ?? '',
        body: async () => request.body,
      })
      return reply.status(status).headers(headers).send(body)
    }
  return { start: handler('start'), finish: handler('finish') }
}
