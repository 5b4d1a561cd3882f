import * as api from '@grantry/api'
import type { FastifyInstance } from 'fastify'
import { record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import { newestFirst } from '../db/newest-first.ts'
import { transaction } from '../db/transaction.ts'
import { notFound, problem } from '../errors.ts'
import { readPage, toList } from '../http/cursor.ts'
import { mount } from '../http/mount.ts'
import { refusePart } from '../http/narrowing.ts'
import type { Principal } from '../http/principal.ts'
import { readAppReference } from '../workspaces/find-app.ts'
import { createEndpoint } from './create.ts'
import { deleteEndpoint } from './delete.ts'
import { rotateSecret } from './rotate-secret.ts'
import { loadEndpoint, presentDelivery, presentEndpoint } from './store.ts'
import { updateEndpoint } from './update.ts'

export function webhookRoutes(app: FastifyInstance, ctx: Context): void {
  const present = (row: Parameters<typeof presentEndpoint>[0]) => presentEndpoint(row, ctx.clock.now())

  mount(app, api.createWebhookEndpoint, async ({ principal, actor, body }) => {
    refuseServices(principal)
    const { row, secret } = await createEndpoint(ctx, {
      ...body,
      workspace: principal.workspace,
      app: await readAppReference(ctx, principal, body.app_id),
      actor,
    })
    return { data: { ...present(row), secret: secret.expose() } }
  })

  mount(app, api.listWebhookEndpoints, async ({ principal, query }) => {
    refuseServices(principal)
    const page = readPage(query)
    let rows = ctx.db
      .selectFrom('webhook_endpoints')
      .selectAll()
      .where('workspace_id', '=', principal.workspace)
    if (principal.app) rows = rows.where('app_id', '=', principal.app)
    return toList(await newestFirst(rows, page).execute(), page, present)
  })

  mount(app, api.getWebhookEndpoint, async ({ principal, params }) => ({
    data: present(await loadEndpoint(ctx.db, principal, api.decodeId('whe', params.id))),
  }))

  mount(app, api.updateWebhookEndpoint, async ({ principal, actor, params, body }) => {
    const row = await loadEndpoint(ctx.db, principal, api.decodeId('whe', params.id))
    return { data: present(await updateEndpoint(ctx, row, body, actor)) }
  })

  mount(app, api.deleteWebhookEndpoint, async ({ principal, actor, params }) => {
    const row = await loadEndpoint(ctx.db, principal, api.decodeId('whe', params.id))
    await deleteEndpoint(ctx, row, actor)
    return { data: { id: api.encodeId('whe', row.id), deleted: true as const } }
  })

  mount(app, api.rotateWebhookSecret, async ({ principal, actor, params, body }) => {
    const found = await loadEndpoint(ctx.db, principal, api.decodeId('whe', params.id))
    const { row, secret } = await rotateSecret(ctx, found, { overlapMs: body.overlap_seconds * 1000, actor })
    return { data: { ...present(row), secret: secret.expose() } }
  })

  mount(app, api.listWebhookDeliveries, async ({ principal, params, query }) => {
    const { workspace_id, id } = await loadEndpoint(ctx.db, principal, api.decodeId('whe', params.id))
    const page = readPage(query)
    let rows = ctx.db
      .selectFrom('webhook_deliveries')
      .selectAll()
      .where('workspace_id', '=', workspace_id)
      .where('endpoint_id', '=', id)
    if (query.status) rows = rows.where('status', '=', query.status)
    if (page.after) rows = rows.where('event_id', '<', page.after)
    const found = await rows
      .orderBy('event_id', 'desc')
      .limit(page.limit + 1)
      .execute()
    return toList(
      found.map((row) => ({ ...row, id: row.event_id })),
      page,
      presentDelivery,
    )
  })

  mount(app, api.redeliverWebhook, async ({ principal, actor, params }) => {
    const { workspace_id, id, app_id, enabled } = await loadEndpoint(
      ctx.db,
      principal,
      api.decodeId('whe', params.id),
    )
    const event = api.decodeId('evt', params.delivery)
    if (!event) throw notFound('delivery')
    if (!enabled)
      throw problem('conflict', 'This endpoint is stopped. Enable it, and send the message again.')
    // Anew from the start: eight tries, and the first of them now.
    const row = await transaction(ctx.db, async (tx) => {
      const found = await tx
        .updateTable('webhook_deliveries')
        .set({ status: 'pending', attempts: 0, delivered_at: null })
        .where('workspace_id', '=', workspace_id)
        .where('endpoint_id', '=', id)
        .where('event_id', '=', event)
        .returningAll()
        .executeTakeFirst()
      if (!found) throw notFound('delivery')
      await tx
        .updateTable('webhook_endpoints')
        .set({ retry_at: null, updated_at: ctx.clock.now() })
        .where('workspace_id', '=', workspace_id)
        .where('id', '=', id)
        .execute()
      await record(ctx, tx, {
        workspace: workspace_id,
        type: 'webhook_endpoint.redelivered',
        actor,
        app: app_id,
        data: { endpoint: params.id, delivery: params.delivery },
      })
      return found
    })
    return { data: presentDelivery(row) }
  })
}

/** An endpoint hears of an app, or of the whole workspace: never of some providers only. */
function refuseServices(principal: Principal): void {
  if (principal.services !== null) refusePart(principal, 'webhook endpoints')
}
