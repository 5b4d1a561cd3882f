// biome-ignore-all format: written by scripts/sdk/generate.ts from /openapi.json
// Written by scripts/sdk/generate.ts from /openapi.json. Change the contract (packages/api) or scripts/sdk/surface.ts, then run it.

export type AccessToken = {
  /** Id of the connection */
  connection_id: string
  provider: string | null
  access_token: string
  token_type: string
  expires_at: string | null
  /** Seconds from now */
  expires_in: number | null
  scopes: string[] | null
  api_base_url: string | null
}

export type Account = {
  credential: AccountCredential
  /** The member who made an API key, null for the first key; the member or end user otherwise */
  user: AccountUser | null
  workspace: AccountWorkspace
  plan: string | null
  plan_expires_at: string | null
  /** Unlimited where nothing is set */
  quotas: WorkspaceQuotas
  features: string[]
  experiments: AccountExperiment[]
}

export type AccountCredential = {
  kind: string
  id: string | null
  scopes: string[]
}

export type AccountExperiment = {
  key: string
  variant: string
}

export type AccountUser = {
  id: string
  email: string | null
  name: string | null
  registered_at: string | null
  /** Of the workspace's plan */
  subscription_status: 'active' | 'expired' | 'none'
}

export type AccountWorkspace = {
  /** Id of the workspace */
  id: string
  name: string
  /** The member's */
  role: string | null
}

export type ApiKey = {
  /** Id of the API key */
  id: string
  name: string
  scopes: ('integrations:read' | 'integrations:write' | 'connections:read' | 'connections:write' | 'tokens:read' | 'proxy:call' | 'mcp:read' | 'mcp:write' | 'mcp:manage' | 'clients:write' | 'webhooks:write' | 'events:read' | 'admin' | 'connections:export')[]
  app_id: string | null
  /** Providers of the catalogue that it is narrowed to, besides `integrations`; null: to none */
  providers: string[] | null
  /** Integrations that it is narrowed to, besides `providers`; null: to none */
  integrations: string[] | null
  /** Source networks from which it may be used; null: from anywhere */
  networks: string[] | null
  created_by: string | null
  /** RFC 3339, UTC */
  created_at: string
  expires_at: string | null
  /** Accurate to a minute */
  last_used_at: string | null
  /** Until when the secret before the last rotation works on; null when it does not */
  previous_secret_ends_at: string | null
}

export type App = {
  /** Id of the app */
  id: string
  name: string
  /** RFC 3339, UTC */
  created_at: string
}

export type AuthorizedApp = {
  /** Id of what was allowed */
  id: string
  client: AuthorizedAppDetailsClient
  /** Who allowed it */
  subject: AuthorizedAppDetailsSubject
  scopes: AuthorizedAppDetailsScope[]
  /** Where its tokens are good: the API, MCP servers */
  resources: string[]
  /** null: all that the person reaches */
  connections: AuthorizedAppDetailsConnection[] | null
  /** RFC 3339, UTC */
  created_at: string
  last_used_at: string | null
  ended_at: string | null
}

export type AuthorizedAppDetails = {
  /** Id of what was allowed */
  id: string
  client: AuthorizedAppDetailsClient
  /** Who allowed it */
  subject: AuthorizedAppDetailsSubject
  scopes: AuthorizedAppDetailsScope[]
  /** Where its tokens are good: the API, MCP servers */
  resources: string[]
  /** null: all that the person reaches */
  connections: AuthorizedAppDetailsConnection[] | null
  /** RFC 3339, UTC */
  created_at: string
  last_used_at: string | null
  ended_at: string | null
  /** The last 20 things that it did, newest first */
  recent: AuthorizedAppDetailsRecent[]
}

export type AuthorizedAppDetailsClient = {
  client_id: string
  client_name: string | null
  client_uri: string | null
  /** By whom it was made known: an administrator, itself, or its own metadata document; `built_in` is the command line of Grantry */
  origin: 'api' | 'registered' | 'published' | 'built_in'
}

export type AuthorizedAppDetailsConnection = {
  /** Id of a connection that was chosen */
  id: string
  provider: string | null
  account_label: string | null
  end_user_id: string | null
}

export type AuthorizedAppDetailsRecent = {
  /** Id of the event */
  id: string
  type: string
  /** RFC 3339, UTC */
  at: string
  connection_id: string | null
}

export type AuthorizedAppDetailsScope = {
  scope: string
  description: string
}

export type AuthorizedAppDetailsSubject = {
  kind: 'member' | 'end_user'
  /** Of an end user: your own id */
  id: string
  /** Of a member */
  email: string | null
}

export type BreakGlass = {
  /** Id of the break-glass revocation */
  id: string
  /** `ending`: connections are being ended here. `revoking`: all are ended here, providers are being asked. `done`: every connection has an outcome */
  state: 'ending' | 'revoking' | 'done'
  /** As they were given */
  criteria: Record<string, unknown>
  force: boolean
  by: 'workspace' | 'operator'
  actor: BreakGlassActor
  /** How many are concerned */
  workspaces: number
  /** How many were chosen */
  connections: number
  /** How many connections are in which state */
  outcomes: BreakGlassOutcomes
  needs_manual_work: number
  /** Whether the API key of the criteria was ended with it */
  api_key_deleted: boolean
  /** RFC 3339, UTC */
  started_at: string
  /** When all of them were ended here */
  ended_at: string | null
  done_at: string | null
}

export type BreakGlassActor = {
  kind: string
  id: string | null
}

export type BreakGlassAnswer = {
  /** RFC 3339, UTC */
  at: string
  /** null where no answer came */
  status: number | null
  error: string | null
  /** The provider's own words */
  description: string | null
}

export type BreakGlassConnection = {
  /** Id of the connection */
  connection_id: string
  /** Id of its workspace */
  workspace_id: string
  /** Id of its integration */
  integration_id: string
  /** null where the integration is gone */
  integration_label: string | null
  /** Of the OAuth app at the provider */
  client_id: string | null
  /** null for a generic integration */
  provider: string | null
  app_id: string | null
  end_user_id: string | null
  account: BreakGlassConnectionAccount
  /** `to_end`: is about to be ended here. `waiting`: ended here, the provider has not been asked yet. `retrying`: it has been asked in vain and will be again. `revoked`: it has confirmed. `no_token`: there was nothing to revoke. `unsupported`: it has no way to revoke. `shared`: revoking would end connections that were not chosen. `failed`: it was asked in vain for 7 days, or cannot be asked. The last three need manual work */
  outcome: 'to_end' | 'waiting' | 'retrying' | 'revoked' | 'no_token' | 'unsupported' | 'shared' | 'failed'
  attempts: number
  /** What the provider answered last; never a token */
  answer: BreakGlassAnswer | null
  needs_manual_work: boolean
  /** What somebody has to do */
  todo: string | null
  /** Where, as far as the catalogue knows */
  todo_url: string | null
}

export type BreakGlassConnectionAccount = {
  id: string | null
  label: string | null
  email: string | null
}

export type BreakGlassCriteria = {
  provider?: string | undefined
  /** Connected from then on */
  created_since?: string | undefined
  /** Connected before then */
  created_until?: string | undefined
  /** A token was read, or a call made with it, from then on; with `api_key_id` by that key. By the audit log */
  read_since?: string | undefined
  /** The same, before then */
  read_until?: string | undefined
  /** Id of the integration */
  integration_id?: string | undefined
  /** Id of the app */
  app_id?: string | undefined
  end_user_id?: string | undefined
  /** Id of an API key, also of one that has ended: the connections whose tokens it read, or whose APIs it called, itself or by tokens that it minted for end users */
  api_key_id?: string | undefined
  /** Every connection there is: must be said, and alone */
  everything?: true | undefined
}

export type BreakGlassGroup = {
  /** Id of the workspace */
  workspace_id: string
  /** Id of the integration */
  integration_id: string
  /** null where the integration is gone */
  label: string | null
  /** null for a generic integration */
  provider: string | null
  connections: number
  /** Whether the provider has a way to revoke */
  revocable: boolean
}

export type BreakGlassOutcomes = {
  to_end: number
  waiting: number
  retrying: number
  revoked: number
  no_token: number
  unsupported: number
  shared: number
  failed: number
}

export type BreakGlassPreview = {
  /** Living connections that fit */
  connections: number
  /** By integration, those with most connections first, 200 at most */
  groups: BreakGlassGroup[]
  /** The newest 10 */
  sample: BreakGlassSample[]
  /** Where the choice goes by the audit log: since when there is one */
  log_since: string | null
}

export type BreakGlassSample = {
  /** Id of the connection */
  id: string
  provider: string | null
  /** What the account is called */
  account: string | null
  end_user_id: string | null
}

export type ConnectSession = {
  /** Id of the connect session */
  id: string
  status: 'created' | 'started' | 'awaiting_finish' | 'completed' | 'failed' | 'expired'
  error: string | null
  error_description: string | null
  connection_id: string | null
  binding: 'confirm' | 'finish' | 'direct'
  /** null until the person has chosen */
  provider_name: string | null
  /** RFC 3339, UTC */
  expires_at: string
}

export type Connection = {
  /** Id of the connection */
  id: string
  /** Id of its integration */
  integration_id: string
  /** null for a generic integration */
  provider: string | null
  app_id: string | null
  /** null for the workspace's own */
  end_user: EndUser | null
  status: 'pending' | 'active' | 'needs_reauth' | 'revoked'
  /** Why it is not active, or what is still to come */
  reason: string | null
  reason_detail: string | null
  /** What happened and what to do, while something is wrong */
  advice: ConnectionAdvice | null
  account: ConnectionAccount | null
  scopes_requested: string[]
  scopes_granted: string[] | null
  metadata: Record<string, string>
  /** In place of its integration's */
  proxy_policy: ProxyPolicy | null
  /** When the current access token ends */
  expires_at: string | null
  /** When a person must connect it again, as far as is known: the end of the grant or of a refresh token that no refresh puts off, or of the access token where nothing can renew it */
  ends_at: string | null
  last_refresh: ConnectionLastRefresh | null
  /** RFC 3339, UTC */
  created_at: string
  /** RFC 3339, UTC */
  updated_at: string
}

export type ConnectionAccount = {
  id: string
  label: string | null
  email: string | null
}

export type ConnectionAdvice = {
  what: string
  todo: string
}

export type ConnectionLastRefresh = {
  /** RFC 3339, UTC */
  at: string
  ok: boolean
  error: string | null
}

export type CreateApiKeyInput = {
  name: string
  scopes: ('integrations:read' | 'integrations:write' | 'connections:read' | 'connections:write' | 'tokens:read' | 'proxy:call' | 'mcp:read' | 'mcp:write' | 'mcp:manage' | 'clients:write' | 'webhooks:write' | 'events:read' | 'admin' | 'connections:export')[]
  /** Id of the one app it is narrowed to */
  app_id?: string | undefined
  /** Narrows it to integrations of these providers of the catalogue, and those of `integrations` */
  providers?: string[] | undefined
  /** Narrows it to these integrations, and those of `providers` */
  integrations?: string[] | undefined
  /** Addresses and networks (CIDR, IPv4 or IPv6) from which alone it may be used */
  networks?: string[] | undefined
  /** RFC 3339, UTC */
  expires_at?: string | undefined
}

export type CreateAppInput = {
  name: string
}

export type CreateConnectSessionInput = {
  /** Id of the integration */
  integration?: string | undefined
  provider?: string | undefined
  /** The person chooses one of these, and of `providers` */
  integrations?: string[] | undefined
  providers?: string[] | undefined
  /** Without one the connection is the workspace's own */
  end_user?: EndUserInput | undefined
  /** Id of the app */
  app_id?: string | undefined
  /** The catalogue's scopes for reading or for writing */
  access_type?: 'read' | 'write' | undefined
  scopes?: string[] | undefined
  binding?: 'confirm' | 'finish' | 'direct' | undefined
  /** Yours; comes back with return_to */
  state?: string | undefined
  return_to?: string | undefined
  /** The page that opens the popup */
  origin?: string | undefined
  /** Id of the connection to renew */
  connection_id?: string | undefined
  allow_account_change?: boolean | undefined
}

export type CreateEndUserTokenInput = {
  end_user: EndUserInput
  /** No more than the API key has itself */
  scopes: ('connections:read' | 'connections:write' | 'tokens:read' | 'proxy:call' | 'mcp:read' | 'mcp:write')[]
  /** Id of the app */
  app_id?: string | undefined
  /** Seconds */
  ttl?: number | undefined
}

export type CreateIdentityProviderInput = {
  /** What the button says: "Sign in with …" */
  label: string
  client_id: string
  /** null for a public client */
  client_secret?: string | null | undefined
  /** Besides `openid` */
  scopes?: string[] | undefined
  /** Exactly as the provider writes it */
  issuer: string
  /** Who signs in there. Of an end user, the provider's `sub` is the end user's id */
  audience: 'members' | 'end_users'
}

export type CreateIntegrationInput = {
  label: string
  authorization_url?: string | undefined
  token_url?: string | undefined
  revocation_url?: string | undefined
  issuer?: string | undefined
  client_id: string
  client_secret?: string | undefined
  scope?: string | undefined
  redirect_uri?: string | undefined
  api_base_url?: string | undefined
  tenant_id?: string | undefined
  token_auth_method?: 'auto' | 'client_secret_basic' | 'client_secret_post' | 'none' | undefined
  extra_authorize_params?: Record<string, string> | undefined
  /** What may be called with its connections; null: everything */
  proxy_policy?: ProxyPolicy | null | undefined
  /** Values for the {placeholders} of the endpoints */
  params?: Record<string, string> | undefined
  provider?: string | null | undefined
  grant_type?: 'authorization_code' | 'client_credentials' | 'refresh_token' | undefined
  refresh_token?: string | undefined
  /** Id of the app it belongs to */
  app_id?: string | undefined
  validate?: boolean | undefined
}

export type CreateInvitationInput = {
  email: string
  /** owner and admin: everything, but only owners make and change owners; developer: everything but `admin`; viewer: reads, no tokens */
  role: 'owner' | 'admin' | 'developer' | 'viewer'
}

export type CreateManageLinkInput = {
  end_user: CreateManageLinkInputEndUser
  /** Only this app's connections */
  app_id?: string | undefined
}

export type CreateManageLinkInputEndUser = {
  id: string
}

export type CreateMcpServerInput = {
  /** A provider of the catalogue; or an integration of the workspace by its id or name, whose server has one tool for any request */
  mcp_server: string
  access_type: 'read' | 'write'
  auth_method: 'oauth'
  end_user?: EndUserInput | undefined
  origin?: string | undefined
  return_to?: string | undefined
  state?: string | undefined
  /** Id of the app */
  app_id?: string | undefined
  /** Id of an existing connection */
  connection_id?: string | undefined
}

export type CreateOAuthClientInput = {
  /** What people are shown when they are asked */
  client_name: string
  /** Compared exactly */
  redirect_uris?: string[] | undefined
  grant_types?: ('authorization_code' | 'refresh_token' | 'client_credentials' | 'urn:ietf:params:oauth:grant-type:device_code' | 'urn:ietf:params:oauth:grant-type:token-exchange')[] | undefined
  token_endpoint_auth_method?: 'none' | 'client_secret_basic' | 'client_secret_post' | 'private_key_jwt' | undefined
  application_type?: 'web' | 'native' | undefined
  /** The scopes that it may ask people for, separated by spaces */
  scope?: string | undefined
  /** Public keys for private_key_jwt */
  jwks?: CreateOAuthClientInputJwks | undefined
  /** Where its public keys are */
  jwks_uri?: string | undefined
  /** Its home page */
  client_uri?: string | undefined
  /** Its logo */
  logo_uri?: string | undefined
  /** Its privacy policy */
  policy_uri?: string | undefined
  /** Its terms of service */
  tos_uri?: string | undefined
}

export type CreateOAuthClientInputJwks = {
  keys: Record<string, unknown>[]
}

export type CreateRegistrationTokenInput = {
  name: string
  /** RFC 3339, UTC */
  expires_at?: string | undefined
}

export type CreateWebhookEndpointInput = {
  /** Where messages are posted to */
  url: string
  /** Which events it hears of; empty: all of these */
  types?: ('connection.created' | 'connection.reconnected' | 'connection.refresh_failed' | 'connection.needs_reauth' | 'connection.recovered' | 'connection.revoked' | 'connection.expiring' | 'break_glass.started' | 'break_glass.finished')[] | undefined
  description?: string | undefined
  /** Id of the app whose connections it hears of; absent: of all */
  app_id?: string | undefined
}

export type DataKey = {
  /** Id of the data key */
  id: string
  /** null: of the deployment's own secrets */
  workspace_id: string | null
  /** `sealing`: new values are sealed by it. `former`: it only opens. `retired`: its bytes are destroyed */
  state: 'sealing' | 'former' | 'retired'
  /** Which root key wraps it */
  root_key: string
  /** RFC 3339, UTC */
  created_at: string
  /** When another follows it at the latest; null for one that has been followed */
  rotates_at: string | null
  /** Since when another seals */
  superseded_at: string | null
  retired_at: string | null
}

export type DeleteConnectionQuery = {
  /** Revoke at the provider even where that ends other connections of the same account */
  force?: boolean | undefined
}

export type Deleted = {
  /** Id of the integration */
  id: string
  deleted: true
}

export type DiagnoseIntegrationQuery = {
  /** false: judge by what has been seen; the provider is not called */
  ask?: boolean | undefined
}

export type DiscoverIntegrationAnswer = {
  issuer: string
  /** null where it serves client credentials only */
  authorization_url: string | null
  token_url: string
  revocation_url: string | null
  /** null where it does not say */
  scopes_supported: string[] | null
  /** Those of ours that it supports */
  grant_types: ('authorization_code' | 'client_credentials' | 'refresh_token')[]
  token_auth_method: 'auto' | 'client_secret_basic' | 'client_secret_post' | 'none'
  /** Whether it says that it takes S256; null where it says nothing */
  pkce: boolean | null
  /** An OpenID provider: with the scope openid it tells whose account it is */
  identity: boolean
  /** The entry of the catalogue whose endpoints these are: better to use that */
  provider: string | null
}

export type DiscoverIntegrationInput = {
  issuer: string
}

export type EndUser = {
  id: string
  email: string | null
  display_name: string | null
}

export type EndUserInput = {
  id: string
  email?: string | undefined
  display_name?: string | undefined
}

export type EndedAuthorizedApp = {
  /** Id of what was allowed */
  id: string
  ended: true
}

export type EndedConnection = {
  /** Id of the connection */
  id: string
  status: 'revoked'
  revoked_upstream: true | 'pending' | 'unsupported' | 'shared'
}

export type EndedSessions = {
  ended: number
}

export type Event = {
  /** Id of the event */
  id: string
  type: string
  /** RFC 3339, UTC */
  at: string
  actor: EventActor
  connection_id: string | null
  /** Of its account, else of its end user. As it is now; null where it is gone */
  connection_label: string | null
  integration_id: string | null
  /** Of the integration. As it is now; null where it is gone */
  integration_label: string | null
  app_id: string | null
  end_user_id: string | null
  request_id: string | null
  data: Record<string, unknown>
}

export type EventActor = {
  kind: string
  id: string | null
  /** Name of the API key or client, or the member's e-mail address; null also for a credential that is narrowed. As it is now; null where it is gone */
  label: string | null
}

export type EventChain = {
  /** Of the last event in the chain; 0: none */
  seq: number
  /** Its hash: SHA-256, hex */
  hash: string
  /** Events that have no place in the chain yet */
  unlinked: number
  /** Up to here events were deleted when they were older than they are kept; 0: none */
  pruned_seq: number
  /** The newest. Its key is at `/.well-known/grantry-audit-keys.json` */
  checkpoint: EventChainCheckpoint | null
}

export type EventChainCheckpoint = {
  /** How far it goes */
  seq: number
  /** RFC 3339, UTC */
  at: string
  /** The checkpoint itself: a compact JWS */
  jws: string
}

export type FindTokenQuery = {
  /** Of the catalogue, or the name that an integration was given */
  provider?: string | undefined
  /** Id of the integration */
  integration?: string | undefined
  /** Absent: the workspace's own connection */
  end_user?: string | undefined
  /** Id of the app */
  app?: string | undefined
  /** Seconds that the token must still be valid for */
  min_valid?: number | undefined
}

export type FinishConnectSessionInput = {
  code: string
  end_user_id?: string | null | undefined
}

export type GetConnectionTokenQuery = {
  /** Seconds that the token must still be valid for */
  min_valid?: number | undefined
}

export type GetOverviewQuery = {
  /** How far ahead `ending` looks */
  days?: number | undefined
}

export type IdentityProvider = {
  /** Id of the provider */
  id: string
  label: string
  issuer: string
  /** Who signs in there. Of an end user, the provider's `sub` is the end user's id */
  audience: 'members' | 'end_users'
  client_id: string
  has_client_secret: boolean
  scopes: string[]
  /** To be registered at the provider, character by character */
  redirect_uri: string
  /** RFC 3339, UTC */
  created_at: string
  /** RFC 3339, UTC */
  updated_at: string
}

export type ImportConnectionInput = {
  /** Id of the integration */
  integration: string
  end_user?: EndUserInput | undefined
  /** Id of the app */
  app_id?: string | undefined
  tokens: ImportConnectionInputTokens
  scopes?: string[] | undefined
  metadata?: Record<string, string> | undefined
}

export type ImportConnectionInputTokens = {
  access_token?: string | undefined
  refresh_token?: string | undefined
  /** When the access token ends */
  expires_at?: string | undefined
  /** When the refresh token ends if nobody uses it */
  refresh_token_expires_at?: string | undefined
  scope?: string | undefined
}

export type ImportConnectionsInput = {
  items: ImportItem[]
  /** Judges every item and stores nothing */
  dry_run?: boolean | undefined
}

export type ImportFault = {
  code: string
  detail: string
  errors: ImportFaultError[]
}

export type ImportFaultError = {
  path: string
  message: string
}

export type ImportItem = {
  /** What the importer calls it, among those of its integration and app: the same key again is answered with the same connection */
  key: string
  /** Id of the integration */
  integration: string
  /** Absent: the workspace's own */
  end_user?: EndUserInput | undefined
  /** Id of the app */
  app_id?: string | undefined
  /** Whose account at the provider it is, where that is known: a reconnect must be to the same one */
  account?: ImportItemAccount | undefined
  tokens: ImportConnectionInputTokens
  /** Those that were asked for. Absent: the integration's */
  scopes?: string[] | undefined
  metadata?: Record<string, string> | undefined
  proxy_policy?: ProxyPolicy | undefined
}

export type ImportItemAccount = {
  id: string
  label?: string | undefined
  email?: string | undefined
}

export type ImportResult = {
  /** null where the item has none that could be read */
  key: string | null
  /** `exists`: an item with this key has been imported before; `checked`: in a dry run, it would be created */
  result: 'created' | 'exists' | 'checked' | 'failed'
  connection_id: string | null
  /** Where no access token came that is still good: when it is refreshed unless somebody asks for it before */
  first_refresh_at: string | null
  /** Why it failed */
  error: ImportFault | null
}

export type ImportedConnections = {
  /** In the order of the items */
  results: ImportResult[]
  /** How many connections the plan allowed before this; null: any number */
  connections_left: number | null
}

export type Integration = {
  /** Id of the integration */
  id: string
  label: string
  /** null for a generic integration */
  provider: string | null
  provider_name: string
  grant_type: 'authorization_code' | 'client_credentials' | 'refresh_token'
  app_id: string | null
  authorization_url: string | null
  token_url: string
  revocation_url: string | null
  issuer: string | null
  client_id: string
  has_client_secret: boolean
  scope: string
  /** Register exactly this at the provider */
  redirect_uri: string | null
  api_base_url: string | null
  tenant_id: string | null
  token_auth_method: 'auto' | 'client_secret_basic' | 'client_secret_post' | 'none'
  extra_authorize_params: Record<string, string>
  params: Record<string, string>
  proxy_policy: ProxyPolicy | null
  validation: IntegrationValidation
  connection_id: string | null
  /** RFC 3339, UTC */
  created_at: string
  /** RFC 3339, UTC */
  updated_at: string
}

export type IntegrationDiagnosis = {
  /** Id of the integration */
  integration_id: string
  provider_name: string
  redirect_uri: string | null
  /** Whether the provider was called */
  asked: boolean
  findings: IntegrationFinding[]
}

export type IntegrationFinding = {
  check: 'addresses' | 'https' | 'client_authentication' | 'redirect_uri' | 'scopes' | 'offline_access' | 'api' | 'clock' | 'connecting' | 'refreshing'
  /** unknown: neither the provider nor what was seen before tells */
  status: 'ok' | 'warning' | 'failed' | 'unknown'
  what: string
  /** The one change that mends it; null where nothing needs mending */
  todo: string | null
  /** Where to make it: a field of the integration, `provider`, or a setting of the server's */
  where: string | null
}

export type IntegrationValidation = {
  status: 'verified' | 'unverified'
  checks: IntegrationValidationCheck[]
}

export type IntegrationValidationCheck = {
  name: string
  ok: boolean | null
  detail: string
}

export type Invitation = {
  /** Id of the invitation */
  id: string
  /** null: the owner's sign-up link */
  email: string | null
  /** owner and admin: everything, but only owners make and change owners; developer: everything but `admin`; viewer: reads, no tokens */
  role: 'owner' | 'admin' | 'developer' | 'viewer'
  invited_by: string | null
  /** RFC 3339, UTC */
  created_at: string
  /** RFC 3339, UTC */
  expires_at: string
}

export type ListAttemptsQuery = {
  limit?: number | undefined
  /** `next_cursor` of the page before */
  cursor?: string | undefined
}

export type ListAuthorizedAppsQuery = {
  limit?: number | undefined
  /** `next_cursor` of the page before */
  cursor?: string | undefined
  client_id?: string | undefined
  /** Id of the member */
  member?: string | undefined
  end_user?: string | undefined
}

export type ListBreakGlassConnectionsQuery = {
  limit?: number | undefined
  /** `next_cursor` of the page before */
  cursor?: string | undefined
  /** `to_end`: is about to be ended here. `waiting`: ended here, the provider has not been asked yet. `retrying`: it has been asked in vain and will be again. `revoked`: it has confirmed. `no_token`: there was nothing to revoke. `unsupported`: it has no way to revoke. `shared`: revoking would end connections that were not chosen. `failed`: it was asked in vain for 7 days, or cannot be asked. The last three need manual work */
  outcome?: 'to_end' | 'waiting' | 'retrying' | 'revoked' | 'no_token' | 'unsupported' | 'shared' | 'failed' | undefined
  /** Only what needs manual work, or only what does not */
  manual?: boolean | undefined
}

export type ListConnectionsQuery = {
  limit?: number | undefined
  /** `next_cursor` of the page before */
  cursor?: string | undefined
  /** Id of the integration */
  integration?: string | undefined
  provider?: string | undefined
  end_user?: string | undefined
  /** Id of the app */
  app?: string | undefined
  status?: 'pending' | 'active' | 'needs_reauth' | 'revoked' | undefined
  /** Why it is not active */
  reason?: string | undefined
  /** Whose tokens came back with a restored backup and have not been renewed since */
  from_backup?: 'true' | undefined
  /** Active, and to be connected again by a person before then: by `ends_at` */
  ending_before?: string | undefined
  /** What an end user's id, e-mail address or name, or an account's id, label or e-mail address begins with, or one of the words of a name or label, or the domain of an address; in any case. Or a connection's id */
  q?: string | undefined
}

export type ListDataKeysQuery = {
  limit?: number | undefined
  /** `next_cursor` of the page before */
  cursor?: string | undefined
  /** Id of a workspace, or `deployment`: of the deployment's own secrets */
  workspace?: string | undefined
  state?: 'sealing' | 'former' | 'retired' | undefined
}

export type ListEventsQuery = {
  limit?: number | undefined
  /** `next_cursor` of the page before */
  cursor?: string | undefined
  /** `connection.created`, or all of a kind: `connection.*` */
  type?: string | undefined
  /** Id of the connection */
  connection?: string | undefined
  /** Id of the integration */
  integration?: string | undefined
  end_user?: string | undefined
  /** Id of an API key, member or client */
  actor?: string | undefined
  /** From then on */
  since?: string | undefined
  /** Before then */
  until?: string | undefined
}

export type ListIntegrationsQuery = {
  limit?: number | undefined
  /** `next_cursor` of the page before */
  cursor?: string | undefined
  provider?: string | undefined
  /** Id of the app */
  app?: string | undefined
  tenant?: string | undefined
}

export type ListMcpServerInstancesQuery = {
  limit?: number | undefined
  /** `next_cursor` of the page before */
  cursor?: string | undefined
  /** Those of this provider, or of an integration by the name it is served by */
  mcp_server?: string | undefined
  /** Id of the connection behind */
  connection?: string | undefined
  end_user?: string | undefined
  status?: 'pending' | 'active' | 'needs_reauth' | 'revoked' | undefined
}

export type ListProvidersQuery = {
  limit?: number | undefined
  /** `next_cursor` of the page before */
  cursor?: string | undefined
  /** In names and categories */
  search?: string | undefined
  category?: string | undefined
}

export type ListRefreshFiguresQuery = {
  bucket?: 'hour' | 'day' | undefined
  /** Absent: 24 hours ago, or 30 days */
  since?: string | undefined
  /** Absent: now */
  until?: string | undefined
  provider?: string | undefined
  /** Id of the integration */
  integration?: string | undefined
}

export type ListWebhookDeliveriesQuery = {
  limit?: number | undefined
  /** `next_cursor` of the page before */
  cursor?: string | undefined
  status?: 'pending' | 'delivered' | 'failed' | undefined
}

export type ListedWorkspace = {
  /** Id of the workspace */
  id: string
  name: string
  /** Of the pages that end users meet: their primary button, and in a readable shade the focus */
  color: string | null
  /** Origins that our popup pages may post their message to */
  allowed_origins: string[]
  /** Exact addresses that people may be sent back to */
  return_urls: string[]
  /** Lets connect sessions skip the check that the person who consents is the end user. A forwarded link then binds whoever follows it. */
  allow_direct_links: boolean
  /** The name of the plan */
  plan: string | null
  /** Told to apps; nothing is turned off when it passes */
  plan_expires_at: string | null
  /** Unlimited where nothing is set */
  quotas: WorkspaceQuotas
  /** null: everything. A list turns off what it does not hold of mcp, import, direct_links, end_user_tokens; other names are told to apps. */
  features: string[] | null
  experiments: WorkspaceExperiment[]
  /** RFC 3339, UTC */
  created_at: string
}

export type McpServer = {
  /** Id of the MCP server */
  id: string
  mcp_server: string
  mcp_server_name: string
  mcp_server_access_id: number
  access_type: 'read' | 'write'
  auth_method: 'oauth'
  status: 'pending' | 'active' | 'needs_reauth' | 'revoked'
  connection_id: string | null
  mcp_url: string
  scopes: string[]
  /** RFC 3339, UTC */
  created_at: string
}

export type McpServerInstance = {
  /** Id of the MCP server */
  id: string
  mcp_server: string
  mcp_server_name: string
  mcp_server_access_id: number
  access_type: 'read' | 'write'
  auth_method: 'oauth'
  status: 'pending' | 'active' | 'needs_reauth' | 'revoked'
  connection_id: string | null
  mcp_url: string
  scopes: string[]
  /** RFC 3339, UTC */
  created_at: string
  /** Why its connection is not active */
  reason: string | null
  /** Whose connection it stands on; null for the workspace's own */
  end_user: EndUser | null
  account: ConnectionAccount | null
}

export type McpServerTool = {
  tools: McpServerToolTool[]
}

export type McpServerToolTool = {
  name: string
  title: string
  description: string
  /** Whether it reads only */
  access: 'read' | 'write'
  /** What it changes may not be brought back */
  destructive: boolean
  /** Doing it twice does no more than once */
  idempotent: boolean
  /** JSON Schema of the arguments */
  input_schema: Record<string, unknown>
  runnable: boolean
}

export type McpService = {
  mcp_server: string
  mcp_server_name: string
  auth_methods: 'oauth'[]
  access_types: ('read' | 'write')[]
  scopes: McpServiceScopes
  /** Whether the workspace has an integration for it */
  configured: boolean
  instances: McpServer[]
}

export type McpServiceScopes = {
  read: string[]
  write: string[]
}

export type Member = {
  /** Id of the member */
  id: string
  email: string
  name: string | null
  /** owner and admin: everything, but only owners make and change owners; developer: everything but `admin`; viewer: reads, no tokens */
  role: 'owner' | 'admin' | 'developer' | 'viewer'
  /** false where an outside provider is the only way to sign in */
  has_password: boolean
  /** RFC 3339, UTC */
  created_at: string
  last_signed_in_at: string | null
}

export type MemberSession = {
  /** Id of the session */
  id: string
  /** Whether this request came in it */
  current: boolean
  /** RFC 3339, UTC */
  created_at: string
  /** Accurate to a minute */
  last_seen_at: string
  /** At the latest; sooner when it is not used */
  expires_at: string
  /** IPv4 address, or IPv6 /64, of the sign-in */
  network: string
  /** As the browser calls itself, such as "Firefox on Linux" */
  browser: string | null
}

export type NewApiKey = {
  /** Id of the API key */
  id: string
  name: string
  scopes: ('integrations:read' | 'integrations:write' | 'connections:read' | 'connections:write' | 'tokens:read' | 'proxy:call' | 'mcp:read' | 'mcp:write' | 'mcp:manage' | 'clients:write' | 'webhooks:write' | 'events:read' | 'admin' | 'connections:export')[]
  app_id: string | null
  /** Providers of the catalogue that it is narrowed to, besides `integrations`; null: to none */
  providers: string[] | null
  /** Integrations that it is narrowed to, besides `providers`; null: to none */
  integrations: string[] | null
  /** Source networks from which it may be used; null: from anywhere */
  networks: string[] | null
  created_by: string | null
  /** RFC 3339, UTC */
  created_at: string
  expires_at: string | null
  /** Accurate to a minute */
  last_used_at: string | null
  /** Until when the secret before the last rotation works on; null when it does not */
  previous_secret_ends_at: string | null
  /** Shown once */
  secret: string
}

export type NewConnectSession = {
  /** Id of the connect session */
  id: string
  connect_url: string
  start_token: string
  /** Works for 10 minutes; null where the person chooses among several integrations first */
  authorization_url: string | null
  /** Reads the status and finishes; belongs in the Authorization header only */
  connect_token: string
  /** RFC 3339, UTC */
  expires_at: string
  /** null where the person chooses */
  provider_name: string | null
}

export type NewEndUserToken = {
  /** Shown once */
  token: string
  end_user_id: string
  scopes: string[]
  /** RFC 3339, UTC */
  expires_at: string
}

export type NewInvitation = {
  /** Id of the invitation */
  id: string
  /** null: the owner's sign-up link */
  email: string | null
  /** owner and admin: everything, but only owners make and change owners; developer: everything but `admin`; viewer: reads, no tokens */
  role: 'owner' | 'admin' | 'developer' | 'viewer'
  invited_by: string | null
  /** RFC 3339, UTC */
  created_at: string
  /** RFC 3339, UTC */
  expires_at: string
  /** Shown once */
  link: string
}

export type NewManageLink = {
  /** Shown once */
  url: string
  /** RFC 3339, UTC */
  expires_at: string
}

export type NewMcpServer = {
  /** Id of the MCP server */
  id: string
  mcp_server: string
  mcp_server_name: string
  mcp_server_access_id: number
  access_type: 'read' | 'write'
  auth_method: 'oauth'
  status: 'pending' | 'active' | 'needs_reauth' | 'revoked'
  connection_id: string | null
  mcp_url: string
  scopes: string[]
  /** RFC 3339, UTC */
  created_at: string
  authorization_url: string | null
  connect_url: string | null
  connect_token: string | null
  connect_session_id: string | null
  expires_at: string | null
}

export type NewOAuthClient = {
  /** Id of the OAuth client */
  id: string
  /** What the app calls itself by at the authorization server */
  client_id: string
  client_name: string | null
  redirect_uris: string[]
  grant_types: string[]
  response_types: string[]
  token_endpoint_auth_method: string
  application_type: 'web' | 'native'
  scope: string
  jwks: Record<string, unknown> | null
  jwks_uri: string | null
  client_uri: string | null
  logo_uri: string | null
  policy_uri: string | null
  tos_uri: string | null
  /** `registered`: it registered itself, with a registration token */
  origin: 'api' | 'registered'
  /** Which secrets open it now, oldest first; two while a rotation overlaps */
  secrets: OAuthClientSecret[]
  /** RFC 3339, UTC */
  created_at: string
  /** RFC 3339, UTC */
  updated_at: string
  /** Accurate to a day */
  last_used_at: string | null
  /** Shown once; null where it has none */
  client_secret: string | null
}

export type NewRegistrationToken = {
  /** Id of the registration token */
  id: string
  name: string
  /** RFC 3339, UTC */
  created_at: string
  expires_at: string | null
  last_used_at: string | null
  /** Shown once */
  token: string
}

export type NewWebhookEndpoint = {
  /** Id of the endpoint */
  id: string
  /** Where messages are posted to */
  url: string
  /** Which events it hears of; empty: all of these */
  types: ('connection.created' | 'connection.reconnected' | 'connection.refresh_failed' | 'connection.needs_reauth' | 'connection.recovered' | 'connection.revoked' | 'connection.expiring' | 'break_glass.started' | 'break_glass.finished')[]
  description: string
  app_id: string | null
  enabled: boolean
  /** `failing`: for five days nothing arrived. `gone`: it answered 410. `by_hand` */
  disabled_reason: string | null
  /** null while messages arrive */
  failing_since: string | null
  /** When the message that failed last is tried again */
  next_try_at: string | null
  /** Until when messages carry a signature by the secret before too */
  old_secret_until: string | null
  /** RFC 3339, UTC */
  created_at: string
  /** RFC 3339, UTC */
  updated_at: string
  /** Signs the messages (`whsec_…`). Shown once */
  secret: string
}

export type NewWorkspace = {
  /** Id of the workspace */
  id: string
  name: string
  /** Shown once */
  api_key: string
  /** Makes whoever opens it first the owner; once, for 7 days. Shown once */
  owner_link: string
}

export type OAuthClient = {
  /** Id of the OAuth client */
  id: string
  /** What the app calls itself by at the authorization server */
  client_id: string
  client_name: string | null
  redirect_uris: string[]
  grant_types: string[]
  response_types: string[]
  token_endpoint_auth_method: string
  application_type: 'web' | 'native'
  scope: string
  jwks: Record<string, unknown> | null
  jwks_uri: string | null
  client_uri: string | null
  logo_uri: string | null
  policy_uri: string | null
  tos_uri: string | null
  /** `registered`: it registered itself, with a registration token */
  origin: 'api' | 'registered'
  /** Which secrets open it now, oldest first; two while a rotation overlaps */
  secrets: OAuthClientSecret[]
  /** RFC 3339, UTC */
  created_at: string
  /** RFC 3339, UTC */
  updated_at: string
  /** Accurate to a day */
  last_used_at: string | null
}

export type OAuthClientSecret = {
  /** RFC 3339, UTC */
  created_at: string
  ends_at: string | null
}

export type OperatorBreakGlassCriteria = {
  provider?: string | undefined
  /** Connected from then on */
  created_since?: string | undefined
  /** Connected before then */
  created_until?: string | undefined
  /** A token was read, or a call made with it, from then on; with `api_key_id` by that key. By the audit log */
  read_since?: string | undefined
  /** The same, before then */
  read_until?: string | undefined
  /** Id of the integration */
  integration_id?: string | undefined
  /** Id of the app */
  app_id?: string | undefined
  end_user_id?: string | undefined
  /** Id of an API key, also of one that has ended: the connections whose tokens it read, or whose APIs it called, itself or by tokens that it minted for end users */
  api_key_id?: string | undefined
  /** Every connection there is: must be said, and alone */
  everything?: true | undefined
  /** Id of the one workspace */
  workspace_id?: string | undefined
  /** Those of every workspace */
  all_workspaces?: true | undefined
}

export type Overview = {
  /** When this was counted: with many connections up to a minute ago */
  as_of: string
  has_integrations: boolean
  /** Whether there is any, ended ones too: false tells a workspace that is new */
  has_connections: boolean
  integrations: number
  connections: OverviewConnections
  /** Those with most living connections first; integrations without any come last */
  by_integration: OverviewByIntegration[]
  needs_reauth: OverviewNeedsReauth
  /** Active connections that a person must connect again before that time: `ends_at` of the connection tells when. `GET /connections?ending_before=` lists them. */
  ending: OverviewEnding
  /** Counted as they happen and added up every 10 seconds by each process: what a process counted since is lost where it is killed */
  today: OverviewToday
}

export type OverviewByIntegration = {
  pending: number
  active: number
  needs_reauth: number
  /** Ended; they stay as a record */
  revoked: number
  /** Id of the integration */
  integration_id: string
  /** null where the integration is gone */
  label: string | null
  /** null for a generic integration */
  provider: string | null
  provider_name: string | null
}

export type OverviewConnections = {
  pending: number
  active: number
  needs_reauth: number
  /** Ended; they stay as a record */
  revoked: number
  /** All but the ended ones */
  living: number
}

export type OverviewEnding = {
  days: number
  /** RFC 3339, UTC */
  before: string
  connections: number
  first_ends_at: string | null
}

export type OverviewNeedsReauth = {
  total: number
  /** The most frequent first */
  reasons: OverviewNeedsReauthReason[]
}

export type OverviewNeedsReauthReason = {
  reason: string
  connections: number
}

export type OverviewToday = {
  /** Begin of the day, UTC */
  since: string
  token_reads: number
  /** Requests and tool calls that went to providers' APIs */
  proxy_calls: number
}

export type PreviewBreakGlassInput = {
  /** Which connections: those that fit all that is said */
  criteria: BreakGlassCriteria
}

export type PreviewOperatorBreakGlassInput = {
  /** Which connections: those that fit all that is said */
  criteria: OperatorBreakGlassCriteria
}

export type Provider = {
  provider: string
  name: string
  category: string
  docs_url: string
  grant_types: string[]
  authorization_url: string
  token_url: string
  revocation_url: string | null
  api_base_url: string | null
  /** The redirect URI to register at the provider; an integration with `params` or endpoints of its own has another: `POST /integrations/redirect-uri` tells it */
  redirect_uri: string
  /** Where an OAuth app is registered there */
  register_url: string | null
  /** What whoever registers an app there should know */
  notes: string | null
  /** What an integration must tell, as `params`, before the addresses are complete */
  params: ProviderParam[]
  scopes: ProviderScopes
  quirks: Record<string, unknown>
  /** What differs there from OAuth as it is written, in sentences */
  hints: string[]
  has_tools: boolean
  /** How many */
  tools: ProviderTools
  /** How many the workspace has for it, as far as the credential reaches; null without integrations:read */
  integrations: number | null
}

export type ProviderParam = {
  name: string
  label: string
  description: string | null
  example: string | null
  default: string | null
}

export type ProviderScope = {
  scope: string
  sentence: string
}

export type ProviderScopes = {
  read: ProviderScope[]
  write: ProviderScope[]
  /** Asked for in any case */
  always: ProviderScope[]
}

export type ProviderTools = {
  read: number
  write: number
}

export type ProxyPolicy = {
  /** Nothing else may be called. Absent: everything */
  allow?: ProxyPolicyAllow[] | undefined
  /** Nothing is sent to any other host, be it by a redirect; `*.` stands for any name below. Absent: the host of the API, and where it redirects to */
  hosts?: string[] | undefined
  /** Of each connection */
  budget?: ProxyPolicyBudget | undefined
}

export type ProxyPolicyAllow = {
  methods: ('DELETE' | 'GET' | 'HEAD' | 'OPTIONS' | 'PATCH' | 'POST' | 'PUT' | 'QUERY')[]
  /** Below the API base URL, as they are written in calls; * stands for any text */
  paths: string[]
}

export type ProxyPolicyBudget = {
  calls: number
  per_seconds: number
}

export type RefreshAttempt = {
  /** Id of the attempt */
  id: string
  /** A person's consent, a refresh, the client's own grant again, or tokens brought from elsewhere */
  kind: 'code' | 'refresh' | 'regrant' | 'import'
  /** When it was sent */
  at: string
  /** When tokens came; null where none did */
  received_at: string | null
  /** stored: the tokens were taken into use. superseded: tokens came, but the connection had moved on. refused: the provider ended the grant. transient: no tokens, the grant untouched. uncertain: the provider may have acted, and nothing was heard. lost: so it was, and the connection had to be given up */
  outcome: 'in_flight' | 'stored' | 'superseded' | 'refused' | 'transient' | 'uncertain' | 'lost'
  /** The provider's error code, or ours where it gave none */
  provider_error: string | null
  /** The provider's own words */
  provider_error_description: string | null
  /** When the next refresh is due; told with the newest attempt only */
  next_try_at: string | null
}

export type RefreshFigure = {
  bucket: 'hour' | 'day'
  /** Begin of the first hour or day */
  since: string
  /** RFC 3339, UTC */
  until: string
  /** By time, oldest first; where nothing was refreshed there is none */
  figures: RefreshFigureFigure[]
}

export type RefreshFigureFigure = {
  /** Begin of the hour or day, UTC */
  at: string
  /** null for a generic integration */
  provider: string | null
  /** null where a provider is named: its integrations are taken together */
  integration_id: string | null
  /** Of the provider, or the label of the integration; null where it is gone */
  name: string | null
  /** New tokens came */
  stored: number
  /** The provider said that the grant is over */
  refused: number
  /** No new tokens, and the grant untouched: an outage, or a limit of the provider */
  transient: number
  /** The provider may have acted, and half a minute later nothing was known */
  uncertain: number
  /** Seconds from when a refresh was due, as it was planned, until it was sent. Of first tries alone: a retry is due by its backoff; one that was asked for before it was due has none; what was put off while the provider failed counts from the new time. p50 and p95 are rounded up to 1, 2, 4, 8 … seconds, and to max at most, which is exact */
  lag: RefreshFigureFigureLag | null
  /** Seconds from sending until the new tokens were here, of those that were stored */
  answer: RefreshFigureFigureAnswer | null
}

export type RefreshFigureFigureAnswer = {
  mean: number
  max: number
}

export type RefreshFigureFigureLag = {
  /** Those that it was measured of */
  refreshes: number
  p50: number
  p95: number
  max: number
}

export type RegistrationToken = {
  /** Id of the registration token */
  id: string
  name: string
  /** RFC 3339, UTC */
  created_at: string
  expires_at: string | null
  last_used_at: string | null
}

export type ReserveRedirectUriAnswer = {
  /** Register exactly this at the provider, and save the integration with it */
  redirect_uri: string
  /** Until when it is kept; null where it is the catalogue's, for every integration of that provider */
  expires_at: string | null
}

export type ReserveRedirectUriInput = {
  provider?: string | null | undefined
  /** Where it differs from the provider's */
  authorization_url?: string | undefined
  /** Where it differs from the provider's */
  token_url?: string | undefined
  /** Values for the {placeholders} of the endpoints */
  params?: Record<string, string> | undefined
}

export type Restores = {
  /** Newest first */
  restores: RestoresRestore[]
  connections: RestoresConnections
  /** Where there are any; at most 200, those with the most first */
  workspaces: RestoresWorkspace[]
}

export type RestoresConnections = {
  /** Active connections whose tokens came back and have not been renewed since: their refresh token may have been replaced */
  unproven: number
  /** Connections whose refresh token had been replaced: reason `restored` */
  needs_reauth: number
}

export type RestoresRestore = {
  /** Counts up from 1 */
  epoch: number
  /** RFC 3339, UTC */
  restored_at: string
  /** When the backup was taken, as far as is known */
  taken_at: string | null
}

export type RestoresWorkspace = {
  /** Id of the workspace */
  id: string
  name: string
  /** Active connections whose tokens came back and have not been renewed since: their refresh token may have been replaced */
  unproven: number
  /** Connections whose refresh token had been replaced: reason `restored` */
  needs_reauth: number
}

export type RotateDataKeysAnswer = {
  /** How many data keys are followed by another */
  rotating: number
}

export type RotateDataKeysInput = {
  /** Whose: id of a workspace, `deployment` (the deployment's own secrets) or `all` */
  of: string
}

export type RotateWebhookSecretInput = {
  /** Seconds in which the old secret signs too */
  overlap_seconds?: number | undefined
}

export type RotatedApiKey = {
  /** Id of the API key */
  id: string
  name: string
  scopes: ('integrations:read' | 'integrations:write' | 'connections:read' | 'connections:write' | 'tokens:read' | 'proxy:call' | 'mcp:read' | 'mcp:write' | 'mcp:manage' | 'clients:write' | 'webhooks:write' | 'events:read' | 'admin' | 'connections:export')[]
  app_id: string | null
  /** Providers of the catalogue that it is narrowed to, besides `integrations`; null: to none */
  providers: string[] | null
  /** Integrations that it is narrowed to, besides `providers`; null: to none */
  integrations: string[] | null
  /** Source networks from which it may be used; null: from anywhere */
  networks: string[] | null
  created_by: string | null
  /** RFC 3339, UTC */
  created_at: string
  expires_at: string | null
  /** Accurate to a minute */
  last_used_at: string | null
  /** RFC 3339, UTC */
  previous_secret_ends_at: string
  /** Shown once */
  secret: string
}

export type RotatedOAuthClient = {
  /** Id of the OAuth client */
  id: string
  /** What the app calls itself by at the authorization server */
  client_id: string
  client_name: string | null
  redirect_uris: string[]
  grant_types: string[]
  response_types: string[]
  token_endpoint_auth_method: string
  application_type: 'web' | 'native'
  scope: string
  jwks: Record<string, unknown> | null
  jwks_uri: string | null
  client_uri: string | null
  logo_uri: string | null
  policy_uri: string | null
  tos_uri: string | null
  /** `registered`: it registered itself, with a registration token */
  origin: 'api' | 'registered'
  /** Which secrets open it now, oldest first; two while a rotation overlaps */
  secrets: OAuthClientSecret[]
  /** RFC 3339, UTC */
  created_at: string
  /** RFC 3339, UTC */
  updated_at: string
  /** Accurate to a day */
  last_used_at: string | null
  /** Shown once */
  client_secret: string
  /** null where there was none */
  previous_secret_ends_at: string | null
}

export type RunMcpServerToolAnswer = {
  content: RunMcpServerToolAnswerContent[]
  /** The same as it is, where it is an object */
  structured_content: Record<string, unknown> | null
  is_error: boolean
}

export type RunMcpServerToolAnswerContent = {
  type: 'text'
  text: string
}

export type RunMcpServerToolInput = {
  arguments?: Record<string, unknown> | undefined
}

export type ServerDiagnosis = {
  version: string
  public_url: string
  /** By the clock that all expiry is judged by */
  time: string
  database: 'sqlite' | 'postgres'
  sandbox: boolean
  credential: ServerDiagnosisCredential
  findings: ServerFinding[]
}

export type ServerDiagnosisCredential = {
  kind: 'api_key' | 'member'
  scopes: string[]
  app_id: string | null
  expires_at: string | null
}

export type ServerFinding = {
  check: 'https' | 'sandbox' | 'encryption_key' | 'credential'
  /** unknown: neither the provider nor what was seen before tells */
  status: 'ok' | 'warning' | 'failed' | 'unknown'
  what: string
  /** The one change that mends it; null where nothing needs mending */
  todo: string | null
  /** Where to make it: a field of the integration, `provider`, or a setting of the server's */
  where: string | null
}

export type StartBreakGlassInput = {
  /** Which connections: those that fit all that is said */
  criteria: BreakGlassCriteria
  /** Revoke at the provider also where that ends connections that were not chosen: those of the same account, or on the same tokens */
  force?: boolean | undefined
  /** End the API key of the criteria too, before anything else */
  delete_api_key?: boolean | undefined
}

export type StartOperatorBreakGlassInput = {
  /** Which connections: those that fit all that is said */
  criteria: OperatorBreakGlassCriteria
  /** Revoke at the provider also where that ends connections that were not chosen: those of the same account, or on the same tokens */
  force?: boolean | undefined
  /** End the API key of the criteria too, before anything else */
  delete_api_key?: boolean | undefined
}

export type UpdateConnectionInput = {
  /** In place of its integration's; null: as its integration says */
  proxy_policy: ProxyPolicy | null
}

export type UpdateIdentityProviderInput = {
  /** What the button says: "Sign in with …" */
  label?: string | undefined
  client_id?: string | undefined
  /** null for a public client */
  client_secret?: string | null | undefined
  /** Besides `openid` */
  scopes?: string[] | undefined
}

export type UpdateIntegrationInput = {
  label?: string | undefined
  authorization_url?: string | undefined
  token_url?: string | undefined
  revocation_url?: string | null | undefined
  issuer?: string | undefined
  client_id?: string | undefined
  client_secret?: string | undefined
  scope?: string | undefined
  redirect_uri?: string | undefined
  api_base_url?: string | null | undefined
  tenant_id?: string | null | undefined
  token_auth_method?: 'auto' | 'client_secret_basic' | 'client_secret_post' | 'none' | undefined
  extra_authorize_params?: Record<string, string> | undefined
  /** What may be called with its connections; null: everything */
  proxy_policy?: ProxyPolicy | null | undefined
  /** Values for the {placeholders} of the endpoints */
  params?: Record<string, string> | undefined
  validate?: boolean | undefined
}

export type UpdateMemberInput = {
  /** owner and admin: everything, but only owners make and change owners; developer: everything but `admin`; viewer: reads, no tokens */
  role?: 'owner' | 'admin' | 'developer' | 'viewer' | undefined
  name?: string | null | undefined
}

export type UpdateOAuthClientInput = {
  /** What people are shown when they are asked */
  client_name?: string | undefined
  /** Compared exactly */
  redirect_uris?: string[] | undefined
  grant_types?: ('authorization_code' | 'refresh_token' | 'client_credentials' | 'urn:ietf:params:oauth:grant-type:device_code' | 'urn:ietf:params:oauth:grant-type:token-exchange')[] | undefined
  token_endpoint_auth_method?: 'none' | 'client_secret_basic' | 'client_secret_post' | 'private_key_jwt' | undefined
  application_type?: 'web' | 'native' | undefined
  /** The scopes that it may ask people for, separated by spaces */
  scope?: string | undefined
  jwks?: CreateOAuthClientInputJwks | null | undefined
  jwks_uri?: string | null | undefined
  client_uri?: string | null | undefined
  logo_uri?: string | null | undefined
  policy_uri?: string | null | undefined
  tos_uri?: string | null | undefined
}

export type UpdateWebhookEndpointInput = {
  /** Where messages are posted to */
  url?: string | undefined
  /** Which events it hears of; empty: all of these */
  types?: ('connection.created' | 'connection.reconnected' | 'connection.refresh_failed' | 'connection.needs_reauth' | 'connection.recovered' | 'connection.revoked' | 'connection.expiring' | 'break_glass.started' | 'break_glass.finished')[] | undefined
  description?: string | undefined
  enabled?: boolean | undefined
}

export type UpdateWorkspaceInput = {
  name?: string | undefined
  /** Of the pages that end users meet: their primary button, and in a readable shade the focus */
  color?: string | null | undefined
  /** Origins that our popup pages may post their message to */
  allowed_origins?: string[] | undefined
  /** Exact addresses that people may be sent back to */
  return_urls?: string[] | undefined
  /** Lets connect sessions skip the check that the person who consents is the end user. A forwarded link then binds whoever follows it. */
  allow_direct_links?: boolean | undefined
  /** Shown on the pages that end users meet: a PNG, JPEG or WebP picture as a data URL, at most 32768 bytes and 1024 pixels wide and high */
  logo?: string | null | undefined
  /** The name of the plan */
  plan?: string | null | undefined
  /** Told to apps; nothing is turned off when it passes */
  plan_expires_at?: string | null | undefined
  /** Unlimited where nothing is set */
  quotas?: WorkspaceQuotas | undefined
  /** null: everything. A list turns off what it does not hold of mcp, import, direct_links, end_user_tokens; other names are told to apps. */
  features?: string[] | null | undefined
  experiments?: WorkspaceExperiment[] | undefined
}

export type UpdateWorkspacePlanInput = {
  name?: string | undefined
  /** The name of the plan */
  plan?: string | null | undefined
  /** Told to apps; nothing is turned off when it passes */
  plan_expires_at?: string | null | undefined
  /** Unlimited where nothing is set */
  quotas?: WorkspaceQuotas | undefined
  /** null: everything. A list turns off what it does not hold of mcp, import, direct_links, end_user_tokens; other names are told to apps. */
  features?: string[] | null | undefined
  experiments?: WorkspaceExperiment[] | undefined
}

export type Usage = {
  plan: string | null
  plan_expires_at: string | null
  quotas: UsageQuota[]
}

export type UsageQuota = {
  name: 'connections' | 'mcp_servers' | 'calls_per_minute'
  /** null: unlimited */
  limit: number | null
  /** Living connections (with many of them as counted within the last minute), MCP servers, or the calls of this minute; null for calls that are not limited, which are not counted */
  used: number | null
}

export type Vault = {
  /** One that wraps no data key is not needed any more */
  root_keys: VaultRootKey[]
  data_keys: VaultDataKeys
  /** Where values rest, besides those of a few minutes, which stay in the database */
  back_ends: VaultBackEnd[]
  values: VaultValues
}

export type VaultBackEnd = {
  name: 'database' | 'aws-secrets-manager' | 'openbao'
  /** Whether the process that answers keeps new values there */
  configured: boolean
  /** How many rest there; null: of the database they are not counted */
  values: number | null
  /** Values there that nobody needs any more, and that are removed by and by */
  to_remove: number
}

export type VaultDataKeys = {
  sealing: number
  former: number
  retired: number
}

export type VaultRootKey = {
  /** Tells root keys apart and says nothing about them */
  id: string
  /** How many data keys it wraps */
  data_keys: number
  /** Whether the process that answers wraps new data keys by it */
  wraps_here: boolean
  /** Whether every data key is being wrapped by it */
  to_wrap_all: boolean
  /** Whether the process that answers was given it */
  known: boolean
}

export type VaultValues = {
  /** Values that are still to be sealed anew or moved to the configured back end, as of the last look */
  left: number
  /** Of those, the ones that do not open: changed, moved or rolled back */
  refused: number
  /** Workspaces whose values have not been counted yet */
  workspaces_to_look_at: number
}

export type WebhookDelivery = {
  /** Id of the event: what the message calls itself in `webhook-id` */
  id: string
  type: 'connection.created' | 'connection.reconnected' | 'connection.refresh_failed' | 'connection.needs_reauth' | 'connection.recovered' | 'connection.revoked' | 'connection.expiring' | 'break_glass.started' | 'break_glass.finished'
  status: 'pending' | 'delivered' | 'failed'
  /** The last of them, oldest first */
  tries: WebhookTry[]
  delivered_at: string | null
}

export type WebhookEndpoint = {
  /** Id of the endpoint */
  id: string
  /** Where messages are posted to */
  url: string
  /** Which events it hears of; empty: all of these */
  types: ('connection.created' | 'connection.reconnected' | 'connection.refresh_failed' | 'connection.needs_reauth' | 'connection.recovered' | 'connection.revoked' | 'connection.expiring' | 'break_glass.started' | 'break_glass.finished')[]
  description: string
  app_id: string | null
  enabled: boolean
  /** `failing`: for five days nothing arrived. `gone`: it answered 410. `by_hand` */
  disabled_reason: string | null
  /** null while messages arrive */
  failing_since: string | null
  /** When the message that failed last is tried again */
  next_try_at: string | null
  /** Until when messages carry a signature by the secret before too */
  old_secret_until: string | null
  /** RFC 3339, UTC */
  created_at: string
  /** RFC 3339, UTC */
  updated_at: string
}

export type WebhookTry = {
  /** RFC 3339, UTC */
  at: string
  /** What the receiver answered; null where nothing came */
  status: number | null
  /** Why nothing came */
  error: string | null
  /** How long that took */
  ms: number
  /** The first 200 characters of a refusal */
  answer: string | null
}

export type Workspace = {
  /** Id of the workspace */
  id: string
  name: string
  /** Of the pages that end users meet: their primary button, and in a readable shade the focus */
  color: string | null
  /** Origins that our popup pages may post their message to */
  allowed_origins: string[]
  /** Exact addresses that people may be sent back to */
  return_urls: string[]
  /** Lets connect sessions skip the check that the person who consents is the end user. A forwarded link then binds whoever follows it. */
  allow_direct_links: boolean
  /** The name of the plan */
  plan: string | null
  /** Told to apps; nothing is turned off when it passes */
  plan_expires_at: string | null
  /** Unlimited where nothing is set */
  quotas: WorkspaceQuotas
  /** null: everything. A list turns off what it does not hold of mcp, import, direct_links, end_user_tokens; other names are told to apps. */
  features: string[] | null
  experiments: WorkspaceExperiment[]
  /** RFC 3339, UTC */
  created_at: string
  /** Shown on the pages that end users meet: a PNG, JPEG or WebP picture as a data URL, at most 32768 bytes and 1024 pixels wide and high */
  logo: string | null
  /** Who sets plan, quotas, features and experiments: an admin here, or whoever runs the deployment */
  plan_set_by: 'workspace' | 'operator'
}

export type WorkspaceExperiment = {
  key: string
  variants: string[]
  /** One for each variant; equal shares where there are none */
  weights?: number[] | undefined
}

export type WorkspaceQuotas = {
  connections?: number | undefined
  mcp_servers?: number | undefined
  calls_per_minute?: number | undefined
}
