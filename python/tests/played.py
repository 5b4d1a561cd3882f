"""A Grantry that is played: answers in order, and what was asked."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx

from grantry import Grantry
from grantry.exchange import Exchange
from grantry.resource import Resource

Answer = httpx.Response | Exception | Callable[[httpx.Request], httpx.Response]


class Played:
    def __init__(self, *answers: Answer) -> None:
        self._answers = list(answers)
        self.requests: list[httpx.Request] = []
        self.waits: list[float] = []

    def handle(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self._answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer(request) if callable(answer) else answer

    def client(self, **settings: Any) -> Grantry:
        http_client = httpx.Client(transport=httpx.MockTransport(self.handle))
        grantry = Grantry(**{"url": "http://grantry.test", "api_key": "key-in-test", **settings}, http_client=http_client)
        # No time passes but what is waited for, and chance always says the same.
        clock = Clock()
        grantry._exchange = Exchange(grantry._settings, lambda: 0.5, clock)
        for resource in vars(grantry).values():
            if isinstance(resource, Resource):
                resource._exchange = grantry._exchange

        def sleep(seconds: float) -> None:
            self.waits.append(seconds)
            clock.now += seconds

        grantry._transport._sleep = sleep
        return grantry

    @property
    def bodies(self) -> list[Any]:
        return [json.loads(request.content) for request in self.requests]


def problem(status: int, code: str, headers: dict[str, str] | None = None, **members: Any) -> httpx.Response:
    body = {"type": "x", "title": code, "status": status, "code": code, "detail": "Detail.", "request_id": "req-1", **members}
    return httpx.Response(status, json=body, headers=headers)


def token(access_token: str, expires_in: int | None = 3600, token_type: str = "Bearer") -> httpx.Response:
    data = {
        "connection_id": "con_1",
        "provider": "gmail",
        "access_token": access_token,
        "token_type": token_type,
        "expires_at": None,
        "expires_in": expires_in,
        "scopes": ["read"],
        "api_base_url": None,
    }
    return httpx.Response(200, json={"data": data})


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


__all__ = ["Clock", "Played", "problem", "token"]
