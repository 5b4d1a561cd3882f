import { errorCatalogue } from '@grantry/api'
import type { FastifyInstance } from 'fastify'
import { toApiError } from './error-edge.ts'
import { html } from './html.ts'
import { type Page, sendPage } from './page.ts'

/** What happened, and what to do. */
export type Notice = { status: number; what: string; todo: string; good?: true }

/** A page that only says what happened and what to do. */
export function noticePage({ status, what, todo, good }: Notice): Page {
  return {
    status,
    title: what.replace(/\.$/, ''),
    body: html`<div class="${good ? 'mark' : 'mark bad'}" aria-hidden="true">${good ? '✓' : '!'}</div>
<h1>${what}</h1>
<p class="lead">${todo}</p>`,
  }
}

/** Where people come with their browsers, errors are pages. `nothing`: what has not happened, when it failed on our side. */
export function pageErrors(app: FastifyInstance, nothing: string): void {
  app.setErrorHandler((error: Parameters<typeof toApiError>[0], request, reply) => {
    const problem = toApiError(error)
    if (problem.status >= 500) request.log.error({ err: error }, 'request failed')
    if (problem.retryAfter !== undefined) reply.header('retry-after', String(problem.retryAfter))
    const what =
      problem.status >= 500 ? 'Grantry could not do this just now.' : `${errorCatalogue[problem.code].title}.`
    const todo =
      problem.status >= 500
        ? `${nothing} Try again in a moment; if it stays, tell whoever runs this: ${request.id}.`
        : problem.message
    return sendPage(reply, noticePage({ status: problem.status, what, todo }))
  })
}
