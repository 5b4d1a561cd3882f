import * as api from '@grantry/api'
import type { FastifyInstance } from 'fastify'
import type { Context } from '../context.ts'
import { newestFirst } from '../db/newest-first.ts'
import { readPage, toList } from '../http/cursor.ts'
import { mount } from '../http/mount.ts'
import { refuseHeld } from '../http/narrowing.ts'
import { type EndGrants, removeMember, updateMember } from './change-member.ts'
import { deleteInvitation } from './delete-invitation.ts'
import { invite } from './invite.ts'
import { presentInvitation, presentMember, readId, roleOf } from './store.ts'

/** Members and invitations. A key that is narrowed has nothing to do with people: they are not held back as it is. */
export function memberRoutes(app: FastifyInstance, ctx: Context, endGrants: EndGrants): void {
  mount(app, api.listMembers, async ({ principal, query }) => {
    refuseHeld(principal, 'members')
    const page = readPage(query)
    const rows = ctx.db.selectFrom('members').selectAll().where('workspace_id', '=', principal.workspace)
    return toList(await newestFirst(rows, page).execute(), page, presentMember)
  })

  mount(app, api.updateMember, async ({ principal, actor, params, body }) => {
    const id = readId(principal, 'mem', params.id, 'member')
    const by = await roleOf(ctx, principal)
    const changes = {
      ...(body.name === undefined ? {} : { name: body.name }),
      ...(body.role === undefined ? {} : { role: body.role }),
    }
    const member = await updateMember(ctx, { workspace: principal.workspace, id, by, actor, changes })
    return { data: presentMember(member) }
  })

  mount(app, api.deleteMember, async ({ principal, actor, params }) => {
    const id = readId(principal, 'mem', params.id, 'member')
    const by = await roleOf(ctx, principal)
    await removeMember(ctx, { workspace: principal.workspace, id, by, actor }, endGrants)
    return { data: { id: api.encodeId('mem', id), deleted: true as const } }
  })

  mount(app, api.createInvitation, async ({ principal, actor, body }) => {
    refuseHeld(principal, 'members')
    const by = await roleOf(ctx, principal)
    const { row, link } = await invite(ctx, { workspace: principal.workspace, ...body, by, actor })
    return { data: { ...presentInvitation(row), link } }
  })

  mount(app, api.listInvitations, async ({ principal, query }) => {
    refuseHeld(principal, 'members')
    const page = readPage(query)
    const rows = ctx.db
      .selectFrom('invitations')
      .selectAll()
      .where('workspace_id', '=', principal.workspace)
      .where('expires_at', '>', ctx.clock.now())
    return toList(await newestFirst(rows, page).execute(), page, presentInvitation)
  })

  mount(app, api.deleteInvitation, async ({ principal, actor, params }) => {
    const id = readId(principal, 'inv', params.id, 'invitation')
    await deleteInvitation(ctx, { workspace: principal.workspace, id, actor })
    return { data: { id: api.encodeId('inv', id), deleted: true as const } }
  })
}
