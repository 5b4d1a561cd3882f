import type { IncomingMessage, ServerResponse } from 'node:http'
import { createHandlers, type Handlers } from './connect/handlers.ts'
import type { Input } from './connect/http.ts'
import type { ConnectOptions } from './connect/options.ts'

export type { ConnectOptions, Outcome } from './connect/options.ts'

/** An Express handler, said without Express. */
export type ExpressHandler<R extends IncomingMessage> = (
  request: R,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void

const mostBytes = 16_384

/**
 * Connecting accounts from an Express app.
 *
 * @example
 * const { start, finish } = connect<express.Request>({ endUser: (req) => req.session.userId, finishUrl })
 * app.all('/connect', start)
 * app.all('/connect/finish', finish)
 */
export function connect<R extends IncomingMessage>(
  options: ConnectOptions<R>,
): { start: ExpressHandler<R>; finish: ExpressHandler<R> } {
  const handlers = createHandlers(options)
  const handler =
    (name: keyof Handlers<R>): ExpressHandler<R> =>
    (request, response, next) => {
      handlers[name](inputOf(request)).then(({ status, headers, body }) => {
        response.writeHead(status, headers)
        response.end(body)
      }, next)
    }
  return { start: handler('start'), finish: handler('finish') }
}

function inputOf<R extends IncomingMessage>(request: R): Input<R> {
  // Where a body parser came first, it has taken the stream.
  const { body } = request as { body?: unknown }
  return {
    request,
    method: request.method ?? 'GET',
    query: new URL(request.url ?? '/', 'http://localhost').searchParams,
    cookies: request.headers.cookie ?? '',
    contentType: request.headers['content-type'] ?? '',
    body: async () => (body === undefined ? readText(request) : body),
  }
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > mostBytes) return ''
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}
