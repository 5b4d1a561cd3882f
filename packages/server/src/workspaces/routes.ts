import * as api from '@grantry/api'
import type { FastifyInstance } from 'fastify'
import type { Context } from '../context.ts'
import { notFound, problem } from '../errors.ts'
import { mount } from '../http/mount.ts'
import type { Actor } from '../http/principal.ts'
import { createWorkspace } from './create.ts'
import { deleteWorkspace } from './delete.ts'
import { loadWorkspace, presentWorkspace } from './store.ts'
import { updateWorkspace } from './update.ts'

/** @param ownerLink makes the link by which a new workspace gets its owner */
export function workspaceRoutes(
  app: FastifyInstance,
  ctx: Context,
  ownerLink: (workspace: string, actor: Actor) => Promise<string>,
): void {
  mount(app, api.getWorkspace, async ({ principal }) => ({
    data: presentWorkspace(await loadWorkspace(ctx, principal.workspace)),
  }))

  mount(app, api.updateWorkspace, async ({ principal, actor, body }) => {
    if (principal.app)
      throw problem('insufficient_scope', 'A key that is narrowed to one app cannot change the workspace.')
    await updateWorkspace(ctx, { workspace: principal.workspace, changes: body, actor })
    return { data: presentWorkspace(await loadWorkspace(ctx, principal.workspace)) }
  })

  mount(app, api.getAccount, async ({ principal }) => {
    const workspace = await loadWorkspace(ctx, principal.workspace)
    return {
      data: {
        credential: {
          kind: principal.kind,
          id: principal.id && api.encodeId('key', principal.id),
          scopes: [...principal.scopes],
        },
        user: null,
        workspace: { id: api.encodeId('ws', workspace.id), name: workspace.name, role: null },
        plan: workspace.plan,
        quotas: workspace.quotas,
        features: [],
      },
    }
  })

  // Without an operator's key these are not refused but absent.
  if (!ctx.config.operatorKey) return

  mount(app, api.createWorkspace, async ({ actor, body }) => {
    const { id, apiKey } = await createWorkspace(ctx, { name: body.name, actor })
    const owner_link = await ownerLink(id, actor)
    return { data: { id: api.encodeId('ws', id), name: body.name, api_key: apiKey, owner_link } }
  })

  mount(app, api.deleteWorkspace, async ({ actor, params }) => {
    const id = api.decodeId('ws', params.id)
    if (!id) throw notFound('workspace')
    await deleteWorkspace(ctx, { id, actor })
    return { data: { id: api.encodeId('ws', id), deleted: true as const } }
  })
}
