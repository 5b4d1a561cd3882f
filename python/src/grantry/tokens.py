"""Access tokens: which connection they are of, how they are got, how long they are kept. No I/O."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from ipaddress import ip_address
from typing import Any

import httpx

from .errors import ForbiddenError, GrantryError, NeedsReauthError
from .exchange import Call, Exchange, Steps, fill

#: A token without a known end is asked for again after this long. Seconds.
UNKNOWN_LIFETIME = 300.0

#: A token that was renewed this short a time ago is not renewed because an API refuses it: APIs say 401 of more than tokens.
JUST_RENEWED = 30.0

#: How long a token inside its buffer is used without asking again, after the server could not be asked. Seconds.
PATIENCE = 10.0

#: The longest that the API takes for ``min_valid``: more than any token lives for, so that it is renewed.
_RENEWED = 86_400


@dataclass(frozen=True)
class Target:
    """Whose token, of what: exactly one of ``connection``, ``integration`` and ``provider``."""

    provider: str | None = None
    integration: str | None = None
    connection: str | None = None
    #: None: the workspace's own connection.
    end_user: str | None = None
    app: str | None = None


def read_target(of: str, end_user: str | None, app: str | None) -> Target:
    """``of`` is a provider's name, or the id of an integration or of a connection."""
    if of.startswith("con_"):
        return Target(connection=of)
    if of.startswith("int_"):
        return Target(integration=of, end_user=end_user, app=app)
    return Target(provider=of, end_user=end_user, app=app)


@dataclass(frozen=True)
class Token:
    """An access token as it came. Printing it does not show it."""

    access_token: str = field(repr=False)
    token_type: str
    connection_id: str
    provider: str | None
    #: Seconds from when it came; None where the provider did not say.
    expires_in: int | None
    scopes: tuple[str, ...] | None
    api_base_url: str | None

    @property
    def authorization(self) -> str:
        """The header's value (RFC 6750 §2.1). Some providers say ``bearer``, and a few of their servers then refuse it."""
        return f"{'Bearer' if self.token_type.lower() == 'bearer' else self.token_type} {self.access_token}"


class Kept:
    """The token in hand. ``clock`` answers seconds and never goes back."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        # Replaced as a whole: threads read it without a lock.
        self._held: _Held | None = None
        self._renewed: float | None = None

    def put(self, token: Token) -> Token:
        now = self._clock()
        lifetime = token.expires_in
        if lifetime is None:
            self._held = _Held(token, now + UNKNOWN_LIFETIME, None)
        else:
            self._held = _Held(token, now + lifetime - buffer(lifetime), now + lifetime)
        return token

    def fresh(self) -> Token | None:
        """The token, while it is outside its buffer."""
        held = self._held
        return held.token if held is not None and self._clock() < held.until else None

    def other_than(self, refused: str) -> Token | None:
        token = self.fresh()
        return None if token is None or token.access_token == refused else token

    def hold(self) -> Token | None:
        """The token, while its provider takes it, although another was due: for when there is nobody to ask. It counts as
        fresh for some seconds, so that not every use of it waits for a server that is away."""
        held = self._held
        now = self._clock()
        if held is None or held.end is None or now >= held.end:
            return None
        self._held = replace(held, until=min(held.end, now + PATIENCE))
        return held.token

    def expires_in(self, token: Token) -> float | None:
        """Seconds; None where it is not known."""
        held = self._held
        return None if held is None or held.token is not token or held.end is None else held.end - self._clock()

    def may_renew(self) -> bool:
        return self._renewed is None or self._clock() - self._renewed >= JUST_RENEWED

    def put_renewed(self, token: Token) -> Token:
        self._renewed = self._clock()
        return self.put(token)


@dataclass(frozen=True)
class _Held:
    token: Token
    #: When another is asked for.
    until: float
    end: float | None


def buffer(lifetime: float) -> float:
    """How long before its end a token is replaced: the server's own rule, so that its answer is a new one. Seconds."""
    return min(300.0, lifetime * 0.2)


def refuse_plain(url: str) -> None:
    """A token must not cross a network in the clear. Raises ValueError."""
    to = httpx.URL(url)
    if to.scheme != "https" and not _is_loopback(to.host):
        raise ValueError("An access token is sent over https only.")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def get_steps(exchange: Exchange, target: Target, min_valid: int | None = None) -> Steps[Token]:
    """Asks the server for the token, which renews it where that is due."""
    if target.connection is not None:
        path = fill("/api/v1/connections/{id}/token", id=target.connection)
        call = Call("GET", path, {"min_valid": min_valid})
    else:
        query = {
            "provider": target.provider,
            "integration": target.integration,
            "end_user": target.end_user,
            "app": target.app,
            "min_valid": min_valid,
        }
        call = Call("GET", "/api/v1/token", query)
    answer = yield from exchange.call(call)
    return _read_token(answer["data"])


def renew_steps(exchange: Exchange, target: Target, refused: str) -> Steps[Token | None]:
    """Another token than the one that the provider's API refused; None where there is none to be had.

    The server may have one already. If not, it is told to renew it; a credential that may only read tokens asks for
    one that is valid for longer than any.

    Raises NeedsReauthError.
    """
    try:
        token = yield from get_steps(exchange, target)
        if token.access_token == refused:
            try:
                yield from exchange.call(Call("POST", fill("/api/v1/connections/{id}/refresh", id=token.connection_id)))
                token = yield from get_steps(exchange, target)
            except ForbiddenError:
                token = yield from get_steps(exchange, target, _RENEWED)
    except NeedsReauthError:
        raise
    except GrantryError:
        # The provider's own refusal says more to the caller than why there is no second attempt.
        return None
    return None if token.access_token == refused else token


def _read_token(data: dict[str, Any]) -> Token:
    scopes = data["scopes"]
    return Token(
        access_token=data["access_token"],
        token_type=data["token_type"],
        connection_id=data["connection_id"],
        provider=data["provider"],
        expires_in=data["expires_in"],
        scopes=None if scopes is None else tuple(scopes),
        api_base_url=data["api_base_url"],
    )
