import type { FastifyInstance } from 'fastify'
import { auditRoutes } from './audit/routes.ts'
import { createAccessTokenAuthenticator } from './authorization-server/authenticate-access-token.ts'
import { clientRoutes } from './authorization-server/client-routes.ts'
import { endGrantsOf } from './authorization-server/end-grant.ts'
import { grantRoutes } from './authorization-server/grant-routes.ts'
import { registrationTokenRoutes } from './authorization-server/registration-token-routes.ts'
import { authorizationServer } from './authorization-server/routes.ts'
import { userinfoRoutes } from './authorization-server/userinfo.ts'
import { restoreRoutes } from './backup/routes.ts'
import { blaxelRoutes } from './compat/blaxel.ts'
import { fiberwiseRoutes } from './compat/fiberwise.ts'
import { konproRoutes } from './compat/konpro.ts'
import { createConnectTokenAuthenticator } from './connect/authenticate-connect-token.ts'
import { connectPages, limitVisits } from './connect/browser-routes.ts'
import { createReconnectLinks } from './connect/reconnect-link.ts'
import { connectRoutes } from './connect/routes.ts'
import { attemptRoutes } from './connections/attempt-routes.ts'
import { createEndUserTokenAuthenticator } from './connections/authenticate-end-user-token.ts'
import { breakGlassRoutes } from './connections/break-glass/routes.ts'
import { listChoices } from './connections/choices.ts'
import { deleteConnectionsOf } from './connections/delete.ts'
import { exportRoutes } from './connections/export-routes.ts'
import { findTarget } from './connections/find-target.ts'
import { getToken } from './connections/get-token.ts'
import { importRoutes } from './connections/import-routes.ts'
import { obtainIntegration, revalidate } from './connections/obtain.ts'
import { connectionRoutes } from './connections/routes.ts'
import { grantedScopes } from './connections/store.ts'
import { consoleRoutes } from './console/routes.ts'
import type { Context } from './context.ts'
import { createWriteProbe } from './db/write-probe.ts'
import { diagnosisRoutes } from './diagnosis/routes.ts'
import { manageLinkRoutes, managePages } from './end-user-page/routes.ts'
import { healthRoutes } from './http/health.ts'
import { createOperatorAuthenticator } from './http/operator.ts'
import type { Authenticator } from './http/principal.ts'
import { protectedResourceRoutes } from './http/protected-resource.ts'
import { describeRoutes, referencePages } from './http/reference.ts'
import { createServer } from './http/server.ts'
import type { ObtainTokens } from './integrations/create.ts'
import { providerRoutes } from './integrations/provider-routes.ts'
import { integrationRoutes, limitChecks, type OfConnections } from './integrations/routes.ts'
import { vaultRoutes } from './keyring/routes.ts'
import { mcpRoutes } from './mcp/routes.ts'
import { createMemberAuthenticator } from './members/authenticate-member.ts'
import { createOwnerLink } from './members/invite.ts'
import { identityProviderRoutes } from './members/outside/routes.ts'
import { memberPages } from './members/page-routes.ts'
import { memberRoutes } from './members/routes.ts'
import { sessionRoutes } from './members/session-routes.ts'
import { findMember } from './members/store.ts'
import { measureRequests } from './metrics/requests.ts'
import { metricsRoutes } from './metrics/routes.ts'
import { overviewRoutes } from './overview/routes.ts'
import { proxyRoutes } from './proxy/routes.ts'
import { webhookRoutes } from './webhooks/routes.ts'
import type { ReadMember } from './workspaces/account.ts'
import { apiKeyRoutes } from './workspaces/api-key-routes.ts'
import { appRoutes } from './workspaces/app-routes.ts'
import { limitCalls } from './workspaces/limit-calls.ts'
import { workspaceRoutes } from './workspaces/routes.ts'

/** What is looked up elsewhere unless somebody brings it. */
export type Parts = {
  /** Access tokens of our own authorization server. */
  accessTokens?: Authenticator
  readMember?: ReadMember
}

/** The table of contents: every kind of credential, every slice. */
export async function buildApp(ctx: Context, parts: Parts = {}): Promise<FastifyInstance> {
  const { config, log } = ctx
  const operator = createOperatorAuthenticator(config.operatorKey)
  const app = createServer({
    log,
    trustedProxies: config.trustedProxies,
    publicUrl: config.publicUrl,
    tracing: ctx.tracing,
    admit: (principal, reply) => limitCalls(ctx.calls, principal, reply),
    authenticators: [
      { prefix: 'gct_', find: createConnectTokenAuthenticator(ctx) },
      { prefix: 'gat_', find: parts.accessTokens ?? createAccessTokenAuthenticator(ctx) },
      { prefix: 'geu_', find: createEndUserTokenAuthenticator(ctx) },
      {
        prefix: '',
        find: async (credential, { from }) => operator(credential) ?? ctx.apiKeys.find(credential, from),
      },
    ],
    findByBrowser: createMemberAuthenticator(ctx),
  })
  measureRequests(app, ctx.metrics.requests)
  const describe = describeRoutes(app, config.publicUrl)

  healthRoutes(app, ctx, createWriteProbe(ctx))
  metricsRoutes(app, ctx)
  protectedResourceRoutes(app, config.publicUrl)
  const readMember: ReadMember = parts.readMember ?? ((workspace, id) => findMember(ctx.db, workspace, id))
  vaultRoutes(app, ctx)
  workspaceRoutes(app, ctx, {
    readMember,
    ownerLink: (workspace, actor) => createOwnerLink(ctx, { workspace, actor }),
  })
  konproRoutes(app, ctx, readMember)
  appRoutes(app, ctx)
  apiKeyRoutes(app, ctx)
  memberRoutes(app, ctx, async (tx, { actor, ...member }) => {
    await endGrantsOf(ctx, tx, { subject: { kind: 'member', ...member } }, actor)
  })
  sessionRoutes(app, ctx)
  identityProviderRoutes(app, ctx)
  auditRoutes(app, ctx)
  webhookRoutes(app, ctx)
  restoreRoutes(app, ctx)
  clientRoutes(app, ctx)
  registrationTokenRoutes(app, ctx)
  grantRoutes(app, ctx)
  providerRoutes(app, ctx)
  const obtain: ObtainTokens = (row, input) => obtainIntegration(ctx, row, input)
  const checks = limitChecks(ctx)
  const visits = limitVisits(ctx)
  const connections: OfConnections = {
    end: (integration, actor) => deleteConnectionsOf(ctx, integration, actor),
    obtain,
    revalidate: (integration, actor) => revalidate(ctx, integration, actor),
  }
  integrationRoutes(app, ctx, connections, checks)
  const reconnectLinks = createReconnectLinks(ctx)
  connectionRoutes(app, ctx, async (...who) => (await reconnectLinks(...who)).url)
  importRoutes(app, ctx)
  exportRoutes(app, ctx)
  breakGlassRoutes(app, ctx)
  attemptRoutes(app, ctx)
  diagnosisRoutes(app, ctx, checks)
  overviewRoutes(app, ctx)
  connectRoutes(app, ctx)
  manageLinkRoutes(app, ctx)
  await app.register(async (proxied) => proxyRoutes(proxied, ctx))
  mcpRoutes(app, ctx, reconnectLinks)
  blaxelRoutes(app, ctx)
  fiberwiseRoutes(app, ctx, { obtain, checks, visits })
  userinfoRoutes(app, ctx)
  authorizationServer(app, ctx, {
    choices: (workspace) => listChoices(ctx, workspace),
    tokens: {
      async find(principal, target) {
        const found = await findTarget(ctx, principal, target)
        return found && { id: found.id, scopes: grantedScopes(found) }
      },
      get: (principal, actor, id) => getToken(ctx, { principal, actor, id }),
    },
  })
  await app.register(async (pages) => connectPages(pages, ctx, visits))
  await app.register(async (pages) => managePages(pages, ctx, visits))
  await app.register(async (pages) => memberPages(pages, ctx, visits))
  await app.register(async (pages) => consoleRoutes(pages, ctx))
  await app.register(async (pages) => referencePages(pages, describe))
  return app
}
