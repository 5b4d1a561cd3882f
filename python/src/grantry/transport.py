"""The two ways to do the steps of an exchange: in this thread, or in an event loop."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

import httpx

from .exchange import Steps, Wait

T = TypeVar("T")


class Transport:
    """Sends by an ``httpx.Client``: the one that was given, which stays its owner's to close, or one of its own."""

    def __init__(self, given: httpx.Client | None, sleep: Callable[[float], None] = time.sleep) -> None:
        self.client = given or httpx.Client()
        self._owned = given is None
        self._sleep = sleep

    def run(self, steps: Steps[T]) -> T:
        try:
            step = next(steps)
            while True:
                if isinstance(step, Wait):
                    self._sleep(step.seconds)
                    step = steps.send(None)
                    continue
                try:
                    response = self.client.send(step, auth=None, follow_redirects=False)
                except httpx.TransportError as error:
                    step = steps.throw(error)
                else:
                    step = steps.send(response)
        except StopIteration as end:
            result: T = end.value
            return result

    def close(self) -> None:
        if self._owned:
            self.client.close()


class AsyncTransport:
    """The same by an ``httpx.AsyncClient``, in asyncio's event loop."""

    def __init__(
        self,
        given: httpx.AsyncClient | None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.client = given or httpx.AsyncClient()
        self._owned = given is None
        self._sleep = sleep

    async def run(self, steps: Steps[T]) -> T:
        try:
            step = next(steps)
            while True:
                if isinstance(step, Wait):
                    await self._sleep(step.seconds)
                    step = steps.send(None)
                    continue
                try:
                    response = await self.client.send(step, auth=None, follow_redirects=False)
                except httpx.TransportError as error:
                    step = steps.throw(error)
                else:
                    step = steps.send(response)
        except StopIteration as end:
            result: T = end.value
            return result

    async def close(self) -> None:
        if self._owned:
            await self.client.aclose()
