import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '../context.ts'
import { ApiError } from '../errors.ts'
import { readForm } from '../http/forms.ts'
import { noticePage } from '../http/notice.ts'
import { openRoute } from '../http/open-route.ts'
import { sendPage } from '../http/page.ts'
import { speechOf } from '../languages/speech.ts'
import { loadBrand } from '../workspaces/brand.ts'
import { browserOf, enter } from './browser-of.ts'
import { checkSameOrigin } from './csrf.ts'
import { isEmail, normalEmail } from './email.ts'
import { findInvitation, joinByPassword } from './join.ts'
import { judgePassword } from './judge-password.ts'
import { listButtons } from './outside/store.ts'
import { deadInvitation, type Fault, joinPage } from './pages.ts'

type Invitation = NonNullable<Awaited<ReturnType<typeof findInvitation>>>
type WithToken = { Params: { token: string } }

/** The owner's sign-up link and invitations. To look changes nothing: mail scanners open every link. */
export function joinPages(app: FastifyInstance, ctx: Context): void {
  for (const path of ['/sign-up', '/invitations'] as const) {
    app.get<WithToken>(`${path}/:token`, openRoute, async (request, reply) => {
      const invitation = await find(path, request.params.token)
      if (!invitation) return sendPage(reply, noticePage(deadInvitation(speechOf(request.headers))))
      return show(path, request, reply, invitation, new URLSearchParams(), null)
    })

    app.post<WithToken>(`${path}/:token`, openRoute, async (request, reply) => {
      checkSameOrigin(ctx, request.headers)
      const invitation = await find(path, request.params.token)
      if (!invitation) return sendPage(reply, noticePage(deadInvitation(speechOf(request.headers))))
      const form = readForm(request)
      const email = invitation.email ?? normalEmail(form.get('email') ?? '')
      const password = form.get('password') ?? ''
      const name = (form.get('name') ?? '').trim()
      const fault = judge(email, name, password)
      if (fault) return show(path, request, reply, invitation, form, fault)
      try {
        const person = { email, name: name || null, password }
        const session = await joinByPassword(ctx, invitation, person, await browserOf(ctx, request))
        return enter(ctx, reply, session, '/')
      } catch (error) {
        if (!(error instanceof ApiError)) throw error
        if (error.code === 'expired')
          return sendPage(reply, noticePage(deadInvitation(speechOf(request.headers))))
        if (error.code !== 'conflict') throw error
        const taken: Fault = { status: 409, field: 'email', text: error.message }
        return show(path, request, reply, invitation, form, taken)
      }
    })
  }

  /** The one path is for the link that knows no address, the other for those that do. */
  async function find(path: string, token: string): Promise<Invitation | null> {
    const invitation = await findInvitation(ctx, token)
    return invitation && (invitation.email === null) === (path === '/sign-up') ? invitation : null
  }

  async function show(
    path: string,
    { params, headers }: FastifyRequest<WithToken>,
    reply: FastifyReply,
    invitation: Invitation,
    form: URLSearchParams,
    fault: Fault | null,
  ): Promise<FastifyReply> {
    const view = {
      action: `${path}/${params.token}`,
      token: params.token,
      workspace: { id: invitation.workspace_id, name: invitation.workspace_name },
      brand: await loadBrand(ctx, invitation.workspace_id),
      invited: invitation.email,
      role: invitation.role,
      email: (form.get('email') ?? '').slice(0, 254),
      name: (form.get('name') ?? '').slice(0, 120),
      buttons: await listButtons(ctx, invitation.workspace_id, 'members'),
      fault,
    }
    return sendPage(reply, joinPage(view, speechOf(headers)))
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
const control = /[\u0000-\u001f\u007f-\u009f]/

function judge(email: string, name: string, password: string): Fault | null {
  if (!isEmail(email))
    return { status: 422, field: 'email', text: 'Give your e-mail address, such as ada@example.com.' }
  if (control.test(name) || [...name].length > 120)
    return { status: 422, field: 'name', text: 'Give a name of at most 120 letters.' }
  const text = judgePassword(password, email)
  return text === null ? null : { status: 422, field: 'password', text }
}
