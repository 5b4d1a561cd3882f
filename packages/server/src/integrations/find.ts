import { decodeId, encodeId } from '@grantry/api'
import type { Context } from '../context.ts'
import { integrationItself, isServed } from '../db/is-served.ts'
import { notFound, problem } from '../errors.ts'
import { serves } from '../http/narrowing.ts'
import type { Principal } from '../http/principal.ts'
import { type Integration, loadIntegration, toIntegration } from './store.ts'

type Needs = Pick<Context, 'db' | 'catalogue' | 'config'>

/**
 * The integration that an id names, if this credential may use it: its own app's, or the workspace's, of a provider that it is
 * narrowed to.
 * @param path as of {@link notFound}
 * @throws ApiError not_found
 */
export async function readIntegration(
  ctx: Needs,
  principal: Principal,
  text: string,
  path?: string,
): Promise<Integration> {
  const id = decodeId('int', text)
  const integration = id && (await loadIntegration(ctx, principal.workspace, id, path))
  if (!integration || !visibleTo(integration.app, principal.app)) throw notFound('integration', path)
  if (!serves(principal, { provider: integration.provider, integration: integration.id }))
    throw notFound('integration', path)
  return integration
}

/**
 * What it makes, a narrowed credential must be able to reach: integrations of its own providers.
 * @throws ApiError insufficient_scope
 */
export function refuseOtherProvider(
  { services }: Pick<Principal, 'services'>,
  provider: string | null,
): void {
  if (services === null || (provider !== null && services.providers.has(provider))) return
  throw problem('insufficient_scope', 'This key is narrowed to other providers or integrations.')
}

/** Changing what several apps share is not for a credential that is narrowed to one of them. */
export async function readOwnIntegration(
  ctx: Needs,
  principal: Principal,
  text: string,
): Promise<Integration> {
  const integration = await readIntegration(ctx, principal, text)
  if (principal.app && integration.app !== principal.app)
    throw problem(
      'insufficient_scope',
      'This integration belongs to the whole workspace; this key is narrowed to one app.',
    )
  return integration
}

export function visibleTo(owner: string | null, app: string | null): boolean {
  return owner === null || app === null || owner === app
}

/**
 * The one integration that a name means in an app — a provider's, or one that it was given —: the app's own, else the workspace's.
 * @throws ApiError not_found, ambiguous (with their ids)
 */
export async function findByName(
  ctx: Needs,
  { workspace, services }: Pick<Principal, 'workspace' | 'services'>,
  name: string,
  app: string | null,
  path = 'provider',
): Promise<Integration> {
  const rows = await ctx.db
    .selectFrom('integrations')
    .selectAll()
    .where('workspace_id', '=', workspace)
    .where((eb) => eb.or([eb('provider', '=', name), eb('name', '=', name)]))
    .where('grant_type', '=', 'authorization_code')
    .where('trial', '=', 0)
    .$if(services !== null, (query) => query.where(isServed(services!, integrationItself)))
    .where((eb) =>
      app ? eb.or([eb('app_id', 'is', null), eb('app_id', '=', app)]) : eb('app_id', 'is', null),
    )
    .orderBy('id')
    .limit(50)
    .execute()
  const own = rows.filter((row) => row.app_id !== null)
  const candidates = own.length > 0 ? own : rows
  const [only, another] = candidates
  if (!only)
    throw problem(
      'not_found',
      `No integration for "${name}" exists here. Add one with POST /api/v1/integrations.`,
      { errors: [{ path, message: 'has no integration here' }] },
    )
  if (another) {
    const ids = candidates.map((row) => encodeId('int', row.id))
    throw problem('ambiguous', `Several integrations are for "${name}". Name one of them as integration.`, {
      members: { ids },
      errors: [{ path, message: 'means several integrations' }],
    })
  }
  return toIntegration(ctx, only)
}
