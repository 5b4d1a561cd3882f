"""What every resource stands on."""

from __future__ import annotations

from typing import Any

from .exchange import Call, Exchange
from .transport import AsyncTransport, Transport


class Resource:
    def __init__(self, transport: Transport, exchange: Exchange) -> None:
        self._transport = transport
        self._exchange = exchange

    def _item(self, call: Call) -> Any:
        return self._transport.run(self._exchange.call(call))["data"]


class AsyncResource:
    def __init__(self, transport: AsyncTransport, exchange: Exchange) -> None:
        self._transport = transport
        self._exchange = exchange

    async def _item(self, call: Call) -> Any:
        return (await self._transport.run(self._exchange.call(call)))["data"]
