import { decodeId } from '@grantry/api'
import type { Context } from '../context.ts'
import { invalid, problem } from '../errors.ts'
import { serves } from '../http/narrowing.ts'
import type { Principal, Services } from '../http/principal.ts'
import { isWithin, writeNetwork } from '../http/source-network.ts'
import type { KeyLimits } from './key-limits.ts'

type Wish = {
  providers?: string[] | undefined
  integrations?: string[] | undefined
  networks?: string[] | undefined
}

/**
 * What a new key is to be narrowed to; where nothing is said, what its maker's own is.
 * @throws ApiError invalid_request; not_found for an integration that is out of reach; insufficient_scope beyond the maker's own
 */
export async function readLimits(
  ctx: Pick<Context, 'catalogue' | 'db'>,
  principal: Principal,
  wish: Wish,
): Promise<KeyLimits> {
  const networks = wish.networks?.map((text, n) => {
    const network = writeNetwork(text)
    if (network === null)
      throw invalid(
        `networks.${n}`,
        'must be an address or a network, such as 203.0.113.0/24 or 2001:db8::/32',
      )
    return network
  })
  if (networks) refuseOtherNetworks(principal, networks)
  return {
    services: await readServices(ctx, principal, wish),
    networks: networks ?? principal.networks,
  }
}

/**
 * A key is used from nowhere that its maker may not come from.
 * @throws ApiError insufficient_scope
 */
export function refuseOtherNetworks(
  { networks: own }: Pick<Principal, 'networks'>,
  networks: readonly string[] | null,
): void {
  if (own === null || networks?.every((network) => isWithin(own, network))) return
  throw problem(
    'insufficient_scope',
    'Your own key is narrowed to networks, and cannot give another more than these.',
  )
}

async function readServices(
  ctx: Pick<Context, 'catalogue' | 'db'>,
  principal: Principal,
  { providers, integrations }: Wish,
): Promise<Services | null> {
  if (!providers && !integrations) return principal.services
  for (const [n, provider] of (providers ?? []).entries()) {
    if (!ctx.catalogue.has(provider))
      throw invalid(`providers.${n}`, 'is not in the catalogue; see GET /api/v1/providers')
    if (principal.services && !principal.services.providers.has(provider))
      throw problem(
        'insufficient_scope',
        'Your own key is narrowed to other providers, and cannot give more to another.',
      )
  }
  const ids = await Promise.all(
    (integrations ?? []).map((text, n) => readReference(ctx, principal, text, `integrations.${n}`)),
  )
  return { providers: new Set(providers), integrations: new Set(ids) }
}

async function readReference(
  { db }: Pick<Context, 'db'>,
  principal: Principal,
  text: string,
  path: string,
): Promise<string> {
  const id = decodeId('int', text)
  const row =
    id &&
    (await db
      .selectFrom('integrations')
      .select(['id', 'app_id', 'provider'])
      .where('workspace_id', '=', principal.workspace)
      .where('id', '=', id)
      .executeTakeFirst())
  const visible = row && (row.app_id === null || principal.app === null || row.app_id === principal.app)
  if (!visible || !serves(principal, { provider: row.provider, integration: row.id }))
    throw problem('not_found', `${path}: there is no integration with this id in your workspace.`, {
      errors: [{ path, message: 'is not an integration of your workspace' }],
    })
  return row.id
}
