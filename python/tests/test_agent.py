"""Agents, and many of them at once."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from scene import Scene

from grantry import Agent, AsyncAgent, AsyncGrantry, GrantryError

CROWD = 1000


def test_credentials_or_nothing(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    me = scene.someone("agent")
    monkeypatch.setenv("GRANTRY_END_USER", me)
    oauth = Agent().get_oauth_provider()
    assert oauth.get_credentials("gmail") is None
    id = scene.connect(me)
    credentials = oauth.get_credentials("gmail")
    assert credentials is not None
    assert scene.http.get(scene.profile, auth=credentials).json()["emailAddress"] == "ada@example.com"
    assert oauth.get_credentials(id) is not None


def test_whose_connections(scene: Scene) -> None:
    mine = scene.someone("mine")
    scene.connect(mine)
    with scene.client() as grantry:
        assert Agent(grantry, end_user="somebody").get_oauth_provider().get_credentials("gmail") is None
        assert Agent(grantry, end_user=mine).get_oauth_provider().get_credentials("gmail")
        app = scene.grantry.apps.create(name="Elsewhere")["id"]
        assert Agent(grantry, end_user=mine, app=app).get_oauth_provider().get_credentials("gmail") is None


def test_what_is_wrong_is_not_taken_for_nothing(scene: Scene) -> None:
    with pytest.raises(GrantryError) as caught:
        Agent(scene.client(api_key="wrong")).get_oauth_provider().get_credentials("gmail")
    assert caught.value.code == "unauthenticated"


def test_in_asyncio(scene: Scene) -> None:
    me = scene.someone("async-agent")
    scene.connect(me)

    async def main() -> None:
        async with AsyncGrantry() as grantry:
            oauth = AsyncAgent(grantry, end_user=me).get_oauth_provider()
            credentials = await oauth.get_credentials("gmail")
            assert credentials is not None
            async with httpx.AsyncClient(auth=credentials) as http:
                assert (await http.get(scene.profile)).status_code == 200
            assert await oauth.get_credentials("github") is None

    asyncio.run(main())


def test_a_thousand_threads_make_one_refresh(scene: Scene) -> None:
    # Grantry renews what has expired by itself, too: whoever comes first, it is one refresh.
    before = scene.refreshes()
    crowd = scene.someone("crowd")
    id = scene.expired(crowd)
    reads = scene.reads(id)
    with scene.client() as grantry:
        oauth = Agent(grantry, end_user=crowd).get_oauth_provider()
        start = threading.Barrier(CROWD)

        def get() -> str:
            start.wait(60)
            credentials = oauth.get_credentials("gmail")
            assert credentials
            return credentials.access_token()

        with ThreadPoolExecutor(CROWD) as pool:
            tokens = {each.result() for each in [pool.submit(get) for _ in range(CROWD)]}
    assert len(tokens) == 1
    assert scene.refreshes() == before + 1
    assert scene.reads(id) == reads + 1


def test_a_thousand_tasks_make_one_refresh(scene: Scene) -> None:
    # Grantry renews what has expired by itself, too: whoever comes first, it is one refresh.
    before = scene.refreshes()
    crowd = scene.someone("async-crowd")
    id = scene.expired(crowd)
    reads = scene.reads(id)

    async def main() -> set[str]:
        async with AsyncGrantry() as grantry:
            oauth = AsyncAgent(grantry, end_user=crowd).get_oauth_provider()

            async def get() -> str:
                credentials = await oauth.get_credentials("gmail")
                assert credentials
                return await credentials.access_token()

            return set(await asyncio.gather(*[get() for _ in range(CROWD)]))

    assert len(asyncio.run(main())) == 1
    assert scene.refreshes() == before + 1
    assert scene.reads(id) == reads + 1


def test_a_thousand_refused_requests_make_one_refresh(scene: Scene) -> None:
    crowd = scene.someone("refused-crowd")
    scene.connect(crowd)
    with scene.client() as grantry:
        credentials = grantry.credentials("gmail", end_user=crowd)
        refused = credentials.access_token()
        scene.expire_at_provider()
        before = scene.refreshes()
        start = threading.Barrier(CROWD)

        def renew() -> str:
            start.wait(60)
            renewed = credentials.renew(refused)
            assert renewed
            return renewed.access_token

        with ThreadPoolExecutor(CROWD) as pool:
            tokens = {each.result() for each in [pool.submit(renew) for _ in range(CROWD)]}
        assert tokens == {credentials.access_token()} - {refused}
        assert scene.refreshes() == before + 1
