import type { Context } from '../context.ts'
import { integrationItself, isServed } from '../db/is-served.ts'
import type { IntegrationRow } from '../db/schema.ts'
import type { Page } from '../http/cursor.ts'
import type { Principal } from '../http/principal.ts'

type Filter = {
  provider?: string | undefined
  app?: string | null | undefined
  tenant?: string | undefined
  narrowedTo: Pick<Principal, 'app' | 'services'>
}

/** Newest first, `limit + 1` rows. A credential narrowed to an app sees that app's and the workspace's own. */
export async function listIntegrations(
  ctx: Pick<Context, 'db'>,
  workspace: string,
  filter: Filter,
  page: Page,
): Promise<IntegrationRow[]> {
  let query = ctx.db
    .selectFrom('integrations')
    .selectAll()
    .where('workspace_id', '=', workspace)
    .where('trial', '=', 0)
  if (filter.provider) query = query.where('provider', '=', filter.provider)
  if (filter.tenant) query = query.where('tenant_id', '=', filter.tenant)
  if (filter.app) query = query.where('app_id', '=', filter.app)
  const { app, services } = filter.narrowedTo
  if (services) query = query.where(isServed(services, integrationItself))
  if (app) {
    query = query.where((eb) => eb.or([eb('app_id', 'is', null), eb('app_id', '=', app)]))
  }
  if (page.after) query = query.where('id', '<', page.after)
  return query
    .orderBy('id', 'desc')
    .limit(page.limit + 1)
    .execute()
}

/** How many integrations there are of each provider of the catalogue, as far as a credential reaches. */
export async function countByProvider(
  ctx: Pick<Context, 'db'>,
  { workspace, app, services }: Pick<Principal, 'workspace' | 'app' | 'services'>,
): Promise<Map<string, number>> {
  const rows = await ctx.db
    .selectFrom('integrations')
    .select(['provider', ({ fn }) => fn.countAll<number | string>().as('integrations')])
    .where('workspace_id', '=', workspace)
    .where('trial', '=', 0)
    .where('provider', 'is not', null)
    .$if(app !== null, (query) =>
      query.where((eb) => eb.or([eb('app_id', 'is', null), eb('app_id', '=', app)])),
    )
    .$if(services !== null, (query) => query.where(isServed(services!, integrationItself)))
    .groupBy('provider')
    .execute()
  return new Map(rows.map(({ provider, integrations }) => [provider!, Number(integrations)]))
}
