"""The client: ``Grantry``."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any

import httpx

from .credentials import Credentials
from .exchange import Call, Exchange
from .open_credentials import open_credentials
from .proxy import proxied, raise_refusal
from .resources import Resources
from .settings import read_settings
from .tokens import Target, read_target
from .transport import Transport

#: Connections whose tokens a client keeps; beyond, those that were not asked for longest are forgotten.
KEPT_CREDENTIALS = 1000


class Grantry(Resources):
    """The API of one Grantry server, for one workspace.

    url: of the server; default ``GRANTRY_URL``, else ``http://localhost:7001``.
    api_key: default ``GRANTRY_API_KEY``. Or ``token``: an end user's token or an OAuth access token; a function is asked
    at each use, and what one of its tokens is given is not given to another.
    timeout: seconds that a call may take in all, with its retries.
    retries: attempts after the first, where another can do no harm.
    http_client: yours, for proxies, certificates or tests; closing it stays with you.

    Threads may share a client. Close it, or use it in a ``with`` block. Raises ValueError for settings that cannot be.
    """

    def __init__(
        self,
        *,
        url: str | None = None,
        api_key: str | None = None,
        token: str | Callable[[], str] | None = None,
        timeout: float = 30.0,
        retries: int = 2,
        http_client: httpx.Client | None = None,
    ) -> None:
        self._settings = read_settings(url, api_key, token, timeout, retries)
        super().__init__(Transport(http_client), Exchange(self._settings))
        self._credentials: OrderedDict[Target, Credentials] = OrderedDict()
        self._lock = threading.Lock()

    def credentials(self, of: str, *, end_user: str | None = None, app: str | None = None) -> Credentials:
        """Credentials of a connection: of its id (``con_…``), or of the one that a provider (``gmail``) or an integration
        (``int_…``) and an end user mean. Without an end user it is the workspace's own.

        Nothing is sent yet; a connection that is missing shows when a token is needed. Asking again gives the same object,
        with the token that it keeps.
        """
        target = read_target(of, end_user, app)
        with self._lock:
            found = self._credentials.pop(target, None) or open_credentials(self._transport, self._exchange, target)
            self._credentials[target] = found
            if len(self._credentials) > KEPT_CREDENTIALS:
                self._credentials.popitem(last=False)
        return found

    def proxy(self, connection: str, *, timeout: float | None = None) -> httpx.Client:
        """An HTTP client whose calls go to the provider's API through Grantry, which puts the token in:
        ``with grantry.proxy("con_…") as gmail: gmail.get("/gmail/v1/users/me/profile")``.

        Answers are the provider's, whatever their status; refusals of Grantry's are raised as GrantryError. Close it.
        timeout: seconds that nothing may happen for; default the client's.
        """
        return httpx.Client(**proxied(self._exchange, connection, timeout), event_hooks={"response": [raise_refusal]})

    def request(
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
        return self._transport.run(self._exchange.call(Call(method.upper(), path, query or {}, body)))

    def close(self) -> None:
        self._transport.close()

    def __enter__(self) -> Grantry:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Grantry({str(self._settings.url)!r})"
