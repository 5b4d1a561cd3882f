import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '../context.ts'
import { errorPages, outOf, readForm, takeForms } from '../http/forms.ts'
import { networkOf } from '../http/network.ts'
import { type Notice, noticePage } from '../http/notice.ts'
import { sendPage } from '../http/page.ts'
import { createRateLimit, type RateLimit } from '../http/rate-limit.ts'
import { type Speech, speechOf } from '../languages/speech.ts'
import { readSession } from '../members/read-session.ts'
import { loadBrand } from '../workspaces/brand.ts'
import { receiveCallback } from './callback.ts'
import { confirmAuthorization } from './confirm.ts'
import { overNotice, strayNotice } from './failure-words.ts'
import { sendArrival } from './pages.ts'
import { otherPerson, signInAddress } from './person.ts'
import { pickPage } from './pick-page.ts'
import { type Started, startSession } from './start.ts'

/** Nobody is known here but by the network, and each link that is opened makes a row. */
export const limitVisits = (ctx: Pick<Context, 'clock'>): RateLimit =>
  createRateLimit({
    burst: 300,
    perMs: 60_000,
    now: () => ctx.clock.now(),
    what: 'visits from your network',
  })

/** What people's browsers meet: the connect link, the callbacks, the confirm form. Errors are pages here. */
export async function connectPages(app: FastifyInstance, ctx: Context, visits: RateLimit): Promise<void> {
  const config = { access: ['public'] as const }
  const schema = { hide: true }
  app.addHook('onRequest', async (request) => visits(networkOf(request.ip)))
  takeForms(app)
  errorPages(app, 'error.nothing_connected')

  app.get<{ Params: { token: string } }>('/connect/:token', { config, schema }, async (request, reply) => {
    const { integration } = request.query as Record<string, unknown>
    const started = await startSession(ctx, request.params.token, {
      integration: typeof integration === 'string' ? integration : undefined,
      signedIn: await readSession(ctx, request.headers),
    })
    return sendStarted(ctx, request, reply, started)
  })

  app.get<{ Params: { key: string } }>(
    '/api/v1/credentials/auth/callback/:key',
    { config, schema },
    async (request, reply) =>
      sendArrival(
        ctx,
        reply,
        await receiveCallback(
          ctx,
          request.params.key,
          queryOf(request),
          await readSession(ctx, request.headers),
        ),
      ),
  )

  // Where the address bar stands after the form, for whoever opens it again.
  app.get('/connect/confirm', { config, schema }, async (request, reply) => {
    const speech = speechOf(request.headers)
    return sendPage(reply, noticePage({ ...strayNotice(speech, 'replayed'), out: outOf(speech) }))
  })

  app.post('/connect/confirm', { config, schema }, async (request, reply) => {
    const form = readForm(request)
    const decision = form.get('decision') === 'connect' ? 'connect' : 'cancel'
    return sendArrival(ctx, reply, await confirmAuthorization(ctx, form.get('secret') ?? '', decision))
  })
}

/** Sends a browser that opened a link to the provider, to sign in first, or to a page that says why not. */
export async function sendStarted(
  ctx: Pick<Context, 'db'>,
  request: FastifyRequest,
  reply: FastifyReply,
  started: Started,
): Promise<FastifyReply> {
  const speech = speechOf(request.headers)
  switch (started.outcome) {
    case 'redirect':
      return leave(reply, started.url)
    case 'choose':
      return sendPage(
        reply,
        pickPage(started, { speech, brand: await loadBrand(ctx, started.session.workspace_id) }),
      )
    case 'not_signed_in':
      return leave(reply, signInAddress(started.session, request.url))
    case 'other_person':
      return sendPage(reply, noticePage(otherPerson(speech)))
    case 'over':
      return sendPage(reply, noticePage(await overPage(ctx, speech, started)))
    case 'unknown':
      return sendPage(reply, noticePage({ ...overNotice(speech, 'unknown'), out: outOf(speech) }))
  }
}

/** Where the session names a return address, that is the way on from a link that is over; it learns nothing by it. */
async function overPage(
  ctx: Pick<Context, 'db'>,
  speech: Speech,
  { session, status }: Extract<Started, { outcome: 'over' }>,
): Promise<Notice> {
  const brand = await loadBrand(ctx, session.workspace_id)
  const label = speech.say('outcome.back', { workspace: brand.name })
  const on = session.return_to === null ? null : { href: session.return_to, label }
  return { ...overNotice(speech, status), brand, on, out: outOf(speech) }
}

export function leave(reply: FastifyReply, url: string): FastifyReply {
  return reply.header('referrer-policy', 'no-referrer').header('cache-control', 'no-store').redirect(url, 302)
}

/** The raw query: doubled parameters must stay visible. */
function queryOf(request: FastifyRequest): URLSearchParams {
  const start = request.url.indexOf('?')
  return new URLSearchParams(start < 0 ? '' : request.url.slice(start + 1))
}
