"""The client for asyncio: ``AsyncGrantry``."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any

import httpx

from .async_resources import AsyncResources
from .client import KEPT_CREDENTIALS
from .credentials import AsyncCredentials
from .exchange import Call, Exchange
from .proxy import proxied, raise_refusal_async
from .settings import read_settings
from .tokens import Target, read_target
from .transport import AsyncTransport


class AsyncGrantry(AsyncResources):
    """``Grantry`` for asyncio: the same methods, awaited; lists are read by ``async for``. For one event loop."""

    def __init__(
        self,
        *,
        url: str | None = None,
        api_key: str | None = None,
        token: str | Callable[[], str] | None = None,
        timeout: float = 30.0,
        retries: int = 2,
        http_client: httpx.AsyncClient | None = None,
    ) -> None:
        self._settings = read_settings(url, api_key, token, timeout, retries)
        super().__init__(AsyncTransport(http_client), Exchange(self._settings))
        self._credentials: OrderedDict[Target, AsyncCredentials] = OrderedDict()

    def credentials(self, of: str, *, end_user: str | None = None, app: str | None = None) -> AsyncCredentials:
        """Credentials of a connection: of its id (``con_…``), or of the one that a provider (``gmail``) or an integration
        (``int_…``) and an end user mean. Without an end user it is the workspace's own.

        Nothing is sent yet; a connection that is missing shows when a token is needed. Asking again gives the same object,
        with the token that it keeps.
        """
        target = read_target(of, end_user, app)
        found = self._credentials.pop(target, None) or AsyncCredentials(self._transport, self._exchange, target)
        self._credentials[target] = found
        if len(self._credentials) > KEPT_CREDENTIALS:
            self._credentials.popitem(last=False)
        return found

    def proxy(self, connection: str, *, timeout: float | None = None) -> httpx.AsyncClient:
        """An HTTP client whose calls go to the provider's API through Grantry, which puts the token in:
        ``async with grantry.proxy("con_…") as gmail: await gmail.get("/gmail/v1/users/me/profile")``.

        Answers are the provider's, whatever their status; refusals of Grantry's are raised as GrantryError. Close it.
        timeout: seconds that nothing may happen for; default the client's.
        """
        return httpx.AsyncClient(**proxied(self._exchange, connection, timeout), event_hooks={"response": [raise_refusal_async]})

    async def request(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, object] | None = None,
        body: object = None,
    ) -> Any:
        """Any call of the API by its path, for what has no method yet: the JSON of the answer as it is.

        Raises GrantryError; ValueError for a path that does not begin with a slash.
        """
        if not path.startswith("/"):
            raise ValueError("A path begins with a slash.")
        return await self._transport.run(self._exchange.call(Call(method.upper(), path, query or {}, body)))

    async def close(self) -> None:
        await self._transport.close()

    async def __aenter__(self) -> AsyncGrantry:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    def __repr__(self) -> str:
        return f"AsyncGrantry({str(self._settings.url)!r})"
