"""Tokens in real requests, on a real server: what happens when an API no longer takes one."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Iterator

import httpx
import pytest
import requests
from scene import Scene

from grantry import AsyncGrantry, Grantry


@pytest.fixture(scope="module")
def user(scene: Scene) -> str:
    user = scene.someone("user")
    scene.connect(user)
    return user


@pytest.fixture
def client(scene: Scene) -> Iterator[Grantry]:
    # A client of its own: nothing is kept from the test before.
    with scene.client() as client:
        yield client


def test_httpx(scene: Scene, client: Grantry, user: str) -> None:
    gmail = client.credentials("gmail", end_user=user)
    assert scene.http.get(scene.profile, auth=gmail).json()["emailAddress"] == "ada@example.com"
    before = scene.refreshes()
    scene.expire_at_provider()
    assert scene.http.get(scene.profile, auth=gmail).status_code == 200
    assert scene.refreshes() == before + 1
    assert scene.http.get(scene.profile, headers=gmail.headers()).status_code == 200


def test_httpx_in_asyncio(scene: Scene, client: Grantry, user: str) -> None:
    async def main() -> None:
        async with httpx.AsyncClient() as http, AsyncGrantry(http_client=http) as grantry:
            headers = await grantry.credentials("gmail", end_user=user).headers()
            assert (await http.get(scene.profile, headers=headers)).is_success
            for gmail in (grantry.credentials("gmail", end_user=user), client.credentials("gmail", end_user=user)):
                assert (await http.get(scene.profile, auth=gmail)).status_code == 200
                scene.expire_at_provider()
                assert (await http.get(scene.profile, auth=gmail)).status_code == 200

    asyncio.run(main())


def test_requests(scene: Scene, client: Grantry, user: str) -> None:
    gmail = client.credentials("gmail", end_user=user)
    with requests.Session() as session:
        session.auth = gmail
        assert session.get(scene.profile).json()["emailAddress"] == "ada@example.com"
        scene.expire_at_provider()
        answer = session.get(scene.profile)
        assert (answer.status_code, [each.status_code for each in answer.history]) == (200, [401])


def test_a_request_is_sent_again_once_and_with_its_body(scene: Scene, client: Grantry, user: str) -> None:
    """An API that says 401 whatever it is given."""
    scene.control("POST", "/faults", {"endpoint": "api", "fault": "status", "status": 401, "times": "forever"})
    try:
        gmail = client.credentials("gmail", end_user=user)
        for send in (
            lambda body: scene.http.post(scene.messages, content=body, auth=gmail).status_code,
            lambda body: requests.post(scene.messages, data=body, auth=gmail).status_code,
            lambda body: requests.post(scene.messages, data=io.BytesIO(body), auth=gmail, timeout=10).status_code,
        ):
            gmail._apart.own().kept._renewed = None
            before = calls(scene)
            assert send(b"body") == 401
            assert calls(scene) == before + 2
        # Just renewed: the API means something else, and the provider is not asked for one token after another.
        before, refreshes = calls(scene), scene.refreshes()
        assert scene.http.get(scene.messages, auth=gmail).status_code == 401
        assert (calls(scene), scene.refreshes()) == (before + 1, refreshes)
        # A body that was streamed cannot be sent again.
        gmail._apart.own().kept._renewed = None
        before = calls(scene)
        assert scene.http.post(scene.messages, content=iter([b"part"]), auth=gmail).status_code == 401
        assert requests.post(scene.messages, data=iter([b"part"]), auth=gmail).status_code == 401
        assert calls(scene) == before + 2
    finally:
        scene.control("DELETE", "/faults")


def calls(scene: Scene) -> int:
    count: int = scene.control("GET", "/calls?endpoint=api")["count"]
    return count


def test_a_renewed_token_is_not_sent_to_where_an_api_redirects(scene: Scene, client: Grantry, user: str) -> None:
    """The other host answers 401 as well; whatever it asks for, the token is not for it."""
    other = scene.profile.replace("localhost", "127.0.0.1")
    scene.control("POST", "/faults", {"endpoint": "api", "fault": "redirect", "to": other})
    scene.control("POST", "/faults", {"endpoint": "api", "fault": "redirect", "to": other})
    gmail = client.credentials("gmail", end_user=user)
    before = scene.refreshes()
    by_requests = requests.get(scene.messages, auth=gmail)
    by_httpx = scene.http.get(scene.messages, auth=gmail, follow_redirects=True)
    assert (by_requests.status_code, by_requests.request.headers.get("authorization")) == (401, None)
    assert by_httpx.status_code == 401
    assert scene.refreshes() == before


def test_an_account_whose_tokens_cannot_be_renewed(scene: Scene) -> None:
    """GitHub's do not end: its 401 is what the caller gets, and the connection is left as it is."""
    octocat = scene.someone("octocat")
    id = scene.connect(octocat, provider="github")
    with scene.client() as client:
        github = client.credentials("github", end_user=octocat)
        scene.control("POST", "/faults", {"endpoint": "api", "provider": "github", "fault": "status", "status": 401})
        assert scene.http.get(f"{scene.sandbox}/github/api/user", auth=github).status_code == 401
        assert scene.grantry.connections.get(id)["status"] == "active"
