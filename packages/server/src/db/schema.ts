import type { BreakGlassOutcome } from '@grantry/api'

/**
 * The tables. Every row names its workspace first, so that the schema shards by workspace.
 * Times are milliseconds since the epoch, ids are UUIDs (version 7: later ids sort later), `json` columns hold JSON text.
 * `sealed` columns hold what the vault made; hashes are SHA-256, hex.
 */
export type Database = {
  workspaces: WorkspaceRow
  workspace_logos: WorkspaceLogoRow
  apps: AppRow
  api_keys: ApiKeyRow
  api_key_secrets: ApiKeySecretRow
  api_key_limits: ApiKeyLimitRow
  integrations: IntegrationRow
  connect_sessions: ConnectSessionRow
  authorizations: AuthorizationRow
  connections: ConnectionRow
  token_requests: TokenRequestRow
  refresh_leases: RefreshLeaseRow
  refresh_gates: RefreshGateRow
  revocations: RevocationRow
  break_glass: BreakGlassRow
  break_glass_connections: BreakGlassConnectionRow
  events: EventRow
  unlinked_events: UnlinkedEventRow
  event_chains: EventChainRow
  event_links: EventLinksRow
  event_checkpoints: EventCheckpointRow
  event_feeds: EventFeedRow
  audit_keys: AuditKeyRow
  webhook_endpoints: WebhookEndpointRow
  webhook_deliveries: WebhookDeliveryRow
  end_user_tokens: EndUserTokenRow
  manage_pages: ManagePageRow
  mcp_servers: McpServerRow
  named_connections: NamedConnectionRow
  named_mcp_servers: NamedMcpServerRow
  connection_terms: ConnectionTermRow
  import_keys: ImportKeyRow
  import_paces: ImportPaceRow
  refresh_figures: RefreshFigureRow
  rolled_up: RolledUpRow
  call_figures: CallFigureRow
  reserved_integrations: ReservedIntegrationRow
  callback_names: CallbackNameRow
  oauth_clients: OAuthClientRow
  oauth_client_secrets: OAuthClientSecretRow
  registration_tokens: RegistrationTokenRow
  oauth_grants: OAuthGrantRow
  oauth_records: OAuthRecordRow
  signing_keys: SigningKeyRow
  workspace_calls: WorkspaceCallsRow
  proxy_spending: ProxySpendingRow
  dpop_proofs: DpopProofRow
  restores: RestoreRow
  data_keys: DataKeyRow
  vault_check: VaultCheckRow
  vault_items: VaultItemRow
  reseals: ResealRow
  members: MemberRow
  sessions: SessionRow
  invitations: InvitationRow
  identity_providers: IdentityProviderRow
  identities: IdentityRow
  outside_sign_ins: OutsideSignInRow
  known_networks: KnownNetworkRow
  failed_tries: FailedTriesRow
}

type Json = string
type Sealed = Uint8Array
type Time = number
type Flag = 0 | 1

export type WorkspaceRow = {
  id: string
  name: string
  allowed_origins: Json
  return_urls: Json
  allow_direct_links: Flag
  plan: string | null
  /** When the plan ends, for people and apps to know; nothing happens then by itself. */
  plan_expires_at: Time | null
  quotas: Json
  /** What is turned on; null: everything. */
  features: Json | null
  experiments: Json
  /** Counts up only: the last number that an MCP server got. */
  mcp_servers_made: number
  /** Of the pages that end users meet: `#rrggbb`, or null for ours. */
  color: string | null
  created_at: Time
  deleted_at: Time | null
}

/** Beside the workspace's row, which is read far more often than its picture. */
export type WorkspaceLogoRow = { workspace_id: string; image: string }

export type AppRow = { workspace_id: string; id: string; name: string; created_at: Time }

export type ApiKeyRow = {
  workspace_id: string
  id: string
  name: string
  scopes: Json
  app_id: string | null
  created_by: string | null
  created_at: Time
  expires_at: Time | null
  last_used_at: Time | null
  /** 1: it reaches the providers and integrations among its limits, and nothing where there are none. */
  by_service: Flag
  /** 1: it may be used from the networks among its limits, and from nowhere where there are none. */
  by_network: Flag
}

/** One thing that a narrowed key reaches: a provider of the catalogue, an integration (UUID), a source network. */
export type ApiKeyLimitRow = {
  workspace_id: string
  key_id: string
  kind: 'provider' | 'integration' | 'network'
  value: string
}

/** One row per secret that still opens the key: two while a rotation overlaps. */
export type ApiKeySecretRow = {
  hash: string
  workspace_id: string
  key_id: string
  ends_at: Time | null
}

export type IntegrationRow = {
  workspace_id: string
  id: string
  app_id: string | null
  /** What it is asked for by, where it was given a name; the provider's otherwise. */
  name: string | null
  /** The callback name outside the catalogue that its endpoint pair has taken. */
  callback_name: string | null
  label: string
  provider: string | null
  grant_type: 'authorization_code' | 'client_credentials' | 'refresh_token'
  authorization_url: string | null
  token_url: string | null
  revocation_url: string | null
  issuer: string | null
  /** The profile that the issuer's metadata told when the integration was saved. */
  discovered: Json | null
  api_base_url: string | null
  client_id: string
  client_secret: Sealed | null
  secret_version: number
  token_auth_method: string
  scopes: Json
  params: Json
  extra_authorize_params: Json
  tenant_id: string | null
  validation: Json
  connection_id: string | null
  /** Its credentials are being tried: no name or list finds it yet. */
  trial: Flag
  /** What may be called with its connections; null: everything. */
  proxy_policy: Json | null
  created_at: Time
  updated_at: Time
}

export type ConnectSessionRow = {
  workspace_id: string
  id: string
  /** Where there are choices: the one that was chosen last; the first until one is. */
  integration_id: string
  app_id: string | null
  end_user_id: string | null
  end_user_email: string | null
  end_user_name: string | null
  access_type: 'read' | 'write' | null
  scopes: Json
  binding: 'confirm' | 'finish' | 'direct'
  caller_state: string | null
  return_to: string | null
  origin: string | null
  reconnect_id: string | null
  /** As a `sub` of our tokens: only this member or end user, signed in, may begin and end it. null: whoever has the link. */
  person: string | null
  allow_account_change: Flag
  start_token_hash: string
  connect_token_hash: string
  /** Of the link by which the person may begin again after it has failed. */
  retry_token_hash: string | null
  /** Integrations that the person chooses among; null: there is one, and no choice. */
  choices: Json | null
  /** Whether one of them has been chosen. */
  chosen: Flag
  status: 'created' | 'started' | 'awaiting_finish' | 'completed' | 'failed'
  error: string | null
  error_description: string | null
  connection_id: string | null
  created_at: Time
  expires_at: Time
}

/** One authorization request at a provider: its state, then the code that waits for its person, then the receipt. */
export type AuthorizationRow = {
  workspace_id: string
  id: string
  session_id: string
  /** Whose provider was asked: the session's at that time; null in rows of before it was kept. */
  integration_id: string | null
  /** Session of who was signed in when the link was opened; null where nobody was. */
  browser_session_id: string | null
  state_hash: string
  callback_key: string
  redirect_uri: string
  code_verifier: Sealed
  created_at: Time
  expires_at: Time
  consumed_at: Time | null
  code: Sealed | null
  code_expires_at: Time | null
  callback_metadata: Json
  confirm_hash: string | null
  finish_hash: string | null
  finish_used_at: Time | null
  settled_at: Time | null
  /** When the exchange of its code came to an end, whatever came of it; between the two nothing else of the session begins. */
  exchanged_at: Time | null
}

export type ConnectionRow = {
  workspace_id: string
  id: string
  integration_id: string
  app_id: string | null
  provider: string | null
  end_user_id: string | null
  end_user_email: string | null
  end_user_name: string | null
  /** What makes two consents the same connection: app, end user and account in one; unique among the living. */
  identity: string
  status: 'pending' | 'active' | 'needs_reauth' | 'revoked'
  reason: string | null
  reason_detail: string | null
  account_id: string | null
  account_label: string | null
  account_email: string | null
  scopes_requested: Json
  scopes_granted: Json | null
  metadata: Json
  /** What the provider's API said when it was asked whose account this is, where it refused. */
  api_error: string | null
  /** What may be called with it, in place of what its integration says. */
  proxy_policy: Json | null
  /** Moves with every change of tokens: connect, import, refresh, delete. */
  token_version: number
  /** The token request whose answer is the current token set. */
  token_request_id: string | null
  refresh_token_hash: string | null
  expires_at: Time | null
  /** When the sweep takes it; null when there is nothing to refresh with. */
  refresh_at: Time | null
  /** While it is in the future, a process is at work on this row for the background; others leave it. */
  claimed_until: Time | null
  refresh_failures: number
  /** When the provider first said that the grant has ended, where that is not confirmed yet. */
  refused_at: Time | null
  /** When the refresh token ends if it is not used; and when the grant ends whatever happens. */
  refresh_token_expires_at: Time | null
  grant_ends_at: Time | null
  /** When a person must consent again, as far as is known: an end that no refresh puts off. null for what is not active. */
  ends_at: Time | null
  /** When to tell the owner that one of these is near; null when there is nothing to tell, or it has been told. */
  warn_at: Time | null
  last_refresh_at: Time | null
  last_refresh_ok: Flag | null
  last_refresh_error: string | null
  created_at: Time
  updated_at: Time
}

/** One request for tokens: the journal before sending, the received pair, and the outcome. */
export type TokenRequestRow = {
  workspace_id: string
  id: string
  integration_id: string
  connection_id: string
  kind: 'code' | 'refresh' | 'regrant' | 'import'
  fence: number
  /** Hash of the refresh token that is spent; null when none is. */
  spent_hash: string | null
  /** When a first try was due, if it was sent no earlier. */
  due_at: Time | null
  sent_at: Time | null
  received_at: Time | null
  access_token: Sealed | null
  refresh_token: Sealed | null
  refresh_token_hash: string | null
  token_type: string | null
  scopes: Json | null
  expires_at: Time | null
  lifetime: number | null
  refresh_lifetime: number | null
  /** When somebody should look whether this attempt was left half done; null once it is settled. */
  settle_at: Time | null
  outcome: 'stored' | 'superseded' | 'refused' | 'transient' | 'uncertain' | 'lost' | null
  error: string | null
  error_description: string | null
  /** The restore that brought it back, by its epoch: its refresh token may have been replaced since. null for what was written since. */
  restored_in: number | null
}

/** A time at which this database came back out of a backup. Epochs count up from 1. */
export type RestoreRow = {
  epoch: number
  restored_at: Time
  /** When the backup was taken; null where nobody said. */
  taken_at: Time | null
}

/** An end user's own page: first the link to it, which works once, then the browser that opened it. */
export type ManagePageRow = {
  workspace_id: string
  id: string
  app_id: string | null
  end_user_id: string
  /** What the key is narrowed to that made the link; null: nothing. */
  services: Json | null
  /** null once it was opened. */
  link_hash: string | null
  /** Of the browser's cookie; null until the link was opened, and after the page was closed. */
  cookie_hash: string | null
  created_at: Time
  /** Of the link; once that is opened, of the page. */
  expires_at: Time
}

/** Refreshes of an hour or a day, as they stood half a minute after they were sent. */
export type RefreshFigureRow = {
  workspace_id: string
  span: 'hour' | 'day'
  starts_at: Time
  integration_id: string
  provider: string | null
  stored: number
  refused: number
  transient: number
  uncertain: number
  /** How many fall into each step of lag, of those that it was measured of: `{"0":17,"3":1}`. */
  lags: Json
  most_lag_ms: number
  /** How long it took until the tokens of those that were stored were here, all together and at most. */
  answer_ms: number
  most_answer_ms: number
}

/** How far a background job has added things up. */
export type RolledUpRow = { name: string; up_to: Time }

/** Tokens that were read and calls of providers' APIs in an hour. */
export type CallFigureRow = { workspace_id: string; starts_at: Time; type: string; calls: number }

/** An id whose redirect URI somebody may be registering already: the next integration that is saved with it has it. */
export type ReservedIntegrationRow = { workspace_id: string; id: string; expires_at: Time }

/** A text that a connection is found by, by its beginning: `db/search-terms`. */
export type ConnectionTermRow = { workspace_id: string; term: string; connection_id: string }

/** Hash of what an importer calls a connection, so that the same is not brought twice. */
export type ImportKeyRow = {
  workspace_id: string
  key_hash: string
  connection_id: string
  created_at: Time
}

/** Up to when the first refreshes of an integration's imports are planned. */
export type ImportPaceRow = { workspace_id: string; integration_id: string; until: Time }

/** At most one live holder per refresh token; the fence counts holders. */
export type RefreshLeaseRow = {
  workspace_id: string
  integration_id: string
  token_key: string
  holder: string
  boot_id: string
  fence: number
  expires_at: Time
}

/** Budget and breaker of one integration's token endpoint, for all processes; absent until it is first used. */
export type RefreshGateRow = {
  workspace_id: string
  integration_id: string
  failing: Json
  opened_at: Time | null
  probe_at: Time | null
  probed: string | null
  budget: number
  filled_at: Time
}

/** A token that must still be ended at its provider; destroyed when that is done or given up. */
export type RevocationRow = {
  workspace_id: string
  id: string
  integration_id: string
  connection_id: string
  /** null: the token rests where it was, in the token request. */
  token: Sealed | null
  token_request_id: string | null
  token_kind: 'access_token' | 'refresh_token'
  attempts: number
  next_attempt_at: Time
  gives_up_at: Time
  created_at: Time
  /** Null in rows of before it was kept: then it is the connection's. */
  metadata: Json | null
  account_id: string | null
}

/** Many connections that are ended at once; one row in each workspace that it concerns, with the same id. */
export type BreakGlassRow = {
  workspace_id: string
  id: string
  by_operator: Flag
  actor_kind: string
  actor_id: string | null
  /** The app that whoever began it was narrowed to. */
  app_id: string | null
  /** As they were given. What they chose is in the connections' rows from the start. */
  criteria: Json
  /** Whether to revoke also where that ends connections that were not chosen. */
  force: Flag
  api_key_deleted: Flag
  state: 'ending' | 'revoking' | 'done'
  started_at: Time
  ended_at: Time | null
  done_at: Time | null
  /** While it is in the future, a process is ending connections. */
  claimed_until: Time | null
}

/** One of them, and what its provider said. A connection ends once, so that it is of one break-glass at most. */
export type BreakGlassConnectionRow = {
  workspace_id: string
  connection_id: string
  break_glass_id: string
  outcome: BreakGlassOutcome
  attempts: number
  answered_at: Time | null
  status: number | null
  error: string | null
  description: string | null
}

export type EventRow = {
  workspace_id: string
  id: string
  type: string
  at: Time
  actor_kind: string
  actor_id: string | null
  app_id: string | null
  connection_id: string | null
  integration_id: string | null
  end_user_id: string | null
  request_id: string | null
  data: Json
}

/** An event that has no place in its workspace's chain yet. A trigger on `events` writes it. */
export type UnlinkedEventRow = { workspace_id: string; id: string }

/** How far a workspace's chain of events goes. */
export type EventChainRow = {
  workspace_id: string
  /** Of the last event; 0 before the first. */
  seq: number
  hash: string
  /** How far the newest checkpoint goes, and when it was signed; 0 before the first. */
  signed_seq: number
  signed_at: Time
  /** Up to here events were deleted when they were old enough; 0: none. */
  pruned_seq: number
}

/** A stretch of a chain: for each event of it, in order, 16 bytes of its id and 32 of its hash. */
export type EventLinksRow = { workspace_id: string; last_seq: number; links: Uint8Array }

/** How far the chain went at a time, signed by the deployment. */
export type EventCheckpointRow = { workspace_id: string; seq: number; at: Time; jws: string }

/** How far a chain was sent to the operator's collector. */
export type EventFeedRow = {
  workspace_id: string
  /** The number of the last event that it took, and that of the last checkpoint. */
  sent_seq: number
  sent_checkpoint: number
  claimed_until: Time
}

/** What signs checkpoints, Ed25519. The newest signs; all are published. */
export type AuditKeyRow = {
  workspace_id: string
  id: string
  /** `x` of the JWK (RFC 8037). */
  public: string
  sealed: Sealed
  created_at: Time
}

/** Where events are posted to. One message at a time: that of the oldest event which waits. */
export type WebhookEndpointRow = {
  workspace_id: string
  id: string
  /** Hears of this app's connections only. */
  app_id: string | null
  url: string
  /** Empty: all that are told at all. */
  types: Json
  description: string
  enabled: Flag
  disabled_reason: 'failing' | 'gone' | 'by_hand' | null
  secret: Sealed
  secret_version: number
  /** The secret of the version before, while it still signs too. */
  old_secret: Sealed | null
  old_secret_until: Time | null
  failing_since: Time | null
  /** Nothing is sent before. */
  retry_at: Time | null
  /** While it is in the future, a process is sending. */
  claimed_until: Time | null
  created_at: Time
  updated_at: Time
}

/** One event for one endpoint, written with the change that it tells of. */
export type WebhookDeliveryRow = {
  workspace_id: string
  endpoint_id: string
  event_id: string
  type: string
  status: 'pending' | 'delivered' | 'failed'
  attempts: number
  tries: Json
  delivered_at: Time | null
}

/** A callback that is named by its provider though the catalogue does not have it; the first endpoint pair's for good. */
export type CallbackNameRow = { name: string; authorization_url: string; token_url: string }

/** Reaches one end user's connections, for an hour at most. */
export type EndUserTokenRow = {
  workspace_id: string
  id: string
  /** The API key that minted it; it ends with its key. */
  key_id: string | null
  app_id: string | null
  end_user_id: string
  scopes: Json
  token_hash: string
  created_at: Time
  expires_at: Time
}

/** Tools over one connection. */
export type McpServerRow = {
  workspace_id: string
  id: string
  /** Counts a workspace's servers; some callers want an integer. */
  number: number
  provider: string
  access_type: 'read' | 'write'
  connection_id: string
  /** Whether the connection was made for this server, and ends with it. */
  owns_connection: Flag
  scopes: Json
  created_at: Time
}

type Named = {
  workspace_id: string
  /** UUID of the app inside which the name means it; empty outside of every app. */
  app: string
  name: string
  display_name: string | null
  labels: Json
  created_at: Time
  updated_at: Time
}

/** The name that a connection's maker gave it; `stands_on` is what they called the integration. */
export type NamedConnectionRow = Named & { connection_id: string; stands_on: string }

/** The name that an MCP server's maker gave it; `stands_on` is the name of its connection. */
export type NamedMcpServerRow = Named & { mcp_server_id: string; stands_on: string }

/** A partner app or MCP client; those that registered themselves belong to the deployment. */
export type OAuthClientRow = {
  workspace_id: string
  id: string
  client_id: string
  origin: 'api' | 'registered'
  /** RFC 7591 client metadata, without secrets. */
  metadata: Json
  created_by: string | null
  created_at: Time
  updated_at: Time
  last_used_at: Time | null
}

/** One row per secret that still opens the client: two while a rotation overlaps. */
export type OAuthClientSecretRow = {
  workspace_id: string
  client: string
  hash: string
  created_at: Time
  ends_at: Time | null
}

/** Lets clients register themselves in its workspace (RFC 7591 §3, initial access token). */
export type RegistrationTokenRow = {
  workspace_id: string
  id: string
  name: string
  token_hash: string
  created_at: Time
  expires_at: Time | null
  last_used_at: Time | null
}

/** What one person allowed one client, from consent to its end. */
export type OAuthGrantRow = {
  workspace_id: string
  id: string
  grant_hash: string
  client_id: string
  client_name: string | null
  /** Whose it is: `ws_….mem_…` or `ws_….eu.…`. */
  subject: string
  scopes: Json
  /** Resource indicators (RFC 8707) that it reaches. */
  resources: Json
  /** UUIDs of the connections that were chosen; null: all that the subject reaches. */
  connections: Json | null
  created_at: Time
  updated_at: Time
  last_used_at: Time | null
  ended_at: Time | null
}

/** What the authorization server has issued or is in the middle of, found by the hash of what its holder shows. */
export type OAuthRecordRow = {
  workspace_id: string
  model: string
  id_hash: string
  grant_hash: string | null
  /** Of a session's uid or a device's user code, by which it is also found. */
  uid_hash: string | null
  client_id: string | null
  payload: Json
  created_at: Time
  expires_at: Time
  consumed_at: Time | null
  /** When an access token was first shown. */
  used_at: Time | null
  /** Of a consumed refresh token: its successor, and for 30 s what was answered, for a retry that asks the same. */
  successor_hash: string | null
  replay_digest: string | null
  replay: Sealed | null
}

/** The deployment's own secrets: what signs ID tokens and cookies. */
export type SigningKeyRow = {
  workspace_id: string
  id: string
  kind: 'jwk' | 'cookie'
  sealed: Sealed
  created_at: Time
}

/** Calls of one minute (since the epoch), of all processes together; for workspaces whose calls are limited. */
export type WorkspaceCallsRow = { workspace_id: string; minute: number; calls: number }

/** Calls of a connection that has a budget, in the period that was last called in. */
export type ProxySpendingRow = {
  workspace_id: string
  connection_id: string
  /** Whose budget it is. */
  policy: 'connection' | 'integration'
  period_begins: Time
  calls: number
}

/** A DPoP proof that was used, by the hash of its key and its jti. */
export type DpopProofRow = { hash: string; expires_at: Time }

export type DataKeyRow = {
  workspace_id: string
  id: string
  wrapped: Uint8Array
  root_key_id: string
  created_at: Time
  /** Since when another seals; until it is retired it still opens. */
  superseded_at: Time | null
  /** When another is to follow it; only of the one that seals. */
  rotate_at: Time | null
  /** How many values it has sealed, at least (vault/seal-count.ts). */
  seals: number
  /** Since when its bytes are gone. */
  retired_at: Time | null
}

/** A workspace in which values may rest that are not as they would be sealed now. */
export type ResealRow = {
  workspace_id: string
  next_at: Time
  claimed_until: Time | null
  /** As of the last look; null before the first. */
  values_left: number | null
  /** Of those, the ones that do not open. */
  values_refused: number
}

export type VaultCheckRow = { id: string; root_key_id: string; sealed: Uint8Array; created_at: Time }

/** A value that is, or may be, in a back end outside; written before it is put there. */
export type VaultItemRow = {
  workspace_id: string
  id: string
  back_end: 'aws-secrets-manager' | 'openbao'
  /** Its place: the row that points at it, or was to. */
  table_name: string
  row_id: string
  column_name: string
  created_at: Time
  /** When a row came to point at it; never again after that has ended. */
  placed_at: Time | null
  /** When it was found that no row does, or will; it is removed some time later. */
  orphaned_at: Time | null
}

export type Role = 'owner' | 'admin' | 'developer' | 'viewer'

/** A person who signs in to the console of one workspace. */
export type MemberRow = {
  workspace_id: string
  id: string
  /** Lower case, NFC; unique in the workspace. */
  email: string
  name: string | null
  role: Role
  /** PHC string; null for who signs in at an outside provider only. */
  password_hash: string | null
  created_at: Time
  last_signed_in_at: Time | null
}

/** A browser in which a member or an end user is signed in. */
export type SessionRow = {
  workspace_id: string
  id: string
  hash: string
  kind: 'member' | 'end_user'
  member_id: string | null
  end_user_id: string | null
  /** Of an end user, as their provider told; a member's are in the member's row. */
  email: string | null
  name: string | null
  identity_provider_id: string | null
  network: string
  browser: string | null
  created_at: Time
  authenticated_at: Time
  last_seen_at: Time
  expires_at: Time
}

/** A link that makes a member, once. Without an e-mail address it is the owner's sign-up link, whoever opens it. */
export type InvitationRow = {
  workspace_id: string
  id: string
  email: string | null
  role: Role
  token_hash: string
  /** The member who made it. */
  created_by: string | null
  created_at: Time
  expires_at: Time
}

/** An outside OpenID provider where a workspace's members, or its end users, sign in. */
export type IdentityProviderRow = {
  workspace_id: string
  id: string
  label: string
  issuer: string
  audience: 'members' | 'end_users'
  client_id: string
  client_secret: Sealed | null
  secret_version: number
  scopes: Json
  /** What its issuer told of itself when it was saved. */
  metadata: Json
  created_at: Time
  updated_at: Time
}

/** Who a member is at an outside provider. Subjects are the provider's, e-mail addresses are not asked. */
export type IdentityRow = {
  workspace_id: string
  id: string
  member_id: string
  identity_provider_id: string
  issuer: string
  subject: string
  created_at: Time
}

/** A sign-in that went out to an outside provider and has not come back. */
export type OutsideSignInRow = {
  workspace_id: string
  id: string
  identity_provider_id: string
  state_hash: string
  /** Of the cookie of the browser that began it. */
  browser_hash: string
  nonce: string
  code_verifier: Sealed
  next: string
  /** The invitation that is accepted by it, with the hash of its token. */
  invitation_id: string | null
  invitation_hash: string | null
  /** The session of the member who links the outside identity to themselves. */
  link_session_id: string | null
  created_at: Time
  expires_at: Time
}

/** Where a member has signed in before: others' failed tries elsewhere do not slow them down there. */
export type KnownNetworkRow = { workspace_id: string; member_id: string; network: string; last_at: Time }

/** Failed tries to sign in, of an account or a network; the key is a hash of which. */
export type FailedTriesRow = { key: string; count: number; at: Time }
