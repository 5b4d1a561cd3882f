"""Lists: a page at a time, or all of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Generator, Iterator
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from .exchange import Call, Exchange, Steps
from .transport import AsyncTransport, Transport

T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    data: list[T]
    #: Give it as ``cursor`` to read on; None at the end.
    next_cursor: str | None


def page_steps(exchange: Exchange, call: Call) -> Steps[Page[Any]]:
    answer = yield from exchange.call(call)
    return Page(answer["data"], answer.get("next_cursor"))


def after(call: Call, page: Page[Any]) -> Call | None:
    """The call of the page that follows; None behind the last."""
    if page.next_cursor is None:
        return None
    return replace(call, query={**call.query, "cursor": page.next_cursor})


class Pages(Generic[T]):
    """A list that is read while it is iterated: ``for item in pages``. Nothing is sent before."""

    def __init__(self, transport: Transport, exchange: Exchange, call: Call) -> None:
        self._read: Callable[[Call], Page[T]] = lambda call: transport.run(page_steps(exchange, call))
        self._call = call

    def first(self) -> Page[T]:
        """The first page alone."""
        return self._read(self._call)

    def pages(self) -> Iterator[Page[T]]:
        call: Call | None = self._call
        while call is not None:
            page = self._read(call)
            yield page
            call = after(call, page)

    def __iter__(self) -> Iterator[T]:
        for page in self.pages():
            yield from page.data


class AsyncPages(Generic[T]):
    """A list that is read while it is iterated: ``async for item in pages``; ``await pages`` is the first page."""

    def __init__(self, transport: AsyncTransport, exchange: Exchange, call: Call) -> None:
        self._transport = transport
        self._exchange = exchange
        self._call = call

    async def first(self) -> Page[T]:
        """The first page alone."""
        return await self._read(self._call)

    def __await__(self) -> Generator[Any, None, Page[T]]:
        return self.first().__await__()

    async def pages(self) -> AsyncIterator[Page[T]]:
        call: Call | None = self._call
        while call is not None:
            page = await self._read(call)
            yield page
            call = after(call, page)

    async def __aiter__(self) -> AsyncIterator[T]:
        async for page in self.pages():
            for item in page.data:
                yield item

    async def _read(self, call: Call) -> Page[T]:
        return await self._transport.run(page_steps(self._exchange, call))
