"""What a client is set up with: its arguments, and the environment where they say nothing."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

import httpx

DEFAULT_URL = "http://localhost:7001"


@dataclass(frozen=True)
class Settings:
    url: httpx.URL
    #: An API key, or an end user's or OAuth client's access token. Never printed.
    credential: str | None = field(repr=False)
    #: Whose connections are meant where a call does not say; None: the workspace's own.
    end_user: str | None
    #: Seconds that each step of an attempt may take: connecting, sending, waiting for the answer.
    timeout: float
    #: Attempts beside the first.
    retries: int


def read_settings(
    url: str | None,
    api_key: str | None,
    token: str | None,
    end_user: str | None,
    timeout: float,
    retries: int,
) -> Settings:
    """Arguments win over ``GRANTRY_URL``, ``GRANTRY_API_KEY`` and ``GRANTRY_END_USER``; empty variables count as absent.

    Raises ValueError for an address that is none, and for both an API key and a token.
    """
    if api_key is not None and token is not None:
        raise ValueError("Give an api_key or a token, not both.")
    credential = token if token is not None else api_key
    return Settings(
        url=_read_url(url or os.environ.get("GRANTRY_URL") or DEFAULT_URL),
        credential=credential if credential is not None else os.environ.get("GRANTRY_API_KEY") or None,
        end_user=end_user if end_user is not None else os.environ.get("GRANTRY_END_USER") or None,
        timeout=timeout,
        retries=retries,
    )


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
