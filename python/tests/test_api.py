"""The API through the SDK, on a real server."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from scene import PROFILE, Scene

import grantry
from grantry import AsyncGrantry, Grantry


def test_resources(scene: Scene) -> None:
    app = scene.grantry.apps.create(name="Python")
    assert app["id"] in [each["id"] for each in scene.grantry.apps.list(limit=1)]
    key = scene.grantry.api_keys.create(name="Reader", scopes=["tokens:read"], app_id=app["id"])
    assert key["secret"] and key["app_id"] == app["id"]
    with scene.client(api_key=key["secret"]) as reader:
        assert reader.account.get()["credential"]["scopes"] == ["tokens:read"]
        with pytest.raises(grantry.ForbiddenError) as caught:
            reader.apps.create(name="Not mine")
    assert (caught.value.code, caught.value.status) == ("insufficient_scope", 403)
    assert scene.grantry.api_keys.delete(key["id"])["deleted"] is True
    assert scene.grantry.apps.delete(app["id"])["deleted"] is True
    assert scene.grantry.workspace.get()["name"] == "default"
    assert scene.grantry.providers.get("gmail")["name"] == "Gmail"
    assert len(list(scene.grantry.mcp_servers.list())) > 5


def test_refusals(scene: Scene) -> None:
    with pytest.raises(grantry.NotFoundError) as caught:
        scene.grantry.connections.get("con_01jd3xqv5me8tvh6w5kq2a9xyz")
    assert caught.value.request_id
    with pytest.raises(grantry.InvalidRequestError) as invalid:
        scene.grantry.apps.create(name="")
    assert [error["path"] for error in invalid.value.errors] == ["name"]
    with scene.client(api_key="not-a-key") as stranger, pytest.raises(grantry.UnauthenticatedError) as refused:
        stranger.account.get()
    assert "not-a-key" not in str(refused.value) + repr(refused.value.members)


def test_a_server_that_is_not_there() -> None:
    # Port 9 (discard) is nobody's here.
    with Grantry(url="http://127.0.0.1:9", api_key="x", retries=0) as away, pytest.raises(grantry.ConnectionFailedError):
        away.account.get()


def test_a_connection_from_start_to_end(scene: Scene) -> None:
    me = scene.someone("life")
    id = scene.connect(me)
    connection = scene.grantry.connections.get(id)
    assert (connection["status"], connection["provider"]) == ("active", "gmail")
    assert [each["id"] for each in scene.grantry.connections.list(end_user=me)] == [id]
    assert scene.grantry.connections.find_token(provider="gmail", end_user=me)["connection_id"] == id
    assert scene.grantry.connections.refresh(id)["last_refresh"] is not None
    token = scene.grantry.end_user_tokens.create(end_user={"id": me}, scopes=["tokens:read"])
    with scene.client(token=token["token"]) as own:
        assert own.credentials(id).access_token()
    assert scene.grantry.connections.delete(id)["status"] == "revoked"
    types = [event["type"] for event in scene.grantry.events.list(connection=id)]
    assert types[-1] == "connection.created" and "token.read" in types


def test_finish(scene: Scene) -> None:
    """The customer's server finishes with the code that its own page got."""
    finisher = scene.someone("finisher")
    here = "https://app.example.com/done"
    scene.grantry.workspace.update(return_urls=[here])
    session = scene.grantry.connect_sessions.create(
        provider="gmail", end_user={"id": finisher}, binding="finish", return_to=here, state="mine"
    )
    start = scene.http.get(session["connect_url"])
    wish = {"url": start.headers["location"], "account": "ada@example.com"}
    back = scene.http.get(scene.control("POST", "/consent", wish)["location"])
    returned = httpx.URL(back.headers["location"])
    assert returned.params["state"] == "mine"
    with pytest.raises(grantry.ForbiddenError) as other:
        scene.grantry.connect_sessions.finish(session["id"], code=returned.params["code"], end_user_id="somebody else")
    assert other.value.code == "other_end_user"
    made = scene.grantry.connect_sessions.finish(session["id"], code=returned.params["code"], end_user_id=finisher)
    assert (made["status"], made["end_user"] and made["end_user"]["id"]) == ("active", finisher)


def test_the_proxy_puts_the_token_in(scene: Scene) -> None:
    id = scene.connect(scene.someone("proxied"))
    with scene.grantry.proxy(id) as gmail:
        answer = gmail.get(PROFILE)
        assert (answer.status_code, answer.json()["emailAddress"]) == (200, "ada@example.com")
        assert gmail.get("/gmail/v1/nothing").status_code == 404
        scene.grantry.connections.delete(id)
        with pytest.raises(grantry.GrantryError) as caught:
            gmail.get(PROFILE)
        assert caught.value.code == "conflict"


def test_the_same_in_asyncio(scene: Scene) -> None:
    async def main() -> None:
        me = scene.someone("async")
        id = scene.connect(me)
        async with AsyncGrantry() as client:
            listed = [each["id"] async for each in client.connections.list(end_user=me)]
            assert listed == [id]
            assert (await client.connections.list(end_user=me)).data[0]["status"] == "active"
            with pytest.raises(grantry.NotFoundError):
                await client.connections.get("con_01jd3xqv5me8tvh6w5kq2a9xyz")
            async with client.proxy(id) as gmail:
                assert (await gmail.get(PROFILE)).json()["emailAddress"] == "ada@example.com"
            assert (await client.request("GET", f"/api/v1/connections/{id}"))["data"]["id"] == id

    asyncio.run(main())
