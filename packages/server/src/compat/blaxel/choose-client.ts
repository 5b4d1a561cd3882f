import type { Secret } from '@grantry/oauth'
import type { Context } from '../../context.ts'
import { integrationItself, isServed } from '../../db/is-served.ts'
import { newId } from '../../db/new-id.ts'
import type { IntegrationRow } from '../../db/schema.ts'
import { invalid } from '../../errors.ts'
import type { Actor, Principal } from '../../http/principal.ts'
import { hasSecret } from '../../integrations/adopt-trial.ts'
import { createIntegration } from '../../integrations/create.ts'
import { refuseOtherProvider } from '../../integrations/find.ts'
import { type Integration, secretPlace, toIntegration } from '../../integrations/store.ts'

type Needs = Pick<Context, 'catalogue' | 'clock' | 'config' | 'db' | 'egress' | 'random' | 'vault'>

/** What is called an integration, and the OAuth app whose credentials came with it. */
export type Client = {
  integration: string
  clientId: string
  clientSecret: Secret
  refreshToken: Secret
  actor: Actor
}

/**
 * The integration of this OAuth app: one of the workspace that has these very credentials, else a trial (not stored yet)
 * over the workspace's integration of that name and client, or over the catalogue's provider.
 * @throws ApiError invalid_request where neither is called so
 */
export async function chooseClient(ctx: Needs, principal: Principal, client: Client): Promise<Integration> {
  const called = await findCalled(ctx, principal, client.integration)
  const same = called.filter(({ clientId }) => clientId === client.clientId)
  for (const integration of same)
    if (await hasSecret(ctx, integration, client.clientSecret)) return integration
  if (same[0]) return tryOther(ctx, principal, same[0], client.clientSecret)
  if (ctx.catalogue.has(client.integration)) return tryNew(ctx, principal, client)
  if (called.length > 0)
    throw invalid(
      'spec.secret.CLIENT_ID',
      `is not the client of "${client.integration}" in this workspace; add an integration for it by POST /api/v1/integrations`,
    )
  throw invalid(
    'spec.integration',
    'is neither an integration of this workspace nor a provider of the catalogue; GET /api/v1/providers lists those',
  )
}

/** The credential's own app's first, then those of this very name, then those that people can consent at. */
async function findCalled(
  ctx: Needs,
  { workspace, app, services }: Principal,
  name: string,
): Promise<Integration[]> {
  const rows = await ctx.db
    .selectFrom('integrations')
    .selectAll()
    .where('workspace_id', '=', workspace)
    .where('trial', '=', 0)
    .where('grant_type', '!=', 'client_credentials')
    .$if(services !== null, (query) => query.where(isServed(services!, integrationItself)))
    .where((eb) => eb.or([eb('provider', '=', name), eb('name', '=', name)]))
    .where((eb) =>
      app ? eb.or([eb('app_id', 'is', null), eb('app_id', '=', app)]) : eb('app_id', 'is', null),
    )
    .orderBy('id')
    .execute()
  const rank = (row: IntegrationRow) =>
    [row.app_id === null, row.name !== name, row.grant_type !== 'authorization_code'].map(Number).join('')
  return rows.sort((a, b) => rank(a).localeCompare(rank(b))).map((row) => toIntegration(ctx, row))
}

/** The same with another secret; where it is the app's own, its secret is changed once this one has proved good. */
async function tryOther(
  ctx: Needs,
  { app, services }: Principal,
  { row, workspace }: Integration,
  secret: Secret,
): Promise<Integration> {
  refuseOtherProvider({ services }, row.provider)
  const id = newId(ctx)
  const now = ctx.clock.now()
  return toIntegration(ctx, {
    ...row,
    id,
    app_id: app,
    name: null,
    callback_name: null,
    grant_type: 'refresh_token',
    client_secret: await ctx.vault.seal(secretPlace(workspace, id, 1), secret),
    secret_version: 1,
    connection_id: null,
    trial: 1,
    created_at: now,
    updated_at: now,
  })
}

/** Nobody consents at it, so that it does not stand in the way of an integration that people connect by. */
async function tryNew(
  ctx: Needs,
  { workspace, app, services }: Principal,
  { integration: provider, clientId, clientSecret, refreshToken, actor }: Client,
): Promise<Integration> {
  refuseOtherProvider({ services }, provider)
  const input = {
    workspace,
    app,
    provider,
    label: ctx.catalogue.get(provider)!.display_name,
    grantType: 'refresh_token' as const,
    client_id: clientId,
    client_secret: clientSecret,
    refresh_token: refreshToken,
    validate: true,
    actor,
  }
  return createIntegration(ctx, input, async (row) => toIntegration(ctx, { ...row, trial: 1 }))
}
