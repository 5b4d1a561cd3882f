import { record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import { transaction } from '../db/transaction.ts'
import { notFound } from '../errors.ts'
import type { Actor } from '../http/principal.ts'

export type WorkspaceChanges = {
  name?: string | undefined
  allowed_origins?: string[] | undefined
  return_urls?: string[] | undefined
  allow_direct_links?: boolean | undefined
}

/** Changes the settings that are given and leaves the others. */
export async function updateWorkspace(
  ctx: Pick<Context, 'db' | 'clock' | 'random'>,
  { workspace, changes, actor }: { workspace: string; changes: WorkspaceChanges; actor: Actor },
): Promise<void> {
  const { name, allowed_origins, return_urls, allow_direct_links } = changes
  const set = {
    ...(name === undefined ? {} : { name }),
    ...(allowed_origins
      ? { allowed_origins: JSON.stringify(allowed_origins.map((origin) => new URL(origin).origin)) }
      : {}),
    ...(return_urls ? { return_urls: JSON.stringify(return_urls) } : {}),
    ...(allow_direct_links === undefined
      ? {}
      : { allow_direct_links: allow_direct_links ? (1 as const) : (0 as const) }),
  }
  if (Object.keys(set).length === 0) return
  await transaction(ctx.db, async (tx) => {
    const changed = await tx
      .updateTable('workspaces')
      .set(set)
      .where('id', '=', workspace)
      .where('deleted_at', 'is', null)
      .returning('id')
      .executeTakeFirst()
    if (!changed) throw notFound('workspace')
    await record(ctx, tx, { workspace, type: 'workspace.updated', actor, data: { ...changes } })
  })
}
