"""Many ask, one does it, all get what it got."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import CancelledError, Future
from typing import Generic, TypeVar

T = TypeVar("T")


class Flight(Generic[T]):
    """Over threads: whoever comes first works, whoever comes meanwhile waits for the same outcome."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: Future[T] | None = None

    def do(self, ready: Callable[[], T | None], work: Callable[[], T]) -> T:
        """``ready`` is asked again under the lock, so that nobody works for what has just come."""
        while True:
            mine: Future[T] = Future()
            with self._lock:
                found = ready()
                if found is not None:
                    return found
                running = self._running
                if running is None:
                    self._running = mine
            if running is None:
                return self._work(mine, work)
            try:
                return running.result()
            except CancelledError:
                # Whoever worked was interrupted (Ctrl-C): that was meant for them alone.
                continue

    def _work(self, mine: Future[T], work: Callable[[], T]) -> T:
        try:
            result = work()
        except Exception as error:
            self._end()
            mine.set_exception(error)
            raise
        except BaseException:
            self._end()
            mine.cancel()
            raise
        self._end()
        mine.set_result(result)
        return result

    def _end(self) -> None:
        with self._lock:
            self._running = None


class AsyncFlight(Generic[T]):
    """Over tasks of an event loop. Whoever stops waiting does not stop the work of the others."""

    def __init__(self) -> None:
        self._running: asyncio.Task[T] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    async def do(self, ready: Callable[[], T | None], work: Callable[[], Awaitable[T]]) -> T:
        found = ready()
        if found is not None:
            return found
        loop = asyncio.get_running_loop()
        # A task of a loop that has ended will never be done.
        if self._running is None or self._loop is not loop:
            self._running = loop.create_task(self._work(work))
            self._loop = loop
            # Where everybody stopped waiting, nobody is left to hear of an error.
            self._running.add_done_callback(_read_outcome)
        return await asyncio.shield(self._running)

    async def _work(self, work: Callable[[], Awaitable[T]]) -> T:
        try:
            return await work()
        finally:
            if self._running is asyncio.current_task():
                self._running = None


def _read_outcome(task: asyncio.Task[T]) -> None:
    if not task.cancelled():
        task.exception()
