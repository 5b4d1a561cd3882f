import * as api from '@grantry/api'
import { Secret } from '@grantry/oauth'
import type { FastifyInstance } from 'fastify'
import type { Context } from '../context.ts'
import { readPage, toList } from '../http/cursor.ts'
import { mount } from '../http/mount.ts'
import type { Actor } from '../http/principal.ts'
import { createRateLimit, type RateLimit } from '../http/rate-limit.ts'
import { readAppReference } from '../workspaces/find-app.ts'
import { createIntegration, type ObtainTokens } from './create.ts'
import { deleteIntegration } from './delete.ts'
import { discoverIntegration } from './discover.ts'
import { readIntegration, readOwnIntegration, refuseOtherProvider } from './find.ts'
import { listIntegrations } from './list.ts'
import { presentIntegration } from './present.ts'
import { reserveRedirectUri } from './reserve.ts'
import { type Integration, toIntegration } from './store.ts'
import { revalidateIntegration, updateIntegration } from './update.ts'

/** What integrations ask of the connections that stand on them. */
export type OfConnections = {
  end(integration: Integration, actor: Actor): Promise<void>
  obtain: ObtainTokens
  revalidate(integration: Integration, actor: Actor): Promise<Integration>
}

/** Saving makes calls to addresses that a tenant chose: no tenant gets to make many, whichever API saves. */
export const limitChecks = (ctx: Pick<Context, 'clock'>): RateLimit =>
  createRateLimit({
    burst: 30,
    perMs: 60_000,
    now: () => ctx.clock.now(),
    what: 'checks of integrations',
  })

export function integrationRoutes(
  app: FastifyInstance,
  ctx: Context,
  connections: OfConnections,
  checks: RateLimit,
): void {
  mount(app, api.createIntegration, async ({ principal, actor, body }) => {
    refuseOtherProvider(principal, body.provider)
    if (body.validate || body.issuer) checks(principal.workspace)
    const { provider, grant_type, app_id, validate, scope, client_secret, refresh_token, ...fields } = body
    const integration = await createIntegration(
      ctx,
      {
        ...fields,
        workspace: principal.workspace,
        provider,
        grantType: grant_type,
        app: await readAppReference(ctx, principal, app_id),
        client_secret: client_secret === undefined ? undefined : new Secret(client_secret),
        scopes: scope === undefined ? undefined : splitScope(scope),
        refresh_token: refresh_token === undefined ? undefined : new Secret(refresh_token),
        validate,
        actor,
      },
      connections.obtain,
    )
    return { data: presentIntegration(integration) }
  })

  mount(app, api.listIntegrations, async ({ principal, query }) => {
    const page = readPage(query)
    const filter = {
      provider: query.provider,
      tenant: query.tenant,
      app: query.app === undefined ? undefined : await readAppReference(ctx, principal, query.app, 'app'),
      narrowedTo: principal,
    }
    const rows = await listIntegrations(ctx, principal.workspace, filter, page)
    return toList(rows, page, (row) => presentIntegration(toIntegration(ctx, row)))
  })

  mount(app, api.getIntegration, async ({ principal, params }) => ({
    data: presentIntegration(await readIntegration(ctx, principal, params.id)),
  }))

  mount(app, api.updateIntegration, async ({ principal, actor, params, body }) => {
    const integration = await readOwnIntegration(ctx, principal, params.id)
    if (body.validate || body.issuer) checks(principal.workspace)
    const { scope, client_secret, ...fields } = body
    const updated = await updateIntegration(ctx, integration, {
      ...fields,
      client_secret: client_secret === undefined ? undefined : new Secret(client_secret),
      scopes: scope === undefined ? undefined : splitScope(scope),
      actor,
    })
    return { data: presentIntegration(updated) }
  })

  mount(app, api.deleteIntegration, async ({ principal, actor, params, query }) => {
    const integration = await readOwnIntegration(ctx, principal, params.id)
    if (query.force === 'true') await connections.end(integration, actor)
    await deleteIntegration(ctx, integration, actor)
    return { data: { id: api.encodeId('int', integration.id), deleted: true as const } }
  })

  mount(app, api.discoverIntegration, async ({ principal, body }) => {
    refuseOtherProvider(principal, null)
    checks(principal.workspace)
    return { data: await discoverIntegration(ctx, principal.workspace, body.issuer) }
  })

  mount(app, api.reserveRedirectUri, async ({ principal, body }) => {
    refuseOtherProvider(principal, null)
    checks(principal.workspace)
    const { redirectUri, expiresAt } = await reserveRedirectUri(ctx, principal.workspace, body)
    return {
      data: {
        redirect_uri: redirectUri,
        expires_at: expiresAt === null ? null : new Date(expiresAt).toISOString(),
      },
    }
  })

  mount(app, api.validateIntegration, async ({ principal, actor, params }) => {
    const integration = await readOwnIntegration(ctx, principal, params.id)
    checks(principal.workspace)
    const validate =
      integration.grantType === 'authorization_code'
        ? revalidateIntegration(ctx, integration, actor)
        : connections.revalidate(integration, actor)
    return { data: presentIntegration(await validate) }
  })
}

/** Scopes as people write them: by spaces, or by commas as some providers do. */
function splitScope(text: string): string[] {
  return [...new Set(text.split(/[ ,]+/).filter(Boolean))]
}
