"""Calls of a provider's API through Grantry."""

from __future__ import annotations

from typing import Any

import httpx

from .exchange import Exchange, fill


def proxied(exchange: Exchange, connection: str, timeout: float | None) -> dict[str, Any]:
    """What an ``httpx`` client is made of whose base is the connection's API. Redirects of the API are followed by Grantry,
    so the client follows none."""
    path = fill("/api/v1/proxy/{id}", id=connection).encode("ascii")
    url = exchange.settings.url
    return {
        "base_url": url.copy_with(raw_path=url.raw_path.rstrip(b"/") + path),
        "headers": exchange.authorization(),
        "timeout": httpx.Timeout(exchange.settings.timeout if timeout is None else timeout),
        "follow_redirects": False,
    }
