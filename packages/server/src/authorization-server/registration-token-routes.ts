import * as api from '@grantry/api'
import type { FastifyInstance } from 'fastify'
import type { Context } from '../context.ts'
import { newestFirst } from '../db/newest-first.ts'
import type { RegistrationTokenRow } from '../db/schema.ts'
import { invalid, notFound } from '../errors.ts'
import { readPage, toList } from '../http/cursor.ts'
import { mount } from '../http/mount.ts'
import { isHeld, refuseHeld } from '../http/narrowing.ts'
import { createRegistrationToken, deleteRegistrationToken } from './registration-tokens.ts'

export function registrationTokenRoutes(app: FastifyInstance, ctx: Context): void {
  mount(app, api.createRegistrationToken, async ({ principal, actor, body }) => {
    refuseHeld(principal, 'registration')
    const { workspace } = principal
    const expiresAt = body.expires_at === undefined ? null : Date.parse(body.expires_at)
    if (expiresAt !== null && expiresAt <= ctx.clock.now())
      throw invalid('expires_at', 'must be in the future')
    const { row, token } = await createRegistrationToken(ctx, {
      workspace,
      name: body.name,
      expiresAt,
      actor,
    })
    return { data: { ...present(row), token } }
  })

  mount(app, api.listRegistrationTokens, async ({ principal, query }) => {
    refuseHeld(principal, 'registration')
    const page = readPage(query)
    const rows = ctx.db
      .selectFrom('registration_tokens')
      .selectAll()
      .where('workspace_id', '=', principal.workspace)
    return toList(await newestFirst(rows, page).execute(), page, present)
  })

  mount(app, api.deleteRegistrationToken, async ({ principal, actor, params }) => {
    const id = isHeld(principal) ? null : api.decodeId('irt', params.id)
    if (!id) throw notFound('registration token')
    await deleteRegistrationToken(ctx, { workspace: principal.workspace, id, actor })
    return { data: { id: api.encodeId('irt', id), deleted: true as const } }
  })
}

function present(row: RegistrationTokenRow) {
  const time = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString())
  return {
    id: api.encodeId('irt', row.id),
    name: row.name,
    created_at: new Date(row.created_at).toISOString(),
    expires_at: time(row.expires_at),
    last_used_at: time(row.last_used_at),
  }
}
