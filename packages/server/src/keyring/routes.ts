import * as api from '@grantry/api'
import type { FastifyInstance } from 'fastify'
import { listEvents, presentEvent } from '../audit/list.ts'
import type { Context } from '../context.ts'
import { notFound } from '../errors.ts'
import { readPage, toList } from '../http/cursor.ts'
import { mount } from '../http/mount.ts'
import { deployment } from '../vault/deployment.ts'
import { loadWorkspace } from '../workspaces/store.ts'
import { listDataKeys, presentDataKey } from './list.ts'
import { migrateVault } from './migrate.ts'
import { retireDataKey } from './retire.ts'
import { appointRootKey, rewrapDue } from './rewrap.ts'
import { requestRotations, rotateDataKey, rotateDue } from './rotate.ts'
import { readVaultStatus } from './status.ts'

/** For the operator of the deployment: which keys there are, and changing them. */
export function vaultRoutes(app: FastifyInstance, ctx: Context): void {
  // Without an operator's key these are not refused but absent.
  if (!ctx.config.operatorKey) return

  mount(app, api.getVault, async () => ({ data: await readVaultStatus(ctx) }))

  mount(app, api.listDataKeys, async ({ query }) => {
    const page = readPage(query)
    const { workspace, state } = query
    const of = workspace === undefined ? undefined : readWorkspace(workspace)
    return toList(await listDataKeys(ctx, { workspace: of, state }, page), page, presentDataKey)
  })

  mount(app, api.rotateDataKeys, async ({ actor, body }) => {
    if (body.of === 'all') {
      const rotating = await requestRotations(ctx)
      goOn(ctx, rotateDue)
      return { data: { rotating } }
    }
    const workspace = readWorkspace(body.of)
    if (workspace !== deployment) await loadWorkspace(ctx, workspace)
    const rotated = await rotateDataKey(ctx, workspace, { actor, reason: 'requested' })
    return { data: { rotating: rotated ? 1 : 0 } }
  })

  mount(app, api.retireDataKey, async ({ actor, params }) => ({
    data: presentDataKey(await retireDataKey(ctx, api.decodeId('dk', params.id), actor)),
  }))

  mount(app, api.rewrapDataKeys, async ({ actor }) => {
    await appointRootKey(ctx, { again: true, actor })
    goOn(ctx, rewrapDue)
    return { data: await readVaultStatus(ctx) }
  })

  mount(app, api.migrateVault, async ({ actor }) => {
    await migrateVault(ctx, actor)
    return { data: await readVaultStatus(ctx) }
  })

  mount(app, api.listVaultEvents, async ({ query }) => {
    const page = readPage(query)
    const rows = await listEvents(
      ctx,
      deployment,
      { app: null, services: null, endUser: null, among: null },
      page,
    )
    return toList(rows, page, (row) => presentEvent(row))
  })
}

/** What the background would begin in a moment; it does where this cannot. */
function goOn(ctx: Context, job: (ctx: Context) => Promise<void>): void {
  void job(ctx).catch((error: unknown) => ctx.log.warn({ err: error, job: job.name }, 'this waits'))
}

function readWorkspace(id: string): string {
  const workspace = id === 'deployment' ? deployment : api.decodeId('ws', id)
  if (workspace === null) throw notFound('workspace')
  return workspace
}
