"""Calls of a provider's API through Grantry."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import httpx

from .errors import read_error
from .exchange import Exchange, fill


def proxied(exchange: Exchange, connection: str, timeout: float | None) -> dict[str, Any]:
    """What an ``httpx`` client is made of whose base is the connection's API. Redirects of the API are followed by Grantry,
    so the client follows none."""
    base = exchange.address(fill("/api/v1/proxy/{id}", id=connection))
    return {
        "base_url": base,
        "auth": ProxyAuth(exchange, base),
        "timeout": httpx.Timeout(exchange.settings.timeout if timeout is None else timeout),
        "follow_redirects": False,
    }


class ProxyAuth(httpx.Auth):
    """Grantry's credential, for calls through the proxy and for nothing else."""

    def __init__(self, exchange: Exchange, base: httpx.URL) -> None:
        self._exchange = exchange
        self._base = base

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        if not _is_below(self._base, request.url):
            raise ValueError("A call through the proxy names a path below the API's base URL, such as /users/me.")
        request.headers.update(self._exchange.authorization())
        yield request


def _is_below(base: httpx.URL, url: httpx.URL) -> bool:
    same = (base.scheme, base.netloc) == (url.scheme, url.netloc)
    path = url.raw_path.split(b"?")[0]
    return same and (path == base.raw_path or path.startswith(base.raw_path + b"/"))


def raise_refusal(response: httpx.Response) -> None:
    """What the provider answers is for the caller to read; what Grantry refuses is an error."""
    if _is_ours(response):
        response.read()
        raise read_error(response)


async def raise_refusal_async(response: httpx.Response) -> None:
    if _is_ours(response):
        await response.aread()
        raise read_error(response)


def _is_ours(response: httpx.Response) -> bool:
    return response.is_error and response.headers.get("x-grantry-answer") != "provider"
