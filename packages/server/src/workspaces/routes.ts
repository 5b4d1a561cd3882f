import * as api from '@grantry/api'
import type { FastifyInstance } from 'fastify'
import type { Context } from '../context.ts'
import { notFound, problem } from '../errors.ts'
import { readPage, toList } from '../http/cursor.ts'
import { mount } from '../http/mount.ts'
import { refusePart } from '../http/narrowing.ts'
import type { Actor } from '../http/principal.ts'
import { presentAccount, type ReadMember, readAccount } from './account.ts'
import { createWorkspace } from './create.ts'
import { deleteWorkspace } from './delete.ts'
import { listWorkspaces } from './list.ts'
import { readLogo } from './logo.ts'
import { loadWorkspace, presentWorkspace, toWorkspace } from './store.ts'
import { updateWorkspace, type WorkspaceChanges } from './update.ts'

/** What is known in slices above; whoever mounts these routes brings it. */
type OfMembers = {
  readMember: ReadMember
  /** Makes the link by which a new workspace gets its owner. */
  ownerLink(workspace: string, actor: Actor): Promise<string>
}

export function workspaceRoutes(
  app: FastifyInstance,
  ctx: Context,
  { readMember, ownerLink }: OfMembers,
): void {
  const present = async (id: string) => ({
    ...presentWorkspace(await loadWorkspace(ctx, id)),
    logo: await readLogo(ctx, id),
    plan_set_by: ctx.config.operatorKey ? ('operator' as const) : ('workspace' as const),
  })

  mount(app, api.getWorkspace, async ({ principal }) => ({
    data: await present(principal.workspace),
  }))

  mount(app, api.updateWorkspace, async ({ principal, actor, body }) => {
    refusePart(principal, 'the settings of the workspace')
    if (ctx.config.operatorKey) refusePlan(body)
    await updateWorkspace(ctx, { workspace: principal.workspace, changes: body, actor })
    return { data: await present(principal.workspace) }
  })

  mount(app, api.getAccount, async ({ principal }) => ({
    data: presentAccount(await readAccount(ctx, principal, readMember), principal),
  }))

  // Without an operator's key these are not refused but absent.
  if (!ctx.config.operatorKey) return

  mount(app, api.createWorkspace, async ({ actor, body }) => {
    const { id, apiKey } = await createWorkspace(ctx, { name: body.name, actor })
    const owner_link = await ownerLink(id, actor)
    return { data: { id: api.encodeId('ws', id), name: body.name, api_key: apiKey, owner_link } }
  })

  mount(app, api.listWorkspaces, async ({ query }) => {
    const page = readPage(query)
    return toList(await listWorkspaces(ctx, page), page, (row) => presentWorkspace(toWorkspace(row)))
  })

  mount(app, api.updateWorkspacePlan, async ({ actor, params, body }) => {
    const id = readId(params.id)
    await updateWorkspace(ctx, { workspace: id, changes: body, actor })
    return { data: await present(id) }
  })

  mount(app, api.deleteWorkspace, async ({ actor, params }) => {
    const id = readId(params.id)
    await deleteWorkspace(ctx, { id, actor })
    return { data: { id: api.encodeId('ws', id), deleted: true as const } }
  })
}

/** Where somebody sells plans, those who buy them do not set them. */
function refusePlan(changes: WorkspaceChanges): void {
  const given = Object.keys(api.planSettings).filter((name) => name in changes)
  if (given.length === 0) return
  throw problem(
    'insufficient_scope',
    `${given.join(', ')}: set by the operator of this deployment, with PATCH /api/v1/workspaces/{id}.`,
    { errors: given.map((path) => ({ path, message: 'is set by the operator' })) },
  )
}

function readId(text: string): string {
  const id = api.decodeId('ws', text)
  if (!id) throw notFound('workspace')
  return id
}
