"""Credentials of one connection: an access token that is always good, and ways to put it into requests."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Generator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import httpx

from .apart import Apart
from .errors import ConnectionFailedError, RateLimitedError, UnavailableError
from .exchange import Exchange
from .flight import AsyncFlight, Flight
from .tokens import Kept, Target, Token, get_steps, refuse_plain, renew_steps
from .transport import AsyncTransport, Transport

if TYPE_CHECKING:
    import requests

#: What does not keep a token that still lives from being used.
PASSING = (ConnectionFailedError, RateLimitedError, UnavailableError)


@dataclass(frozen=True)
class _Own:
    kept: Kept
    gets: Flight[Token] = field(default_factory=Flight)
    renewals: Flight[Token | None] = field(default_factory=Flight)


@dataclass(frozen=True)
class _AsyncOwn:
    kept: Kept
    gets: AsyncFlight[Token] = field(default_factory=AsyncFlight)
    renewals: AsyncFlight[Token | None] = field(default_factory=AsyncFlight)


class Credentials(httpx.Auth):
    """Access tokens of one connection, fetched when they are needed and kept until shortly before they end.

    They are the ``auth`` of ``httpx`` (also of an ``httpx.AsyncClient``) and of ``requests``, and, where ``google-auth`` is
    installed, the ``credentials`` of Google's own clients. Where an API answers 401, the token is renewed and the request
    sent once more. Any number of threads may use them: one of them asks, all get the answer.

    Printing or logging them does not show a token.
    """

    def __init__(
        self,
        transport: Transport,
        exchange: Exchange,
        target: Target,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.target = target
        self._transport = transport
        self._exchange = exchange
        self._apart = Apart(exchange.settings.credential, lambda: _Own(Kept(clock)))

    def access_token(self) -> str:
        """An access token that works. Raises GrantryError: NeedsReauthError, NotFoundError, …"""
        return self.get().access_token

    def headers(self) -> dict[str, str]:
        """The header that a request needs, for clients that take nothing else."""
        return {"Authorization": self.get().authorization}

    def get(self) -> Token:
        """The token with what is known of it. Raises GrantryError."""
        own = self._apart.own()
        return own.kept.fresh() or own.gets.do(own.kept.fresh, lambda: self._fetch(own.kept))

    def renew(self, refused: str) -> Token | None:
        """Another token than ``refused``, which an API did not take; None where there is none to be had.

        Raises NeedsReauthError.
        """
        own = self._apart.own()
        token = own.kept.other_than(refused)
        if token is not None or not own.kept.may_renew():
            return token
        return own.renewals.do(lambda: own.kept.other_than(refused), lambda: self._renew(own.kept, refused))

    def _fetch(self, kept: Kept) -> Token:
        try:
            return kept.put(self._transport.run(get_steps(self._exchange, self.target)))
        except PASSING:
            held = kept.hold()
            if held is None:
                raise
            return held

    def _renew(self, kept: Kept, refused: str) -> Token | None:
        token = self._transport.run(renew_steps(self._exchange, self.target, refused))
        return token and kept.put_renewed(token)

    def sync_auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        refuse_plain(str(request.url))
        token = self.get()
        request.headers["Authorization"] = token.authorization
        response = yield request
        if _is_refused(response, token) and _can_resend(request):
            renewed = self.renew(token.access_token)
            if renewed is not None:
                request.headers["Authorization"] = renewed.authorization
                yield request

    async def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        refuse_plain(str(request.url))
        token = await asyncio.to_thread(self.get)
        request.headers["Authorization"] = token.authorization
        response = yield request
        if _is_refused(response, token) and _can_resend(request):
            renewed = await asyncio.to_thread(self.renew, token.access_token)
            if renewed is not None:
                request.headers["Authorization"] = renewed.authorization
                yield request

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """The ``auth`` of ``requests``."""
        from .with_requests import authorize

        return authorize(self, request)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({_named(self.target)})"


class AsyncCredentials(httpx.Auth):
    """The same for asyncio: the ``auth`` of an ``httpx.AsyncClient``, for one event loop at a time."""

    def __init__(
        self,
        transport: AsyncTransport,
        exchange: Exchange,
        target: Target,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.target = target
        self._transport = transport
        self._exchange = exchange
        self._apart = Apart(exchange.settings.credential, lambda: _AsyncOwn(Kept(clock)))

    async def access_token(self) -> str:
        """An access token that works. Raises GrantryError: NeedsReauthError, NotFoundError, …"""
        return (await self.get()).access_token

    async def headers(self) -> dict[str, str]:
        """The header that a request needs, for clients that take nothing else."""
        return {"Authorization": (await self.get()).authorization}

    async def get(self) -> Token:
        """The token with what is known of it. Raises GrantryError."""
        own = self._apart.own()
        return await own.gets.do(own.kept.fresh, lambda: self._fetch(own.kept))

    async def renew(self, refused: str) -> Token | None:
        """Another token than ``refused``, which an API did not take; None where there is none to be had.

        Raises NeedsReauthError.
        """
        own = self._apart.own()
        token = own.kept.other_than(refused)
        if token is not None or not own.kept.may_renew():
            return token
        return await own.renewals.do(lambda: own.kept.other_than(refused), lambda: self._renew(own.kept, refused))

    async def _fetch(self, kept: Kept) -> Token:
        try:
            return kept.put(await self._transport.run(get_steps(self._exchange, self.target)))
        except PASSING:
            held = kept.hold()
            if held is None:
                raise
            return held

    async def _renew(self, kept: Kept, refused: str) -> Token | None:
        token = await self._transport.run(renew_steps(self._exchange, self.target, refused))
        return token and kept.put_renewed(token)

    async def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        refuse_plain(str(request.url))
        token = await self.get()
        request.headers["Authorization"] = token.authorization
        response = yield request
        if _is_refused(response, token) and _can_resend(request):
            renewed = await self.renew(token.access_token)
            if renewed is not None:
                request.headers["Authorization"] = renewed.authorization
                yield request

    def sync_auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        raise RuntimeError("Credentials of an AsyncGrantry work in an httpx.AsyncClient; take those of a Grantry here.")

    def __repr__(self) -> str:
        return f"{type(self).__name__}({_named(self.target)})"


def _is_refused(response: httpx.Response, token: Token) -> bool:
    """Whether it is this token that was refused: a redirect to another host has taken the header away."""
    return response.status_code == 401 and response.request.headers.get("Authorization") == token.authorization


def _can_resend(request: httpx.Request) -> bool:
    """A body that was streamed is gone."""
    return isinstance(request.stream, httpx.ByteStream)


def _named(target: Target) -> str:
    return ", ".join(f"{name}={value!r}" for name, value in vars(target).items() if value is not None)
