import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '../context.ts'
import { errorPages, readForm, takeForms } from '../http/forms.ts'
import { networkOf } from '../http/network.ts'
import { noticePage } from '../http/notice.ts'
import { sendPage } from '../http/page.ts'
import { createRateLimit, type RateLimit } from '../http/rate-limit.ts'
import { readSession } from '../members/read-session.ts'
import { receiveCallback } from './callback.ts'
import { confirmAuthorization } from './confirm.ts'
import { overWords, strayWords } from './failure-words.ts'
import { sendArrival } from './pages.ts'
import { otherPerson, signInAddress } from './person.ts'
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
  errorPages(app, 'Nothing was connected.')

  app.get<{ Params: { token: string } }>('/connect/:token', { config, schema }, async (request, reply) => {
    const started = await startSession(ctx, request.params.token, {
      signedIn: await readSession(ctx, request.headers),
    })
    return sendStarted(request, reply, started)
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
  app.get('/connect/confirm', { config, schema }, async (_request, reply) =>
    sendPage(reply, noticePage(strayWords.replayed)),
  )

  app.post('/connect/confirm', { config, schema }, async (request, reply) => {
    const form = readForm(request)
    const decision = form.get('decision') === 'connect' ? 'connect' : 'cancel'
    return sendArrival(ctx, reply, await confirmAuthorization(ctx, form.get('secret') ?? '', decision))
  })
}

/** Sends a browser that opened a link to the provider, to sign in first, or to a page that says why not. */
export function sendStarted(request: FastifyRequest, reply: FastifyReply, started: Started): FastifyReply {
  switch (started.outcome) {
    case 'redirect':
      return leave(reply, started.url)
    case 'not_signed_in':
      return leave(reply, signInAddress(started.session, request.url))
    case 'other_person':
      return sendPage(reply, noticePage(otherPerson))
    case 'over':
      return sendPage(reply, noticePage(overWords[started.status]))
    case 'unknown':
      return sendPage(reply, noticePage(overWords.unknown))
  }
}

export function leave(reply: FastifyReply, url: string): FastifyReply {
  return reply.header('referrer-policy', 'no-referrer').header('cache-control', 'no-store').redirect(url, 302)
}

/** The raw query: doubled parameters must stay visible. */
function queryOf(request: FastifyRequest): URLSearchParams {
  const start = request.url.indexOf('?')
  return new URLSearchParams(start < 0 ? '' : request.url.slice(start + 1))
}
