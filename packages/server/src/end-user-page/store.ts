import type { Context } from '../context.ts'
import type { ManagePageRow } from '../db/schema.ts'
import { type Actor, firstHand, type Principal, type Services } from '../http/principal.ts'

export type ManagePage = ManagePageRow

/** The link works this long, and once; the page that it opens this long, in that browser. */
export const linkMs = 10 * 60_000
export const pageMs = 30 * 60_000

/** As a page keeps what the key is narrowed to that made its link. */
export const writeServices = (services: Services | null): string | null =>
  services && JSON.stringify({ providers: [...services.providers], integrations: [...services.integrations] })

export function servicesOf({ services }: Pick<ManagePage, 'services'>): Services | null {
  if (services === null) return null
  const { providers, integrations } = JSON.parse(services) as Record<keyof Services, string[]>
  return { providers: new Set(providers), integrations: new Set(integrations) }
}

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

/** What may be done from the page: with this end user's connections, and in no other app than the link's, of no other providers than the key's that made it. */
export function principalOf(page: ManagePage): Principal {
  const { workspace_id, id, app_id, end_user_id } = page
  return {
    ...firstHand,
    kind: 'end_user',
    workspace: workspace_id,
    id,
    scopes: new Set(['connections:read', 'connections:write']),
    app: app_id,
    endUser: end_user_id,
    services: servicesOf(page),
  }
}

export const actorOf = ({ id }: ManagePage, requestId: string): Actor => ({
  kind: 'manage_page',
  id,
  requestId,
})
