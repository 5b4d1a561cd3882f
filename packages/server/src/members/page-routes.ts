import { decodeId } from '@grantry/api'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '../context.ts'
import { errorPages, readForm, takeForms } from '../http/forms.ts'
import { networkOf } from '../http/network.ts'
import { noticePage } from '../http/notice.ts'
import { openRoute } from '../http/open-route.ts'
import { sendPage } from '../http/page.ts'
import type { RateLimit } from '../http/rate-limit.ts'
import { speechOf } from '../languages/speech.ts'
import { loadBrand } from '../workspaces/brand.ts'
import { browserOf, enter } from './browser-of.ts'
import { checkForm, checkSameOrigin } from './csrf.ts'
import { joinPages } from './join-routes.ts'
import { nextPage } from './next-page.ts'
import { outsidePages } from './outside/page-routes.ts'
import { listButtons } from './outside/store.ts'
import { type Fault, signedOut, signInPage, signOutPage } from './pages.ts'
import { readSession } from './read-session.ts'
import { sessionCookie, writeCookie } from './session-cookie.ts'
import { signIn } from './sign-in.ts'
import { signOut } from './sign-out.ts'

/** What people's browsers meet when they come and go: sign-in, sign-up, invitation, sign-out. Errors are pages here. */
export async function memberPages(app: FastifyInstance, ctx: Context, visits: RateLimit): Promise<void> {
  app.addHook('onRequest', async (request) => visits(networkOf(request.ip)))
  takeForms(app)
  errorPages(app, 'error.nothing_changed', { href: '/sign-in', label: 'sign_in.submit' })
  joinPages(app, ctx)
  outsidePages(app, ctx)

  app.get<{ Querystring: Record<string, unknown> }>('/sign-in', openRoute, (request, reply) =>
    showSignIn(request, reply, request.query, null),
  )

  app.post('/sign-in', openRoute, async (request, reply) => {
    checkSameOrigin(ctx, request.headers)
    const form = readForm(request)
    const email = form.get('email') ?? ''
    const workspace = await readWorkspace(ctx, form.get('workspace'))
    const wish = { email, password: form.get('password') ?? '', workspace: workspace?.id ?? null }
    const result = await signIn(ctx, wish, await browserOf(ctx, request))
    if (result.outcome === 'signed_in')
      return enter(ctx, reply, result, nextPage(ctx.config.publicUrl, form.get('next')))
    const { say } = speechOf(request.headers)
    if (result.outcome === 'wait') reply.header('retry-after', String(result.seconds))
    const fault: Fault =
      result.outcome === 'wait'
        ? { status: 429, text: say('sign_in.wait', { seconds: String(result.seconds) }) }
        : { status: 403, text: say('sign_in.wrong') }
    return showSignIn(request, reply, Object.fromEntries(form), fault)
  })

  app.get('/sign-out', openRoute, async (request, reply) => {
    const session = await readSession(ctx, request.headers)
    const speech = speechOf(request.headers)
    return sendPage(reply, session ? signOutPage(session, speech) : noticePage(signedOut(speech)))
  })

  app.post('/sign-out', openRoute, async (request, reply) => {
    // Also where nobody seems to be signed in: another site's form comes without the cookie, and would take it away.
    checkSameOrigin(ctx, request.headers)
    const session = await readSession(ctx, request.headers)
    if (session) {
      checkForm(ctx, request.headers, session, readForm(request))
      await signOut(ctx, session, request.id)
    }
    return reply
      .header('set-cookie', writeCookie(ctx, sessionCookie(ctx), '', null))
      .header('cache-control', 'no-store')
      .redirect('/signed-out', 303)
  })

  app.get('/signed-out', openRoute, async (request, reply) =>
    sendPage(reply, noticePage(signedOut(speechOf(request.headers)))),
  )

  async function showSignIn(
    request: FastifyRequest,
    reply: FastifyReply,
    asked: Record<string, unknown>,
    fault: Fault | null,
  ): Promise<FastifyReply> {
    const text = (name: string) => (typeof asked[name] === 'string' ? (asked[name] as string) : null)
    const workspace = await readWorkspace(ctx, text('workspace'))
    const audience = text('as') === 'end_user' ? 'end_users' : 'members'
    const view = {
      audience,
      workspace,
      brand: workspace && (await loadBrand(ctx, workspace.id)),
      next: nextPage(ctx.config.publicUrl, text('next')),
      email: (text('email') ?? '').slice(0, 254),
      buttons: workspace ? await listButtons(ctx, workspace.id, audience) : [],
      signedIn: await readSession(ctx, request.headers),
      fault,
    } as const
    return sendPage(reply, signInPage(view, speechOf(request.headers)))
  }
}

/** A link may name any workspace: that it has a name is no secret to who has its id. */
export async function readWorkspace(
  { db }: Pick<Context, 'db'>,
  text: string | null,
): Promise<{ id: string; name: string } | null> {
  const id = text === null ? null : decodeId('ws', text)
  if (!id) return null
  const row = await db
    .selectFrom('workspaces')
    .select(['id', 'name'])
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .executeTakeFirst()
  return row ?? null
}
