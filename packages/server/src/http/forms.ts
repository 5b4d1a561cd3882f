import { errorCatalogue } from '@grantry/api'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { invalid, problem } from '../errors.ts'
import { toApiError } from './error-edge.ts'
import { type Notice, noticePage } from './notice.ts'
import { sendPage } from './page.ts'

const mostBytes = 16_384

/** Lets the routes of this plugin take forms, as browsers send them without script. */
export function takeForms(app: FastifyInstance): void {
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: mostBytes },
    (_request, body, done) => done(null, new URLSearchParams(body as string)),
  )
}

/**
 * The fields of the form that was sent; empty where it was none.
 * @throws ApiError duplicate_parameter, invalid_request for what no keyboard types
 */
export function readForm({ body }: FastifyRequest): URLSearchParams {
  const form = body instanceof URLSearchParams ? body : new URLSearchParams()
  for (const name of new Set(form.keys())) {
    const [value = '', second] = form.getAll(name)
    if (second !== undefined)
      throw problem('duplicate_parameter', `${name.slice(0, 64)}: given more than once.`)
    if (value.includes('\0')) throw invalid(name.slice(0, 64), 'must not hold NUL')
  }
  return form
}

/** What is refused in this plugin is told on a page; `unchanged` says what did not come of it. */
export function errorPages(app: FastifyInstance, unchanged: string, on?: Notice['on']): void {
  app.setErrorHandler((error: Parameters<typeof toApiError>[0], request, reply) => {
    const refusal = toApiError(error)
    const ours = refusal.status >= 500 && refusal.code !== 'overloaded'
    if (ours) request.log.error({ err: error }, 'request failed')
    if (refusal.retryAfter !== undefined) reply.header('retry-after', String(refusal.retryAfter))
    const what = ours ? 'Grantry could not do this just now.' : `${errorCatalogue[refusal.code].title}.`
    const todo = ours
      ? `${unchanged} Try again in a moment; if it stays, tell whoever runs this: ${request.id}.`
      : refusal.message
    return sendPage(reply, noticePage({ status: refusal.status, what, todo, ...(on ? { on } : {}) }))
  })
}
