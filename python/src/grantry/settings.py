"""What a client is set up with: its arguments, and the environment where they say nothing. Nothing else reads it."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx

DEFAULT_URL = "http://localhost:7001"


@dataclass(frozen=True)
class Settings:
    url: httpx.URL
    #: Answers an API key, or an end user's or OAuth client's access token. Never printed.
    credential: Callable[[], str | None] = field(repr=False)
    #: Seconds that a call may take in all.
    timeout: float
    #: Attempts beside the first.
    retries: int


def read_settings(
    url: str | None,
    api_key: str | None,
    token: str | Callable[[], str] | None,
    timeout: float,
    retries: int,
) -> Settings:
    """Arguments win over ``GRANTRY_URL`` and ``GRANTRY_API_KEY``; empty variables count as absent.

    Raises ValueError for an address or a credential that is none, and for both an API key and a token.
    """
    if api_key is not None and token is not None:
        raise ValueError("Give an api_key or a token, not both.")
    return Settings(
        url=_read_url(url or os.environ.get("GRANTRY_URL") or DEFAULT_URL),
        credential=_read_credential(token if token is not None else api_key),
        timeout=timeout,
        retries=retries,
    )


def read_end_user() -> str | None:
    """Whose agent this is: ``GRANTRY_END_USER``."""
    return os.environ.get("GRANTRY_END_USER") or None


def _read_url(text: str) -> httpx.URL:
    # The text is not repeated: where it holds a password, it must not reach a log.
    try:
        url = httpx.URL(text)
    except httpx.InvalidURL as error:
        raise ValueError(f"Grantry's URL is not valid: {error}") from None
    if url.scheme not in ("http", "https") or not url.host:
        raise ValueError("Grantry's URL must begin with https:// or http://, and name a host.")
    if url.userinfo:
        raise ValueError("Grantry's URL must not hold a user name or password; use api_key.")
    if url.query or url.fragment:
        raise ValueError("Grantry's URL must not have a query or a fragment.")
    return url.copy_with(path=url.path.rstrip("/"))


def _read_credential(given: str | Callable[[], str] | None) -> Callable[[], str | None]:
    if callable(given):
        ask = given
        return lambda: _readable(ask())
    text = given if given is not None else os.environ.get("GRANTRY_API_KEY") or None
    credential = None if text is None else _readable(text)
    return lambda: credential


def _readable(text: str) -> str:
    """A header cannot hold anything else, and what is said of such a header would quote it."""
    credential = text.strip()
    if not credential or not all("!" <= char <= "~" for char in credential):
        raise ValueError("Grantry's credential is empty, or holds characters that none has.")
    return credential
