import * as api from '@grantry/api'
import type { FastifyInstance } from 'fastify'
import type { Context } from '../context.ts'
import { newestFirst } from '../db/newest-first.ts'
import type { SessionRow } from '../db/schema.ts'
import { transaction } from '../db/transaction.ts'
import { problem } from '../errors.ts'
import { type Page, readPage, toList } from '../http/cursor.ts'
import { mount } from '../http/mount.ts'
import { networkOf } from '../http/network.ts'
import type { Principal } from '../http/principal.ts'
import { loadWorkspace } from '../workspaces/store.ts'
import { updateMember } from './change-member.ts'
import { changePassword } from './change-password.ts'
import { endSession, endSessionsOf } from './end-sessions.ts'
import { readSession } from './read-session.ts'
import { roleScopes } from './roles.ts'
import { sessionRules } from './session-rules.ts'
import { loadMember, presentMember, readId } from './store.ts'

/** Who is signed in, where else, and their password. */
export function sessionRoutes(app: FastifyInstance, ctx: Context): void {
  mount(app, api.getSession, async ({ principal, request }) => {
    const signedIn = await readSession(ctx, request.headers)
    if (signedIn?.kind !== 'member')
      throw problem('unauthenticated', 'This session has ended. Sign in again.')
    const { workspace, member } = signedIn
    const row = await loadMember(ctx.db, workspace, member)
    const [session] = await listSessions(principal, member, { limit: 1, after: null }, signedIn.session)
    if (!session) throw problem('unauthenticated', 'This session has ended. Sign in again.')
    const { name } = await loadWorkspace(ctx, workspace)
    return {
      data: {
        session: present(principal)(session),
        member: presentMember(row),
        workspace: { id: api.encodeId('ws', workspace), name },
        scopes: [...roleScopes[row.role]],
        csrf: signedIn.csrf,
      },
    }
  })

  mount(app, api.listSessions, async ({ principal, query }) => {
    const page = readPage(query)
    return toList(await listSessions(principal, principal.member!, page), page, present(principal))
  })

  mount(app, api.deleteSession, async ({ principal, actor, params }) => {
    const session = readId(principal, 'ses', params.id, 'session')
    const any = principal.scopes.has('admin')
    await endSession(ctx, {
      workspace: principal.workspace,
      session,
      ...(any ? {} : { member: principal.member! }),
      actor,
      reason: 'revoked',
    })
    return { data: { id: api.encodeId('ses', session), ended: true as const } }
  })

  mount(app, api.deleteOtherSessions, async ({ principal, actor }) => {
    const { workspace, member, id: except } = principal
    const which = { workspace, member: member!, except, actor, reason: 'revoked' } as const
    return { data: { ended: await transaction(ctx.db, (tx) => endSessionsOf(ctx, tx, which)) } }
  })

  mount(app, api.listMemberSessions, async ({ principal, params, query }) => {
    const id = readId(principal, 'mem', params.id, 'member')
    await loadMember(ctx.db, principal.workspace, id)
    const page = readPage(query)
    return toList(await listSessions(principal, id, page), page, present(principal))
  })

  mount(app, api.deleteMemberSessions, async ({ principal, actor, params }) => {
    const member = readId(principal, 'mem', params.id, 'member')
    const { workspace } = principal
    const ended = await transaction(ctx.db, async (tx) => {
      await loadMember(tx, workspace, member)
      return endSessionsOf(ctx, tx, { workspace, member, actor, reason: 'revoked' })
    })
    return { data: { ended } }
  })

  mount(app, api.updateAccount, async ({ principal, actor, body }) => {
    const { workspace, member } = principal
    const { role } = await loadMember(ctx.db, workspace, member!)
    const changes = { name: body.name }
    const changed = await updateMember(ctx, { workspace, id: member!, by: role, actor, changes })
    return { data: presentMember(changed) }
  })

  mount(app, api.changePassword, async ({ principal, actor, body, request }) => {
    await changePassword(ctx, {
      workspace: principal.workspace,
      member: principal.member!,
      session: principal.id!,
      network: networkOf(request.ip),
      current: body.current_password ?? null,
      wanted: body.new_password,
      actor,
    })
    return { data: { changed: true as const } }
  })

  /** Those that still count, newest first. */
  function listSessions({ workspace }: Principal, member: string, page: Page, only?: string) {
    const now = ctx.clock.now()
    let rows = ctx.db
      .selectFrom('sessions')
      .selectAll()
      .where('workspace_id', '=', workspace)
      .where('member_id', '=', member)
      .where('expires_at', '>', now)
      .where('last_seen_at', '>', now - sessionRules.member.idleMs)
    if (only) rows = rows.where('id', '=', only)
    return newestFirst(rows, page).execute()
  }
}

const present = (principal: Principal) => (row: SessionRow) => ({
  id: api.encodeId('ses', row.id),
  current: principal.kind === 'member' && row.id === principal.id,
  created_at: new Date(row.created_at).toISOString(),
  last_seen_at: new Date(row.last_seen_at).toISOString(),
  expires_at: new Date(row.expires_at).toISOString(),
  network: row.network,
  browser: row.browser,
})
