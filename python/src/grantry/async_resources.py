"""The resources of the API, and what can be done with each."""

# Written by scripts/sdk/generate.ts from /openapi.json. Change the contract (packages/api) or scripts/sdk/surface.ts, then run it.

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from .exchange import Call, Exchange, fill, given
from .pages import AsyncPages
from .resource import AsyncResource
from .transport import AsyncTransport
from .types import (
    AccessToken,
    Account,
    ApiKey,
    App,
    AuthorizedApp,
    AuthorizedAppDetails,
    BreakGlass,
    BreakGlassConnection,
    BreakGlassCriteria,
    BreakGlassPreview,
    ConnectSession,
    Connection,
    CreateManageLinkInputEndUser,
    CreateOAuthClientInputJwks,
    DataKey,
    Deleted,
    DiscoverIntegrationAnswer,
    EndUserInput,
    EndedAuthorizedApp,
    EndedConnection,
    EndedSessions,
    Event,
    EventChain,
    IdentityProvider,
    ImportConnectionInputTokens,
    ImportItem,
    ImportedConnections,
    Integration,
    IntegrationDiagnosis,
    Invitation,
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
    OperatorBreakGlassCriteria,
    Overview,
    Provider,
    ProxyPolicy,
    RefreshAttempt,
    RefreshFigure,
    RegistrationToken,
    ReserveRedirectUriAnswer,
    Restores,
    RotateDataKeysAnswer,
    RotatedApiKey,
    RotatedOAuthClient,
    RunMcpServerToolAnswer,
    ServerDiagnosis,
    Usage,
    Vault,
    WebhookDelivery,
    WebhookEndpoint,
    Workspace,
    WorkspaceExperiment,
    WorkspaceQuotas,
)
from .unset import UNSET, Unset


class AsyncConnectionsResource(AsyncResource):
    def list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        integration: str | None = None,
        provider: str | None = None,
        end_user: str | None = None,
        app: str | None = None,
        status: Literal["pending", "active", "needs_reauth", "revoked"] | None = None,
        reason: str | None = None,
        from_backup: Literal["true"] | None = None,
        ending_before: str | None = None,
        q: str | None = None,
    ) -> AsyncPages[Connection]:
        """List connections.

        ``GET /api/v1/connections``

        cursor: `next_cursor` of the page before
        integration: Id of the integration
        app: Id of the app
        reason: Why it is not active
        from_backup: Whose tokens came back with a restored backup and have not been renewed since
        ending_before: Active, and to be connected again by a person before then: by `ends_at`
        q: What an end user's id, e-mail address or name, or an account's id, label or e-mail address begins with, or one of the words of a name or label, or the domain of an address; in any case. Or a connection's id
        """
        return AsyncPages(self._transport, self._exchange, Call(
            "GET",
            "/api/v1/connections",
            {
                "limit": limit,
                "cursor": cursor,
                "integration": integration,
                "provider": provider,
                "end_user": end_user,
                "app": app,
                "status": status,
                "reason": reason,
                "from_backup": from_backup,
                "ending_before": ending_before,
                "q": q,
            },
        ))

    async def get(self, id: str) -> Connection:
        """Show a connection; never its tokens.

        ``GET /api/v1/connections/{id}``

        id: Id of the connection
        """
        answer: Connection = await self._item(Call(
            "GET",
            fill("/api/v1/connections/{id}", id=id),
        ))
        return answer

    async def import_(
        self,
        *,
        integration: str,
        tokens: ImportConnectionInputTokens,
        end_user: EndUserInput | None = None,
        app_id: str | None = None,
        scopes: Sequence[str] | None = None,
        metadata: Mapping[str, str] | None = None,
    ) -> Connection:
        """Bring tokens from elsewhere.

        Tokens that came with nothing but a refresh token are refreshed at once.

        ``POST /api/v1/connections``

        integration: Id of the integration
        app_id: Id of the app
        """
        answer: Connection = await self._item(Call(
            "POST",
            "/api/v1/connections",
            body=given({"integration": integration, "tokens": tokens}, {
                "end_user": end_user,
                "app_id": app_id,
                "scopes": scopes,
                "metadata": metadata,
            }),
        ))
        return answer

    async def import_many(self, *, items: Sequence[ImportItem], dry_run: bool | None = None) -> ImportedConnections:
        """Bring many connections from elsewhere.

        Each item stands for itself: what is wrong with one is told in its result, and the others are stored. Nothing is asked of providers here: a connection without a good access token is refreshed when it is first read, or by the background, at half the pace that its provider config allows.

        ``POST /api/v1/connections/import``

        dry_run: Judges every item and stores nothing
        """
        answer: ImportedConnections = await self._item(Call(
            "POST",
            "/api/v1/connections/import",
            body=given({"items": items}, {"dry_run": dry_run}),
        ))
        return answer

    async def update(self, id: str, *, proxy_policy: ProxyPolicy | None) -> Connection:
        """Change what may be called with a connection.

        ``PATCH /api/v1/connections/{id}``

        id: Id of the connection
        proxy_policy: In place of its integration's; null: as its integration says
        """
        answer: Connection = await self._item(Call(
            "PATCH",
            fill("/api/v1/connections/{id}", id=id),
            body={"proxy_policy": proxy_policy},
        ))
        return answer

    async def token(self, id: str, *, min_valid: int | None = None) -> AccessToken:
        """Get an access token that works.

        ``GET /api/v1/connections/{id}/token``

        id: Id of the connection
        min_valid: Seconds that the token must still be valid for
        """
        answer: AccessToken = await self._item(Call(
            "GET",
            fill("/api/v1/connections/{id}/token", id=id),
            {"min_valid": min_valid},
        ))
        return answer

    async def find_token(
        self,
        *,
        provider: str | None = None,
        integration: str | None = None,
        end_user: str | None = None,
        app: str | None = None,
        min_valid: int | None = None,
    ) -> AccessToken:
        """Get an access token by provider or integration and end user.

        ``GET /api/v1/token``

        provider: Of the catalogue, or the name that an integration was given
        integration: Id of the integration
        end_user: Absent: the workspace's own connection
        app: Id of the app
        min_valid: Seconds that the token must still be valid for
        """
        answer: AccessToken = await self._item(Call(
            "GET",
            "/api/v1/token",
            {
                "provider": provider,
                "integration": integration,
                "end_user": end_user,
                "app": app,
                "min_valid": min_valid,
            },
        ))
        return answer

    async def refresh(self, id: str) -> Connection:
        """Refresh now.

        ``POST /api/v1/connections/{id}/refresh``

        id: Id of the connection
        """
        answer: Connection = await self._item(Call(
            "POST",
            fill("/api/v1/connections/{id}/refresh", id=id),
        ))
        return answer

    def attempts(self, id: str, *, limit: int | None = None, cursor: str | None = None) -> AsyncPages[RefreshAttempt]:
        """See how its tokens were obtained and refreshed, newest first.

        ``GET /api/v1/connections/{id}/attempts``

        id: Id of the connection
        cursor: `next_cursor` of the page before
        """
        return AsyncPages(self._transport, self._exchange, Call(
            "GET",
            fill("/api/v1/connections/{id}/attempts", id=id),
            {"limit": limit, "cursor": cursor},
        ))

    async def delete(self, id: str, *, force: bool | None = None) -> EndedConnection:
        """End a connection here and at the provider.

        The tokens are unreadable at once; revoking at the provider is retried for up to 7 days.

        ``DELETE /api/v1/connections/{id}``

        id: Id of the connection
        force: Revoke at the provider even where that ends other connections of the same account
        """
        answer: EndedConnection = await self._item(Call(
            "DELETE",
            fill("/api/v1/connections/{id}", id=id),
            {"force": force},
        ))
        return answer


class AsyncConnectSessionsResource(AsyncResource):
    async def create(
        self,
        *,
        integration: str | None = None,
        provider: str | None = None,
        integrations: Sequence[str] | None = None,
        providers: Sequence[str] | None = None,
        end_user: EndUserInput | None = None,
        app_id: str | None = None,
        access_type: Literal["read", "write"] | None = None,
        scopes: Sequence[str] | None = None,
        binding: Literal["confirm", "finish", "direct"] | None = None,
        state: str | None = None,
        return_to: str | None = None,
        origin: str | None = None,
        connection_id: str | None = None,
        allow_account_change: bool | None = None,
    ) -> NewConnectSession:
        """Start connecting an account.

        Open `connect_url` (or, for a link that goes to the provider at once, `authorization_url`) in the browser of the end user. `binding` says how it is made sure that the person who consents is that end user. Name one integration (by `integration` or `provider`), several (`integrations`, `providers`), or none: then the person chooses, among those or all of the workspace, at `connect_url`.

        ``POST /api/v1/connect-sessions``

        integration: Id of the integration
        integrations: The person chooses one of these, and of `providers`
        end_user: Without one the connection is the workspace's own
        app_id: Id of the app
        access_type: The catalogue's scopes for reading or for writing
        state: Yours; comes back with return_to
        origin: The page that opens the popup
        connection_id: Id of the connection to renew
        """
        answer: NewConnectSession = await self._item(Call(
            "POST",
            "/api/v1/connect-sessions",
            body=given({}, {
                "integration": integration,
                "provider": provider,
                "integrations": integrations,
                "providers": providers,
                "end_user": end_user,
                "app_id": app_id,
                "access_type": access_type,
                "scopes": scopes,
                "binding": binding,
                "state": state,
                "return_to": return_to,
                "origin": origin,
                "connection_id": connection_id,
                "allow_account_change": allow_account_change,
            }),
        ))
        return answer

    async def get(self, id: str) -> ConnectSession:
        """Follow a connect session.

        ``GET /api/v1/connect-sessions/{id}``

        id: Id of the connect session
        """
        answer: ConnectSession = await self._item(Call(
            "GET",
            fill("/api/v1/connect-sessions/{id}", id=id),
        ))
        return answer

    async def finish(self, id: str, *, code: str, end_user_id: str | None | Unset = UNSET) -> Connection:
        """Finish connecting.

        With an API key, name the end user whom *your* server has signed in. In the other bindings `code` is a receipt for a connection that is already made.

        ``POST /api/v1/connect-sessions/{id}/finish``

        id: Id of the connect session
        """
        answer: Connection = await self._item(Call(
            "POST",
            fill("/api/v1/connect-sessions/{id}/finish", id=id),
            body={"code": code, "end_user_id": end_user_id},
        ))
        return answer


class AsyncEndUserTokensResource(AsyncResource):
    async def create(
        self,
        *,
        end_user: EndUserInput,
        scopes: Sequence[Literal["connections:read", "connections:write", "tokens:read", "proxy:call", "mcp:read", "mcp:write"]],
        app_id: str | None = None,
        ttl: int | None = None,
    ) -> NewEndUserToken:
        """Mint a short-lived token that reaches one end user's connections only.

        ``POST /api/v1/end-user-tokens``

        scopes: No more than the API key has itself
        app_id: Id of the app
        ttl: Seconds
        """
        answer: NewEndUserToken = await self._item(Call(
            "POST",
            "/api/v1/end-user-tokens",
            body=given({"end_user": end_user, "scopes": scopes}, {"app_id": app_id, "ttl": ttl}),
        ))
        return answer


class AsyncManageLinksResource(AsyncResource):
    async def create(
        self,
        *,
        end_user: CreateManageLinkInputEndUser,
        app_id: str | None = None,
    ) -> NewManageLink:
        """Make a link to an end user's own page.

        There they see their connections, what each may do and when it was last used, and disconnect or reconnect them. The link works once, for 10 minutes; the page it opens stays open for 30 minutes in that browser. Whoever opens it can do that: make it when the end user whom *you* have signed in asks for it, and redirect their browser there.

        ``POST /api/v1/manage-links``

        app_id: Only this app's connections
        """
        answer: NewManageLink = await self._item(Call(
            "POST",
            "/api/v1/manage-links",
            body=given({"end_user": end_user}, {"app_id": app_id}),
        ))
        return answer


class AsyncIntegrationsResource(AsyncResource):
    def list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        provider: str | None = None,
        app: str | None = None,
        tenant: str | None = None,
    ) -> AsyncPages[Integration]:
        """List integrations.

        ``GET /api/v1/integrations``

        cursor: `next_cursor` of the page before
        app: Id of the app
        """
        return AsyncPages(self._transport, self._exchange, Call(
            "GET",
            "/api/v1/integrations",
            {
                "limit": limit,
                "cursor": cursor,
                "provider": provider,
                "app": app,
                "tenant": tenant,
            },
        ))

    async def get(self, id: str) -> Integration:
        """Show an integration; never its secret.

        ``GET /api/v1/integrations/{id}``

        id: Id of the integration
        """
        answer: Integration = await self._item(Call(
            "GET",
            fill("/api/v1/integrations/{id}", id=id),
        ))
        return answer

    async def create(
        self,
        *,
        label: str,
        client_id: str,
        authorization_url: str | None = None,
        token_url: str | None = None,
        revocation_url: str | None = None,
        issuer: str | None = None,
        client_secret: str | None = None,
        scope: str | None = None,
        redirect_uri: str | None = None,
        api_base_url: str | None = None,
        tenant_id: str | None = None,
        token_auth_method: Literal["auto", "client_secret_basic", "client_secret_post", "none"] | None = None,
        extra_authorize_params: Mapping[str, str] | None = None,
        proxy_policy: ProxyPolicy | None | Unset = UNSET,
        params: Mapping[str, str] | None = None,
        provider: str | None | Unset = UNSET,
        grant_type: Literal["authorization_code", "client_credentials", "refresh_token"] | None = None,
        refresh_token: str | None = None,
        app_id: str | None = None,
        validate: bool | None = None,
    ) -> Integration:
        """Add an OAuth app at a provider.

        Checks the endpoints and the credentials against the provider before anything is stored.

        ``POST /api/v1/integrations``

        proxy_policy: What may be called with its connections; null: everything
        params: Values for the {placeholders} of the endpoints
        app_id: Id of the app it belongs to
        """
        answer: Integration = await self._item(Call(
            "POST",
            "/api/v1/integrations",
            body=given({
                "label": label,
                "client_id": client_id,
                "proxy_policy": proxy_policy,
                "provider": provider,
            }, {
                "authorization_url": authorization_url,
                "token_url": token_url,
                "revocation_url": revocation_url,
                "issuer": issuer,
                "client_secret": client_secret,
                "scope": scope,
                "redirect_uri": redirect_uri,
                "api_base_url": api_base_url,
                "tenant_id": tenant_id,
                "token_auth_method": token_auth_method,
                "extra_authorize_params": extra_authorize_params,
                "params": params,
                "grant_type": grant_type,
                "refresh_token": refresh_token,
                "app_id": app_id,
                "validate": validate,
            }),
        ))
        return answer

    async def update(
        self,
        id: str,
        *,
        label: str | None = None,
        authorization_url: str | None = None,
        token_url: str | None = None,
        revocation_url: str | None | Unset = UNSET,
        issuer: str | None = None,
        client_id: str | None = None,
        client_secret: str | None = None,
        scope: str | None = None,
        redirect_uri: str | None = None,
        api_base_url: str | None | Unset = UNSET,
        tenant_id: str | None | Unset = UNSET,
        token_auth_method: Literal["auto", "client_secret_basic", "client_secret_post", "none"] | None = None,
        extra_authorize_params: Mapping[str, str] | None = None,
        proxy_policy: ProxyPolicy | None | Unset = UNSET,
        params: Mapping[str, str] | None = None,
        validate: bool | None = None,
    ) -> Integration:
        """Change an integration.

        What would reach the provider differently is checked as on creation. null takes away what it had.

        ``PATCH /api/v1/integrations/{id}``

        id: Id of the integration
        proxy_policy: What may be called with its connections; null: everything
        params: Values for the {placeholders} of the endpoints
        """
        answer: Integration = await self._item(Call(
            "PATCH",
            fill("/api/v1/integrations/{id}", id=id),
            body=given({
                "revocation_url": revocation_url,
                "api_base_url": api_base_url,
                "tenant_id": tenant_id,
                "proxy_policy": proxy_policy,
            }, {
                "label": label,
                "authorization_url": authorization_url,
                "token_url": token_url,
                "issuer": issuer,
                "client_id": client_id,
                "client_secret": client_secret,
                "scope": scope,
                "redirect_uri": redirect_uri,
                "token_auth_method": token_auth_method,
                "extra_authorize_params": extra_authorize_params,
                "params": params,
                "validate": validate,
            }),
        ))
        return answer

    async def validate(self, id: str) -> Integration:
        """Run the checks of saving again.

        ``POST /api/v1/integrations/{id}/validate``

        id: Id of the integration
        """
        answer: Integration = await self._item(Call(
            "POST",
            fill("/api/v1/integrations/{id}/validate", id=id),
        ))
        return answer

    async def diagnose(self, id: str, *, ask: bool | None = None) -> IntegrationDiagnosis:
        """Find out what is wrong with an integration, and what mends it.

        Asks the provider what it answers without a person, and reads what connects and refreshes have shown. Nothing is stored, and no grant is touched.

        ``POST /api/v1/integrations/{id}/diagnosis``

        id: Id of the integration
        ask: false: judge by what has been seen; the provider is not called
        """
        answer: IntegrationDiagnosis = await self._item(Call(
            "POST",
            fill("/api/v1/integrations/{id}/diagnosis", id=id),
            {"ask": ask},
        ))
        return answer

    async def discover(self, *, issuer: str) -> DiscoverIntegrationAnswer:
        """Ask an issuer for what an integration needs.

        By OpenID Connect Discovery, else RFC 8414. Nothing is stored. An issuer that gives no usable metadata is 422 `provider_unusable`, one that may not be called from here 422 `url_refused`. Counts among the workspace's checks of integrations.

        ``POST /api/v1/integrations/discover``
        """
        answer: DiscoverIntegrationAnswer = await self._item(Call(
            "POST",
            "/api/v1/integrations/discover",
            body={"issuer": issuer},
        ))
        return answer

    async def reserve_redirect_uri(
        self,
        *,
        provider: str | None | Unset = UNSET,
        authorization_url: str | None = None,
        token_url: str | None = None,
        params: Mapping[str, str] | None = None,
    ) -> ReserveRedirectUriAnswer:
        """Learn the redirect URI of an integration before it is saved.

        Providers want it before they give a client id. Endpoints of the catalogue have one that is known; any others get one of their integration's own: it is kept for the workspace for 7 days, and saving the integration with it as `redirect_uri` makes it that integration's. Counts among the workspace's checks of integrations.

        ``POST /api/v1/integrations/redirect-uri``

        authorization_url: Where it differs from the provider's
        token_url: Where it differs from the provider's
        params: Values for the {placeholders} of the endpoints
        """
        answer: ReserveRedirectUriAnswer = await self._item(Call(
            "POST",
            "/api/v1/integrations/redirect-uri",
            body=given({"provider": provider}, {
                "authorization_url": authorization_url,
                "token_url": token_url,
                "params": params,
            }),
        ))
        return answer

    async def delete(self, id: str, *, force: bool | None = None) -> Deleted:
        """End an integration.

        ``DELETE /api/v1/integrations/{id}``

        id: Id of the integration
        force: Revoke at the provider even where that ends other connections of the same account
        """
        answer: Deleted = await self._item(Call(
            "DELETE",
            fill("/api/v1/integrations/{id}", id=id),
            {"force": force},
        ))
        return answer


class AsyncProvidersResource(AsyncResource):
    def list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        search: str | None = None,
        category: str | None = None,
    ) -> AsyncPages[Provider]:
        """Search the catalogue.

        ``GET /api/v1/providers``

        cursor: `next_cursor` of the page before
        search: In names and categories
        """
        return AsyncPages(self._transport, self._exchange, Call(
            "GET",
            "/api/v1/providers",
            {
                "limit": limit,
                "cursor": cursor,
                "search": search,
                "category": category,
            },
        ))

    async def get(self, provider: str) -> Provider:
        """Show a catalogue entry.

        ``GET /api/v1/providers/{provider}``
        """
        answer: Provider = await self._item(Call(
            "GET",
            fill("/api/v1/providers/{provider}", provider=provider),
        ))
        return answer


class AsyncMcpServersResource(AsyncResource):
    def list(self) -> AsyncPages[McpService]:
        """List what can be served, and what is.

        ``GET /api/v1/mcp-servers``
        """
        return AsyncPages(self._transport, self._exchange, Call(
            "GET",
            "/api/v1/mcp-servers",
        ))

    async def get(self, id: str) -> McpServer:
        """Show an MCP server.

        ``GET /api/v1/mcp-servers/{id}``

        id: Id of the MCP server
        """
        answer: McpServer = await self._item(Call(
            "GET",
            fill("/api/v1/mcp-servers/{id}", id=id),
        ))
        return answer

    async def create(
        self,
        *,
        mcp_server: str,
        access_type: Literal["read", "write"],
        auth_method: Literal["oauth"],
        end_user: EndUserInput | None = None,
        origin: str | None = None,
        return_to: str | None = None,
        state: str | None = None,
        app_id: str | None = None,
        connection_id: str | None = None,
    ) -> NewMcpServer:
        """Make an MCP server over an account that is to be connected.

        Send the person to `authorization_url` (the provider itself, for 10 minutes) or to `connect_url` (for 30). With `connection_id` the server stands on a connection that exists, and both are null.

        ``POST /api/v1/mcp-servers``

        mcp_server: A provider of the catalogue; or an integration of the workspace by its id or name, whose server has one tool for any request
        app_id: Id of the app
        connection_id: Id of an existing connection
        """
        answer: NewMcpServer = await self._item(Call(
            "POST",
            "/api/v1/mcp-servers",
            body=given({
                "mcp_server": mcp_server,
                "access_type": access_type,
                "auth_method": auth_method,
            }, {
                "end_user": end_user,
                "origin": origin,
                "return_to": return_to,
                "state": state,
                "app_id": app_id,
                "connection_id": connection_id,
            }),
        ))
        return answer

    async def delete(self, id: str) -> Deleted:
        """End an MCP server, and the connection that was made for it.

        ``DELETE /api/v1/mcp-servers/{id}``

        id: Id of the MCP server
        """
        answer: Deleted = await self._item(Call(
            "DELETE",
            fill("/api/v1/mcp-servers/{id}", id=id),
        ))
        return answer

    def instances(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        mcp_server: str | None = None,
        connection: str | None = None,
        end_user: str | None = None,
        status: Literal["pending", "active", "needs_reauth", "revoked"] | None = None,
    ) -> AsyncPages[McpServerInstance]:
        """List the MCP servers there are, newest first.

        ``GET /api/v1/mcp-servers/instances``

        cursor: `next_cursor` of the page before
        mcp_server: Those of this provider, or of an integration by the name it is served by
        connection: Id of the connection behind
        """
        return AsyncPages(self._transport, self._exchange, Call(
            "GET",
            "/api/v1/mcp-servers/instances",
            {
                "limit": limit,
                "cursor": cursor,
                "mcp_server": mcp_server,
                "connection": connection,
                "end_user": end_user,
                "status": status,
            },
        ))

    async def tools(self, id: str) -> McpServerTool:
        """List the tools of an MCP server.

        All that the server has; `runnable` tells which of them this credential may run.

        ``GET /api/v1/mcp-servers/{id}/tools``

        id: Id of the MCP server
        """
        answer: McpServerTool = await self._item(Call(
            "GET",
            fill("/api/v1/mcp-servers/{id}/tools", id=id),
        ))
        return answer

    async def run(
        self,
        id: str,
        tool: str,
        *,
        arguments: Mapping[str, Any] | None = None,
    ) -> RunMcpServerToolAnswer:
        """Run a tool of an MCP server.

        As an MCP client would: checked, limited and written down alike. Tools that change something need mcp:write. A member runs tools who may also read tokens: not a viewer. What the arguments lack, and what the service refuses, is an answer with `is_error`; an account that is to be connected is 409 `connection_needs_reauth` or `connection_not_ready`, with a `connect_url` where the credential may start connecting.

        ``POST /api/v1/mcp-servers/{id}/tools/{tool}``

        id: Id of the MCP server
        tool: Name of the tool
        """
        answer: RunMcpServerToolAnswer = await self._item(Call(
            "POST",
            fill("/api/v1/mcp-servers/{id}/tools/{tool}", id=id, tool=tool),
            body=given({}, {"arguments": arguments}),
        ))
        return answer


class AsyncWebhookEndpointsResource(AsyncResource):
    def list(self, *, limit: int | None = None, cursor: str | None = None) -> AsyncPages[WebhookEndpoint]:
        """List where events are posted to.

        ``GET /api/v1/webhook-endpoints``

        cursor: `next_cursor` of the page before
        """
        return AsyncPages(self._transport, self._exchange, Call(
            "GET",
            "/api/v1/webhook-endpoints",
            {"limit": limit, "cursor": cursor},
        ))

    async def get(self, id: str) -> WebhookEndpoint:
        """Show an endpoint; never its secret.

        ``GET /api/v1/webhook-endpoints/{id}``

        id: Id of the endpoint
        """
        answer: WebhookEndpoint = await self._item(Call(
            "GET",
            fill("/api/v1/webhook-endpoints/{id}", id=id),
        ))
        return answer

    async def create(
        self,
        *,
        url: str,
        types: Sequence[Literal["connection.created", "connection.reconnected", "connection.refresh_failed", "connection.needs_reauth", "connection.recovered", "connection.revoked", "connection.expiring", "break_glass.started", "break_glass.finished"]] | None = None,
        description: str | None = None,
        app_id: str | None = None,
    ) -> NewWebhookEndpoint:
        """Have events posted to an address.

        Messages are signed as Standard Webhooks says, posted in order, and tried again for 27 hours. At most 20 endpoints.

        ``POST /api/v1/webhook-endpoints``

        url: Where messages are posted to
        types: Which events it hears of; empty: all of these
        app_id: Id of the app whose connections it hears of; absent: of all
        """
        answer: NewWebhookEndpoint = await self._item(Call(
            "POST",
            "/api/v1/webhook-endpoints",
            body=given({"url": url}, {"types": types, "description": description, "app_id": app_id}),
        ))
        return answer

    async def update(
        self,
        id: str,
        *,
        url: str | None = None,
        types: Sequence[Literal["connection.created", "connection.reconnected", "connection.refresh_failed", "connection.needs_reauth", "connection.recovered", "connection.revoked", "connection.expiring", "break_glass.started", "break_glass.finished"]] | None = None,
        description: str | None = None,
        enabled: bool | None = None,
    ) -> WebhookEndpoint:
        """Change an endpoint, stop it, or let it go on.

        What happens while it is disabled is not sent later; what waited before is.

        ``PATCH /api/v1/webhook-endpoints/{id}``

        id: Id of the endpoint
        url: Where messages are posted to
        types: Which events it hears of; empty: all of these
        """
        answer: WebhookEndpoint = await self._item(Call(
            "PATCH",
            fill("/api/v1/webhook-endpoints/{id}", id=id),
            body=given({}, {
                "url": url,
                "types": types,
                "description": description,
                "enabled": enabled,
            }),
        ))
        return answer

    async def rotate_secret(self, id: str, *, overlap_seconds: int | None = None) -> NewWebhookEndpoint:
        """Get another secret; for a while messages carry both signatures.

        ``POST /api/v1/webhook-endpoints/{id}/rotate-secret``

        id: Id of the endpoint
        overlap_seconds: Seconds in which the old secret signs too
        """
        answer: NewWebhookEndpoint = await self._item(Call(
            "POST",
            fill("/api/v1/webhook-endpoints/{id}/rotate-secret", id=id),
            body=given({}, {"overlap_seconds": overlap_seconds}),
        ))
        return answer

    def deliveries(
        self,
        id: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        status: Literal["pending", "delivered", "failed"] | None = None,
    ) -> AsyncPages[WebhookDelivery]:
        """See what was sent and what came back, newest first; kept for 30 days.

        ``GET /api/v1/webhook-endpoints/{id}/deliveries``

        id: Id of the endpoint
        cursor: `next_cursor` of the page before
        """
        return AsyncPages(self._transport, self._exchange, Call(
            "GET",
            fill("/api/v1/webhook-endpoints/{id}/deliveries", id=id),
            {"limit": limit, "cursor": cursor, "status": status},
        ))

    async def redeliver(self, id: str, delivery: str) -> WebhookDelivery:
        """Send a message again, under the same id.

        ``POST /api/v1/webhook-endpoints/{id}/deliveries/{delivery}/redeliver``

        id: Id of the endpoint
        delivery: Id of the event
        """
        answer: WebhookDelivery = await self._item(Call(
            "POST",
            fill("/api/v1/webhook-endpoints/{id}/deliveries/{delivery}/redeliver", id=id, delivery=delivery),
        ))
        return answer

    async def delete(self, id: str) -> Deleted:
        """End an endpoint, with what still waits for it.

        ``DELETE /api/v1/webhook-endpoints/{id}``

        id: Id of the endpoint
        """
        answer: Deleted = await self._item(Call(
            "DELETE",
            fill("/api/v1/webhook-endpoints/{id}", id=id),
        ))
        return answer


class AsyncBreakGlassResource(AsyncResource):
    async def preview(self, *, criteria: BreakGlassCriteria) -> BreakGlassPreview:
        """Count what a break-glass revocation would end.

        ``POST /api/v1/break-glass/preview``

        criteria: Which connections: those that fit all that is said
        """
        answer: BreakGlassPreview = await self._item(Call(
            "POST",
            "/api/v1/break-glass/preview",
            body={"criteria": criteria},
        ))
        return answer

    async def start(
        self,
        *,
        criteria: BreakGlassCriteria,
        force: bool | None = None,
        delete_api_key: bool | None = None,
    ) -> BreakGlass:
        """End many connections at once, here and at their providers.

        They become `revoked` here first, with the reason `break_glass`: when this is answered, no process hands out their tokens or calls with them any more. Then each is revoked at its provider, in the background, at half the pace that its provider config allows; what the provider answers is in the report. With very many connections the answer may come while they are still being ended (`state` tells).

        ``POST /api/v1/break-glass``

        criteria: Which connections: those that fit all that is said
        force: Revoke at the provider also where that ends connections that were not chosen: those of the same account, or on the same tokens
        delete_api_key: End the API key of the criteria too, before anything else
        """
        answer: BreakGlass = await self._item(Call(
            "POST",
            "/api/v1/break-glass",
            body=given({"criteria": criteria}, {"force": force, "delete_api_key": delete_api_key}),
        ))
        return answer

    def list(self, *, limit: int | None = None, cursor: str | None = None) -> AsyncPages[BreakGlass]:
        """List break-glass revocations.

        ``GET /api/v1/break-glass``

        cursor: `next_cursor` of the page before
        """
        return AsyncPages(self._transport, self._exchange, Call(
            "GET",
            "/api/v1/break-glass",
            {"limit": limit, "cursor": cursor},
        ))

    async def get(self, id: str) -> BreakGlass:
        """Show how far a break-glass revocation is.

        ``GET /api/v1/break-glass/{id}``

        id: Id of the break-glass revocation
        """
        answer: BreakGlass = await self._item(Call(
            "GET",
            fill("/api/v1/break-glass/{id}", id=id),
        ))
        return answer

    def connections(
        self,
        id: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        outcome: Literal["to_end", "waiting", "retrying", "revoked", "no_token", "unsupported", "shared", "failed"] | None = None,
        manual: bool | None = None,
    ) -> AsyncPages[BreakGlassConnection]:
        """Read what became of each of its connections.

        ``GET /api/v1/break-glass/{id}/connections``

        id: Id of the break-glass revocation
        cursor: `next_cursor` of the page before
        outcome: `to_end`: is about to be ended here. `waiting`: ended here, the provider has not been asked yet. `retrying`: it has been asked in vain and will be again. `revoked`: it has confirmed. `no_token`: there was nothing to revoke. `unsupported`: it has no way to revoke. `shared`: revoking would end connections that were not chosen. `failed`: it was asked in vain for 7 days, or cannot be asked. The last three need manual work
        manual: Only what needs manual work, or only what does not
        """
        return AsyncPages(self._transport, self._exchange, Call(
            "GET",
            fill("/api/v1/break-glass/{id}/connections", id=id),
            {"limit": limit, "cursor": cursor, "outcome": outcome, "manual": manual},
        ))


class AsyncOperatorBreakGlassResource(AsyncResource):
    async def preview(self, *, criteria: OperatorBreakGlassCriteria) -> BreakGlassPreview:
        """Count what a break-glass revocation would end (operator).

        ``POST /api/v1/operator/break-glass/preview``

        criteria: Which connections: those that fit all that is said
        """
        answer: BreakGlassPreview = await self._item(Call(
            "POST",
            "/api/v1/operator/break-glass/preview",
            body={"criteria": criteria},
        ))
        return answer

    async def start(
        self,
        *,
        criteria: OperatorBreakGlassCriteria,
        force: bool | None = None,
        delete_api_key: bool | None = None,
    ) -> BreakGlass:
        """End many connections of one workspace or of all (operator).

        They become `revoked` here first, with the reason `break_glass`: when this is answered, no process hands out their tokens or calls with them any more. Then each is revoked at its provider, in the background, at half the pace that its provider config allows; what the provider answers is in the report. With very many connections the answer may come while they are still being ended (`state` tells).

        ``POST /api/v1/operator/break-glass``

        criteria: Which connections: those that fit all that is said
        force: Revoke at the provider also where that ends connections that were not chosen: those of the same account, or on the same tokens
        delete_api_key: End the API key of the criteria too, before anything else
        """
        answer: BreakGlass = await self._item(Call(
            "POST",
            "/api/v1/operator/break-glass",
            body=given({"criteria": criteria}, {"force": force, "delete_api_key": delete_api_key}),
        ))
        return answer

    def list(self, *, limit: int | None = None, cursor: str | None = None) -> AsyncPages[BreakGlass]:
        """List the operator's break-glass revocations (operator).

        ``GET /api/v1/operator/break-glass``

        cursor: `next_cursor` of the page before
        """
        return AsyncPages(self._transport, self._exchange, Call(
            "GET",
            "/api/v1/operator/break-glass",
            {"limit": limit, "cursor": cursor},
        ))

    async def get(self, id: str) -> BreakGlass:
        """Show how far one is, over all workspaces (operator).

        ``GET /api/v1/operator/break-glass/{id}``

        id: Id of the break-glass revocation
        """
        answer: BreakGlass = await self._item(Call(
            "GET",
            fill("/api/v1/operator/break-glass/{id}", id=id),
        ))
        return answer

    def connections(
        self,
        id: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        outcome: Literal["to_end", "waiting", "retrying", "revoked", "no_token", "unsupported", "shared", "failed"] | None = None,
        manual: bool | None = None,
    ) -> AsyncPages[BreakGlassConnection]:
        """Read what became of each of its connections (operator).

        ``GET /api/v1/operator/break-glass/{id}/connections``

        id: Id of the break-glass revocation
        cursor: `next_cursor` of the page before
        outcome: `to_end`: is about to be ended here. `waiting`: ended here, the provider has not been asked yet. `retrying`: it has been asked in vain and will be again. `revoked`: it has confirmed. `no_token`: there was nothing to revoke. `unsupported`: it has no way to revoke. `shared`: revoking would end connections that were not chosen. `failed`: it was asked in vain for 7 days, or cannot be asked. The last three need manual work
        manual: Only what needs manual work, or only what does not
        """
        return AsyncPages(self._transport, self._exchange, Call(
            "GET",
            fill("/api/v1/operator/break-glass/{id}/connections", id=id),
            {"limit": limit, "cursor": cursor, "outcome": outcome, "manual": manual},
        ))


class AsyncOverviewResource(AsyncResource):
    async def get(self, *, days: int | None = None) -> Overview:
        """See how the connections of the workspace stand.

        Of the whole workspace: a credential that is narrowed to an app, an end user or chosen connections is refused.

        ``GET /api/v1/overview``

        days: How far ahead `ending` looks
        """
        answer: Overview = await self._item(Call(
            "GET",
            "/api/v1/overview",
            {"days": days},
        ))
        return answer

    async def refreshes(
        self,
        *,
        bucket: Literal["hour", "day"] | None = None,
        since: str | None = None,
        until: str | None = None,
        provider: str | None = None,
        integration: str | None = None,
    ) -> RefreshFigure:
        """See how refreshes went over time.

        Each attempt counts once, in the hour or day (UTC) in which it was sent, as it stood half a minute later. Hours are kept for 14 days, days for 400. Of the whole workspace: a credential that is narrowed to an app, an end user or chosen connections is refused.

        ``GET /api/v1/overview/refreshes``

        since: Absent: 24 hours ago, or 30 days
        until: Absent: now
        integration: Id of the integration
        """
        answer: RefreshFigure = await self._item(Call(
            "GET",
            "/api/v1/overview/refreshes",
            {
                "bucket": bucket,
                "since": since,
                "until": until,
                "provider": provider,
                "integration": integration,
            },
        ))
        return answer


class AsyncUsageResource(AsyncResource):
    async def get(self) -> Usage:
        """See how much of the plan is used.

        Of the whole workspace: a key that is narrowed to an app is refused.

        ``GET /api/v1/usage``
        """
        answer: Usage = await self._item(Call(
            "GET",
            "/api/v1/usage",
        ))
        return answer


class AsyncRestoresResource(AsyncResource):
    async def get(self) -> Restores:
        """Show when the deployment was restored from a backup, and what has come of its connections (operator).

        In a workspace, `GET /api/v1/connections?from_backup=true&status=active` and `?reason=restored` list them.

        ``GET /api/v1/restores``
        """
        answer: Restores = await self._item(Call(
            "GET",
            "/api/v1/restores",
        ))
        return answer


class AsyncEventsResource(AsyncResource):
    def list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        type: str | None = None,
        connection: str | None = None,
        integration: str | None = None,
        end_user: str | None = None,
        actor: str | None = None,
        since: str | None = None,
        until: str | None = None,
    ) -> AsyncPages[Event]:
        """Read the audit log, newest first.

        ``GET /api/v1/events``

        cursor: `next_cursor` of the page before
        type: `connection.created`, or all of a kind: `connection.*`
        connection: Id of the connection
        integration: Id of the integration
        actor: Id of an API key, member or client
        since: From then on
        until: Before then
        """
        return AsyncPages(self._transport, self._exchange, Call(
            "GET",
            "/api/v1/events",
            {
                "limit": limit,
                "cursor": cursor,
                "type": type,
                "connection": connection,
                "integration": integration,
                "end_user": end_user,
                "actor": actor,
                "since": since,
                "until": until,
            },
        ))

    async def chain(self) -> EventChain:
        """See how far the audit log is chained and signed.

        Each event gets a number and a hash over itself and the hash before, within seconds; every five minutes, and with each export, the deployment signs how far the chain goes.

        ``GET /api/v1/events/chain``
        """
        answer: EventChain = await self._item(Call(
            "GET",
            "/api/v1/events/chain",
        ))
        return answer


class AsyncAppsResource(AsyncResource):
    def list(self, *, limit: int | None = None, cursor: str | None = None) -> AsyncPages[App]:
        """List apps.

        ``GET /api/v1/apps``

        cursor: `next_cursor` of the page before
        """
        return AsyncPages(self._transport, self._exchange, Call(
            "GET",
            "/api/v1/apps",
            {"limit": limit, "cursor": cursor},
        ))

    async def create(self, *, name: str) -> App:
        """Make an app.

        ``POST /api/v1/apps``
        """
        answer: App = await self._item(Call(
            "POST",
            "/api/v1/apps",
            body={"name": name},
        ))
        return answer

    async def delete(self, id: str) -> Deleted:
        """End an app that has no connections left.

        ``DELETE /api/v1/apps/{id}``

        id: Id of the app
        """
        answer: Deleted = await self._item(Call(
            "DELETE",
            fill("/api/v1/apps/{id}", id=id),
        ))
        return answer


class AsyncApiKeysResource(AsyncResource):
    def list(self, *, limit: int | None = None, cursor: str | None = None) -> AsyncPages[ApiKey]:
        """List API keys, without their secrets.

        ``GET /api/v1/api-keys``

        cursor: `next_cursor` of the page before
        """
        return AsyncPages(self._transport, self._exchange, Call(
            "GET",
            "/api/v1/api-keys",
            {"limit": limit, "cursor": cursor},
        ))

    async def create(
        self,
        *,
        name: str,
        scopes: Sequence[Literal["integrations:read", "integrations:write", "connections:read", "connections:write", "tokens:read", "proxy:call", "mcp:read", "mcp:write", "mcp:manage", "clients:write", "webhooks:write", "events:read", "admin", "connections:export"]],
        app_id: str | None = None,
        providers: Sequence[str] | None = None,
        integrations: Sequence[str] | None = None,
        networks: Sequence[str] | None = None,
        expires_at: str | None = None,
    ) -> NewApiKey:
        """Make an API key.

        Nobody gives a key what they may not do themselves: a narrowed key makes keys that are narrowed as it is, or further. A key with connections:export must end within 24 hours.

        ``POST /api/v1/api-keys``

        app_id: Id of the one app it is narrowed to
        providers: Narrows it to integrations of these providers of the catalogue, and those of `integrations`
        integrations: Narrows it to these integrations, and those of `providers`
        networks: Addresses and networks (CIDR, IPv4 or IPv6) from which alone it may be used
        expires_at: RFC 3339, UTC
        """
        answer: NewApiKey = await self._item(Call(
            "POST",
            "/api/v1/api-keys",
            body=given({"name": name, "scopes": scopes}, {
                "app_id": app_id,
                "providers": providers,
                "integrations": integrations,
                "networks": networks,
                "expires_at": expires_at,
            }),
        ))
        return answer

    async def rotate(self, id: str, *, overlap_seconds: int | None = None) -> RotatedApiKey:
        """Give an API key a new secret; the old one works on for the overlap.

        ``POST /api/v1/api-keys/{id}/rotate``

        id: Id of the API key
        overlap_seconds: Seconds in which the old secret signs too
        """
        answer: RotatedApiKey = await self._item(Call(
            "POST",
            fill("/api/v1/api-keys/{id}/rotate", id=id),
            body=given({}, {"overlap_seconds": overlap_seconds}),
        ))
        return answer

    async def delete(self, id: str) -> Deleted:
        """End an API key.

        ``DELETE /api/v1/api-keys/{id}``

        id: Id of the API key
        """
        answer: Deleted = await self._item(Call(
            "DELETE",
            fill("/api/v1/api-keys/{id}", id=id),
        ))
        return answer


class AsyncOauthClientsResource(AsyncResource):
    def list(self, *, limit: int | None = None, cursor: str | None = None) -> AsyncPages[OAuthClient]:
        """List OAuth clients, without their secrets.

        ``GET /api/v1/oauth-clients``

        cursor: `next_cursor` of the page before
        """
        return AsyncPages(self._transport, self._exchange, Call(
            "GET",
            "/api/v1/oauth-clients",
            {"limit": limit, "cursor": cursor},
        ))

    async def get(self, id: str) -> OAuthClient:
        """Show an OAuth client.

        ``GET /api/v1/oauth-clients/{id}``

        id: Id of the OAuth client
        """
        answer: OAuthClient = await self._item(Call(
            "GET",
            fill("/api/v1/oauth-clients/{id}", id=id),
        ))
        return answer

    async def create(
        self,
        *,
        client_name: str,
        redirect_uris: Sequence[str] | None = None,
        grant_types: Sequence[Literal["authorization_code", "refresh_token", "client_credentials", "urn:ietf:params:oauth:grant-type:device_code", "urn:ietf:params:oauth:grant-type:token-exchange"]] | None = None,
        token_endpoint_auth_method: Literal["none", "client_secret_basic", "client_secret_post", "private_key_jwt"] | None = None,
        application_type: Literal["web", "native"] | None = None,
        scope: str | None = None,
        jwks: CreateOAuthClientInputJwks | None = None,
        jwks_uri: str | None = None,
        client_uri: str | None = None,
        logo_uri: str | None = None,
        policy_uri: str | None = None,
        tos_uri: str | None = None,
    ) -> NewOAuthClient:
        """Register a partner app with Grantry's own authorization server.

        Field names are those of RFC 7591. Only an app that can keep a secret may have tokens:read, proxy:call, client credentials or token exchange.

        ``POST /api/v1/oauth-clients``

        client_name: What people are shown when they are asked
        redirect_uris: Compared exactly
        scope: The scopes that it may ask people for, separated by spaces
        jwks: Public keys for private_key_jwt
        jwks_uri: Where its public keys are
        client_uri: Its home page
        logo_uri: Its logo
        policy_uri: Its privacy policy
        tos_uri: Its terms of service
        """
        answer: NewOAuthClient = await self._item(Call(
            "POST",
            "/api/v1/oauth-clients",
            body=given({"client_name": client_name}, {
                "redirect_uris": redirect_uris,
                "grant_types": grant_types,
                "token_endpoint_auth_method": token_endpoint_auth_method,
                "application_type": application_type,
                "scope": scope,
                "jwks": jwks,
                "jwks_uri": jwks_uri,
                "client_uri": client_uri,
                "logo_uri": logo_uri,
                "policy_uri": policy_uri,
                "tos_uri": tos_uri,
            }),
        ))
        return answer

    async def update(
        self,
        id: str,
        *,
        client_name: str | None = None,
        redirect_uris: Sequence[str] | None = None,
        grant_types: Sequence[Literal["authorization_code", "refresh_token", "client_credentials", "urn:ietf:params:oauth:grant-type:device_code", "urn:ietf:params:oauth:grant-type:token-exchange"]] | None = None,
        token_endpoint_auth_method: Literal["none", "client_secret_basic", "client_secret_post", "private_key_jwt"] | None = None,
        application_type: Literal["web", "native"] | None = None,
        scope: str | None = None,
        jwks: CreateOAuthClientInputJwks | None | Unset = UNSET,
        jwks_uri: str | None | Unset = UNSET,
        client_uri: str | None | Unset = UNSET,
        logo_uri: str | None | Unset = UNSET,
        policy_uri: str | None | Unset = UNSET,
        tos_uri: str | None | Unset = UNSET,
    ) -> OAuthClient:
        """Change an OAuth client.

        Access tokens that it holds end when it loses a scope or a grant type, or authenticates in another way. A client that registered itself is changed by itself (RFC 7592).

        ``PATCH /api/v1/oauth-clients/{id}``

        id: Id of the OAuth client
        client_name: What people are shown when they are asked
        redirect_uris: Compared exactly
        scope: The scopes that it may ask people for, separated by spaces
        """
        answer: OAuthClient = await self._item(Call(
            "PATCH",
            fill("/api/v1/oauth-clients/{id}", id=id),
            body=given({
                "jwks": jwks,
                "jwks_uri": jwks_uri,
                "client_uri": client_uri,
                "logo_uri": logo_uri,
                "policy_uri": policy_uri,
                "tos_uri": tos_uri,
            }, {
                "client_name": client_name,
                "redirect_uris": redirect_uris,
                "grant_types": grant_types,
                "token_endpoint_auth_method": token_endpoint_auth_method,
                "application_type": application_type,
                "scope": scope,
            }),
        ))
        return answer

    async def rotate_secret(self, id: str, *, overlap_seconds: int | None = None) -> RotatedOAuthClient:
        """Give an OAuth client a new secret; the old one works on for the overlap.

        At most two secrets work: a third within the overlap ends the oldest.

        ``POST /api/v1/oauth-clients/{id}/rotate-secret``

        id: Id of the OAuth client
        overlap_seconds: Seconds in which the old secret signs too
        """
        answer: RotatedOAuthClient = await self._item(Call(
            "POST",
            fill("/api/v1/oauth-clients/{id}/rotate-secret", id=id),
            body=given({}, {"overlap_seconds": overlap_seconds}),
        ))
        return answer

    async def delete(self, id: str) -> Deleted:
        """End an OAuth client, with all that people allowed it and all its tokens.

        ``DELETE /api/v1/oauth-clients/{id}``

        id: Id of the OAuth client
        """
        answer: Deleted = await self._item(Call(
            "DELETE",
            fill("/api/v1/oauth-clients/{id}", id=id),
        ))
        return answer


class AsyncRegistrationTokensResource(AsyncResource):
    def list(self, *, limit: int | None = None, cursor: str | None = None) -> AsyncPages[RegistrationToken]:
        """List initial access tokens, without the tokens.

        ``GET /api/v1/registration-tokens``

        cursor: `next_cursor` of the page before
        """
        return AsyncPages(self._transport, self._exchange, Call(
            "GET",
            "/api/v1/registration-tokens",
            {"limit": limit, "cursor": cursor},
        ))

    async def create(self, *, name: str, expires_at: str | None = None) -> NewRegistrationToken:
        """Make an initial access token (RFC 7591 §3).

        Clients that register with it belong to this workspace: nobody of another can use them.

        ``POST /api/v1/registration-tokens``

        expires_at: RFC 3339, UTC
        """
        answer: NewRegistrationToken = await self._item(Call(
            "POST",
            "/api/v1/registration-tokens",
            body=given({"name": name}, {"expires_at": expires_at}),
        ))
        return answer

    async def delete(self, id: str) -> Deleted:
        """End an initial access token; clients that registered with it stay.

        ``DELETE /api/v1/registration-tokens/{id}``

        id: Id of the registration token
        """
        answer: Deleted = await self._item(Call(
            "DELETE",
            fill("/api/v1/registration-tokens/{id}", id=id),
        ))
        return answer


class AsyncAuthorizedAppsResource(AsyncResource):
    def list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        client_id: str | None = None,
        member: str | None = None,
        end_user: str | None = None,
    ) -> AsyncPages[AuthorizedApp]:
        """List what people allowed which apps.

        With `admin`: of everyone in the workspace. A member and an end user see their own.

        ``GET /api/v1/authorized-apps``

        cursor: `next_cursor` of the page before
        member: Id of the member
        """
        return AsyncPages(self._transport, self._exchange, Call(
            "GET",
            "/api/v1/authorized-apps",
            {
                "limit": limit,
                "cursor": cursor,
                "client_id": client_id,
                "member": member,
                "end_user": end_user,
            },
        ))

    async def get(self, id: str) -> AuthorizedAppDetails:
        """Show what an app was allowed, also when that has ended, and what it did last.

        With `admin`: of everyone in the workspace. A member and an end user see their own.

        ``GET /api/v1/authorized-apps/{id}``

        id: Id of what was allowed
        """
        answer: AuthorizedAppDetails = await self._item(Call(
            "GET",
            fill("/api/v1/authorized-apps/{id}", id=id),
        ))
        return answer

    async def end(self, id: str) -> EndedAuthorizedApp:
        """Take back what an app was allowed: its tokens end at once.

        With `admin`: of everyone in the workspace. A member and an end user see their own. An end user's token needs connections:write.

        ``DELETE /api/v1/authorized-apps/{id}``

        id: Id of what was allowed
        """
        answer: EndedAuthorizedApp = await self._item(Call(
            "DELETE",
            fill("/api/v1/authorized-apps/{id}", id=id),
        ))
        return answer


class AsyncMembersResource(AsyncResource):
    def list(self, *, limit: int | None = None, cursor: str | None = None) -> AsyncPages[Member]:
        """List the members of the workspace.

        ``GET /api/v1/members``

        cursor: `next_cursor` of the page before
        """
        return AsyncPages(self._transport, self._exchange, Call(
            "GET",
            "/api/v1/members",
            {"limit": limit, "cursor": cursor},
        ))

    async def update(
        self,
        id: str,
        *,
        role: Literal["owner", "admin", "developer", "viewer"] | None = None,
        name: str | None | Unset = UNSET,
    ) -> Member:
        """Change a member's role or name.

        Another role ends the sessions of this member. Only an owner makes or changes owners, and the last owner stays one.

        ``PATCH /api/v1/members/{id}``

        id: Id of the member
        role: owner and admin: everything, but only owners make and change owners; developer: everything but `admin`; viewer: reads, no tokens
        """
        answer: Member = await self._item(Call(
            "PATCH",
            fill("/api/v1/members/{id}", id=id),
            body=given({"name": name}, {"role": role}),
        ))
        return answer

    async def delete(self, id: str) -> Deleted:
        """Remove a member; their sessions end at once.

        ``DELETE /api/v1/members/{id}``

        id: Id of the member
        """
        answer: Deleted = await self._item(Call(
            "DELETE",
            fill("/api/v1/members/{id}", id=id),
        ))
        return answer

    def sessions(self, id: str, *, limit: int | None = None, cursor: str | None = None) -> AsyncPages[MemberSession]:
        """List a member's sessions.

        ``GET /api/v1/members/{id}/sessions``

        id: Id of the member
        cursor: `next_cursor` of the page before
        """
        return AsyncPages(self._transport, self._exchange, Call(
            "GET",
            fill("/api/v1/members/{id}/sessions", id=id),
            {"limit": limit, "cursor": cursor},
        ))

    async def end_sessions(self, id: str) -> EndedSessions:
        """End all sessions of a member.

        ``DELETE /api/v1/members/{id}/sessions``

        id: Id of the member
        """
        answer: EndedSessions = await self._item(Call(
            "DELETE",
            fill("/api/v1/members/{id}/sessions", id=id),
        ))
        return answer


class AsyncInvitationsResource(AsyncResource):
    def list(self, *, limit: int | None = None, cursor: str | None = None) -> AsyncPages[Invitation]:
        """List invitations that are still open, without their links.

        ``GET /api/v1/invitations``

        cursor: `next_cursor` of the page before
        """
        return AsyncPages(self._transport, self._exchange, Call(
            "GET",
            "/api/v1/invitations",
            {"limit": limit, "cursor": cursor},
        ))

    async def create(
        self,
        *,
        email: str,
        role: Literal["owner", "admin", "developer", "viewer"],
    ) -> NewInvitation:
        """Invite somebody by a link.

        The link works once, for 7 days; it is shown once. An older invitation of this address ends.

        ``POST /api/v1/invitations``

        role: owner and admin: everything, but only owners make and change owners; developer: everything but `admin`; viewer: reads, no tokens
        """
        answer: NewInvitation = await self._item(Call(
            "POST",
            "/api/v1/invitations",
            body={"email": email, "role": role},
        ))
        return answer

    async def delete(self, id: str) -> Deleted:
        """Take an invitation back.

        ``DELETE /api/v1/invitations/{id}``

        id: Id of the invitation
        """
        answer: Deleted = await self._item(Call(
            "DELETE",
            fill("/api/v1/invitations/{id}", id=id),
        ))
        return answer


class AsyncIdentityProvidersResource(AsyncResource):
    def list(self, *, limit: int | None = None, cursor: str | None = None) -> AsyncPages[IdentityProvider]:
        """List the OpenID providers where people sign in.

        ``GET /api/v1/identity-providers``

        cursor: `next_cursor` of the page before
        """
        return AsyncPages(self._transport, self._exchange, Call(
            "GET",
            "/api/v1/identity-providers",
            {"limit": limit, "cursor": cursor},
        ))

    async def get(self, id: str) -> IdentityProvider:
        """Show an OpenID provider.

        ``GET /api/v1/identity-providers/{id}``

        id: Id of the provider
        """
        answer: IdentityProvider = await self._item(Call(
            "GET",
            fill("/api/v1/identity-providers/{id}", id=id),
        ))
        return answer

    async def create(
        self,
        *,
        label: str,
        client_id: str,
        issuer: str,
        audience: Literal["members", "end_users"],
        client_secret: str | None | Unset = UNSET,
        scopes: Sequence[str] | None = None,
    ) -> IdentityProvider:
        """Let people sign in at an OpenID provider.

        The issuer is asked for its metadata (OpenID Connect Discovery) now. Members are linked by issuer and `sub`, never by e-mail address.

        ``POST /api/v1/identity-providers``

        label: What the button says: "Sign in with …"
        client_secret: null for a public client
        scopes: Besides `openid`
        issuer: Exactly as the provider writes it
        audience: Who signs in there. Of an end user, the provider's `sub` is the end user's id
        """
        answer: IdentityProvider = await self._item(Call(
            "POST",
            "/api/v1/identity-providers",
            body=given({
                "label": label,
                "client_id": client_id,
                "client_secret": client_secret,
                "issuer": issuer,
                "audience": audience,
            }, {"scopes": scopes}),
        ))
        return answer

    async def update(
        self,
        id: str,
        *,
        label: str | None = None,
        client_id: str | None = None,
        client_secret: str | None | Unset = UNSET,
        scopes: Sequence[str] | None = None,
    ) -> IdentityProvider:
        """Change an OpenID provider; its metadata is asked for anew.

        Issuer and audience stay: people are known by them.

        ``PATCH /api/v1/identity-providers/{id}``

        id: Id of the provider
        label: What the button says: "Sign in with …"
        client_secret: null for a public client
        scopes: Besides `openid`
        """
        answer: IdentityProvider = await self._item(Call(
            "PATCH",
            fill("/api/v1/identity-providers/{id}", id=id),
            body=given({"client_secret": client_secret}, {"label": label, "client_id": client_id, "scopes": scopes}),
        ))
        return answer

    async def delete(self, id: str) -> Deleted:
        """Remove an OpenID provider, with the sessions and links that came of it.

        ``DELETE /api/v1/identity-providers/{id}``

        id: Id of the provider
        """
        answer: Deleted = await self._item(Call(
            "DELETE",
            fill("/api/v1/identity-providers/{id}", id=id),
        ))
        return answer


class AsyncWorkspaceResource(AsyncResource):
    async def get(self) -> Workspace:
        """Show the workspace of this credential.

        ``GET /api/v1/workspace``
        """
        answer: Workspace = await self._item(Call(
            "GET",
            "/api/v1/workspace",
        ))
        return answer

    async def update(
        self,
        *,
        name: str | None = None,
        color: str | None | Unset = UNSET,
        allowed_origins: Sequence[str] | None = None,
        return_urls: Sequence[str] | None = None,
        allow_direct_links: bool | None = None,
        logo: str | None | Unset = UNSET,
        plan: str | None | Unset = UNSET,
        plan_expires_at: str | None | Unset = UNSET,
        quotas: WorkspaceQuotas | None = None,
        features: Sequence[str] | None | Unset = UNSET,
        experiments: Sequence[WorkspaceExperiment] | None = None,
    ) -> Workspace:
        """Change workspace settings.

        Plan, quotas, features and experiments are set here unless the deployment has an operator's key; then the operator sets them.

        ``PATCH /api/v1/workspace``

        color: Of the pages that end users meet: their primary button, and in a readable shade the focus
        allowed_origins: Origins that our popup pages may post their message to
        return_urls: Exact addresses that people may be sent back to
        allow_direct_links: Lets connect sessions skip the check that the person who consents is the end user. A forwarded link then binds whoever follows it.
        logo: Shown on the pages that end users meet: a PNG, JPEG or WebP picture as a data URL, at most 32768 bytes and 1024 pixels wide and high
        plan: The name of the plan
        plan_expires_at: Told to apps; nothing is turned off when it passes
        quotas: Unlimited where nothing is set
        features: null: everything. A list turns off what it does not hold of mcp, import, direct_links, end_user_tokens; other names are told to apps.
        """
        answer: Workspace = await self._item(Call(
            "PATCH",
            "/api/v1/workspace",
            body=given({
                "color": color,
                "logo": logo,
                "plan": plan,
                "plan_expires_at": plan_expires_at,
                "features": features,
            }, {
                "name": name,
                "allowed_origins": allowed_origins,
                "return_urls": return_urls,
                "allow_direct_links": allow_direct_links,
                "quotas": quotas,
                "experiments": experiments,
            }),
        ))
        return answer


class AsyncWorkspacesResource(AsyncResource):
    def list(self, *, limit: int | None = None, cursor: str | None = None) -> AsyncPages[ListedWorkspace]:
        """List workspaces with their plans (operator).

        ``GET /api/v1/workspaces``

        cursor: `next_cursor` of the page before
        """
        return AsyncPages(self._transport, self._exchange, Call(
            "GET",
            "/api/v1/workspaces",
            {"limit": limit, "cursor": cursor},
        ))

    async def create(self, *, name: str) -> NewWorkspace:
        """Make a workspace (operator).

        ``POST /api/v1/workspaces``
        """
        answer: NewWorkspace = await self._item(Call(
            "POST",
            "/api/v1/workspaces",
            body={"name": name},
        ))
        return answer

    async def update_plan(
        self,
        id: str,
        *,
        name: str | None = None,
        plan: str | None | Unset = UNSET,
        plan_expires_at: str | None | Unset = UNSET,
        quotas: WorkspaceQuotas | None = None,
        features: Sequence[str] | None | Unset = UNSET,
        experiments: Sequence[WorkspaceExperiment] | None = None,
    ) -> Workspace:
        """Change the plan of a workspace (operator).

        ``PATCH /api/v1/workspaces/{id}``

        id: Id of the workspace
        plan: The name of the plan
        plan_expires_at: Told to apps; nothing is turned off when it passes
        quotas: Unlimited where nothing is set
        features: null: everything. A list turns off what it does not hold of mcp, import, direct_links, end_user_tokens; other names are told to apps.
        """
        answer: Workspace = await self._item(Call(
            "PATCH",
            fill("/api/v1/workspaces/{id}", id=id),
            body=given({"plan": plan, "plan_expires_at": plan_expires_at, "features": features}, {"name": name, "quotas": quotas, "experiments": experiments}),
        ))
        return answer

    async def delete(self, id: str) -> Deleted:
        """End a workspace and destroy its keys (operator).

        ``DELETE /api/v1/workspaces/{id}``

        id: Id of the workspace
        """
        answer: Deleted = await self._item(Call(
            "DELETE",
            fill("/api/v1/workspaces/{id}", id=id),
        ))
        return answer


class AsyncVaultResource(AsyncResource):
    async def get(self) -> Vault:
        """Show the keys of the deployment, and how far their rotation is (operator).

        ``GET /api/v1/vault``
        """
        answer: Vault = await self._item(Call(
            "GET",
            "/api/v1/vault",
        ))
        return answer

    async def rotate(self, *, of: str) -> RotateDataKeysAnswer:
        """Rotate data keys (operator).

        A new data key seals from then on, in every process within a second. What rests under the one before is sealed anew in the background; nothing stops meanwhile.

        ``POST /api/v1/vault/rotations``

        of: Whose: id of a workspace, `deployment` (the deployment's own secrets) or `all`
        """
        answer: RotateDataKeysAnswer = await self._item(Call(
            "POST",
            "/api/v1/vault/rotations",
            body={"of": of},
        ))
        return answer

    async def rewrap(self) -> Vault:
        """Wrap all data keys by the root key of this process (operator).

        Happens by itself when a new root key is configured; this is for going back to one that was in use before. Goes on in the background.

        ``POST /api/v1/vault/rewrap``
        """
        answer: Vault = await self._item(Call(
            "POST",
            "/api/v1/vault/rewrap",
        ))
        return answer

    async def migrate(self) -> Vault:
        """Move all values to the configured back end (operator).

        Each is read, sealed anew, put into the back end, read back and opened before its row points there; the one before is removed after that. Goes on in the background, also over restarts; asking again does no harm. First every process has to be started with the new `GRANTRY_VAULT`.

        ``POST /api/v1/vault/migrations``
        """
        answer: Vault = await self._item(Call(
            "POST",
            "/api/v1/vault/migrations",
        ))
        return answer

    def events(self, *, limit: int | None = None, cursor: str | None = None) -> AsyncPages[Event]:
        """Read the deployment's own audit log, newest first (operator).

        What belongs to no workspace, or outlives it: root keys, the deployment's data keys, destroyed ones.

        ``GET /api/v1/vault/events``

        cursor: `next_cursor` of the page before
        """
        return AsyncPages(self._transport, self._exchange, Call(
            "GET",
            "/api/v1/vault/events",
            {"limit": limit, "cursor": cursor},
        ))


class AsyncDataKeysResource(AsyncResource):
    def list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        workspace: str | None = None,
        state: Literal["sealing", "former", "retired"] | None = None,
    ) -> AsyncPages[DataKey]:
        """List data keys, newest first (operator).

        ``GET /api/v1/data-keys``

        cursor: `next_cursor` of the page before
        workspace: Id of a workspace, or `deployment`: of the deployment's own secrets
        """
        return AsyncPages(self._transport, self._exchange, Call(
            "GET",
            "/api/v1/data-keys",
            {
                "limit": limit,
                "cursor": cursor,
                "workspace": workspace,
                "state": state,
            },
        ))

    async def retire(self, id: str) -> DataKey:
        """Destroy a data key that seals nothing any more (operator).

        Refused (409, with `values` and `unanswered_refreshes`) while anything may still need it, and in the first hour after its rotation. Backups of before hold the key themselves.

        ``POST /api/v1/data-keys/{id}/retire``

        id: Id of the data key
        """
        answer: DataKey = await self._item(Call(
            "POST",
            fill("/api/v1/data-keys/{id}/retire", id=id),
        ))
        return answer


class AsyncAccountResource(AsyncResource):
    async def get(self) -> Account:
        """Tell who this credential is, and what its plan gives.

        ``GET /api/v1/account``
        """
        answer: Account = await self._item(Call(
            "GET",
            "/api/v1/account",
        ))
        return answer


class AsyncServerResource(AsyncResource):
    async def diagnose(self) -> ServerDiagnosis:
        """See how this server stands, and what the credential may do.

        ``GET /api/v1/diagnosis``
        """
        answer: ServerDiagnosis = await self._item(Call(
            "GET",
            "/api/v1/diagnosis",
        ))
        return answer


class AsyncResources:
    """Every resource of the API."""

    def __init__(self, transport: AsyncTransport, exchange: Exchange) -> None:
        self._transport = transport
        self._exchange = exchange
        self.connections = AsyncConnectionsResource(transport, exchange)
        self.connect_sessions = AsyncConnectSessionsResource(transport, exchange)
        self.end_user_tokens = AsyncEndUserTokensResource(transport, exchange)
        self.manage_links = AsyncManageLinksResource(transport, exchange)
        self.integrations = AsyncIntegrationsResource(transport, exchange)
        self.providers = AsyncProvidersResource(transport, exchange)
        self.mcp_servers = AsyncMcpServersResource(transport, exchange)
        self.webhook_endpoints = AsyncWebhookEndpointsResource(transport, exchange)
        self.break_glass = AsyncBreakGlassResource(transport, exchange)
        self.operator_break_glass = AsyncOperatorBreakGlassResource(transport, exchange)
        self.overview = AsyncOverviewResource(transport, exchange)
        self.usage = AsyncUsageResource(transport, exchange)
        self.restores = AsyncRestoresResource(transport, exchange)
        self.events = AsyncEventsResource(transport, exchange)
        self.apps = AsyncAppsResource(transport, exchange)
        self.api_keys = AsyncApiKeysResource(transport, exchange)
        self.oauth_clients = AsyncOauthClientsResource(transport, exchange)
        self.registration_tokens = AsyncRegistrationTokensResource(transport, exchange)
        self.authorized_apps = AsyncAuthorizedAppsResource(transport, exchange)
        self.members = AsyncMembersResource(transport, exchange)
        self.invitations = AsyncInvitationsResource(transport, exchange)
        self.identity_providers = AsyncIdentityProvidersResource(transport, exchange)
        self.workspace = AsyncWorkspaceResource(transport, exchange)
        self.workspaces = AsyncWorkspacesResource(transport, exchange)
        self.vault = AsyncVaultResource(transport, exchange)
        self.data_keys = AsyncDataKeysResource(transport, exchange)
        self.account = AsyncAccountResource(transport, exchange)
        self.server = AsyncServerResource(transport, exchange)
