// biome-ignore-all assist/source/organizeImports: written in the order of the alphabet
// biome-ignore-all format: written by scripts/sdk/generate.ts from /openapi.json
// Written by scripts/sdk/generate.ts from /openapi.json. Change the contract (packages/api) or scripts/sdk/surface.ts, then run it.

import { type Call, type CallOptions, segment } from './call.ts'
import type {
  AccessToken,
  Account,
  ApiKey,
  App,
  AuthorizedApp,
  AuthorizedAppDetails,
  BreakGlass,
  BreakGlassConnection,
  BreakGlassPreview,
  ConnectSession,
  Connection,
  CreateApiKeyInput,
  CreateAppInput,
  CreateConnectSessionInput,
  CreateEndUserTokenInput,
  CreateIdentityProviderInput,
  CreateIntegrationInput,
  CreateInvitationInput,
  CreateManageLinkInput,
  CreateMcpServerInput,
  CreateOAuthClientInput,
  CreateRegistrationTokenInput,
  CreateWebhookEndpointInput,
  DataKey,
  DeleteConnectionQuery,
  Deleted,
  DiagnoseIntegrationQuery,
  DiscoverIntegrationAnswer,
  DiscoverIntegrationInput,
  EndedAuthorizedApp,
  EndedConnection,
  EndedSessions,
  Event,
  EventChain,
  FindTokenQuery,
  FinishConnectSessionInput,
  GetConnectionTokenQuery,
  GetOverviewQuery,
  IdentityProvider,
  ImportConnectionInput,
  ImportConnectionsInput,
  ImportedConnections,
  Integration,
  IntegrationDiagnosis,
  Invitation,
  ListAttemptsQuery,
  ListAuthorizedAppsQuery,
  ListBreakGlassConnectionsQuery,
  ListConnectionsQuery,
  ListDataKeysQuery,
  ListEventsQuery,
  ListIntegrationsQuery,
  ListMcpServerInstancesQuery,
  ListProvidersQuery,
  ListRefreshFiguresQuery,
  ListWebhookDeliveriesQuery,
  ListedWorkspace,
  McpServer,
  McpServerInstance,
  McpServerTool,
  McpService,
  Member,
  MemberSession,
  NewApiKey,
  NewConnectSession,
  NewEndUserToken,
  NewInvitation,
  NewManageLink,
  NewMcpServer,
  NewOAuthClient,
  NewRegistrationToken,
  NewWebhookEndpoint,
  NewWorkspace,
  OAuthClient,
  Overview,
  PreviewBreakGlassInput,
  PreviewOperatorBreakGlassInput,
  Provider,
  RefreshAttempt,
  RefreshFigure,
  RegistrationToken,
  ReserveRedirectUriAnswer,
  ReserveRedirectUriInput,
  RotateDataKeysAnswer,
  RotateDataKeysInput,
  RotateWebhookSecretInput,
  RotatedApiKey,
  RotatedOAuthClient,
  RunMcpServerToolAnswer,
  RunMcpServerToolInput,
  ServerDiagnosis,
  StartBreakGlassInput,
  StartOperatorBreakGlassInput,
  UpdateConnectionInput,
  UpdateIdentityProviderInput,
  UpdateIntegrationInput,
  UpdateMemberInput,
  UpdateOAuthClientInput,
  UpdateWebhookEndpointInput,
  UpdateWorkspaceInput,
  UpdateWorkspacePlanInput,
  Usage,
  Vault,
  WebhookDelivery,
  WebhookEndpoint,
  Workspace,
} from './contract.ts'
import type { Page } from './page.ts'

export type ConnectionsResource = {
  /**
   * List connections.
   * `GET /api/v1/connections`
   */
  list(query?: ListConnectionsQuery, options?: CallOptions): Page<Connection>
  /**
   * Show a connection; never its tokens.
   * `GET /api/v1/connections/{id}`
   */
  get(id: string, options?: CallOptions): Promise<Connection>
  /**
   * Bring tokens from elsewhere.
   * Tokens that came with nothing but a refresh token are refreshed at once.
   * `POST /api/v1/connections`
   */
  import(body: ImportConnectionInput, options?: CallOptions): Promise<Connection>
  /**
   * Bring many connections from elsewhere.
   * Each item stands for itself: what is wrong with one is told in its result, and the others are stored. Nothing is asked of providers here: a connection without a good access token is refreshed when it is first read, or by the background, at half the pace that its provider config allows.
   * `POST /api/v1/connections/import`
   */
  importMany(body: ImportConnectionsInput, options?: CallOptions): Promise<ImportedConnections>
  /**
   * Change what may be called with a connection.
   * `PATCH /api/v1/connections/{id}`
   */
  update(id: string, body: UpdateConnectionInput, options?: CallOptions): Promise<Connection>
  /**
   * Get an access token that works.
   * `GET /api/v1/connections/{id}/token`
   */
  token(id: string, query?: GetConnectionTokenQuery, options?: CallOptions): Promise<AccessToken>
  /**
   * Get an access token by provider or integration and end user.
   * `GET /api/v1/token`
   */
  findToken(query?: FindTokenQuery, options?: CallOptions): Promise<AccessToken>
  /**
   * Refresh now.
   * `POST /api/v1/connections/{id}/refresh`
   */
  refresh(id: string, options?: CallOptions): Promise<Connection>
  /**
   * See how its tokens were obtained and refreshed, newest first.
   * `GET /api/v1/connections/{id}/attempts`
   */
  attempts(id: string, query?: ListAttemptsQuery, options?: CallOptions): Page<RefreshAttempt>
  /**
   * End a connection here and at the provider.
   * The tokens are unreadable at once; revoking at the provider is retried for up to 7 days.
   * `DELETE /api/v1/connections/{id}`
   */
  delete(id: string, query?: DeleteConnectionQuery, options?: CallOptions): Promise<EndedConnection>
}

const connections = (call: Call): ConnectionsResource => ({
  list: (query, options) => call.list('/api/v1/connections', { query, ...options }),
  get: (id, options) => call.item('GET', `/api/v1/connections/${segment(id)}`, { ...options }),
  import: (body, options) => call.item('POST', '/api/v1/connections', { body, ...options }),
  importMany: (body, options) => call.item('POST', '/api/v1/connections/import', { body, ...options }),
  update: (id, body, options) => call.item('PATCH', `/api/v1/connections/${segment(id)}`, { body, ...options }),
  token: (id, query, options) => call.item('GET', `/api/v1/connections/${segment(id)}/token`, { query, ...options }),
  findToken: (query, options) => call.item('GET', '/api/v1/token', { query, ...options }),
  refresh: (id, options) => call.item('POST', `/api/v1/connections/${segment(id)}/refresh`, { ...options }),
  attempts: (id, query, options) => call.list(`/api/v1/connections/${segment(id)}/attempts`, { query, ...options }),
  delete: (id, query, options) => call.item('DELETE', `/api/v1/connections/${segment(id)}`, { query, ...options }),
})

export type ConnectSessionsResource = {
  /**
   * Start connecting an account.
   * Open `connect_url` (or, for a link that goes to the provider at once, `authorization_url`) in the browser of the end user. `binding` says how it is made sure that the person who consents is that end user. Name one integration (by `integration` or `provider`), several (`integrations`, `providers`), or none: then the person chooses, among those or all of the workspace, at `connect_url`.
   * `POST /api/v1/connect-sessions`
   */
  create(body: CreateConnectSessionInput, options?: CallOptions): Promise<NewConnectSession>
  /**
   * Follow a connect session.
   * `GET /api/v1/connect-sessions/{id}`
   */
  get(id: string, options?: CallOptions): Promise<ConnectSession>
  /**
   * Finish connecting.
   * With an API key, name the end user whom *your* server has signed in. In the other bindings `code` is a receipt for a connection that is already made.
   * `POST /api/v1/connect-sessions/{id}/finish`
   */
  finish(id: string, body: FinishConnectSessionInput, options?: CallOptions): Promise<Connection>
}

const connectSessions = (call: Call): ConnectSessionsResource => ({
  create: (body, options) => call.item('POST', '/api/v1/connect-sessions', { body, ...options }),
  get: (id, options) => call.item('GET', `/api/v1/connect-sessions/${segment(id)}`, { ...options }),
  finish: (id, body, options) => call.item('POST', `/api/v1/connect-sessions/${segment(id)}/finish`, { body, ...options }),
})

export type EndUserTokensResource = {
  /**
   * Mint a short-lived token that reaches one end user's connections only.
   * `POST /api/v1/end-user-tokens`
   */
  create(body: CreateEndUserTokenInput, options?: CallOptions): Promise<NewEndUserToken>
}

const endUserTokens = (call: Call): EndUserTokensResource => ({
  create: (body, options) => call.item('POST', '/api/v1/end-user-tokens', { body, ...options }),
})

export type ManageLinksResource = {
  /**
   * Make a link to an end user's own page.
   * There they see their connections, what each may do and when it was last used, and disconnect or reconnect them. The link works once, for 10 minutes; the page it opens stays open for 30 minutes in that browser. Whoever opens it can do that: make it when the end user whom *you* have signed in asks for it, and redirect their browser there.
   * `POST /api/v1/manage-links`
   */
  create(body: CreateManageLinkInput, options?: CallOptions): Promise<NewManageLink>
}

const manageLinks = (call: Call): ManageLinksResource => ({
  create: (body, options) => call.item('POST', '/api/v1/manage-links', { body, ...options }),
})

export type IntegrationsResource = {
  /**
   * List integrations.
   * `GET /api/v1/integrations`
   */
  list(query?: ListIntegrationsQuery, options?: CallOptions): Page<Integration>
  /**
   * Show an integration; never its secret.
   * `GET /api/v1/integrations/{id}`
   */
  get(id: string, options?: CallOptions): Promise<Integration>
  /**
   * Add an OAuth app at a provider.
   * Checks the endpoints and the credentials against the provider before anything is stored.
   * `POST /api/v1/integrations`
   */
  create(body: CreateIntegrationInput, options?: CallOptions): Promise<Integration>
  /**
   * Change an integration.
   * What would reach the provider differently is checked as on creation. null takes away what it had.
   * `PATCH /api/v1/integrations/{id}`
   */
  update(id: string, body: UpdateIntegrationInput, options?: CallOptions): Promise<Integration>
  /**
   * Run the checks of saving again.
   * `POST /api/v1/integrations/{id}/validate`
   */
  validate(id: string, options?: CallOptions): Promise<Integration>
  /**
   * Find out what is wrong with an integration, and what mends it.
   * Asks the provider what it answers without a person, and reads what connects and refreshes have shown. Nothing is stored, and no grant is touched.
   * `POST /api/v1/integrations/{id}/diagnosis`
   */
  diagnose(id: string, query?: DiagnoseIntegrationQuery, options?: CallOptions): Promise<IntegrationDiagnosis>
  /**
   * Ask an issuer for what an integration needs.
   * By OpenID Connect Discovery, else RFC 8414. Nothing is stored. An issuer that gives no usable metadata is 422 `provider_unusable`, one that may not be called from here 422 `url_refused`. Counts among the workspace's checks of integrations.
   * `POST /api/v1/integrations/discover`
   */
  discover(body: DiscoverIntegrationInput, options?: CallOptions): Promise<DiscoverIntegrationAnswer>
  /**
   * Learn the redirect URI of an integration before it is saved.
   * Providers want it before they give a client id. Endpoints of the catalogue have one that is known; any others get one of their integration's own: it is kept for the workspace for 7 days, and saving the integration with it as `redirect_uri` makes it that integration's. Counts among the workspace's checks of integrations.
   * `POST /api/v1/integrations/redirect-uri`
   */
  reserveRedirectUri(body: ReserveRedirectUriInput, options?: CallOptions): Promise<ReserveRedirectUriAnswer>
  /**
   * End an integration.
   * `DELETE /api/v1/integrations/{id}`
   */
  delete(id: string, query?: DeleteConnectionQuery, options?: CallOptions): Promise<Deleted>
}

const integrations = (call: Call): IntegrationsResource => ({
  list: (query, options) => call.list('/api/v1/integrations', { query, ...options }),
  get: (id, options) => call.item('GET', `/api/v1/integrations/${segment(id)}`, { ...options }),
  create: (body, options) => call.item('POST', '/api/v1/integrations', { body, ...options }),
  update: (id, body, options) => call.item('PATCH', `/api/v1/integrations/${segment(id)}`, { body, ...options }),
  validate: (id, options) => call.item('POST', `/api/v1/integrations/${segment(id)}/validate`, { ...options }),
  diagnose: (id, query, options) => call.item('POST', `/api/v1/integrations/${segment(id)}/diagnosis`, { query, ...options }),
  discover: (body, options) => call.item('POST', '/api/v1/integrations/discover', { body, ...options }),
  reserveRedirectUri: (body, options) => call.item('POST', '/api/v1/integrations/redirect-uri', { body, ...options }),
  delete: (id, query, options) => call.item('DELETE', `/api/v1/integrations/${segment(id)}`, { query, ...options }),
})

export type ProvidersResource = {
  /**
   * Search the catalogue.
   * `GET /api/v1/providers`
   */
  list(query?: ListProvidersQuery, options?: CallOptions): Page<Provider>
  /**
   * Show a catalogue entry.
   * `GET /api/v1/providers/{provider}`
   */
  get(provider: string, options?: CallOptions): Promise<Provider>
}

const providers = (call: Call): ProvidersResource => ({
  list: (query, options) => call.list('/api/v1/providers', { query, ...options }),
  get: (provider, options) => call.item('GET', `/api/v1/providers/${segment(provider)}`, { ...options }),
})

export type McpServersResource = {
  /**
   * List what can be served, and what is.
   * `GET /api/v1/mcp-servers`
   */
  list(options?: CallOptions): Page<McpService>
  /**
   * Show an MCP server.
   * `GET /api/v1/mcp-servers/{id}`
   */
  get(id: string, options?: CallOptions): Promise<McpServer>
  /**
   * Make an MCP server over an account that is to be connected.
   * Send the person to `authorization_url` (the provider itself, for 10 minutes) or to `connect_url` (for 30). With `connection_id` the server stands on a connection that exists, and both are null.
   * `POST /api/v1/mcp-servers`
   */
  create(body: CreateMcpServerInput, options?: CallOptions): Promise<NewMcpServer>
  /**
   * End an MCP server, and the connection that was made for it.
   * `DELETE /api/v1/mcp-servers/{id}`
   */
  delete(id: string, options?: CallOptions): Promise<Deleted>
  /**
   * List the MCP servers there are, newest first.
   * `GET /api/v1/mcp-servers/instances`
   */
  instances(query?: ListMcpServerInstancesQuery, options?: CallOptions): Page<McpServerInstance>
  /**
   * List the tools of an MCP server.
   * All that the server has; `runnable` tells which of them this credential may run.
   * `GET /api/v1/mcp-servers/{id}/tools`
   */
  tools(id: string, options?: CallOptions): Promise<McpServerTool>
  /**
   * Run a tool of an MCP server.
   * As an MCP client would: checked, limited and written down alike. Tools that change something need mcp:write. A member runs tools who may also read tokens: not a viewer. What the arguments lack, and what the service refuses, is an answer with `is_error`; an account that is to be connected is 409 `connection_needs_reauth` or `connection_not_ready`, with a `connect_url` where the credential may start connecting.
   * `POST /api/v1/mcp-servers/{id}/tools/{tool}`
   */
  run(id: string, tool: string, body: RunMcpServerToolInput, options?: CallOptions): Promise<RunMcpServerToolAnswer>
}

const mcpServers = (call: Call): McpServersResource => ({
  list: (options) => call.list('/api/v1/mcp-servers', { ...options }),
  get: (id, options) => call.item('GET', `/api/v1/mcp-servers/${segment(id)}`, { ...options }),
  create: (body, options) => call.item('POST', '/api/v1/mcp-servers', { body, ...options }),
  delete: (id, options) => call.item('DELETE', `/api/v1/mcp-servers/${segment(id)}`, { ...options }),
  instances: (query, options) => call.list('/api/v1/mcp-servers/instances', { query, ...options }),
  tools: (id, options) => call.item('GET', `/api/v1/mcp-servers/${segment(id)}/tools`, { ...options }),
  run: (id, tool, body, options) => call.item('POST', `/api/v1/mcp-servers/${segment(id)}/tools/${segment(tool)}`, { body, ...options }),
})

export type WebhookEndpointsResource = {
  /**
   * List where events are posted to.
   * `GET /api/v1/webhook-endpoints`
   */
  list(query?: ListAttemptsQuery, options?: CallOptions): Page<WebhookEndpoint>
  /**
   * Show an endpoint; never its secret.
   * `GET /api/v1/webhook-endpoints/{id}`
   */
  get(id: string, options?: CallOptions): Promise<WebhookEndpoint>
  /**
   * Have events posted to an address.
   * Messages are signed as Standard Webhooks says, posted in order, and tried again for 27 hours. At most 20 endpoints.
   * `POST /api/v1/webhook-endpoints`
   */
  create(body: CreateWebhookEndpointInput, options?: CallOptions): Promise<NewWebhookEndpoint>
  /**
   * Change an endpoint, stop it, or let it go on.
   * What happens while it is disabled is not sent later; what waited before is.
   * `PATCH /api/v1/webhook-endpoints/{id}`
   */
  update(id: string, body: UpdateWebhookEndpointInput, options?: CallOptions): Promise<WebhookEndpoint>
  /**
   * Get another secret; for a while messages carry both signatures.
   * `POST /api/v1/webhook-endpoints/{id}/rotate-secret`
   */
  rotateSecret(id: string, body: RotateWebhookSecretInput, options?: CallOptions): Promise<NewWebhookEndpoint>
  /**
   * See what was sent and what came back, newest first; kept for 30 days.
   * `GET /api/v1/webhook-endpoints/{id}/deliveries`
   */
  deliveries(id: string, query?: ListWebhookDeliveriesQuery, options?: CallOptions): Page<WebhookDelivery>
  /**
   * Send a message again, under the same id.
   * `POST /api/v1/webhook-endpoints/{id}/deliveries/{delivery}/redeliver`
   */
  redeliver(id: string, delivery: string, options?: CallOptions): Promise<WebhookDelivery>
  /**
   * End an endpoint, with what still waits for it.
   * `DELETE /api/v1/webhook-endpoints/{id}`
   */
  delete(id: string, options?: CallOptions): Promise<Deleted>
}

const webhookEndpoints = (call: Call): WebhookEndpointsResource => ({
  list: (query, options) => call.list('/api/v1/webhook-endpoints', { query, ...options }),
  get: (id, options) => call.item('GET', `/api/v1/webhook-endpoints/${segment(id)}`, { ...options }),
  create: (body, options) => call.item('POST', '/api/v1/webhook-endpoints', { body, ...options }),
  update: (id, body, options) => call.item('PATCH', `/api/v1/webhook-endpoints/${segment(id)}`, { body, ...options }),
  rotateSecret: (id, body, options) => call.item('POST', `/api/v1/webhook-endpoints/${segment(id)}/rotate-secret`, { body, ...options }),
  deliveries: (id, query, options) => call.list(`/api/v1/webhook-endpoints/${segment(id)}/deliveries`, { query, ...options }),
  redeliver: (id, delivery, options) => call.item('POST', `/api/v1/webhook-endpoints/${segment(id)}/deliveries/${segment(delivery)}/redeliver`, { ...options }),
  delete: (id, options) => call.item('DELETE', `/api/v1/webhook-endpoints/${segment(id)}`, { ...options }),
})

export type BreakGlassResource = {
  /**
   * Count what a break-glass revocation would end.
   * `POST /api/v1/break-glass/preview`
   */
  preview(body: PreviewBreakGlassInput, options?: CallOptions): Promise<BreakGlassPreview>
  /**
   * End many connections at once, here and at their providers.
   * They become `revoked` here first, with the reason `break_glass`: when this is answered, no process hands out their tokens or calls with them any more. Then each is revoked at its provider, in the background, at half the pace that its provider config allows; what the provider answers is in the report. With very many connections the answer may come while they are still being ended (`state` tells).
   * `POST /api/v1/break-glass`
   */
  start(body: StartBreakGlassInput, options?: CallOptions): Promise<BreakGlass>
  /**
   * List break-glass revocations.
   * `GET /api/v1/break-glass`
   */
  list(query?: ListAttemptsQuery, options?: CallOptions): Page<BreakGlass>
  /**
   * Show how far a break-glass revocation is.
   * `GET /api/v1/break-glass/{id}`
   */
  get(id: string, options?: CallOptions): Promise<BreakGlass>
  /**
   * Read what became of each of its connections.
   * `GET /api/v1/break-glass/{id}/connections`
   */
  connections(id: string, query?: ListBreakGlassConnectionsQuery, options?: CallOptions): Page<BreakGlassConnection>
}

const breakGlass = (call: Call): BreakGlassResource => ({
  preview: (body, options) => call.item('POST', '/api/v1/break-glass/preview', { body, ...options }),
  start: (body, options) => call.item('POST', '/api/v1/break-glass', { body, ...options }),
  list: (query, options) => call.list('/api/v1/break-glass', { query, ...options }),
  get: (id, options) => call.item('GET', `/api/v1/break-glass/${segment(id)}`, { ...options }),
  connections: (id, query, options) => call.list(`/api/v1/break-glass/${segment(id)}/connections`, { query, ...options }),
})

export type OperatorBreakGlassResource = {
  /**
   * Count what a break-glass revocation would end (operator).
   * `POST /api/v1/operator/break-glass/preview`
   */
  preview(body: PreviewOperatorBreakGlassInput, options?: CallOptions): Promise<BreakGlassPreview>
  /**
   * End many connections of one workspace or of all (operator).
   * They become `revoked` here first, with the reason `break_glass`: when this is answered, no process hands out their tokens or calls with them any more. Then each is revoked at its provider, in the background, at half the pace that its provider config allows; what the provider answers is in the report. With very many connections the answer may come while they are still being ended (`state` tells).
   * `POST /api/v1/operator/break-glass`
   */
  start(body: StartOperatorBreakGlassInput, options?: CallOptions): Promise<BreakGlass>
  /**
   * List the operator's break-glass revocations (operator).
   * `GET /api/v1/operator/break-glass`
   */
  list(query?: ListAttemptsQuery, options?: CallOptions): Page<BreakGlass>
  /**
   * Show how far one is, over all workspaces (operator).
   * `GET /api/v1/operator/break-glass/{id}`
   */
  get(id: string, options?: CallOptions): Promise<BreakGlass>
  /**
   * Read what became of each of its connections (operator).
   * `GET /api/v1/operator/break-glass/{id}/connections`
   */
  connections(id: string, query?: ListBreakGlassConnectionsQuery, options?: CallOptions): Page<BreakGlassConnection>
}

const operatorBreakGlass = (call: Call): OperatorBreakGlassResource => ({
  preview: (body, options) => call.item('POST', '/api/v1/operator/break-glass/preview', { body, ...options }),
  start: (body, options) => call.item('POST', '/api/v1/operator/break-glass', { body, ...options }),
  list: (query, options) => call.list('/api/v1/operator/break-glass', { query, ...options }),
  get: (id, options) => call.item('GET', `/api/v1/operator/break-glass/${segment(id)}`, { ...options }),
  connections: (id, query, options) => call.list(`/api/v1/operator/break-glass/${segment(id)}/connections`, { query, ...options }),
})

export type OverviewResource = {
  /**
   * See how the connections of the workspace stand.
   * Of the whole workspace: a credential that is narrowed to an app, an end user or chosen connections is refused.
   * `GET /api/v1/overview`
   */
  get(query?: GetOverviewQuery, options?: CallOptions): Promise<Overview>
  /**
   * See how refreshes went over time.
   * Each attempt counts once, in the hour or day (UTC) in which it was sent, as it stood half a minute later. Hours are kept for 14 days, days for 400. Of the whole workspace: a credential that is narrowed to an app, an end user or chosen connections is refused.
   * `GET /api/v1/overview/refreshes`
   */
  refreshes(query?: ListRefreshFiguresQuery, options?: CallOptions): Promise<RefreshFigure>
}

const overview = (call: Call): OverviewResource => ({
  get: (query, options) => call.item('GET', '/api/v1/overview', { query, ...options }),
  refreshes: (query, options) => call.item('GET', '/api/v1/overview/refreshes', { query, ...options }),
})

export type UsageResource = {
  /**
   * See how much of the plan is used.
   * Of the whole workspace: a key that is narrowed to an app is refused.
   * `GET /api/v1/usage`
   */
  get(options?: CallOptions): Promise<Usage>
}

const usage = (call: Call): UsageResource => ({
  get: (options) => call.item('GET', '/api/v1/usage', { ...options }),
})

export type EventsResource = {
  /**
   * Read the audit log, newest first.
   * `GET /api/v1/events`
   */
  list(query?: ListEventsQuery, options?: CallOptions): Page<Event>
  /**
   * See how far the audit log is chained and signed.
   * Each event gets a number and a hash over itself and the hash before, within seconds; every five minutes, and with each export, the deployment signs how far the chain goes.
   * `GET /api/v1/events/chain`
   */
  chain(options?: CallOptions): Promise<EventChain>
}

const events = (call: Call): EventsResource => ({
  list: (query, options) => call.list('/api/v1/events', { query, ...options }),
  chain: (options) => call.item('GET', '/api/v1/events/chain', { ...options }),
})

export type AppsResource = {
  /**
   * List apps.
   * `GET /api/v1/apps`
   */
  list(query?: ListAttemptsQuery, options?: CallOptions): Page<App>
  /**
   * Make an app.
   * `POST /api/v1/apps`
   */
  create(body: CreateAppInput, options?: CallOptions): Promise<App>
  /**
   * End an app that has no connections left.
   * `DELETE /api/v1/apps/{id}`
   */
  delete(id: string, options?: CallOptions): Promise<Deleted>
}

const apps = (call: Call): AppsResource => ({
  list: (query, options) => call.list('/api/v1/apps', { query, ...options }),
  create: (body, options) => call.item('POST', '/api/v1/apps', { body, ...options }),
  delete: (id, options) => call.item('DELETE', `/api/v1/apps/${segment(id)}`, { ...options }),
})

export type ApiKeysResource = {
  /**
   * List API keys, without their secrets.
   * `GET /api/v1/api-keys`
   */
  list(query?: ListAttemptsQuery, options?: CallOptions): Page<ApiKey>
  /**
   * Make an API key.
   * Nobody gives a key what they may not do themselves: a narrowed key makes keys that are narrowed as it is, or further. A key with connections:export must end within 24 hours.
   * `POST /api/v1/api-keys`
   */
  create(body: CreateApiKeyInput, options?: CallOptions): Promise<NewApiKey>
  /**
   * Give an API key a new secret; the old one works on for the overlap.
   * `POST /api/v1/api-keys/{id}/rotate`
   */
  rotate(id: string, body: RotateWebhookSecretInput, options?: CallOptions): Promise<RotatedApiKey>
  /**
   * End an API key.
   * `DELETE /api/v1/api-keys/{id}`
   */
  delete(id: string, options?: CallOptions): Promise<Deleted>
}

const apiKeys = (call: Call): ApiKeysResource => ({
  list: (query, options) => call.list('/api/v1/api-keys', { query, ...options }),
  create: (body, options) => call.item('POST', '/api/v1/api-keys', { body, ...options }),
  rotate: (id, body, options) => call.item('POST', `/api/v1/api-keys/${segment(id)}/rotate`, { body, ...options }),
  delete: (id, options) => call.item('DELETE', `/api/v1/api-keys/${segment(id)}`, { ...options }),
})

export type OauthClientsResource = {
  /**
   * List OAuth clients, without their secrets.
   * `GET /api/v1/oauth-clients`
   */
  list(query?: ListAttemptsQuery, options?: CallOptions): Page<OAuthClient>
  /**
   * Show an OAuth client.
   * `GET /api/v1/oauth-clients/{id}`
   */
  get(id: string, options?: CallOptions): Promise<OAuthClient>
  /**
   * Register a partner app with Grantry's own authorization server.
   * Field names are those of RFC 7591. Only an app that can keep a secret may have tokens:read, proxy:call, client credentials or token exchange.
   * `POST /api/v1/oauth-clients`
   */
  create(body: CreateOAuthClientInput, options?: CallOptions): Promise<NewOAuthClient>
  /**
   * Change an OAuth client.
   * Access tokens that it holds end when it loses a scope or a grant type, or authenticates in another way. A client that registered itself is changed by itself (RFC 7592).
   * `PATCH /api/v1/oauth-clients/{id}`
   */
  update(id: string, body: UpdateOAuthClientInput, options?: CallOptions): Promise<OAuthClient>
  /**
   * Give an OAuth client a new secret; the old one works on for the overlap.
   * At most two secrets work: a third within the overlap ends the oldest.
   * `POST /api/v1/oauth-clients/{id}/rotate-secret`
   */
  rotateSecret(id: string, body: RotateWebhookSecretInput, options?: CallOptions): Promise<RotatedOAuthClient>
  /**
   * End an OAuth client, with all that people allowed it and all its tokens.
   * `DELETE /api/v1/oauth-clients/{id}`
   */
  delete(id: string, options?: CallOptions): Promise<Deleted>
}

const oauthClients = (call: Call): OauthClientsResource => ({
  list: (query, options) => call.list('/api/v1/oauth-clients', { query, ...options }),
  get: (id, options) => call.item('GET', `/api/v1/oauth-clients/${segment(id)}`, { ...options }),
  create: (body, options) => call.item('POST', '/api/v1/oauth-clients', { body, ...options }),
  update: (id, body, options) => call.item('PATCH', `/api/v1/oauth-clients/${segment(id)}`, { body, ...options }),
  rotateSecret: (id, body, options) => call.item('POST', `/api/v1/oauth-clients/${segment(id)}/rotate-secret`, { body, ...options }),
  delete: (id, options) => call.item('DELETE', `/api/v1/oauth-clients/${segment(id)}`, { ...options }),
})

export type RegistrationTokensResource = {
  /**
   * List initial access tokens, without the tokens.
   * `GET /api/v1/registration-tokens`
   */
  list(query?: ListAttemptsQuery, options?: CallOptions): Page<RegistrationToken>
  /**
   * Make an initial access token (RFC 7591 §3).
   * Clients that register with it belong to this workspace: nobody of another can use them.
   * `POST /api/v1/registration-tokens`
   */
  create(body: CreateRegistrationTokenInput, options?: CallOptions): Promise<NewRegistrationToken>
  /**
   * End an initial access token; clients that registered with it stay.
   * `DELETE /api/v1/registration-tokens/{id}`
   */
  delete(id: string, options?: CallOptions): Promise<Deleted>
}

const registrationTokens = (call: Call): RegistrationTokensResource => ({
  list: (query, options) => call.list('/api/v1/registration-tokens', { query, ...options }),
  create: (body, options) => call.item('POST', '/api/v1/registration-tokens', { body, ...options }),
  delete: (id, options) => call.item('DELETE', `/api/v1/registration-tokens/${segment(id)}`, { ...options }),
})

export type AuthorizedAppsResource = {
  /**
   * List what people allowed which apps.
   * With `admin`: of everyone in the workspace. A member and an end user see their own.
   * `GET /api/v1/authorized-apps`
   */
  list(query?: ListAuthorizedAppsQuery, options?: CallOptions): Page<AuthorizedApp>
  /**
   * Show what an app was allowed, also when that has ended, and what it did last.
   * With `admin`: of everyone in the workspace. A member and an end user see their own.
   * `GET /api/v1/authorized-apps/{id}`
   */
  get(id: string, options?: CallOptions): Promise<AuthorizedAppDetails>
  /**
   * Take back what an app was allowed: its tokens end at once.
   * With `admin`: of everyone in the workspace. A member and an end user see their own. An end user's token needs connections:write.
   * `DELETE /api/v1/authorized-apps/{id}`
   */
  end(id: string, options?: CallOptions): Promise<EndedAuthorizedApp>
}

const authorizedApps = (call: Call): AuthorizedAppsResource => ({
  list: (query, options) => call.list('/api/v1/authorized-apps', { query, ...options }),
  get: (id, options) => call.item('GET', `/api/v1/authorized-apps/${segment(id)}`, { ...options }),
  end: (id, options) => call.item('DELETE', `/api/v1/authorized-apps/${segment(id)}`, { ...options }),
})

export type MembersResource = {
  /**
   * List the members of the workspace.
   * `GET /api/v1/members`
   */
  list(query?: ListAttemptsQuery, options?: CallOptions): Page<Member>
  /**
   * Change a member's role or name.
   * Another role ends the sessions of this member. Only an owner makes or changes owners, and the last owner stays one.
   * `PATCH /api/v1/members/{id}`
   */
  update(id: string, body: UpdateMemberInput, options?: CallOptions): Promise<Member>
  /**
   * Remove a member; their sessions end at once.
   * `DELETE /api/v1/members/{id}`
   */
  delete(id: string, options?: CallOptions): Promise<Deleted>
  /**
   * List a member's sessions.
   * `GET /api/v1/members/{id}/sessions`
   */
  sessions(id: string, query?: ListAttemptsQuery, options?: CallOptions): Page<MemberSession>
  /**
   * End all sessions of a member.
   * `DELETE /api/v1/members/{id}/sessions`
   */
  endSessions(id: string, options?: CallOptions): Promise<EndedSessions>
}

const members = (call: Call): MembersResource => ({
  list: (query, options) => call.list('/api/v1/members', { query, ...options }),
  update: (id, body, options) => call.item('PATCH', `/api/v1/members/${segment(id)}`, { body, ...options }),
  delete: (id, options) => call.item('DELETE', `/api/v1/members/${segment(id)}`, { ...options }),
  sessions: (id, query, options) => call.list(`/api/v1/members/${segment(id)}/sessions`, { query, ...options }),
  endSessions: (id, options) => call.item('DELETE', `/api/v1/members/${segment(id)}/sessions`, { ...options }),
})

export type InvitationsResource = {
  /**
   * List invitations that are still open, without their links.
   * `GET /api/v1/invitations`
   */
  list(query?: ListAttemptsQuery, options?: CallOptions): Page<Invitation>
  /**
   * Invite somebody by a link.
   * The link works once, for 7 days; it is shown once. An older invitation of this address ends.
   * `POST /api/v1/invitations`
   */
  create(body: CreateInvitationInput, options?: CallOptions): Promise<NewInvitation>
  /**
   * Take an invitation back.
   * `DELETE /api/v1/invitations/{id}`
   */
  delete(id: string, options?: CallOptions): Promise<Deleted>
}

const invitations = (call: Call): InvitationsResource => ({
  list: (query, options) => call.list('/api/v1/invitations', { query, ...options }),
  create: (body, options) => call.item('POST', '/api/v1/invitations', { body, ...options }),
  delete: (id, options) => call.item('DELETE', `/api/v1/invitations/${segment(id)}`, { ...options }),
})

export type IdentityProvidersResource = {
  /**
   * List the OpenID providers where people sign in.
   * `GET /api/v1/identity-providers`
   */
  list(query?: ListAttemptsQuery, options?: CallOptions): Page<IdentityProvider>
  /**
   * Show an OpenID provider.
   * `GET /api/v1/identity-providers/{id}`
   */
  get(id: string, options?: CallOptions): Promise<IdentityProvider>
  /**
   * Let people sign in at an OpenID provider.
   * The issuer is asked for its metadata (OpenID Connect Discovery) now. Members are linked by issuer and `sub`, never by e-mail address.
   * `POST /api/v1/identity-providers`
   */
  create(body: CreateIdentityProviderInput, options?: CallOptions): Promise<IdentityProvider>
  /**
   * Change an OpenID provider; its metadata is asked for anew.
   * Issuer and audience stay: people are known by them.
   * `PATCH /api/v1/identity-providers/{id}`
   */
  update(id: string, body: UpdateIdentityProviderInput, options?: CallOptions): Promise<IdentityProvider>
  /**
   * Remove an OpenID provider, with the sessions and links that came of it.
   * `DELETE /api/v1/identity-providers/{id}`
   */
  delete(id: string, options?: CallOptions): Promise<Deleted>
}

const identityProviders = (call: Call): IdentityProvidersResource => ({
  list: (query, options) => call.list('/api/v1/identity-providers', { query, ...options }),
  get: (id, options) => call.item('GET', `/api/v1/identity-providers/${segment(id)}`, { ...options }),
  create: (body, options) => call.item('POST', '/api/v1/identity-providers', { body, ...options }),
  update: (id, body, options) => call.item('PATCH', `/api/v1/identity-providers/${segment(id)}`, { body, ...options }),
  delete: (id, options) => call.item('DELETE', `/api/v1/identity-providers/${segment(id)}`, { ...options }),
})

export type WorkspaceResource = {
  /**
   * Show the workspace of this credential.
   * `GET /api/v1/workspace`
   */
  get(options?: CallOptions): Promise<Workspace>
  /**
   * Change workspace settings.
   * Plan, quotas, features and experiments are set here unless the deployment has an operator's key; then the operator sets them.
   * `PATCH /api/v1/workspace`
   */
  update(body: UpdateWorkspaceInput, options?: CallOptions): Promise<Workspace>
}

const workspace = (call: Call): WorkspaceResource => ({
  get: (options) => call.item('GET', '/api/v1/workspace', { ...options }),
  update: (body, options) => call.item('PATCH', '/api/v1/workspace', { body, ...options }),
})

export type WorkspacesResource = {
  /**
   * List workspaces with their plans (operator).
   * `GET /api/v1/workspaces`
   */
  list(query?: ListAttemptsQuery, options?: CallOptions): Page<ListedWorkspace>
  /**
   * Make a workspace (operator).
   * `POST /api/v1/workspaces`
   */
  create(body: CreateAppInput, options?: CallOptions): Promise<NewWorkspace>
  /**
   * Change the plan of a workspace (operator).
   * `PATCH /api/v1/workspaces/{id}`
   */
  updatePlan(id: string, body: UpdateWorkspacePlanInput, options?: CallOptions): Promise<Workspace>
  /**
   * End a workspace and destroy its keys (operator).
   * `DELETE /api/v1/workspaces/{id}`
   */
  delete(id: string, options?: CallOptions): Promise<Deleted>
}

const workspaces = (call: Call): WorkspacesResource => ({
  list: (query, options) => call.list('/api/v1/workspaces', { query, ...options }),
  create: (body, options) => call.item('POST', '/api/v1/workspaces', { body, ...options }),
  updatePlan: (id, body, options) => call.item('PATCH', `/api/v1/workspaces/${segment(id)}`, { body, ...options }),
  delete: (id, options) => call.item('DELETE', `/api/v1/workspaces/${segment(id)}`, { ...options }),
})

export type VaultResource = {
  /**
   * Show the keys of the deployment, and how far their rotation is (operator).
   * `GET /api/v1/vault`
   */
  get(options?: CallOptions): Promise<Vault>
  /**
   * Rotate data keys (operator).
   * A new data key seals from then on, in every process within a second. What rests under the one before is sealed anew in the background; nothing stops meanwhile.
   * `POST /api/v1/vault/rotations`
   */
  rotate(body: RotateDataKeysInput, options?: CallOptions): Promise<RotateDataKeysAnswer>
  /**
   * Wrap all data keys by the root key of this process (operator).
   * Happens by itself when a new root key is configured; this is for going back to one that was in use before. Goes on in the background.
   * `POST /api/v1/vault/rewrap`
   */
  rewrap(options?: CallOptions): Promise<Vault>
  /**
   * Move all values to the configured back end (operator).
   * Each is read, sealed anew, put into the back end, read back and opened before its row points there; the one before is removed after that. Goes on in the background, also over restarts; asking again does no harm. First every process has to be started with the new `GRANTRY_VAULT`.
   * `POST /api/v1/vault/migrations`
   */
  migrate(options?: CallOptions): Promise<Vault>
  /**
   * Read the deployment's own audit log, newest first (operator).
   * What belongs to no workspace, or outlives it: root keys, the deployment's data keys, destroyed ones.
   * `GET /api/v1/vault/events`
   */
  events(query?: ListAttemptsQuery, options?: CallOptions): Page<Event>
}

const vault = (call: Call): VaultResource => ({
  get: (options) => call.item('GET', '/api/v1/vault', { ...options }),
  rotate: (body, options) => call.item('POST', '/api/v1/vault/rotations', { body, ...options }),
  rewrap: (options) => call.item('POST', '/api/v1/vault/rewrap', { ...options }),
  migrate: (options) => call.item('POST', '/api/v1/vault/migrations', { ...options }),
  events: (query, options) => call.list('/api/v1/vault/events', { query, ...options }),
})

export type DataKeysResource = {
  /**
   * List data keys, newest first (operator).
   * `GET /api/v1/data-keys`
   */
  list(query?: ListDataKeysQuery, options?: CallOptions): Page<DataKey>
  /**
   * Destroy a data key that seals nothing any more (operator).
   * Refused (409, with `values` and `unanswered_refreshes`) while anything may still need it, and in the first hour after its rotation. Backups of before hold the key themselves.
   * `POST /api/v1/data-keys/{id}/retire`
   */
  retire(id: string, options?: CallOptions): Promise<DataKey>
}

const dataKeys = (call: Call): DataKeysResource => ({
  list: (query, options) => call.list('/api/v1/data-keys', { query, ...options }),
  retire: (id, options) => call.item('POST', `/api/v1/data-keys/${segment(id)}/retire`, { ...options }),
})

export type AccountResource = {
  /**
   * Tell who this credential is, and what its plan gives.
   * `GET /api/v1/account`
   */
  get(options?: CallOptions): Promise<Account>
}

const account = (call: Call): AccountResource => ({
  get: (options) => call.item('GET', '/api/v1/account', { ...options }),
})

export type ServerResource = {
  /**
   * See how this server stands, and what the credential may do.
   * `GET /api/v1/diagnosis`
   */
  diagnose(options?: CallOptions): Promise<ServerDiagnosis>
}

const server = (call: Call): ServerResource => ({
  diagnose: (options) => call.item('GET', '/api/v1/diagnosis', { ...options }),
})

/** Every resource of the API. */
export class Resources {
  readonly connections: ConnectionsResource
  readonly connectSessions: ConnectSessionsResource
  readonly endUserTokens: EndUserTokensResource
  readonly manageLinks: ManageLinksResource
  readonly integrations: IntegrationsResource
  readonly providers: ProvidersResource
  readonly mcpServers: McpServersResource
  readonly webhookEndpoints: WebhookEndpointsResource
  readonly breakGlass: BreakGlassResource
  readonly operatorBreakGlass: OperatorBreakGlassResource
  readonly overview: OverviewResource
  readonly usage: UsageResource
  readonly events: EventsResource
  readonly apps: AppsResource
  readonly apiKeys: ApiKeysResource
  readonly oauthClients: OauthClientsResource
  readonly registrationTokens: RegistrationTokensResource
  readonly authorizedApps: AuthorizedAppsResource
  readonly members: MembersResource
  readonly invitations: InvitationsResource
  readonly identityProviders: IdentityProvidersResource
  readonly workspace: WorkspaceResource
  readonly workspaces: WorkspacesResource
  readonly vault: VaultResource
  readonly dataKeys: DataKeysResource
  readonly account: AccountResource
  readonly server: ServerResource

  constructor(call: Call) {
    this.connections = connections(call)
    this.connectSessions = connectSessions(call)
    this.endUserTokens = endUserTokens(call)
    this.manageLinks = manageLinks(call)
    this.integrations = integrations(call)
    this.providers = providers(call)
    this.mcpServers = mcpServers(call)
    this.webhookEndpoints = webhookEndpoints(call)
    this.breakGlass = breakGlass(call)
    this.operatorBreakGlass = operatorBreakGlass(call)
    this.overview = overview(call)
    this.usage = usage(call)
    this.events = events(call)
    this.apps = apps(call)
    this.apiKeys = apiKeys(call)
    this.oauthClients = oauthClients(call)
    this.registrationTokens = registrationTokens(call)
    this.authorizedApps = authorizedApps(call)
    this.members = members(call)
    this.invitations = invitations(call)
    this.identityProviders = identityProviders(call)
    this.workspace = workspace(call)
    this.workspaces = workspaces(call)
    this.vault = vault(call)
    this.dataKeys = dataKeys(call)
    this.account = account(call)
    this.server = server(call)
  }
}
