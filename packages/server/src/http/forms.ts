import { errorCatalogue } from '@grantry/api'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type ApiError, invalid, problem } from '../errors.ts'
import { type Key, type Speech, speechOf } from '../languages/speech.ts'
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
export function errorPages(
  app: FastifyInstance,
  unchanged: 'error.nothing_connected' | 'error.nothing_changed' | 'error.nothing_allowed',
  on?: { href: string; label: Extract<Key, 'sign_in.submit'> },
): void {
  app.setErrorHandler((error: Parameters<typeof toApiError>[0], request, reply) => {
    const refusal = toApiError(error)
    const ours = refusal.status >= 500 && refusal.code !== 'overloaded'
    if (ours) request.log.error({ err: error }, 'request failed')
    if (refusal.retryAfter !== undefined) reply.header('retry-after', String(refusal.retryAfter))
    const speech = speechOf(request.headers)
    const words = ours
      ? {
          what: speech.say('error.ours.what'),
          todo: `${speech.say(unchanged)} ${speech.say('error.ours.todo', { code: request.id })}`,
        }
      : refusalInWords(refusal, speech)
    const notice: Notice = { status: refusal.status, language: speech.language, ...words }
    const way = on ? { on: { href: on.href, label: speech.say(on.label) } } : { out: outOf(speech) }
    return sendPage(reply, noticePage({ ...notice, ...way }))
  })
}

/** What was refused is said in English more exactly than anybody has translated. */
function refusalInWords({ code, message, retryAfter }: ApiError, { language, say }: Speech) {
  if (language === 'en') return { what: `${errorCatalogue[code].title}.`, todo: message }
  if (retryAfter !== undefined)
    return { what: say('error.busy.what'), todo: say('error.busy.todo', { seconds: String(retryAfter) }) }
  return { what: say('error.refused.what'), todo: say('error.refused.todo') }
}

/** The words of a button that leads out of a page. */
export const outOf = ({ say }: Speech): NonNullable<Notice['out']> => ({
  close: say('outcome.close'),
  back: say('outcome.go_back'),
})
