import type { Context } from '../context.ts'
import type { ManagePageRow } from '../db/schema.ts'
import { type Actor, firstHand, type Principal } from '../http/principal.ts'

export type ManagePage = ManagePageRow

/** The link works this long, and once; the page that it opens this long, in that browser. */
export const linkMs = 10 * 60_000
export const pageMs = 30 * 60_000

export async function findPage(
  ctx: Pick<Context, 'db'>,
  workspace: string,
  id: string,
): Promise<ManagePage | undefined> {
  return ctx.db
    .selectFrom('manage_pages')
    .selectAll()
    .where('workspace_id', '=', workspace)
    .where('id', '=', id)
    .executeTakeFirst()
}

/** What may be done from the page: with this end user's connections, and in no other app than the link's. */
export function principalOf({ workspace_id, id, app_id, end_user_id }: ManagePage): Principal {
  return {
    ...firstHand,
    kind: 'end_user',
    workspace: workspace_id,
    id,
    scopes: new Set(['connections:read', 'connections:write']),
    app: app_id,
    endUser: end_user_id,
  }
}

export const actorOf = ({ id }: ManagePage, requestId: string): Actor => ({
  kind: 'manage_page',
  id,
  requestId,
})
