"""The shapes of requests and answers."""

# Written by scripts/sdk/generate.ts from /openapi.json. Change the contract (packages/api) or scripts/sdk/surface.ts, then run it.

import sys
from typing import Any, Literal

if sys.version_info >= (3, 11):
    from typing import NotRequired, TypedDict
else:
    from typing_extensions import NotRequired, TypedDict

__all__ = [
    "AccessToken",
    "Account",
    "AccountCredential",
    "AccountExperiment",
    "AccountUser",
    "AccountWorkspace",
    "ApiKey",
    "App",
    "AuthorizedApp",
    "AuthorizedAppDetails",
    "AuthorizedAppDetailsClient",
    "AuthorizedAppDetailsConnection",
    "AuthorizedAppDetailsRecent",
    "AuthorizedAppDetailsScope",
    "AuthorizedAppDetailsSubject",
    "BreakGlass",
    "BreakGlassActor",
    "BreakGlassAnswer",
    "BreakGlassConnection",
    "BreakGlassConnectionAccount",
    "BreakGlassCriteria",
    "BreakGlassGroup",
    "BreakGlassOutcomes",
    "BreakGlassPreview",
    "BreakGlassSample",
    "ConnectSession",
    "Connection",
    "ConnectionAccount",
    "ConnectionAdvice",
    "ConnectionLastRefresh",
    "CreateApiKeyInput",
    "CreateAppInput",
    "CreateConnectSessionInput",
    "CreateEndUserTokenInput",
    "CreateIdentityProviderInput",
    "CreateIntegrationInput",
    "CreateInvitationInput",
    "CreateManageLinkInput",
    "CreateManageLinkInputEndUser",
    "CreateMcpServerInput",
    "CreateOAuthClientInput",
    "CreateOAuthClientInputJwks",
    "CreateRegistrationTokenInput",
    "CreateWebhookEndpointInput",
    "DataKey",
    "DeleteConnectionQuery",
    "Deleted",
    "DiagnoseIntegrationQuery",
    "DiscoverIntegrationAnswer",
    "DiscoverIntegrationInput",
    "EndUser",
    "EndUserInput",
    "EndedAuthorizedApp",
    "EndedConnection",
    "EndedSessions",
    "Event",
    "EventActor",
    "EventChain",
    "EventChainCheckpoint",
    "FindTokenQuery",
    "FinishConnectSessionInput",
    "GetConnectionTokenQuery",
    "GetOverviewQuery",
    "IdentityProvider",
    "ImportConnectionInput",
    "ImportConnectionInputTokens",
    "ImportConnectionsInput",
    "ImportFault",
    "ImportFaultError",
    "ImportItem",
    "ImportItemAccount",
    "ImportResult",
    "ImportedConnections",
    "Integration",
    "IntegrationDiagnosis",
    "IntegrationFinding",
    "IntegrationValidation",
    "IntegrationValidationCheck",
    "Invitation",
    "ListAttemptsQuery",
    "ListAuthorizedAppsQuery",
    "ListBreakGlassConnectionsQuery",
    "ListConnectionsQuery",
    "ListDataKeysQuery",
    "ListEventsQuery",
    "ListIntegrationsQuery",
    "ListMcpServerInstancesQuery",
    "ListProvidersQuery",
    "ListRefreshFiguresQuery",
    "ListWebhookDeliveriesQuery",
    "ListedWorkspace",
    "McpServer",
    "McpServerInstance",
    "McpServerTool",
    "McpServerToolTool",
    "McpService",
    "McpServiceScopes",
    "Member",
    "MemberSession",
    "NewApiKey",
    "NewConnectSession",
    "NewEndUserToken",
    "NewInvitation",
    "NewManageLink",
    "NewMcpServer",
    "NewOAuthClient",
    "NewRegistrationToken",
    "NewWebhookEndpoint",
    "NewWorkspace",
    "OAuthClient",
    "OAuthClientSecret",
    "OperatorBreakGlassCriteria",
    "Overview",
    "OverviewByIntegration",
    "OverviewConnections",
    "OverviewEnding",
    "OverviewNeedsReauth",
    "OverviewNeedsReauthReason",
    "OverviewToday",
    "PreviewBreakGlassInput",
    "PreviewOperatorBreakGlassInput",
    "Provider",
    "ProviderParam",
    "ProviderScope",
    "ProviderScopes",
    "ProviderTools",
    "ProxyPolicy",
    "ProxyPolicyAllow",
    "ProxyPolicyBudget",
    "RefreshAttempt",
    "RefreshFigure",
    "RefreshFigureFigure",
    "RefreshFigureFigureAnswer",
    "RefreshFigureFigureLag",
    "RegistrationToken",
    "ReserveRedirectUriAnswer",
    "ReserveRedirectUriInput",
    "Restores",
    "RestoresConnections",
    "RestoresRestore",
    "RestoresWorkspace",
    "RotateDataKeysAnswer",
    "RotateDataKeysInput",
    "RotateWebhookSecretInput",
    "RotatedApiKey",
    "RotatedOAuthClient",
    "RunMcpServerToolAnswer",
    "RunMcpServerToolAnswerContent",
    "RunMcpServerToolInput",
    "ServerDiagnosis",
    "ServerDiagnosisCredential",
    "ServerFinding",
    "StartBreakGlassInput",
    "StartOperatorBreakGlassInput",
    "UpdateConnectionInput",
    "UpdateIdentityProviderInput",
    "UpdateIntegrationInput",
    "UpdateMemberInput",
    "UpdateOAuthClientInput",
    "UpdateWebhookEndpointInput",
    "UpdateWorkspaceInput",
    "UpdateWorkspacePlanInput",
    "Usage",
    "UsageQuota",
    "Vault",
    "VaultBackEnd",
    "VaultDataKeys",
    "VaultRootKey",
    "VaultValues",
    "WebhookDelivery",
    "WebhookEndpoint",
    "WebhookTry",
    "Workspace",
    "WorkspaceExperiment",
    "WorkspaceQuotas",
]


class AccessToken(TypedDict):
    #: Id of the connection
    connection_id: str
    provider: str | None
    access_token: str
    token_type: str
    expires_at: str | None
    #: Seconds from now
    expires_in: int | None
    scopes: list[str] | None
    api_base_url: str | None


class AccountCredential(TypedDict):
    kind: str
    id: str | None
    scopes: list[str]


class AccountUser(TypedDict):
    id: str
    email: str | None
    name: str | None
    registered_at: str | None
    #: Of the workspace's plan
    subscription_status: Literal["active", "expired", "none"]


class AccountWorkspace(TypedDict):
    #: Id of the workspace
    id: str
    name: str
    #: The member's
    role: str | None


class WorkspaceQuotas(TypedDict):
    connections: NotRequired[int]
    mcp_servers: NotRequired[int]
    calls_per_minute: NotRequired[int]


class AccountExperiment(TypedDict):
    key: str
    variant: str


class Account(TypedDict):
    credential: AccountCredential
    #: The member who made an API key, null for the first key; the member or end user otherwise
    user: AccountUser | None
    workspace: AccountWorkspace
    plan: str | None
    plan_expires_at: str | None
    #: Unlimited where nothing is set
    quotas: WorkspaceQuotas
    features: list[str]
    experiments: list[AccountExperiment]


class ApiKey(TypedDict):
    #: Id of the API key
    id: str
    name: str
    scopes: list[Literal["integrations:read", "integrations:write", "connections:read", "connections:write", "tokens:read", "proxy:call", "mcp:read", "mcp:write", "mcp:manage", "clients:write", "webhooks:write", "events:read", "admin", "connections:export"]]
    app_id: str | None
    #: Providers of the catalogue that it is narrowed to, besides `integrations`; null: to none
    providers: list[str] | None
    #: Integrations that it is narrowed to, besides `providers`; null: to none
    integrations: list[str] | None
    #: Source networks from which it may be used; null: from anywhere
    networks: list[str] | None
    created_by: str | None
    #: RFC 3339, UTC
    created_at: str
    expires_at: str | None
    #: Accurate to a minute
    last_used_at: str | None
    #: Until when the secret before the last rotation works on; null when it does not
    previous_secret_ends_at: str | None


class App(TypedDict):
    #: Id of the app
    id: str
    name: str
    #: RFC 3339, UTC
    created_at: str


class AuthorizedAppDetailsClient(TypedDict):
    client_id: str
    client_name: str | None
    client_uri: str | None
    #: By whom it was made known: an administrator, itself, or its own metadata document; `built_in` is the command line of Grantry
    origin: Literal["api", "registered", "published", "built_in"]


class AuthorizedAppDetailsSubject(TypedDict):
    kind: Literal["member", "end_user"]
    #: Of an end user: your own id
    id: str
    #: Of a member
    email: str | None


class AuthorizedAppDetailsScope(TypedDict):
    scope: str
    description: str


class AuthorizedAppDetailsConnection(TypedDict):
    #: Id of a connection that was chosen
    id: str
    provider: str | None
    account_label: str | None
    end_user_id: str | None


class AuthorizedApp(TypedDict):
    #: Id of what was allowed
    id: str
    client: AuthorizedAppDetailsClient
    #: Who allowed it
    subject: AuthorizedAppDetailsSubject
    scopes: list[AuthorizedAppDetailsScope]
    #: Where its tokens are good: the API, MCP servers
    resources: list[str]
    #: null: all that the person reaches
    connections: list[AuthorizedAppDetailsConnection] | None
    #: RFC 3339, UTC
    created_at: str
    last_used_at: str | None
    ended_at: str | None


class AuthorizedAppDetailsRecent(TypedDict):
    #: Id of the event
    id: str
    type: str
    #: RFC 3339, UTC
    at: str
    connection_id: str | None


class AuthorizedAppDetails(TypedDict):
    #: Id of what was allowed
    id: str
    client: AuthorizedAppDetailsClient
    #: Who allowed it
    subject: AuthorizedAppDetailsSubject
    scopes: list[AuthorizedAppDetailsScope]
    #: Where its tokens are good: the API, MCP servers
    resources: list[str]
    #: null: all that the person reaches
    connections: list[AuthorizedAppDetailsConnection] | None
    #: RFC 3339, UTC
    created_at: str
    last_used_at: str | None
    ended_at: str | None
    #: The last 20 things that it did, newest first
    recent: list[AuthorizedAppDetailsRecent]


class BreakGlassActor(TypedDict):
    kind: str
    id: str | None


class BreakGlassOutcomes(TypedDict):
    to_end: int
    waiting: int
    retrying: int
    revoked: int
    no_token: int
    unsupported: int
    shared: int
    failed: int


class BreakGlass(TypedDict):
    #: Id of the break-glass revocation
    id: str
    #: `ending`: connections are being ended here. `revoking`: all are ended here, providers are being asked. `done`: every connection has an outcome
    state: Literal["ending", "revoking", "done"]
    #: As they were given
    criteria: dict[str, Any]
    force: bool
    by: Literal["workspace", "operator"]
    actor: BreakGlassActor
    #: How many are concerned
    workspaces: int
    #: How many were chosen
    connections: int
    #: How many connections are in which state
    outcomes: BreakGlassOutcomes
    needs_manual_work: int
    #: Whether the API key of the criteria was ended with it
    api_key_deleted: bool
    #: RFC 3339, UTC
    started_at: str
    #: When all of them were ended here
    ended_at: str | None
    done_at: str | None


class BreakGlassAnswer(TypedDict):
    #: RFC 3339, UTC
    at: str
    #: null where no answer came
    status: int | None
    error: str | None
    #: The provider's own words
    description: str | None


class BreakGlassConnectionAccount(TypedDict):
    id: str | None
    label: str | None
    email: str | None


class BreakGlassConnection(TypedDict):
    #: Id of the connection
    connection_id: str
    #: Id of its workspace
    workspace_id: str
    #: Id of its integration
    integration_id: str
    #: null where the integration is gone
    integration_label: str | None
    #: Of the OAuth app at the provider
    client_id: str | None
    #: null for a generic integration
    provider: str | None
    app_id: str | None
    end_user_id: str | None
    account: BreakGlassConnectionAccount
    #: `to_end`: is about to be ended here. `waiting`: ended here, the provider has not been asked yet. `retrying`: it has been asked in vain and will be again. `revoked`: it has confirmed. `no_token`: there was nothing to revoke. `unsupported`: it has no way to revoke. `shared`: revoking would end connections that were not chosen. `failed`: it was asked in vain for 7 days, or cannot be asked. The last three need manual work
    outcome: Literal["to_end", "waiting", "retrying", "revoked", "no_token", "unsupported", "shared", "failed"]
    attempts: int
    #: What the provider answered last; never a token
    answer: BreakGlassAnswer | None
    needs_manual_work: bool
    #: What somebody has to do
    todo: str | None
    #: Where, as far as the catalogue knows
    todo_url: str | None


class BreakGlassCriteria(TypedDict):
    provider: NotRequired[str]
    #: Connected from then on
    created_since: NotRequired[str]
    #: Connected before then
    created_until: NotRequired[str]
    #: A token was read, or a call made with it, from then on; with `api_key_id` by that key. By the audit log
    read_since: NotRequired[str]
    #: The same, before then
    read_until: NotRequired[str]
    #: Id of the integration
    integration_id: NotRequired[str]
    #: Id of the app
    app_id: NotRequired[str]
    end_user_id: NotRequired[str]
    #: Id of an API key, also of one that has ended: the connections whose tokens it read, or whose APIs it called, itself or by tokens that it minted for end users
    api_key_id: NotRequired[str]
    #: Every connection there is: must be said, and alone
    everything: NotRequired[Literal[True]]


class BreakGlassGroup(TypedDict):
    #: Id of the workspace
    workspace_id: str
    #: Id of the integration
    integration_id: str
    #: null where the integration is gone
    label: str | None
    #: null for a generic integration
    provider: str | None
    connections: int
    #: Whether the provider has a way to revoke
    revocable: bool


class BreakGlassSample(TypedDict):
    #: Id of the connection
    id: str
    provider: str | None
    #: What the account is called
    account: str | None
    end_user_id: str | None


class BreakGlassPreview(TypedDict):
    #: Living connections that fit
    connections: int
    #: By integration, those with most connections first, 200 at most
    groups: list[BreakGlassGroup]
    #: The newest 10
    sample: list[BreakGlassSample]
    #: Where the choice goes by the audit log: since when there is one
    log_since: str | None


class ConnectSession(TypedDict):
    #: Id of the connect session
    id: str
    status: Literal["created", "started", "awaiting_finish", "completed", "failed", "expired"]
    error: str | None
    error_description: str | None
    connection_id: str | None
    binding: Literal["confirm", "finish", "direct"]
    #: null until the person has chosen
    provider_name: str | None
    #: RFC 3339, UTC
    expires_at: str


class EndUser(TypedDict):
    id: str
    email: str | None
    display_name: str | None


class ConnectionAdvice(TypedDict):
    what: str
    todo: str


class ConnectionAccount(TypedDict):
    id: str
    label: str | None
    email: str | None


class ProxyPolicyAllow(TypedDict):
    methods: list[Literal["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "QUERY"]]
    #: Below the API base URL, as they are written in calls; * stands for any text
    paths: list[str]


class ProxyPolicyBudget(TypedDict):
    calls: int
    per_seconds: int


class ProxyPolicy(TypedDict):
    #: Nothing else may be called. Absent: everything
    allow: NotRequired[list[ProxyPolicyAllow]]
    #: Nothing is sent to any other host, be it by a redirect; `*.` stands for any name below. Absent: the host of the API, and where it redirects to
    hosts: NotRequired[list[str]]
    #: Of each connection
    budget: NotRequired[ProxyPolicyBudget]


class ConnectionLastRefresh(TypedDict):
    #: RFC 3339, UTC
    at: str
    ok: bool
    error: str | None


class Connection(TypedDict):
    #: Id of the connection
    id: str
    #: Id of its integration
    integration_id: str
    #: null for a generic integration
    provider: str | None
    app_id: str | None
    #: null for the workspace's own
    end_user: EndUser | None
    status: Literal["pending", "active", "needs_reauth", "revoked"]
    #: Why it is not active, or what is still to come
    reason: str | None
    reason_detail: str | None
    #: What happened and what to do, while something is wrong
    advice: ConnectionAdvice | None
    account: ConnectionAccount | None
    scopes_requested: list[str]
    scopes_granted: list[str] | None
    metadata: dict[str, str]
    #: In place of its integration's
    proxy_policy: ProxyPolicy | None
    #: When the current access token ends
    expires_at: str | None
    #: When a person must connect it again, as far as is known: the end of the grant or of a refresh token that no refresh puts off, or of the access token where nothing can renew it
    ends_at: str | None
    last_refresh: ConnectionLastRefresh | None
    #: RFC 3339, UTC
    created_at: str
    #: RFC 3339, UTC
    updated_at: str


class CreateApiKeyInput(TypedDict):
    name: str
    scopes: list[Literal["integrations:read", "integrations:write", "connections:read", "connections:write", "tokens:read", "proxy:call", "mcp:read", "mcp:write", "mcp:manage", "clients:write", "webhooks:write", "events:read", "admin", "connections:export"]]
    #: Id of the one app it is narrowed to
    app_id: NotRequired[str]
    #: Narrows it to integrations of these providers of the catalogue, and those of `integrations`
    providers: NotRequired[list[str]]
    #: Narrows it to these integrations, and those of `providers`
    integrations: NotRequired[list[str]]
    #: Addresses and networks (CIDR, IPv4 or IPv6) from which alone it may be used
    networks: NotRequired[list[str]]
    #: RFC 3339, UTC
    expires_at: NotRequired[str]


class CreateAppInput(TypedDict):
    name: str


class EndUserInput(TypedDict):
    id: str
    email: NotRequired[str]
    display_name: NotRequired[str]


class CreateConnectSessionInput(TypedDict):
    #: Id of the integration
    integration: NotRequired[str]
    provider: NotRequired[str]
    #: The person chooses one of these, and of `providers`
    integrations: NotRequired[list[str]]
    providers: NotRequired[list[str]]
    #: Without one the connection is the workspace's own
    end_user: NotRequired[EndUserInput]
    #: Id of the app
    app_id: NotRequired[str]
    #: The catalogue's scopes for reading or for writing
    access_type: NotRequired[Literal["read", "write"]]
    scopes: NotRequired[list[str]]
    binding: NotRequired[Literal["confirm", "finish", "direct"]]
    #: Yours; comes back with return_to
    state: NotRequired[str]
    return_to: NotRequired[str]
    #: The page that opens the popup
    origin: NotRequired[str]
    #: Id of the connection to renew
    connection_id: NotRequired[str]
    allow_account_change: NotRequired[bool]


class CreateEndUserTokenInput(TypedDict):
    end_user: EndUserInput
    #: No more than the API key has itself
    scopes: list[Literal["connections:read", "connections:write", "tokens:read", "proxy:call", "mcp:read", "mcp:write"]]
    #: Id of the app
    app_id: NotRequired[str]
    #: Seconds
    ttl: NotRequired[int]


class CreateIdentityProviderInput(TypedDict):
    #: What the button says: "Sign in with …"
    label: str
    client_id: str
    #: null for a public client
    client_secret: NotRequired[str | None]
    #: Besides `openid`
    scopes: NotRequired[list[str]]
    #: Exactly as the provider writes it
    issuer: str
    #: Who signs in there. Of an end user, the provider's `sub` is the end user's id
    audience: Literal["members", "end_users"]


class CreateIntegrationInput(TypedDict):
    label: str
    authorization_url: NotRequired[str]
    token_url: NotRequired[str]
    revocation_url: NotRequired[str]
    issuer: NotRequired[str]
    client_id: str
    client_secret: NotRequired[str]
    scope: NotRequired[str]
    redirect_uri: NotRequired[str]
    api_base_url: NotRequired[str]
    tenant_id: NotRequired[str]
    token_auth_method: NotRequired[Literal["auto", "client_secret_basic", "client_secret_post", "none"]]
    extra_authorize_params: NotRequired[dict[str, str]]
    #: What may be called with its connections; null: everything
    proxy_policy: NotRequired[ProxyPolicy | None]
    #: Values for the {placeholders} of the endpoints
    params: NotRequired[dict[str, str]]
    provider: NotRequired[str | None]
    grant_type: NotRequired[Literal["authorization_code", "client_credentials", "refresh_token"]]
    refresh_token: NotRequired[str]
    #: Id of the app it belongs to
    app_id: NotRequired[str]
    validate: NotRequired[bool]


class CreateInvitationInput(TypedDict):
    email: str
    #: owner and admin: everything, but only owners make and change owners; developer: everything but `admin`; viewer: reads, no tokens
    role: Literal["owner", "admin", "developer", "viewer"]


class CreateManageLinkInputEndUser(TypedDict):
    id: str


class CreateManageLinkInput(TypedDict):
    end_user: CreateManageLinkInputEndUser
    #: Only this app's connections
    app_id: NotRequired[str]


class CreateMcpServerInput(TypedDict):
    #: A provider of the catalogue; or an integration of the workspace by its id or name, whose server has one tool for any request
    mcp_server: str
    access_type: Literal["read", "write"]
    auth_method: Literal["oauth"]
    end_user: NotRequired[EndUserInput]
    origin: NotRequired[str]
    return_to: NotRequired[str]
    state: NotRequired[str]
    #: Id of the app
    app_id: NotRequired[str]
    #: Id of an existing connection
    connection_id: NotRequired[str]


class CreateOAuthClientInputJwks(TypedDict):
    keys: list[dict[str, Any]]


class CreateOAuthClientInput(TypedDict):
    #: What people are shown when they are asked
    client_name: str
    #: Compared exactly
    redirect_uris: NotRequired[list[str]]
    grant_types: NotRequired[list[Literal["authorization_code", "refresh_token", "client_credentials", "urn:ietf:params:oauth:grant-type:device_code", "urn:ietf:params:oauth:grant-type:token-exchange"]]]
    token_endpoint_auth_method: NotRequired[Literal["none", "client_secret_basic", "client_secret_post", "private_key_jwt"]]
    application_type: NotRequired[Literal["web", "native"]]
    #: The scopes that it may ask people for, separated by spaces
    scope: NotRequired[str]
    #: Public keys for private_key_jwt
    jwks: NotRequired[CreateOAuthClientInputJwks]
    #: Where its public keys are
    jwks_uri: NotRequired[str]
    #: Its home page
    client_uri: NotRequired[str]
    #: Its logo
    logo_uri: NotRequired[str]
    #: Its privacy policy
    policy_uri: NotRequired[str]
    #: Its terms of service
    tos_uri: NotRequired[str]


class CreateRegistrationTokenInput(TypedDict):
    name: str
    #: RFC 3339, UTC
    expires_at: NotRequired[str]


class CreateWebhookEndpointInput(TypedDict):
    #: Where messages are posted to
    url: str
    #: Which events it hears of; empty: all of these
    types: NotRequired[list[Literal["connection.created", "connection.reconnected", "connection.refresh_failed", "connection.needs_reauth", "connection.recovered", "connection.revoked", "connection.expiring", "break_glass.started", "break_glass.finished"]]]
    description: NotRequired[str]
    #: Id of the app whose connections it hears of; absent: of all
    app_id: NotRequired[str]


class DataKey(TypedDict):
    #: Id of the data key
    id: str
    #: null: of the deployment's own secrets
    workspace_id: str | None
    #: `sealing`: new values are sealed by it. `former`: it only opens. `retired`: its bytes are destroyed
    state: Literal["sealing", "former", "retired"]
    #: Which root key wraps it
    root_key: str
    #: RFC 3339, UTC
    created_at: str
    #: When another follows it at the latest; null for one that has been followed
    rotates_at: str | None
    #: Since when another seals
    superseded_at: str | None
    retired_at: str | None


class DeleteConnectionQuery(TypedDict):
    #: Revoke at the provider even where that ends other connections of the same account
    force: NotRequired[bool]


class Deleted(TypedDict):
    #: Id of the integration
    id: str
    deleted: Literal[True]


class DiagnoseIntegrationQuery(TypedDict):
    #: false: judge by what has been seen; the provider is not called
    ask: NotRequired[bool]


class DiscoverIntegrationAnswer(TypedDict):
    issuer: str
    #: null where it serves client credentials only
    authorization_url: str | None
    token_url: str
    revocation_url: str | None
    #: null where it does not say
    scopes_supported: list[str] | None
    #: Those of ours that it supports
    grant_types: list[Literal["authorization_code", "client_credentials", "refresh_token"]]
    token_auth_method: Literal["auto", "client_secret_basic", "client_secret_post", "none"]
    #: Whether it says that it takes S256; null where it says nothing
    pkce: bool | None
    #: An OpenID provider: with the scope openid it tells whose account it is
    identity: bool
    #: The entry of the catalogue whose endpoints these are: better to use that
    provider: str | None


class DiscoverIntegrationInput(TypedDict):
    issuer: str


class EndedAuthorizedApp(TypedDict):
    #: Id of what was allowed
    id: str
    ended: Literal[True]


class EndedConnection(TypedDict):
    #: Id of the connection
    id: str
    status: Literal["revoked"]
    revoked_upstream: Literal[True, "pending", "unsupported", "shared"]


class EndedSessions(TypedDict):
    ended: int


class EventActor(TypedDict):
    kind: str
    id: str | None
    #: Name of the API key or client, or the member's e-mail address; null also for a credential that is narrowed. As it is now; null where it is gone
    label: str | None


class Event(TypedDict):
    #: Id of the event
    id: str
    type: str
    #: RFC 3339, UTC
    at: str
    actor: EventActor
    connection_id: str | None
    #: Of its account, else of its end user. As it is now; null where it is gone
    connection_label: str | None
    integration_id: str | None
    #: Of the integration. As it is now; null where it is gone
    integration_label: str | None
    app_id: str | None
    end_user_id: str | None
    request_id: str | None
    data: dict[str, Any]


class EventChainCheckpoint(TypedDict):
    #: How far it goes
    seq: int
    #: RFC 3339, UTC
    at: str
    #: The checkpoint itself: a compact JWS
    jws: str


class EventChain(TypedDict):
    #: Of the last event in the chain; 0: none
    seq: int
    #: Its hash: SHA-256, hex
    hash: str
    #: Events that have no place in the chain yet
    unlinked: int
    #: Up to here events were deleted when they were older than they are kept; 0: none
    pruned_seq: int
    #: The newest. Its key is at `/.well-known/grantry-audit-keys.json`
    checkpoint: EventChainCheckpoint | None


class FindTokenQuery(TypedDict):
    #: Of the catalogue, or the name that an integration was given
    provider: NotRequired[str]
    #: Id of the integration
    integration: NotRequired[str]
    #: Absent: the workspace's own connection
    end_user: NotRequired[str]
    #: Id of the app
    app: NotRequired[str]
    #: Seconds that the token must still be valid for
    min_valid: NotRequired[int]


class FinishConnectSessionInput(TypedDict):
    code: str
    end_user_id: NotRequired[str | None]


class GetConnectionTokenQuery(TypedDict):
    #: Seconds that the token must still be valid for
    min_valid: NotRequired[int]


class GetOverviewQuery(TypedDict):
    #: How far ahead `ending` looks
    days: NotRequired[int]


class IdentityProvider(TypedDict):
    #: Id of the provider
    id: str
    label: str
    issuer: str
    #: Who signs in there. Of an end user, the provider's `sub` is the end user's id
    audience: Literal["members", "end_users"]
    client_id: str
    has_client_secret: bool
    scopes: list[str]
    #: To be registered at the provider, character by character
    redirect_uri: str
    #: RFC 3339, UTC
    created_at: str
    #: RFC 3339, UTC
    updated_at: str


class ImportConnectionInputTokens(TypedDict):
    access_token: NotRequired[str]
    refresh_token: NotRequired[str]
    #: When the access token ends
    expires_at: NotRequired[str]
    #: When the refresh token ends if nobody uses it
    refresh_token_expires_at: NotRequired[str]
    scope: NotRequired[str]


class ImportConnectionInput(TypedDict):
    #: Id of the integration
    integration: str
    end_user: NotRequired[EndUserInput]
    #: Id of the app
    app_id: NotRequired[str]
    tokens: ImportConnectionInputTokens
    scopes: NotRequired[list[str]]
    metadata: NotRequired[dict[str, str]]


class ImportItemAccount(TypedDict):
    id: str
    label: NotRequired[str]
    email: NotRequired[str]


class ImportItem(TypedDict):
    #: What the importer calls it, among those of its integration and app: the same key again is answered with the same connection
    key: str
    #: Id of the integration
    integration: str
    #: Absent: the workspace's own
    end_user: NotRequired[EndUserInput]
    #: Id of the app
    app_id: NotRequired[str]
    #: Whose account at the provider it is, where that is known: a reconnect must be to the same one
    account: NotRequired[ImportItemAccount]
    tokens: ImportConnectionInputTokens
    #: Those that were asked for. Absent: the integration's
    scopes: NotRequired[list[str]]
    metadata: NotRequired[dict[str, str]]
    proxy_policy: NotRequired[ProxyPolicy]


class ImportConnectionsInput(TypedDict):
    items: list[ImportItem]
    #: Judges every item and stores nothing
    dry_run: NotRequired[bool]


class ImportFaultError(TypedDict):
    path: str
    message: str


class ImportFault(TypedDict):
    code: str
    detail: str
    errors: list[ImportFaultError]


class ImportResult(TypedDict):
    #: null where the item has none that could be read
    key: str | None
    #: `exists`: an item with this key has been imported before; `checked`: in a dry run, it would be created
    result: Literal["created", "exists", "checked", "failed"]
    connection_id: str | None
    #: Where no access token came that is still good: when it is refreshed unless somebody asks for it before
    first_refresh_at: str | None
    #: Why it failed
    error: ImportFault | None


class ImportedConnections(TypedDict):
    #: In the order of the items
    results: list[ImportResult]
    #: How many connections the plan allowed before this; null: any number
    connections_left: int | None


class IntegrationValidationCheck(TypedDict):
    name: str
    ok: bool | None
    detail: str


class IntegrationValidation(TypedDict):
    status: Literal["verified", "unverified"]
    checks: list[IntegrationValidationCheck]


class Integration(TypedDict):
    #: Id of the integration
    id: str
    label: str
    #: null for a generic integration
    provider: str | None
    provider_name: str
    grant_type: Literal["authorization_code", "client_credentials", "refresh_token"]
    app_id: str | None
    authorization_url: str | None
    token_url: str
    revocation_url: str | None
    issuer: str | None
    client_id: str
    has_client_secret: bool
    scope: str
    #: Register exactly this at the provider
    redirect_uri: str | None
    api_base_url: str | None
    tenant_id: str | None
    token_auth_method: Literal["auto", "client_secret_basic", "client_secret_post", "none"]
    extra_authorize_params: dict[str, str]
    params: dict[str, str]
    proxy_policy: ProxyPolicy | None
    validation: IntegrationValidation
    connection_id: str | None
    #: RFC 3339, UTC
    created_at: str
    #: RFC 3339, UTC
    updated_at: str


class IntegrationFinding(TypedDict):
    check: Literal["addresses", "https", "client_authentication", "redirect_uri", "scopes", "offline_access", "api", "clock", "connecting", "refreshing"]
    #: unknown: neither the provider nor what was seen before tells
    status: Literal["ok", "warning", "failed", "unknown"]
    what: str
    #: The one change that mends it; null where nothing needs mending
    todo: str | None
    #: Where to make it: a field of the integration, `provider`, or a setting of the server's
    where: str | None


class IntegrationDiagnosis(TypedDict):
    #: Id of the integration
    integration_id: str
    provider_name: str
    redirect_uri: str | None
    #: Whether the provider was called
    asked: bool
    findings: list[IntegrationFinding]


class Invitation(TypedDict):
    #: Id of the invitation
    id: str
    #: null: the owner's sign-up link
    email: str | None
    #: owner and admin: everything, but only owners make and change owners; developer: everything but `admin`; viewer: reads, no tokens
    role: Literal["owner", "admin", "developer", "viewer"]
    invited_by: str | None
    #: RFC 3339, UTC
    created_at: str
    #: RFC 3339, UTC
    expires_at: str


class ListAttemptsQuery(TypedDict):
    limit: NotRequired[int]
    #: `next_cursor` of the page before
    cursor: NotRequired[str]


class ListAuthorizedAppsQuery(TypedDict):
    limit: NotRequired[int]
    #: `next_cursor` of the page before
    cursor: NotRequired[str]
    client_id: NotRequired[str]
    #: Id of the member
    member: NotRequired[str]
    end_user: NotRequired[str]


class ListBreakGlassConnectionsQuery(TypedDict):
    limit: NotRequired[int]
    #: `next_cursor` of the page before
    cursor: NotRequired[str]
    #: `to_end`: is about to be ended here. `waiting`: ended here, the provider has not been asked yet. `retrying`: it has been asked in vain and will be again. `revoked`: it has confirmed. `no_token`: there was nothing to revoke. `unsupported`: it has no way to revoke. `shared`: revoking would end connections that were not chosen. `failed`: it was asked in vain for 7 days, or cannot be asked. The last three need manual work
    outcome: NotRequired[Literal["to_end", "waiting", "retrying", "revoked", "no_token", "unsupported", "shared", "failed"]]
    #: Only what needs manual work, or only what does not
    manual: NotRequired[bool]


class ListConnectionsQuery(TypedDict):
    limit: NotRequired[int]
    #: `next_cursor` of the page before
    cursor: NotRequired[str]
    #: Id of the integration
    integration: NotRequired[str]
    provider: NotRequired[str]
    end_user: NotRequired[str]
    #: Id of the app
    app: NotRequired[str]
    status: NotRequired[Literal["pending", "active", "needs_reauth", "revoked"]]
    #: Why it is not active
    reason: NotRequired[str]
    #: Whose tokens came back with a restored backup and have not been renewed since
    from_backup: NotRequired[Literal["true"]]
    #: Active, and to be connected again by a person before then: by `ends_at`
    ending_before: NotRequired[str]
    #: What an end user's id, e-mail address or name, or an account's id, label or e-mail address begins with, or one of the words of a name or label, or the domain of an address; in any case. Or a connection's id
    q: NotRequired[str]


class ListDataKeysQuery(TypedDict):
    limit: NotRequired[int]
    #: `next_cursor` of the page before
    cursor: NotRequired[str]
    #: Id of a workspace, or `deployment`: of the deployment's own secrets
    workspace: NotRequired[str]
    state: NotRequired[Literal["sealing", "former", "retired"]]


class ListEventsQuery(TypedDict):
    limit: NotRequired[int]
    #: `next_cursor` of the page before
    cursor: NotRequired[str]
    #: `connection.created`, or all of a kind: `connection.*`
    type: NotRequired[str]
    #: Id of the connection
    connection: NotRequired[str]
    #: Id of the integration
    integration: NotRequired[str]
    end_user: NotRequired[str]
    #: Id of an API key, member or client
    actor: NotRequired[str]
    #: From then on
    since: NotRequired[str]
    #: Before then
    until: NotRequired[str]


class ListIntegrationsQuery(TypedDict):
    limit: NotRequired[int]
    #: `next_cursor` of the page before
    cursor: NotRequired[str]
    provider: NotRequired[str]
    #: Id of the app
    app: NotRequired[str]
    tenant: NotRequired[str]


class ListMcpServerInstancesQuery(TypedDict):
    limit: NotRequired[int]
    #: `next_cursor` of the page before
    cursor: NotRequired[str]
    #: Those of this provider, or of an integration by the name it is served by
    mcp_server: NotRequired[str]
    #: Id of the connection behind
    connection: NotRequired[str]
    end_user: NotRequired[str]
    status: NotRequired[Literal["pending", "active", "needs_reauth", "revoked"]]


class ListProvidersQuery(TypedDict):
    limit: NotRequired[int]
    #: `next_cursor` of the page before
    cursor: NotRequired[str]
    #: In names and categories
    search: NotRequired[str]
    category: NotRequired[str]


class ListRefreshFiguresQuery(TypedDict):
    bucket: NotRequired[Literal["hour", "day"]]
    #: Absent: 24 hours ago, or 30 days
    since: NotRequired[str]
    #: Absent: now
    until: NotRequired[str]
    provider: NotRequired[str]
    #: Id of the integration
    integration: NotRequired[str]


class ListWebhookDeliveriesQuery(TypedDict):
    limit: NotRequired[int]
    #: `next_cursor` of the page before
    cursor: NotRequired[str]
    status: NotRequired[Literal["pending", "delivered", "failed"]]


class WorkspaceExperiment(TypedDict):
    key: str
    variants: list[str]
    #: One for each variant; equal shares where there are none
    weights: NotRequired[list[int]]


class ListedWorkspace(TypedDict):
    #: Id of the workspace
    id: str
    name: str
    #: Of the pages that end users meet: their primary button, and in a readable shade the focus
    color: str | None
    #: Origins that our popup pages may post their message to
    allowed_origins: list[str]
    #: Exact addresses that people may be sent back to
    return_urls: list[str]
    #: Lets connect sessions skip the check that the person who consents is the end user. A forwarded link then binds whoever follows it.
    allow_direct_links: bool
    #: The name of the plan
    plan: str | None
    #: Told to apps; nothing is turned off when it passes
    plan_expires_at: str | None
    #: Unlimited where nothing is set
    quotas: WorkspaceQuotas
    #: null: everything. A list turns off what it does not hold of mcp, import, direct_links, end_user_tokens; other names are told to apps.
    features: list[str] | None
    experiments: list[WorkspaceExperiment]
    #: RFC 3339, UTC
    created_at: str


class McpServer(TypedDict):
    #: Id of the MCP server
    id: str
    mcp_server: str
    mcp_server_name: str
    mcp_server_access_id: int
    access_type: Literal["read", "write"]
    auth_method: Literal["oauth"]
    status: Literal["pending", "active", "needs_reauth", "revoked"]
    connection_id: str | None
    mcp_url: str
    scopes: list[str]
    #: RFC 3339, UTC
    created_at: str


class McpServerInstance(TypedDict):
    #: Id of the MCP server
    id: str
    mcp_server: str
    mcp_server_name: str
    mcp_server_access_id: int
    access_type: Literal["read", "write"]
    auth_method: Literal["oauth"]
    status: Literal["pending", "active", "needs_reauth", "revoked"]
    connection_id: str | None
    mcp_url: str
    scopes: list[str]
    #: RFC 3339, UTC
    created_at: str
    #: Why its connection is not active
    reason: str | None
    #: Whose connection it stands on; null for the workspace's own
    end_user: EndUser | None
    account: ConnectionAccount | None


class McpServerToolTool(TypedDict):
    name: str
    title: str
    description: str
    #: Whether it reads only
    access: Literal["read", "write"]
    #: What it changes may not be brought back
    destructive: bool
    #: Doing it twice does no more than once
    idempotent: bool
    #: JSON Schema of the arguments
    input_schema: dict[str, Any]
    runnable: bool


class McpServerTool(TypedDict):
    tools: list[McpServerToolTool]


class McpServiceScopes(TypedDict):
    read: list[str]
    write: list[str]


class McpService(TypedDict):
    mcp_server: str
    mcp_server_name: str
    auth_methods: list[Literal["oauth"]]
    access_types: list[Literal["read", "write"]]
    scopes: McpServiceScopes
    #: Whether the workspace has an integration for it
    configured: bool
    instances: list[McpServer]


class Member(TypedDict):
    #: Id of the member
    id: str
    email: str
    name: str | None
    #: owner and admin: everything, but only owners make and change owners; developer: everything but `admin`; viewer: reads, no tokens
    role: Literal["owner", "admin", "developer", "viewer"]
    #: false where an outside provider is the only way to sign in
    has_password: bool
    #: RFC 3339, UTC
    created_at: str
    last_signed_in_at: str | None


class MemberSession(TypedDict):
    #: Id of the session
    id: str
    #: Whether this request came in it
    current: bool
    #: RFC 3339, UTC
    created_at: str
    #: Accurate to a minute
    last_seen_at: str
    #: At the latest; sooner when it is not used
    expires_at: str
    #: IPv4 address, or IPv6 /64, of the sign-in
    network: str
    #: As the browser calls itself, such as "Firefox on Linux"
    browser: str | None


class NewApiKey(TypedDict):
    #: Id of the API key
    id: str
    name: str
    scopes: list[Literal["integrations:read", "integrations:write", "connections:read", "connections:write", "tokens:read", "proxy:call", "mcp:read", "mcp:write", "mcp:manage", "clients:write", "webhooks:write", "events:read", "admin", "connections:export"]]
    app_id: str | None
    #: Providers of the catalogue that it is narrowed to, besides `integrations`; null: to none
    providers: list[str] | None
    #: Integrations that it is narrowed to, besides `providers`; null: to none
    integrations: list[str] | None
    #: Source networks from which it may be used; null: from anywhere
    networks: list[str] | None
    created_by: str | None
    #: RFC 3339, UTC
    created_at: str
    expires_at: str | None
    #: Accurate to a minute
    last_used_at: str | None
    #: Until when the secret before the last rotation works on; null when it does not
    previous_secret_ends_at: str | None
    #: Shown once
    secret: str


class NewConnectSession(TypedDict):
    #: Id of the connect session
    id: str
    connect_url: str
    start_token: str
    #: Works for 10 minutes; null where the person chooses among several integrations first
    authorization_url: str | None
    #: Reads the status and finishes; belongs in the Authorization header only
    connect_token: str
    #: RFC 3339, UTC
    expires_at: str
    #: null where the person chooses
    provider_name: str | None


class NewEndUserToken(TypedDict):
    #: Shown once
    token: str
    end_user_id: str
    scopes: list[str]
    #: RFC 3339, UTC
    expires_at: str


class NewInvitation(TypedDict):
    #: Id of the invitation
    id: str
    #: null: the owner's sign-up link
    email: str | None
    #: owner and admin: everything, but only owners make and change owners; developer: everything but `admin`; viewer: reads, no tokens
    role: Literal["owner", "admin", "developer", "viewer"]
    invited_by: str | None
    #: RFC 3339, UTC
    created_at: str
    #: RFC 3339, UTC
    expires_at: str
    #: Shown once
    link: str


class NewManageLink(TypedDict):
    #: Shown once
    url: str
    #: RFC 3339, UTC
    expires_at: str


class NewMcpServer(TypedDict):
    #: Id of the MCP server
    id: str
    mcp_server: str
    mcp_server_name: str
    mcp_server_access_id: int
    access_type: Literal["read", "write"]
    auth_method: Literal["oauth"]
    status: Literal["pending", "active", "needs_reauth", "revoked"]
    connection_id: str | None
    mcp_url: str
    scopes: list[str]
    #: RFC 3339, UTC
    created_at: str
    authorization_url: str | None
    connect_url: str | None
    connect_token: str | None
    connect_session_id: str | None
    expires_at: str | None


class OAuthClientSecret(TypedDict):
    #: RFC 3339, UTC
    created_at: str
    ends_at: str | None


class NewOAuthClient(TypedDict):
    #: Id of the OAuth client
    id: str
    #: What the app calls itself by at the authorization server
    client_id: str
    client_name: str | None
    redirect_uris: list[str]
    grant_types: list[str]
    response_types: list[str]
    token_endpoint_auth_method: str
    application_type: Literal["web", "native"]
    scope: str
    jwks: dict[str, Any] | None
    jwks_uri: str | None
    client_uri: str | None
    logo_uri: str | None
    policy_uri: str | None
    tos_uri: str | None
    #: `registered`: it registered itself, with a registration token
    origin: Literal["api", "registered"]
    #: Which secrets open it now, oldest first; two while a rotation overlaps
    secrets: list[OAuthClientSecret]
    #: RFC 3339, UTC
    created_at: str
    #: RFC 3339, UTC
    updated_at: str
    #: Accurate to a day
    last_used_at: str | None
    #: Shown once; null where it has none
    client_secret: str | None


class NewRegistrationToken(TypedDict):
    #: Id of the registration token
    id: str
    name: str
    #: RFC 3339, UTC
    created_at: str
    expires_at: str | None
    last_used_at: str | None
    #: Shown once
    token: str


class NewWebhookEndpoint(TypedDict):
    #: Id of the endpoint
    id: str
    #: Where messages are posted to
    url: str
    #: Which events it hears of; empty: all of these
    types: list[Literal["connection.created", "connection.reconnected", "connection.refresh_failed", "connection.needs_reauth", "connection.recovered", "connection.revoked", "connection.expiring", "break_glass.started", "break_glass.finished"]]
    description: str
    app_id: str | None
    enabled: bool
    #: `failing`: for five days nothing arrived. `gone`: it answered 410. `by_hand`
    disabled_reason: str | None
    #: null while messages arrive
    failing_since: str | None
    #: When the message that failed last is tried again
    next_try_at: str | None
    #: Until when messages carry a signature by the secret before too
    old_secret_until: str | None
    #: RFC 3339, UTC
    created_at: str
    #: RFC 3339, UTC
    updated_at: str
    #: Signs the messages (`whsec_…`). Shown once
    secret: str


class NewWorkspace(TypedDict):
    #: Id of the workspace
    id: str
    name: str
    #: Shown once
    api_key: str
    #: Makes whoever opens it first the owner; once, for 7 days. Shown once
    owner_link: str


class OAuthClient(TypedDict):
    #: Id of the OAuth client
    id: str
    #: What the app calls itself by at the authorization server
    client_id: str
    client_name: str | None
    redirect_uris: list[str]
    grant_types: list[str]
    response_types: list[str]
    token_endpoint_auth_method: str
    application_type: Literal["web", "native"]
    scope: str
    jwks: dict[str, Any] | None
    jwks_uri: str | None
    client_uri: str | None
    logo_uri: str | None
    policy_uri: str | None
    tos_uri: str | None
    #: `registered`: it registered itself, with a registration token
    origin: Literal["api", "registered"]
    #: Which secrets open it now, oldest first; two while a rotation overlaps
    secrets: list[OAuthClientSecret]
    #: RFC 3339, UTC
    created_at: str
    #: RFC 3339, UTC
    updated_at: str
    #: Accurate to a day
    last_used_at: str | None


class OperatorBreakGlassCriteria(TypedDict):
    provider: NotRequired[str]
    #: Connected from then on
    created_since: NotRequired[str]
    #: Connected before then
    created_until: NotRequired[str]
    #: A token was read, or a call made with it, from then on; with `api_key_id` by that key. By the audit log
    read_since: NotRequired[str]
    #: The same, before then
    read_until: NotRequired[str]
    #: Id of the integration
    integration_id: NotRequired[str]
    #: Id of the app
    app_id: NotRequired[str]
    end_user_id: NotRequired[str]
    #: Id of an API key, also of one that has ended: the connections whose tokens it read, or whose APIs it called, itself or by tokens that it minted for end users
    api_key_id: NotRequired[str]
    #: Every connection there is: must be said, and alone
    everything: NotRequired[Literal[True]]
    #: Id of the one workspace
    workspace_id: NotRequired[str]
    #: Those of every workspace
    all_workspaces: NotRequired[Literal[True]]


class OverviewConnections(TypedDict):
    pending: int
    active: int
    needs_reauth: int
    #: Ended; they stay as a record
    revoked: int
    #: All but the ended ones
    living: int


class OverviewByIntegration(TypedDict):
    pending: int
    active: int
    needs_reauth: int
    #: Ended; they stay as a record
    revoked: int
    #: Id of the integration
    integration_id: str
    #: null where the integration is gone
    label: str | None
    #: null for a generic integration
    provider: str | None
    provider_name: str | None


class OverviewNeedsReauthReason(TypedDict):
    reason: str
    connections: int


class OverviewNeedsReauth(TypedDict):
    total: int
    #: The most frequent first
    reasons: list[OverviewNeedsReauthReason]


class OverviewEnding(TypedDict):
    days: int
    #: RFC 3339, UTC
    before: str
    connections: int
    first_ends_at: str | None


class OverviewToday(TypedDict):
    #: Begin of the day, UTC
    since: str
    token_reads: int
    #: Requests and tool calls that went to providers' APIs
    proxy_calls: int


class Overview(TypedDict):
    #: When this was counted: with many connections up to a minute ago
    as_of: str
    has_integrations: bool
    #: Whether there is any, ended ones too: false tells a workspace that is new
    has_connections: bool
    integrations: int
    connections: OverviewConnections
    #: Those with most living connections first; integrations without any come last
    by_integration: list[OverviewByIntegration]
    needs_reauth: OverviewNeedsReauth
    #: Active connections that a person must connect again before that time: `ends_at` of the connection tells when. `GET /connections?ending_before=` lists them.
    ending: OverviewEnding
    #: Counted as they happen and added up every 10 seconds by each process: what a process counted since is lost where it is killed
    today: OverviewToday


class PreviewBreakGlassInput(TypedDict):
    #: Which connections: those that fit all that is said
    criteria: BreakGlassCriteria


class PreviewOperatorBreakGlassInput(TypedDict):
    #: Which connections: those that fit all that is said
    criteria: OperatorBreakGlassCriteria


class ProviderParam(TypedDict):
    name: str
    label: str
    description: str | None
    example: str | None
    default: str | None


class ProviderScope(TypedDict):
    scope: str
    sentence: str


class ProviderScopes(TypedDict):
    read: list[ProviderScope]
    write: list[ProviderScope]
    #: Asked for in any case
    always: list[ProviderScope]


class ProviderTools(TypedDict):
    read: int
    write: int


class Provider(TypedDict):
    provider: str
    name: str
    category: str
    docs_url: str
    grant_types: list[str]
    authorization_url: str
    token_url: str
    revocation_url: str | None
    api_base_url: str | None
    #: The redirect URI to register at the provider; an integration with `params` or endpoints of its own has another: `POST /integrations/redirect-uri` tells it
    redirect_uri: str
    #: Where an OAuth app is registered there
    register_url: str | None
    #: What whoever registers an app there should know
    notes: str | None
    #: What an integration must tell, as `params`, before the addresses are complete
    params: list[ProviderParam]
    scopes: ProviderScopes
    quirks: dict[str, Any]
    #: What differs there from OAuth as it is written, in sentences
    hints: list[str]
    has_tools: bool
    #: How many
    tools: ProviderTools
    #: How many the workspace has for it, as far as the credential reaches; null without integrations:read
    integrations: int | None


class RefreshAttempt(TypedDict):
    #: Id of the attempt
    id: str
    #: A person's consent, a refresh, the client's own grant again, or tokens brought from elsewhere
    kind: Literal["code", "refresh", "regrant", "import"]
    #: When it was sent
    at: str
    #: When tokens came; null where none did
    received_at: str | None
    #: stored: the tokens were taken into use. superseded: tokens came, but the connection had moved on. refused: the provider ended the grant. transient: no tokens, the grant untouched. uncertain: the provider may have acted, and nothing was heard. lost: so it was, and the connection had to be given up
    outcome: Literal["in_flight", "stored", "superseded", "refused", "transient", "uncertain", "lost"]
    #: The provider's error code, or ours where it gave none
    provider_error: str | None
    #: The provider's own words
    provider_error_description: str | None
    #: When the next refresh is due; told with the newest attempt only
    next_try_at: str | None


class RefreshFigureFigureLag(TypedDict):
    #: Those that it was measured of
    refreshes: int
    p50: float
    p95: float
    max: float


class RefreshFigureFigureAnswer(TypedDict):
    mean: float
    max: float


class RefreshFigureFigure(TypedDict):
    #: Begin of the hour or day, UTC
    at: str
    #: null for a generic integration
    provider: str | None
    #: null where a provider is named: its integrations are taken together
    integration_id: str | None
    #: Of the provider, or the label of the integration; null where it is gone
    name: str | None
    #: New tokens came
    stored: int
    #: The provider said that the grant is over
    refused: int
    #: No new tokens, and the grant untouched: an outage, or a limit of the provider
    transient: int
    #: The provider may have acted, and half a minute later nothing was known
    uncertain: int
    #: Seconds from when a refresh was due, as it was planned, until it was sent. Of first tries alone: a retry is due by its backoff; one that was asked for before it was due has none; what was put off while the provider failed counts from the new time. p50 and p95 are rounded up to 1, 2, 4, 8 … seconds, and to max at most, which is exact
    lag: RefreshFigureFigureLag | None
    #: Seconds from sending until the new tokens were here, of those that were stored
    answer: RefreshFigureFigureAnswer | None


class RefreshFigure(TypedDict):
    bucket: Literal["hour", "day"]
    #: Begin of the first hour or day
    since: str
    #: RFC 3339, UTC
    until: str
    #: By time, oldest first; where nothing was refreshed there is none
    figures: list[RefreshFigureFigure]


class RegistrationToken(TypedDict):
    #: Id of the registration token
    id: str
    name: str
    #: RFC 3339, UTC
    created_at: str
    expires_at: str | None
    last_used_at: str | None


class ReserveRedirectUriAnswer(TypedDict):
    #: Register exactly this at the provider, and save the integration with it
    redirect_uri: str
    #: Until when it is kept; null where it is the catalogue's, for every integration of that provider
    expires_at: str | None


class ReserveRedirectUriInput(TypedDict):
    provider: NotRequired[str | None]
    #: Where it differs from the provider's
    authorization_url: NotRequired[str]
    #: Where it differs from the provider's
    token_url: NotRequired[str]
    #: Values for the {placeholders} of the endpoints
    params: NotRequired[dict[str, str]]


class RestoresRestore(TypedDict):
    #: Counts up from 1
    epoch: int
    #: RFC 3339, UTC
    restored_at: str
    #: When the backup was taken, as far as is known
    taken_at: str | None


class RestoresConnections(TypedDict):
    #: Active connections whose tokens came back and have not been renewed since: their refresh token may have been replaced
    unproven: int
    #: Connections whose refresh token had been replaced: reason `restored`
    needs_reauth: int


class RestoresWorkspace(TypedDict):
    #: Id of the workspace
    id: str
    name: str
    #: Active connections whose tokens came back and have not been renewed since: their refresh token may have been replaced
    unproven: int
    #: Connections whose refresh token had been replaced: reason `restored`
    needs_reauth: int


class Restores(TypedDict):
    #: Newest first
    restores: list[RestoresRestore]
    connections: RestoresConnections
    #: Where there are any; at most 200, those with the most first
    workspaces: list[RestoresWorkspace]


class RotateDataKeysAnswer(TypedDict):
    #: How many data keys are followed by another
    rotating: int


class RotateDataKeysInput(TypedDict):
    #: Whose: id of a workspace, `deployment` (the deployment's own secrets) or `all`
    of: str


class RotateWebhookSecretInput(TypedDict):
    #: Seconds in which the old secret signs too
    overlap_seconds: NotRequired[int]


class RotatedApiKey(TypedDict):
    #: Id of the API key
    id: str
    name: str
    scopes: list[Literal["integrations:read", "integrations:write", "connections:read", "connections:write", "tokens:read", "proxy:call", "mcp:read", "mcp:write", "mcp:manage", "clients:write", "webhooks:write", "events:read", "admin", "connections:export"]]
    app_id: str | None
    #: Providers of the catalogue that it is narrowed to, besides `integrations`; null: to none
    providers: list[str] | None
    #: Integrations that it is narrowed to, besides `providers`; null: to none
    integrations: list[str] | None
    #: Source networks from which it may be used; null: from anywhere
    networks: list[str] | None
    created_by: str | None
    #: RFC 3339, UTC
    created_at: str
    expires_at: str | None
    #: Accurate to a minute
    last_used_at: str | None
    #: RFC 3339, UTC
    previous_secret_ends_at: str
    #: Shown once
    secret: str


class RotatedOAuthClient(TypedDict):
    #: Id of the OAuth client
    id: str
    #: What the app calls itself by at the authorization server
    client_id: str
    client_name: str | None
    redirect_uris: list[str]
    grant_types: list[str]
    response_types: list[str]
    token_endpoint_auth_method: str
    application_type: Literal["web", "native"]
    scope: str
    jwks: dict[str, Any] | None
    jwks_uri: str | None
    client_uri: str | None
    logo_uri: str | None
    policy_uri: str | None
    tos_uri: str | None
    #: `registered`: it registered itself, with a registration token
    origin: Literal["api", "registered"]
    #: Which secrets open it now, oldest first; two while a rotation overlaps
    secrets: list[OAuthClientSecret]
    #: RFC 3339, UTC
    created_at: str
    #: RFC 3339, UTC
    updated_at: str
    #: Accurate to a day
    last_used_at: str | None
    #: Shown once
    client_secret: str
    #: null where there was none
    previous_secret_ends_at: str | None


class RunMcpServerToolAnswerContent(TypedDict):
    type: Literal["text"]
    text: str


class RunMcpServerToolAnswer(TypedDict):
    content: list[RunMcpServerToolAnswerContent]
    #: The same as it is, where it is an object
    structured_content: dict[str, Any] | None
    is_error: bool


class RunMcpServerToolInput(TypedDict):
    arguments: NotRequired[dict[str, Any]]


class ServerDiagnosisCredential(TypedDict):
    kind: Literal["api_key", "member"]
    scopes: list[str]
    app_id: str | None
    expires_at: str | None


class ServerFinding(TypedDict):
    check: Literal["https", "sandbox", "encryption_key", "credential"]
    #: unknown: neither the provider nor what was seen before tells
    status: Literal["ok", "warning", "failed", "unknown"]
    what: str
    #: The one change that mends it; null where nothing needs mending
    todo: str | None
    #: Where to make it: a field of the integration, `provider`, or a setting of the server's
    where: str | None


class ServerDiagnosis(TypedDict):
    version: str
    public_url: str
    #: By the clock that all expiry is judged by
    time: str
    database: Literal["sqlite", "postgres"]
    sandbox: bool
    credential: ServerDiagnosisCredential
    findings: list[ServerFinding]


class StartBreakGlassInput(TypedDict):
    #: Which connections: those that fit all that is said
    criteria: BreakGlassCriteria
    #: Revoke at the provider also where that ends connections that were not chosen: those of the same account, or on the same tokens
    force: NotRequired[bool]
    #: End the API key of the criteria too, before anything else
    delete_api_key: NotRequired[bool]


class StartOperatorBreakGlassInput(TypedDict):
    #: Which connections: those that fit all that is said
    criteria: OperatorBreakGlassCriteria
    #: Revoke at the provider also where that ends connections that were not chosen: those of the same account, or on the same tokens
    force: NotRequired[bool]
    #: End the API key of the criteria too, before anything else
    delete_api_key: NotRequired[bool]


class UpdateConnectionInput(TypedDict):
    #: In place of its integration's; null: as its integration says
    proxy_policy: ProxyPolicy | None


class UpdateIdentityProviderInput(TypedDict):
    #: What the button says: "Sign in with …"
    label: NotRequired[str]
    client_id: NotRequired[str]
    #: null for a public client
    client_secret: NotRequired[str | None]
    #: Besides `openid`
    scopes: NotRequired[list[str]]


class UpdateIntegrationInput(TypedDict):
    label: NotRequired[str]
    authorization_url: NotRequired[str]
    token_url: NotRequired[str]
    revocation_url: NotRequired[str | None]
    issuer: NotRequired[str]
    client_id: NotRequired[str]
    client_secret: NotRequired[str]
    scope: NotRequired[str]
    redirect_uri: NotRequired[str]
    api_base_url: NotRequired[str | None]
    tenant_id: NotRequired[str | None]
    token_auth_method: NotRequired[Literal["auto", "client_secret_basic", "client_secret_post", "none"]]
    extra_authorize_params: NotRequired[dict[str, str]]
    #: What may be called with its connections; null: everything
    proxy_policy: NotRequired[ProxyPolicy | None]
    #: Values for the {placeholders} of the endpoints
    params: NotRequired[dict[str, str]]
    validate: NotRequired[bool]


class UpdateMemberInput(TypedDict):
    #: owner and admin: everything, but only owners make and change owners; developer: everything but `admin`; viewer: reads, no tokens
    role: NotRequired[Literal["owner", "admin", "developer", "viewer"]]
    name: NotRequired[str | None]


class UpdateOAuthClientInput(TypedDict):
    #: What people are shown when they are asked
    client_name: NotRequired[str]
    #: Compared exactly
    redirect_uris: NotRequired[list[str]]
    grant_types: NotRequired[list[Literal["authorization_code", "refresh_token", "client_credentials", "urn:ietf:params:oauth:grant-type:device_code", "urn:ietf:params:oauth:grant-type:token-exchange"]]]
    token_endpoint_auth_method: NotRequired[Literal["none", "client_secret_basic", "client_secret_post", "private_key_jwt"]]
    application_type: NotRequired[Literal["web", "native"]]
    #: The scopes that it may ask people for, separated by spaces
    scope: NotRequired[str]
    jwks: NotRequired[CreateOAuthClientInputJwks | None]
    jwks_uri: NotRequired[str | None]
    client_uri: NotRequired[str | None]
    logo_uri: NotRequired[str | None]
    policy_uri: NotRequired[str | None]
    tos_uri: NotRequired[str | None]


class UpdateWebhookEndpointInput(TypedDict):
    #: Where messages are posted to
    url: NotRequired[str]
    #: Which events it hears of; empty: all of these
    types: NotRequired[list[Literal["connection.created", "connection.reconnected", "connection.refresh_failed", "connection.needs_reauth", "connection.recovered", "connection.revoked", "connection.expiring", "break_glass.started", "break_glass.finished"]]]
    description: NotRequired[str]
    enabled: NotRequired[bool]


class UpdateWorkspaceInput(TypedDict):
    name: NotRequired[str]
    #: Of the pages that end users meet: their primary button, and in a readable shade the focus
    color: NotRequired[str | None]
    #: Origins that our popup pages may post their message to
    allowed_origins: NotRequired[list[str]]
    #: Exact addresses that people may be sent back to
    return_urls: NotRequired[list[str]]
    #: Lets connect sessions skip the check that the person who consents is the end user. A forwarded link then binds whoever follows it.
    allow_direct_links: NotRequired[bool]
    #: Shown on the pages that end users meet: a PNG, JPEG or WebP picture as a data URL, at most 32768 bytes and 1024 pixels wide and high
    logo: NotRequired[str | None]
    #: The name of the plan
    plan: NotRequired[str | None]
    #: Told to apps; nothing is turned off when it passes
    plan_expires_at: NotRequired[str | None]
    #: Unlimited where nothing is set
    quotas: NotRequired[WorkspaceQuotas]
    #: null: everything. A list turns off what it does not hold of mcp, import, direct_links, end_user_tokens; other names are told to apps.
    features: NotRequired[list[str] | None]
    experiments: NotRequired[list[WorkspaceExperiment]]


class UpdateWorkspacePlanInput(TypedDict):
    name: NotRequired[str]
    #: The name of the plan
    plan: NotRequired[str | None]
    #: Told to apps; nothing is turned off when it passes
    plan_expires_at: NotRequired[str | None]
    #: Unlimited where nothing is set
    quotas: NotRequired[WorkspaceQuotas]
    #: null: everything. A list turns off what it does not hold of mcp, import, direct_links, end_user_tokens; other names are told to apps.
    features: NotRequired[list[str] | None]
    experiments: NotRequired[list[WorkspaceExperiment]]


class UsageQuota(TypedDict):
    name: Literal["connections", "mcp_servers", "calls_per_minute"]
    #: null: unlimited
    limit: int | None
    #: Living connections (with many of them as counted within the last minute), MCP servers, or the calls of this minute; null for calls that are not limited, which are not counted
    used: int | None


class Usage(TypedDict):
    plan: str | None
    plan_expires_at: str | None
    quotas: list[UsageQuota]


class VaultRootKey(TypedDict):
    #: Tells root keys apart and says nothing about them
    id: str
    #: How many data keys it wraps
    data_keys: int
    #: Whether the process that answers wraps new data keys by it
    wraps_here: bool
    #: Whether every data key is being wrapped by it
    to_wrap_all: bool
    #: Whether the process that answers was given it
    known: bool


class VaultDataKeys(TypedDict):
    sealing: int
    former: int
    retired: int


class VaultBackEnd(TypedDict):
    name: Literal["database", "aws-secrets-manager", "openbao"]
    #: Whether the process that answers keeps new values there
    configured: bool
    #: How many rest there; null: of the database they are not counted
    values: int | None
    #: Values there that nobody needs any more, and that are removed by and by
    to_remove: int


class VaultValues(TypedDict):
    #: Values that are still to be sealed anew or moved to the configured back end, as of the last look
    left: int
    #: Of those, the ones that do not open: changed, moved or rolled back
    refused: int
    #: Workspaces whose values have not been counted yet
    workspaces_to_look_at: int


class Vault(TypedDict):
    #: One that wraps no data key is not needed any more
    root_keys: list[VaultRootKey]
    data_keys: VaultDataKeys
    #: Where values rest, besides those of a few minutes, which stay in the database
    back_ends: list[VaultBackEnd]
    values: VaultValues


class WebhookTry(TypedDict):
    #: RFC 3339, UTC
    at: str
    #: What the receiver answered; null where nothing came
    status: int | None
    #: Why nothing came
    error: str | None
    #: How long that took
    ms: int
    #: The first 200 characters of a refusal
    answer: str | None


class WebhookDelivery(TypedDict):
    #: Id of the event: what the message calls itself in `webhook-id`
    id: str
    type: Literal["connection.created", "connection.reconnected", "connection.refresh_failed", "connection.needs_reauth", "connection.recovered", "connection.revoked", "connection.expiring", "break_glass.started", "break_glass.finished"]
    status: Literal["pending", "delivered", "failed"]
    #: The last of them, oldest first
    tries: list[WebhookTry]
    delivered_at: str | None


class WebhookEndpoint(TypedDict):
    #: Id of the endpoint
    id: str
    #: Where messages are posted to
    url: str
    #: Which events it hears of; empty: all of these
    types: list[Literal["connection.created", "connection.reconnected", "connection.refresh_failed", "connection.needs_reauth", "connection.recovered", "connection.revoked", "connection.expiring", "break_glass.started", "break_glass.finished"]]
    description: str
    app_id: str | None
    enabled: bool
    #: `failing`: for five days nothing arrived. `gone`: it answered 410. `by_hand`
    disabled_reason: str | None
    #: null while messages arrive
    failing_since: str | None
    #: When the message that failed last is tried again
    next_try_at: str | None
    #: Until when messages carry a signature by the secret before too
    old_secret_until: str | None
    #: RFC 3339, UTC
    created_at: str
    #: RFC 3339, UTC
    updated_at: str


class Workspace(TypedDict):
    #: Id of the workspace
    id: str
    name: str
    #: Of the pages that end users meet: their primary button, and in a readable shade the focus
    color: str | None
    #: Origins that our popup pages may post their message to
    allowed_origins: list[str]
    #: Exact addresses that people may be sent back to
    return_urls: list[str]
    #: Lets connect sessions skip the check that the person who consents is the end user. A forwarded link then binds whoever follows it.
    allow_direct_links: bool
    #: The name of the plan
    plan: str | None
    #: Told to apps; nothing is turned off when it passes
    plan_expires_at: str | None
    #: Unlimited where nothing is set
    quotas: WorkspaceQuotas
    #: null: everything. A list turns off what it does not hold of mcp, import, direct_links, end_user_tokens; other names are told to apps.
    features: list[str] | None
    experiments: list[WorkspaceExperiment]
    #: RFC 3339, UTC
    created_at: str
    #: Shown on the pages that end users meet: a PNG, JPEG or WebP picture as a data URL, at most 32768 bytes and 1024 pixels wide and high
    logo: str | None
    #: Who sets plan, quotas, features and experiments: an admin here, or whoever runs the deployment
    plan_set_by: Literal["workspace", "operator"]
