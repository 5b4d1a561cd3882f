import type { Experiment } from '@grantry/api'
import { record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import type { WorkspaceRow } from '../db/schema.ts'
import { notFound } from '../errors.ts'
import type { Actor } from '../http/principal.ts'
import { checkLogo, writeLogo } from './logo.ts'
import type { Quotas } from './store.ts'

export type PlanChanges = {
  plan?: string | null | undefined
  /** RFC 3339. */
  plan_expires_at?: string | null | undefined
  /** Replaces all of them. */
  quotas?: { [Name in keyof Quotas]?: number | undefined } | undefined
  features?: string[] | null | undefined
  experiments?: Experiment[] | undefined
}

export type WorkspaceChanges = PlanChanges & {
  name?: string | undefined
  allowed_origins?: string[] | undefined
  return_urls?: string[] | undefined
  allow_direct_links?: boolean | undefined
  /** Data URL. */
  logo?: string | null | undefined
  /** `#rrggbb`. */
  color?: string | null | undefined
}

/**
 * Changes the settings that are given and leaves the others; what processes keep of them ends within a second.
 * @throws ApiError not_found, invalid_request for a logo that is no picture
 */
export async function updateWorkspace(
  ctx: Pick<Context, 'clock' | 'random' | 'invalidation'>,
  { workspace, changes, actor }: { workspace: string; changes: WorkspaceChanges; actor: Actor },
): Promise<void> {
  const logo = typeof changes.logo === 'string' ? checkLogo(changes.logo) : changes.logo
  const set = columnsOf(changes)
  if (Object.keys(set).length === 0 && logo === undefined) return
  await ctx.invalidation.change(workspace, async (tx) => {
    const changed = await tx
      .updateTable('workspaces')
      // Of a logo alone nothing changes in this row, and there must be something to set.
      .set({ ...set, deleted_at: null })
      .where('id', '=', workspace)
      .where('deleted_at', 'is', null)
      .returning('id')
      .executeTakeFirst()
    if (!changed) throw notFound('workspace')
    if (logo !== undefined) await writeLogo(tx, workspace, logo)
    await record(ctx, tx, { workspace, type: 'workspace.updated', actor, data: told(changes) })
  })
}

/** A picture is no text for a log. */
function told({ logo, ...changes }: WorkspaceChanges): Record<string, unknown> {
  return { ...changes, ...(logo === undefined ? {} : { logo: logo === null ? null : 'changed' }) }
}

function columnsOf(changes: WorkspaceChanges): Partial<WorkspaceRow> {
  const { name, plan, plan_expires_at: ends, allow_direct_links: direct, features } = changes
  const { quotas, experiments, allowed_origins: origins, return_urls, color } = changes
  return {
    ...(name === undefined ? {} : { name }),
    ...(origins ? { allowed_origins: JSON.stringify(origins.map((origin) => new URL(origin).origin)) } : {}),
    ...(return_urls ? { return_urls: JSON.stringify(return_urls) } : {}),
    ...(direct === undefined ? {} : { allow_direct_links: direct ? (1 as const) : (0 as const) }),
    ...(color === undefined ? {} : { color: color?.toLowerCase() ?? null }),
    ...(plan === undefined ? {} : { plan }),
    ...(ends === undefined ? {} : { plan_expires_at: ends === null ? null : Date.parse(ends) }),
    ...(quotas ? { quotas: JSON.stringify(quotas) } : {}),
    ...(features === undefined ? {} : { features: features && JSON.stringify(features) }),
    ...(experiments ? { experiments: JSON.stringify(experiments) } : {}),
  }
}
