import { createHandlers, type Handlers } from './connect/handlers.ts'
import { fromWebRequest, toResponse } from './connect/http.ts'
import type { ConnectOptions } from './connect/options.ts'

export type { ConnectOptions, Outcome } from './connect/options.ts'

/**
 * Connecting accounts from a Hono app.
 *
 * @example
 * const { start, finish } = connect<Context>({ endUser: (c) => c.get('userId'), finishUrl })
 * app.all('/connect', start)
 * app.all('/connect/finish', finish)
 */
export function connect<C extends { req: { raw: Request } }>(
  options: ConnectOptions<C>,
): { start: (context: C) => Promise<Response>; finish: (context: C) => Promise<Response> } {
  const handlers = createHandlers(options)
  const handler = (name: keyof Handlers<C>) => async (context: C) =>
    toResponse(await handlers[name](fromWebRequest(context, context.req.raw)))
  return { start: handler('start'), finish: handler('finish') }
}
