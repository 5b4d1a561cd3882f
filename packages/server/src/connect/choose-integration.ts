import { encodeId } from '@grantry/api'
import { requestedScopes } from '@grantry/oauth'
import type { Connection } from '../connections/store.ts'
import type { Context } from '../context.ts'
import { integrationItself, isServed } from '../db/is-served.ts'
import { invalid, problem } from '../errors.ts'
import type { Principal } from '../http/principal.ts'
import { findByName, readIntegration } from '../integrations/find.ts'
import { type Integration, loadIntegration, toIntegration } from '../integrations/store.ts'

type Needs = Pick<Context, 'catalogue' | 'config' | 'db'>

/** How a caller says what may be connected: one, some, or (saying nothing) whatever there is. */
export type IntegrationWish = {
  integration?: string | undefined
  provider?: string | undefined
  integrations?: string[] | undefined
  providers?: string[] | undefined
}

/** More than a person would look through. */
const most = 100

/**
 * The integrations that a session is for: one, or those among which the person chooses.
 * @throws ApiError not_found, ambiguous, invalid_request
 */
export async function findChoices(
  ctx: Needs,
  principal: Principal,
  wish: IntegrationWish,
  { reconnect, app }: { reconnect: Connection | null; app: string | null },
): Promise<[Integration, ...Integration[]]> {
  if (reconnect || wish.integration !== undefined || wish.provider !== undefined) {
    const one = await findOne(ctx, principal, wish, { reconnect, app })
    checkFits(one, app, 'integration')
    return [one]
  }
  const { integrations, providers } = wish
  const named = integrations !== undefined || providers !== undefined
  const found = named
    ? [
        ...(await Promise.all(
          (integrations ?? []).map((text) => readIntegration(ctx, principal, text, 'integrations')),
        )),
        ...(await Promise.all(
          (providers ?? []).map((name) => findByName(ctx, principal, name, app, 'providers')),
        )),
      ]
    : await findAll(ctx, principal, app)
  const [first, ...others] = new Map(found.map((one) => [one.id, one])).values()
  if (!first)
    throw problem(
      'not_found',
      'There is no integration here that asks people. Add one with POST /api/v1/integrations.',
    )
  for (const one of [first, ...others]) {
    checkFits(one, app, 'integrations')
    // Of several, a connection cannot go by the app of whichever is chosen: what the session says holds for all.
    if (others.length > 0 && one.app !== null && one.app !== app)
      throw invalid('app_id', 'must name the app that one of these integrations belongs to')
  }
  return [first, ...others]
}

async function findOne(
  ctx: Needs,
  principal: Principal,
  wish: IntegrationWish,
  { reconnect, app }: { reconnect: Connection | null; app: string | null },
): Promise<Integration> {
  const integration = reconnect
    ? await loadIntegration(ctx, principal.workspace, reconnect.integration_id)
    : wish.integration === undefined
      ? await findByName(ctx, principal, wish.provider!, app)
      : await readIntegration(ctx, principal, wish.integration, 'integration')
  if (wish.integration !== undefined && wish.integration !== encodeId('int', integration.id))
    throw invalid('integration', 'is not the integration of the connection to renew')
  if (wish.provider !== undefined && !goesBy(integration, wish.provider))
    throw invalid('provider', 'is not the provider of this integration')
  return integration
}

/** Whether a name means this integration: its provider's, or one that it was given. */
export const goesBy = ({ provider, row }: Integration, name: string): boolean =>
  provider === name || row.name === name

function checkFits(integration: Integration, app: string | null, path: string): void {
  if (integration.app !== null && integration.app !== app && app !== null)
    throw invalid('app_id', 'is not the app that this integration belongs to')
  if (integration.grantType !== 'authorization_code')
    throw invalid(path, `has the grant type ${integration.grantType}, which needs nobody's consent`)
}

/** All that ask people; of the same provider an app's own stand before the workspace's, as where it is asked for by name. */
async function findAll(
  ctx: Needs,
  { workspace, services }: Principal,
  app: string | null,
): Promise<Integration[]> {
  const rows = await ctx.db
    .selectFrom('integrations')
    .selectAll()
    .where('workspace_id', '=', workspace)
    .where('grant_type', '=', 'authorization_code')
    .where('trial', '=', 0)
    .$if(services !== null, (query) => query.where(isServed(services!, integrationItself)))
    .where((eb) =>
      app ? eb.or([eb('app_id', 'is', null), eb('app_id', '=', app)]) : eb('app_id', 'is', null),
    )
    .orderBy('id')
    .limit(most)
    .execute()
  const own = new Set(rows.flatMap(({ app_id, provider }) => (app_id !== null && provider) || []))
  return rows
    .filter(({ app_id, provider }) => app_id !== null || provider === null || !own.has(provider))
    .map((row) => toIntegration(ctx, row))
}

/** The scopes that the caller names, else those of the access type, else the connection's, else the integration's. */
export function chooseScopes(
  ctx: Pick<Context, 'catalogue'>,
  integration: Integration,
  {
    scopes,
    access_type,
  }: { scopes?: string[] | undefined; access_type?: 'read' | 'write' | null | undefined },
  reconnect: Connection | null = null,
): string[] {
  const entry = integration.provider === null ? undefined : ctx.catalogue.get(integration.provider)
  const preset = access_type && entry?.scopes[access_type].map(({ scope }) => scope)
  const before = reconnect ? (JSON.parse(reconnect.scopes_requested) as string[]) : undefined
  return requestedScopes(integration.profile, scopes ?? preset ?? before ?? integration.scopes)
}
