import { decodeId } from '@grantry/api'
import type { FastifyInstance } from 'fastify'
import type { Context } from '../../context.ts'
import { notFound } from '../../errors.ts'
import { readForm } from '../../http/forms.ts'
import { noticePage } from '../../http/notice.ts'
import { openRoute } from '../../http/open-route.ts'
import { sendPage } from '../../http/page.ts'
import { speechOf } from '../../languages/speech.ts'
import { browserOf, enter } from '../browser-of.ts'
import { checkForm, checkSameOrigin } from '../csrf.ts'
import { findInvitation } from '../join.ts'
import { nextPage } from '../next-page.ts'
import { deadInvitation, linkPage, outsideNotice } from '../pages.ts'
import { readSession } from '../read-session.ts'
import { flowCookie, readCookie, writeCookie } from '../session-cookie.ts'
import { arrive } from './arrive.ts'
import { beginOutside, outsideMs } from './begin.ts'
import { receiveOutside } from './receive.ts'
import { findProvider, loadProvider } from './store.ts'

type WithProvider = { Params: { provider: string } }

/** Out to an OpenID provider and back. */
export function outsidePages(app: FastifyInstance, ctx: Context): void {
  app.post<WithProvider>('/sign-in/outside/:provider', openRoute, async (request, reply) => {
    checkSameOrigin(ctx, request.headers)
    const form = readForm(request)
    const id = decodeId('idp', request.params.provider)
    const workspace = decodeId('ws', form.get('workspace') ?? '')
    if (!id || !workspace) throw notFound('identity provider')
    const provider = await loadProvider(ctx.db, workspace, id)
    const signedIn = await readSession(ctx, request.headers)
    const wantsLink = form.get('link') === '1'
    if (wantsLink) {
      if (signedIn?.kind !== 'member' || signedIn.workspace !== workspace || provider.audience !== 'members')
        return sendPage(reply, noticePage(outsideNotice(speechOf(request.headers), 'ended')))
      checkForm(ctx, request.headers, signedIn, form)
    }
    const token = form.get('invitation')
    const invitation = token === null ? null : await findInvitation(ctx, token)
    if (token !== null && (invitation?.workspace_id !== workspace || provider.audience !== 'members'))
      return sendPage(reply, noticePage(deadInvitation(speechOf(request.headers))))
    const { url, browserSecret } = await beginOutside(ctx, provider, {
      next: nextPage(ctx.config.publicUrl, form.get('next')),
      invitation,
      linkSession: wantsLink && signedIn ? signedIn.session : null,
    })
    return reply
      .header('set-cookie', writeCookie(ctx, flowCookie(ctx), browserSecret, outsideMs / 1000))
      .header('cache-control', 'no-store')
      .header('referrer-policy', 'no-referrer')
      .redirect(url, 303)
  })

  // The console's own pages let no form lead away; this one may, and says first what will be.
  app.get<WithProvider>('/sign-in/link/:provider', openRoute, async (request, reply) => {
    const signedIn = await readSession(ctx, request.headers)
    if (signedIn?.kind !== 'member')
      return reply
        .header('cache-control', 'no-store')
        .redirect(`/sign-in?next=${encodeURIComponent(request.url)}`, 302)
    const id = decodeId('idp', request.params.provider)
    const provider = id ? await findProvider(ctx.db, signedIn.workspace, id) : null
    if (provider?.audience !== 'members') throw notFound('identity provider')
    return sendPage(reply, linkPage(provider, signedIn, speechOf(request.headers)))
  })

  app.get<WithProvider>('/sign-in/callback/:provider', openRoute, async (request, reply) => {
    const id = decodeId('idp', request.params.provider)
    const browserSecret = readCookie(request.headers, flowCookie(ctx))
    const start = request.url.indexOf('?')
    const query = new URLSearchParams(start < 0 ? '' : request.url.slice(start + 1))
    const received = id
      ? await receiveOutside(ctx, id, query, browserSecret)
      : ({ outcome: 'stray' } as const)
    const speech = speechOf(request.headers)
    if (received.outcome === 'stray') return sendPage(reply, noticePage(outsideNotice(speech, 'stray')))
    reply.header('set-cookie', writeCookie(ctx, flowCookie(ctx), '', null))
    const { label: provider } = received.provider
    if (received.outcome === 'declined')
      return sendPage(reply, noticePage(outsideNotice(speech, 'declined', { provider })))
    if (received.outcome === 'failed')
      return sendPage(reply, noticePage(outsideNotice(speech, 'failed', { provider, code: received.code })))
    const signedIn = await readSession(ctx, request.headers)
    const arrived = await arrive(ctx, received, await browserOf(ctx, request), signedIn)
    if (arrived.outcome === 'signed_in') return enter(ctx, reply, arrived, arrived.next)
    if (arrived.outcome === 'linked')
      return reply.header('cache-control', 'no-store').redirect(arrived.next, 303)
    return sendPage(reply, noticePage(outsideNotice(speech, arrived.outcome, { provider })))
  })
}
