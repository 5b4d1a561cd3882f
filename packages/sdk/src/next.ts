import { createHandlers, type Handlers } from './connect/handlers.ts'
import { fromWebRequest, toResponse } from './connect/http.ts'
import type { ConnectOptions } from './connect/options.ts'

export type { ConnectOptions, Outcome } from './connect/options.ts'

/**
 * Connecting accounts from Next.js's App Router, or anything else whose handlers take a `Request` and answer a `Response`.
 *
 * @example
 * // app/connect/route.ts
 * export const GET = start
 * export const POST = start
 * // app/connect/finish/route.ts
 * export const GET = finish
 * export const POST = finish
 */
export function connect<R extends Request = Request>(
  options: ConnectOptions<R>,
): { start: (request: R) => Promise<Response>; finish: (request: R) => Promise<Response> } {
  const handlers = createHandlers(options)
  const handler = (name: keyof Handlers<R>) => async (request: R) =>
    toResponse(await handlers[name](fromWebRequest(request, request)))
  return { start: handler('start'), finish: handler('finish') }
}
