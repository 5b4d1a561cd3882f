import * as api from '@grantry/api'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { createSession } from '../connect/create-session.ts'
import { deleteConnection } from '../connections/delete.ts'
import { type Connection, readConnection } from '../connections/store.ts'
import type { Context } from '../context.ts'
import { ApiError } from '../errors.ts'
import { errorPages, readForm, takeForms } from '../http/forms.ts'
import { mount } from '../http/mount.ts'
import { networkOf } from '../http/network.ts'
import { noticePage } from '../http/notice.ts'
import { openRoute } from '../http/open-route.ts'
import { sendPage } from '../http/page.ts'
import type { RateLimit } from '../http/rate-limit.ts'
import { loadIntegration } from '../integrations/store.ts'
import { speechOf } from '../languages/speech.ts'
import { checkForm } from '../members/csrf.ts'
import { writeCookie } from '../members/session-cookie.ts'
import { loadBrand } from '../workspaces/brand.ts'
import { createManageLink } from './create-link.ts'
import { listAccounts } from './list-accounts.ts'
import { openLink } from './open-link.ts'
import {
  accountsPage,
  closedNotice,
  disconnectPage,
  endedNotice,
  goneNotice,
  noWayNotice,
  type Return,
  type View,
} from './pages.ts'
import { closePage, manageCookie, type OpenPage, readPage } from './read-page.ts'
import { actorOf, pageMs, principalOf } from './store.ts'

export function manageLinkRoutes(app: FastifyInstance, ctx: Context): void {
  mount(app, api.createManageLink, async ({ principal, actor, body }) => {
    const wish = { endUser: body.end_user.id, app: body.app_id }
    const { url, expiresAt } = await createManageLink(ctx, principal, actor, wish)
    return { data: { url, expires_at: new Date(expiresAt).toISOString() } }
  })
}

type Visit = OpenPage & { view: View }

/** The page itself, in the end user's browser: no script, and nothing that a link alone could change. */
export async function managePages(app: FastifyInstance, ctx: Context, visits: RateLimit): Promise<void> {
  app.addHook('onRequest', async (request) => visits(networkOf(request.ip)))
  takeForms(app)
  errorPages(app, 'error.nothing_changed')

  app.get<{ Params: { token: string } }>('/manage/link/:token', openRoute, async (request, reply) => {
    const secret = await openLink(ctx, request.params.token, request.id)
    if (secret) reply.header('set-cookie', cookie(secret))
    // Who opens the link again in the browser that has the page is shown the page.
    else if (!(await readPage(ctx, request.headers)))
      return sendPage(reply, noticePage(closedNotice(speechOf(request.headers), 'used_link')))
    return go(reply, '/manage')
  })

  app.get('/manage', openRoute, (request, reply) =>
    inside(request, reply, async ({ page, view }) =>
      sendPage(reply, accountsPage(ctx, await listAccounts(ctx, page), returnOf(request), view)),
    ),
  )

  app.get('/manage/disconnect', openRoute, (request, reply) =>
    inside(request, reply, async (visit) => {
      const { connection: id } = request.query as Record<string, unknown>
      const connection = await living(visit, typeof id === 'string' ? id : '')
      if (!connection) return sendPage(reply, noticePage(goneNotice(visit.view)))
      const integration = await integrationOf(connection)
      return sendPage(reply, disconnectPage({ connection, integration }, visit.view))
    }),
  )

  app.post('/manage/disconnect', openRoute, (request, reply) =>
    inside(request, reply, async (visit) => {
      const connection = await living(visit, formOf(request, visit).get('connection') ?? '')
      if (!connection) return sendPage(reply, noticePage(goneNotice(visit.view)))
      const { providerName } = await integrationOf(connection)
      const actor = actorOf(visit.page, request.id)
      const upstream = await deleteConnection(ctx, { connection, actor, force: false })
      return sendPage(reply, noticePage(endedNotice(providerName, upstream, visit.view)))
    }),
  )

  app.post('/manage/reconnect', openRoute, (request, reply) =>
    inside(request, reply, async (visit) => {
      const connection = await living(visit, formOf(request, visit).get('connection') ?? '')
      if (!connection) return sendPage(reply, noticePage(goneNotice(visit.view)))
      if ((await integrationOf(connection)).grantType !== 'authorization_code')
        return sendPage(reply, noticePage(noWayNotice(visit.view)))
      const { startToken } = await createSession(
        ctx,
        principalOf(visit.page),
        actorOf(visit.page, request.id),
        {
          connection_id: api.encodeId('con', connection.id),
          binding: 'confirm',
          return_to: `${ctx.config.publicUrl}/manage`,
          allow_account_change: false,
        },
      )
      return go(reply, `/connect/${startToken}`)
    }),
  )

  app.post('/manage/leave', openRoute, (request, reply) =>
    inside(request, reply, async (visit) => {
      formOf(request, visit)
      await closePage(ctx, visit.page)
      reply.header('set-cookie', cookie(''))
      return sendPage(reply, noticePage(closedNotice(visit.view.speech, 'left')))
    }),
  )

  /** Goes on where a page is open in this browser. */
  async function inside(
    request: FastifyRequest,
    reply: FastifyReply,
    go: (visit: Visit) => Promise<FastifyReply>,
  ): Promise<FastifyReply> {
    const speech = speechOf(request.headers)
    const open = await readPage(ctx, request.headers)
    if (!open) return sendPage(reply, noticePage(closedNotice(speech, 'over')))
    const brand = await loadBrand(ctx, open.page.workspace_id)
    return go({ ...open, view: { brand, speech, csrf: open.csrf } })
  }

  /** @throws ApiError insufficient_scope for a form that is not this page's */
  function formOf(request: FastifyRequest, { csrf }: OpenPage): URLSearchParams {
    const form = readForm(request)
    checkForm(ctx, request.headers, { csrf }, form)
    return form
  }

  async function living({ page }: OpenPage, id: string): Promise<Connection | null> {
    try {
      const connection = await readConnection(ctx, principalOf(page), id)
      return connection.status === 'revoked' ? null : connection
    } catch (error) {
      if (error instanceof ApiError && error.code === 'not_found') return null
      throw error
    }
  }

  const integrationOf = ({ workspace_id, integration_id }: Connection) =>
    loadIntegration(ctx, workspace_id, integration_id)
  const cookie = (secret: string) =>
    writeCookie(ctx, manageCookie(ctx), secret, pageMs / 1000, { path: '/manage' })
}

/** The page's own address names nobody: the secret is in the cookie. */
const go = (reply: FastifyReply, path: string): FastifyReply =>
  reply.header('referrer-policy', 'no-referrer').header('cache-control', 'no-store').redirect(path, 303)

/** Whoever made this address up learns and changes nothing by it. */
function returnOf({ query }: FastifyRequest): Return {
  const { code, error } = query as Record<string, unknown>
  if (typeof error === 'string')
    return { outcome: 'failed', code: /^\w{1,64}$/.test(error) ? error : 'error' }
  return typeof code === 'string' ? { outcome: 'reconnected' } : null
}
