import { type Experiment, encodeId, type QuotaName } from '@grantry/api'
import type { Context } from '../context.ts'
import type { WorkspaceRow } from '../db/schema.ts'
import { notFound } from '../errors.ts'

export type Quotas = { [Name in QuotaName]?: number }

/** A workspace and its settings. */
export type Workspace = {
  id: string
  name: string
  allowedOrigins: string[]
  returnUrls: string[]
  allowDirectLinks: boolean
  /** `#rrggbb`. */
  color: string | null
  plan: string | null
  planExpiresAt: number | null
  quotas: Quotas
  /** null: everything is turned on. */
  features: string[] | null
  experiments: Experiment[]
  createdAt: number
}

/** @throws ApiError not_found, also for one that has ended */
export async function loadWorkspace(ctx: Pick<Context, 'db'>, id: string): Promise<Workspace> {
  const row = await ctx.db
    .selectFrom('workspaces')
    .selectAll()
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .executeTakeFirst()
  if (!row) throw notFound('workspace')
  return toWorkspace(row)
}

export function toWorkspace(row: WorkspaceRow): Workspace {
  return {
    id: row.id,
    name: row.name,
    allowedOrigins: JSON.parse(row.allowed_origins),
    returnUrls: JSON.parse(row.return_urls),
    allowDirectLinks: row.allow_direct_links === 1,
    color: row.color,
    plan: row.plan,
    planExpiresAt: row.plan_expires_at,
    quotas: JSON.parse(row.quotas),
    features: row.features === null ? null : JSON.parse(row.features),
    experiments: JSON.parse(row.experiments),
    createdAt: row.created_at,
  }
}

/** What the API shows of it, but for the logo, which is read apart. */
export function presentWorkspace(workspace: Workspace) {
  const { planExpiresAt } = workspace
  return {
    id: encodeId('ws', workspace.id),
    name: workspace.name,
    allowed_origins: workspace.allowedOrigins,
    return_urls: workspace.returnUrls,
    allow_direct_links: workspace.allowDirectLinks,
    color: workspace.color,
    plan: workspace.plan,
    plan_expires_at: planExpiresAt === null ? null : new Date(planExpiresAt).toISOString(),
    quotas: workspace.quotas,
    features: workspace.features,
    experiments: workspace.experiments,
    created_at: new Date(workspace.createdAt).toISOString(),
  }
}
