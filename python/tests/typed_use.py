"""What a type checker knows of the SDK. mypy reads this; nothing runs it."""

from __future__ import annotations

from typing import Literal

import httpx
from typing_extensions import assert_type

from grantry import Agent, AsyncGrantry, AsyncPages, Credentials, Grantry, Page, Pages
from grantry.types import Connection, ImportConnectionInputTokens, NewConnectSession


def sync(grantry: Grantry) -> None:
    assert_type(grantry.connections.list(status="active"), Pages[Connection])
    assert_type(grantry.connections.list().first(), Page[Connection])
    for connection in grantry.connections.list():
        assert_type(connection["status"], Literal["pending", "active", "needs_reauth", "revoked"])
        assert_type(connection["expires_at"], str | None)
    assert_type(grantry.connect_sessions.create(provider="gmail", end_user={"id": "u1"}), NewConnectSession)
    tokens: ImportConnectionInputTokens = {"refresh_token": "r"}
    grantry.connections.import_(integration="int_1", tokens=tokens, metadata={"a": "b"}, scopes=("read",))
    grantry.connections.update("con_1", proxy_policy=None)
    assert_type(Agent(grantry).get_oauth_provider().get_credentials("gmail"), Credentials | None)
    httpx.get("https://api.example.com", auth=grantry.credentials("gmail"))
    assert_type(grantry.proxy("con_1"), httpx.Client)

    # What is wrong is found. An ignore that is not needed is an error itself.
    grantry.connections.list(status="actve")  # type: ignore[arg-type]
    grantry.connections.get()  # type: ignore[call-arg]
    grantry.connections.get("con_1")["acces_token"]  # type: ignore[typeddict-item]
    grantry.connect_sessions.create(provider="gmail", end_user={"ident": "u1"})  # type: ignore[arg-type]
    grantry.connections.import_(integration="int_1")  # type: ignore[call-arg]


async def in_asyncio(grantry: AsyncGrantry) -> None:
    assert_type(grantry.connections.list(), AsyncPages[Connection])
    assert_type(await grantry.connections.list(), Page[Connection])
    async for connection in grantry.connections.list():
        assert_type(connection, Connection)
    assert_type(await grantry.connections.get("con_1"), Connection)
