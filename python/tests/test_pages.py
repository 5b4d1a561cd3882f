from __future__ import annotations

import asyncio
from typing import Any

import httpx
from played import Played

from grantry import AsyncGrantry, Page


def page(ids: list[str], next_cursor: str | None) -> httpx.Response:
    return httpx.Response(200, json={"data": [{"id": id} for id in ids], "next_cursor": next_cursor})


def pages() -> Played:
    return Played(page(["1", "2"], "c1"), page([], "c2"), page(["3"], None))


def cursors(played: Played) -> list[Any]:
    return [dict(request.url.params) for request in played.requests]


def test_all_of_it_is_read_while_it_is_iterated() -> None:
    played = pages()
    listed = played.client().connections.list(limit=2, provider="gmail")
    assert played.requests == []
    assert [connection["id"] for connection in listed] == ["1", "2", "3"]
    assert cursors(played) == [
        {"limit": "2", "provider": "gmail"},
        {"limit": "2", "provider": "gmail", "cursor": "c1"},
        {"limit": "2", "provider": "gmail", "cursor": "c2"},
    ]


def test_whoever_stops_reads_no_further() -> None:
    played = pages()
    assert next(iter(played.client().connections.list()))["id"] == "1"
    assert len(played.requests) == 1


def test_a_page_at_a_time() -> None:
    first = pages().client().connections.list().first()
    assert isinstance(first, Page)
    assert ([connection["id"] for connection in first.data], first.next_cursor) == (["1", "2"], "c1")
    assert [len(each.data) for each in pages().client().connections.list().pages()] == [2, 0, 1]


def test_the_same_in_asyncio() -> None:
    async def main() -> None:
        played = pages()
        http_client = httpx.AsyncClient(transport=httpx.MockTransport(played.handle))
        grantry = AsyncGrantry(url="http://grantry.test", http_client=http_client)
        assert [connection["id"] async for connection in grantry.connections.list()] == ["1", "2", "3"]
        played._answers = pages()._answers
        assert len((await grantry.connections.list()).data) == 2
        played._answers = pages()._answers
        assert [len(each.data) async for each in grantry.connections.list().pages()] == [2, 0, 1]
        await grantry.close()
        assert not http_client.is_closed

    asyncio.run(main())
