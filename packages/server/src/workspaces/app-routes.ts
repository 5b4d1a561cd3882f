import * as api from '@grantry/api'
import type { FastifyInstance } from 'fastify'
import { record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import { newId } from '../db/new-id.ts'
import { newestFirst } from '../db/newest-first.ts'
import type { AppRow } from '../db/schema.ts'
import { transaction } from '../db/transaction.ts'
import { notFound } from '../errors.ts'
import { readPage, toList } from '../http/cursor.ts'
import { mount } from '../http/mount.ts'
import { refusePart } from '../http/narrowing.ts'
import { deleteApp } from './delete-app.ts'

export function appRoutes(app: FastifyInstance, ctx: Context): void {
  mount(app, api.createApp, async ({ principal, actor, body }) => {
    refusePart(principal, 'the making of apps')
    const row: AppRow = {
      workspace_id: principal.workspace,
      id: newId(ctx),
      name: body.name,
      created_at: ctx.clock.now(),
    }
    await transaction(ctx.db, async (tx) => {
      await tx.insertInto('apps').values(row).execute()
      const event = { type: 'app.created', workspace: principal.workspace, actor, app: row.id } as const
      await record(ctx, tx, { ...event, data: { name: row.name } })
    })
    return { data: present(row) }
  })

  mount(app, api.listApps, async ({ principal, query }) => {
    const page = readPage(query)
    let rows = ctx.db.selectFrom('apps').selectAll().where('workspace_id', '=', principal.workspace)
    if (principal.app) rows = rows.where('id', '=', principal.app)
    return toList(await newestFirst(rows, page).execute(), page, present)
  })

  mount(app, api.deleteApp, async ({ principal, actor, params }) => {
    const id = api.decodeId('app', params.id)
    if (!id || (principal.app && principal.app !== id)) throw notFound('app')
    // It takes along keys that reach other providers.
    if (principal.services !== null) refusePart(principal, 'the ending of apps')
    await deleteApp(ctx, { workspace: principal.workspace, id, actor })
    return { data: { id: api.encodeId('app', id), deleted: true as const } }
  })
}

function present(row: AppRow) {
  return {
    id: api.encodeId('app', row.id),
    name: row.name,
    created_at: new Date(row.created_at).toISOString(),
  }
}
