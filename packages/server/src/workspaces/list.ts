import type { Context } from '../context.ts'
import type { WorkspaceRow } from '../db/schema.ts'
import type { Page } from '../http/cursor.ts'

/** The deployment's workspaces that have not ended, newest first; `limit + 1` rows. */
export async function listWorkspaces(ctx: Pick<Context, 'db'>, page: Page): Promise<WorkspaceRow[]> {
  let query = ctx.db.selectFrom('workspaces').selectAll().where('deleted_at', 'is', null)
  if (page.after) query = query.where('id', '<', page.after)
  return query
    .orderBy('id', 'desc')
    .limit(page.limit + 1)
    .execute()
}
