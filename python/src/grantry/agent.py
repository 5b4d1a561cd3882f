"""``Agent``: a class to derive agents from, whose OAuth provider gives credentials or nothing."""

from __future__ import annotations

from .async_client import AsyncGrantry
from .client import Grantry
from .credentials import AsyncCredentials, Credentials
from .errors import GrantryError, NeedsReauthError, NotFoundError
from .settings import read_end_user

#: Refusals that mean: there is no connection to use now, a person must connect first.
_NOT_CONNECTED = frozenset({"connection_not_ready"})


class OAuthProvider:
    """Credentials of one end user's connections (or of the workspace's own)."""

    def __init__(self, grantry: Grantry, end_user: str | None, app: str | None) -> None:
        self._grantry = grantry
        self._end_user = end_user
        self._app = app

    def get_credentials(self, provider: str) -> Credentials | None:
        """Credentials that work now; None when nobody has connected this account, or it has to be connected again.

        ``provider`` is a provider's name, or the id of an integration or of a connection. Raises GrantryError for anything
        else, such as several connections that fit.
        """
        found = self._grantry.credentials(provider, end_user=self._end_user, app=self._app)
        try:
            found.get()
        except GrantryError as error:
            if is_not_connected(error):
                return None
            raise
        return found


class AsyncOAuthProvider:
    """The same for asyncio."""

    def __init__(self, grantry: AsyncGrantry, end_user: str | None, app: str | None) -> None:
        self._grantry = grantry
        self._end_user = end_user
        self._app = app

    async def get_credentials(self, provider: str) -> AsyncCredentials | None:
        """Credentials that work now; None when nobody has connected this account, or it has to be connected again."""
        found = self._grantry.credentials(provider, end_user=self._end_user, app=self._app)
        try:
            await found.get()
        except GrantryError as error:
            if is_not_connected(error):
                return None
            raise
        return found


class Agent:
    """Derive your agent from it. Server, key and end user come from the environment, or are given.

    grantry: default ``Grantry()``. end_user: whose connections; default ``GRANTRY_END_USER``, else the workspace's own.
    app: id of the app that they belong to.
    """

    def __init__(self, grantry: Grantry | None = None, *, end_user: str | None = None, app: str | None = None) -> None:
        self.grantry = grantry or Grantry()
        self._end_user = read_end_user() if end_user is None else end_user
        self._app = app

    def get_oauth_provider(self) -> OAuthProvider:
        return OAuthProvider(self.grantry, self._end_user, self._app)


class AsyncAgent:
    """The same for asyncio."""

    def __init__(
        self, grantry: AsyncGrantry | None = None, *, end_user: str | None = None, app: str | None = None
    ) -> None:
        self.grantry = grantry or AsyncGrantry()
        self._end_user = read_end_user() if end_user is None else end_user
        self._app = app

    def get_oauth_provider(self) -> AsyncOAuthProvider:
        return AsyncOAuthProvider(self.grantry, self._end_user, self._app)


def is_not_connected(error: GrantryError) -> bool:
    return isinstance(error, (NeedsReauthError, NotFoundError)) or error.code in _NOT_CONNECTED
