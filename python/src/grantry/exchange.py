"""One call of the API, without I/O: what to send and what its answer means. Drivers (``transport``) send and wait."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import quote

import httpx

from .errors import (
    ConnectionFailedError,
    GrantryError,
    RateLimitedError,
    UnauthenticatedError,
    UnavailableError,
    read_error,
)
from .retry import may_repeat, wait_before
from .settings import Settings
from .unset import Unset

VERSION = "0.1.0"

T = TypeVar("T")


@dataclass(frozen=True)
class Call:
    method: str
    #: From the root of the server.
    path: str
    #: None and UNSET are left out.
    query: Mapping[str, object] = field(default_factory=dict)
    #: JSON; a mapping's UNSET members are left out. None: no body.
    body: object = None


@dataclass(frozen=True)
class Wait:
    seconds: float


#: A generator that yields what its driver must do, and returns its result. What it sends comes back as the answer, or
#: is thrown into it as ``httpx.TransportError``.
Steps = Generator[httpx.Request | Wait, httpx.Response | None, T]


@dataclass(frozen=True)
class Exchange:
    """Makes the steps of calls. ``random`` answers 0 to 1, ``clock`` seconds that never go back."""

    settings: Settings
    random: Callable[[], float] = random.random
    clock: Callable[[], float] = time.monotonic

    def call(self, call: Call) -> Steps[Any]:
        """The answer's JSON; None where there is no body. Raises GrantryError."""
        end = self.clock() + self.settings.timeout
        attempt = 0
        while True:
            request = self.build(call, max(0.001, end - self.clock()))
            outcome = yield from _send(request)
            if isinstance(outcome, httpx.Response) and outcome.is_success:
                return _read_answer(outcome)
            error = self._error(request, outcome)
            attempt += 1
            if attempt > self.settings.retries or not may_repeat(call.method, outcome):
                raise error
            asked = error.retry_after if isinstance(error, (RateLimitedError, UnavailableError)) else None
            wait = wait_before(attempt, asked, self.random)
            # Nobody waits for an attempt that there will be no time for.
            if self.clock() + wait >= end:
                raise error
            yield Wait(wait)

    def build(self, call: Call, timeout: float) -> httpx.Request:
        headers = {"accept": "application/json", "user-agent": f"grantry-python/{VERSION}", **self.authorization()}
        content = None
        if call.body is not None:
            headers["content-type"] = "application/json"
            content = json.dumps(_said(call.body), allow_nan=False).encode()
        query = {name: _text(value) for name, value in call.query.items() if not _absent(value)}
        url = self.address(call.path)
        return httpx.Request(
            call.method,
            url.copy_merge_params(query) if query else url,
            headers=headers,
            content=content,
            extensions={"timeout": httpx.Timeout(timeout).as_dict()},
        )

    def address(self, path: str) -> httpx.URL:
        """``path``, percent-encoded already, below the server's URL."""
        url = self.settings.url
        return url.copy_with(raw_path=url.raw_path.rstrip(b"/") + path.encode("ascii"))

    def authorization(self) -> dict[str, str]:
        credential = self.settings.credential()
        return {} if credential is None else {"authorization": f"Bearer {credential}"}

    def _error(self, request: httpx.Request, outcome: httpx.Response | httpx.TransportError) -> GrantryError:
        if isinstance(outcome, httpx.TransportError):
            return self._no_answer(outcome)
        if outcome.is_redirect:
            return self._redirect(outcome)
        error = read_error(outcome)
        if isinstance(error, UnauthenticatedError) and "authorization" not in request.headers:
            detail = "No API key was given: set GRANTRY_API_KEY, or pass api_key."
            return UnauthenticatedError(detail, code=error.code, status=error.status, request_id=error.request_id)
        return error

    def _no_answer(self, cause: httpx.TransportError) -> ConnectionFailedError:
        url = self.settings.url
        if isinstance(cause, httpx.TimeoutException):
            error = ConnectionFailedError(
                f"{url} did not answer within {self.settings.timeout:g} s.", code="timeout"
            )
        else:
            error = ConnectionFailedError(
                f"{url} cannot be reached ({cause or type(cause).__name__}). Does Grantry run there? GRANTRY_URL or url says where.",
                code="no_answer",
            )
        error.__cause__ = cause
        return error

    def _redirect(self, response: httpx.Response) -> ConnectionFailedError:
        # Following it would carry the credential to wherever it leads.
        to = _origin(response.headers.get("location"))
        return ConnectionFailedError(
            f"{self.settings.url} redirects to {to}. If Grantry is there, give that as the URL.",
            code="unexpected_answer",
            status=response.status_code,
        )


def _send(request: httpx.Request) -> Steps[httpx.Response | httpx.TransportError]:
    try:
        response = yield request
    except httpx.TransportError as error:
        return error
    assert response is not None
    return response


def fill(template: str, **params: str) -> str:
    """``/connections/{id}`` with its parameters, each percent-encoded as one segment.

    Raises ValueError for one that would mean another path.
    """
    for name, value in params.items():
        if value in ("", ".", ".."):
            raise ValueError(f"{name} must not be {value!r}.")
    return template.format(**{name: quote(value, safe="") for name, value in params.items()})


def given(always: Mapping[str, object], optional: Mapping[str, object]) -> dict[str, object]:
    """The members of a body: None among ``optional`` means nothing said."""
    return {**always, **{name: value for name, value in optional.items() if value is not None}}


def _absent(value: object) -> bool:
    return value is None or isinstance(value, Unset)


def _text(value: object) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def _said(body: object) -> object:
    if not isinstance(body, Mapping):
        return body
    return {name: value for name, value in body.items() if not isinstance(value, Unset)}


def _origin(location: str | None) -> str:
    """Without path and query: they may hold what is not for a log."""
    if location is None:
        return "elsewhere"
    url = httpx.URL(location)
    return f"{url.scheme}://{url.netloc.decode()}" if url.host else "another path"


def _read_answer(response: httpx.Response) -> Any:
    if response.status_code == 204 or not response.content:
        return None
    try:
        return json.loads(response.content)
    except ValueError:
        raise ConnectionFailedError(
            "The answer is not JSON. Does the URL lead to Grantry?",
            code="unexpected_answer",
            status=response.status_code,
        ) from None
