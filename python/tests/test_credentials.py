"""Tokens in real requests, on a real server: what happens when an API no longer takes one."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Iterator

import httpx
import pytest
import requests
from scene import Scene

from grantry import AsyncGrantry, Grantry, NeedsReauthError


@pytest.fixture(scope="module")
def user(scene: Scene) -> str:
    user = scene.someone("user")
    scene.connect(user)
    return user


@pytest.fixture
def connected(scene: Scene, user: str) -> Scene:
    return scene


@pytest.fixture
def client(user: str) -> Iterator[Grantry]:
    # A client of its own: nothing is kept from the test before.
    with Grantry(end_user=user) as client:
        yield client


def test_httpx(connected: Scene, client: Grantry) -> None:
    gmail = client.credentials("gmail")
    assert httpx.get(connected.profile, auth=gmail).json()["emailAddress"] == "ada@example.com"
    before = connected.refreshes()
    connected.expire_at_provider()
    assert httpx.get(connected.profile, auth=gmail).status_code == 200
    assert connected.refreshes() == before + 1
    assert httpx.get(connected.profile, headers=gmail.headers()).status_code == 200


def test_httpx_in_asyncio(connected: Scene, client: Grantry, user: str) -> None:
    async def main() -> None:
        async with httpx.AsyncClient() as http, AsyncGrantry(end_user=user) as grantry:
            headers = await grantry.credentials("gmail").headers()
            assert (await http.get(connected.profile, headers=headers)).is_success
            for gmail in (grantry.credentials("gmail"), client.credentials("gmail")):
                assert (await http.get(connected.profile, auth=gmail)).status_code == 200
                connected.expire_at_provider()
                assert (await http.get(connected.profile, auth=gmail)).status_code == 200

    asyncio.run(main())


def test_requests(connected: Scene, client: Grantry) -> None:
    gmail = client.credentials("gmail")
    with requests.Session() as session:
        session.auth = gmail
        assert session.get(connected.profile).json()["emailAddress"] == "ada@example.com"
        connected.expire_at_provider()
        answer = session.get(connected.profile)
        assert (answer.status_code, [each.status_code for each in answer.history]) == (200, [401])


def test_a_request_is_sent_again_once_and_with_its_body(connected: Scene, client: Grantry) -> None:
    """An API that says 401 whatever it is given."""
    connected.control("POST", "/faults", {"endpoint": "api", "fault": "status", "status": 401, "times": "forever"})
    try:
        gmail = client.credentials("gmail")
        for send in (
            lambda body: httpx.post(connected.messages, content=body, auth=gmail).status_code,
            lambda body: requests.post(connected.messages, data=body, auth=gmail).status_code,
            lambda body: requests.post(connected.messages, data=io.BytesIO(body), auth=gmail).status_code,
        ):
            gmail._kept._renewed = None
            before = calls(connected)
            assert send(b"body") == 401
            assert calls(connected) == before + 2
        # Just renewed: the API means something else, and the provider is not asked for one token after another.
        before, refreshes = calls(connected), connected.refreshes()
        assert httpx.get(connected.messages, auth=gmail).status_code == 401
        assert (calls(connected), connected.refreshes()) == (before + 1, refreshes)
        # A body that was streamed cannot be sent again.
        gmail._kept._renewed = None
        before = calls(connected)
        assert httpx.post(connected.messages, content=iter([b"part"]), auth=gmail).status_code == 401
        assert requests.post(connected.messages, data=iter([b"part"]), auth=gmail).status_code == 401
        assert calls(connected) == before + 2
    finally:
        connected.control("DELETE", "/faults")


def calls(scene: Scene) -> int:
    count: int = scene.control("GET", "/calls?endpoint=api")["count"]
    return count


def test_a_renewed_token_is_not_sent_to_where_an_api_redirects(connected: Scene, client: Grantry) -> None:
    """The other host answers 401 as well; whatever it asks for, the token is not for it."""
    other = connected.profile.replace("localhost", "127.0.0.1")
    connected.control("POST", "/faults", {"endpoint": "api", "fault": "redirect", "to": other})
    connected.control("POST", "/faults", {"endpoint": "api", "fault": "redirect", "to": other})
    gmail = client.credentials("gmail")
    before = connected.refreshes()
    by_requests = requests.get(connected.messages, auth=gmail)
    by_httpx = httpx.get(connected.messages, auth=gmail, follow_redirects=True)
    assert (by_requests.status_code, by_requests.request.headers.get("authorization")) == (401, None)
    assert by_httpx.status_code == 401
    assert connected.refreshes() == before


def test_a_grant_that_ended(scene: Scene) -> None:
    ended = scene.someone("ended")
    id = scene.connect(ended, account="grace@example.com")
    with Grantry() as client:
        gmail = client.credentials("gmail", end_user=ended)
        assert httpx.get(scene.profile, auth=gmail).status_code == 200
        scene.control("POST", "/revoke-grant", {"provider": "gmail", "account": "grace@example.com"})
        with pytest.raises(NeedsReauthError) as caught:
            httpx.get(scene.profile, auth=gmail)
        assert caught.value.connection_id == id
        assert caught.value.connect_url and caught.value.connect_url.startswith(scene.url)


def test_an_account_whose_tokens_cannot_be_renewed(scene: Scene) -> None:
    """GitHub's do not end: its 401 is what the caller gets, and the connection is left as it is."""
    octocat = scene.someone("octocat")
    id = scene.connect(octocat, provider="github")
    with Grantry() as client:
        github = client.credentials("github", end_user=octocat)
        scene.control("POST", "/faults", {"endpoint": "api", "provider": "github", "fault": "status", "status": 401})
        assert httpx.get(f"{scene.sandbox}/github/api/user", auth=github).status_code == 401
        assert scene.grantry.connections.get(id)["status"] == "active"
