"""One call of the API, without I/O: what to send and what its answer means. Drivers (``transport``) send and wait."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import quote

import httpx

from .errors import ConnectionFailedError, GrantryError, RateLimitedError, UnavailableError, read_error
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
    """Makes the steps of calls; ``random`` answers 0 to 1."""

    settings: Settings
    random: Callable[[], float]

    def call(self, call: Call) -> Steps[Any]:
        """The answer's JSON; None where there is no body. Raises GrantryError."""
        attempt = 0
        while True:
            outcome = yield from self._send(call)
            if isinstance(outcome, httpx.Response) and outcome.is_success:
                return _read_answer(outcome)
            error = read_error(outcome) if isinstance(outcome, httpx.Response) else self._no_answer(outcome)
            attempt += 1
            if attempt > self.settings.retries or not may_repeat(call.method, outcome):
                raise error
            asked = error.retry_after if isinstance(error, (RateLimitedError, UnavailableError)) else None
            wait = wait_before(attempt, asked, self.random)
            if wait is None:
                raise error
            yield Wait(wait)

    def _send(self, call: Call) -> Steps[httpx.Response | httpx.TransportError]:
        try:
            response = yield self.build(call)
        except httpx.TransportError as error:
            return error
        assert response is not None
        return response

    def build(self, call: Call) -> httpx.Request:
        settings = self.settings
        headers = {"accept": "application/json", "user-agent": f"grantry-python/{VERSION}", **self.authorization()}
        content = None
        if call.body is not None:
            headers["content-type"] = "application/json"
            content = json.dumps(_given(call.body), allow_nan=False).encode()
        url = settings.url.copy_with(raw_path=settings.url.raw_path.rstrip(b"/") + call.path.encode("ascii"))
        query = {name: _text(value) for name, value in call.query.items() if not _absent(value)}
        return httpx.Request(
            call.method,
            url.copy_merge_params(query) if query else url,
            headers=headers,
            content=content,
            extensions={"timeout": httpx.Timeout(settings.timeout).as_dict()},
        )

    def authorization(self) -> dict[str, str]:
        credential = self.settings.credential
        return {} if credential is None else {"authorization": f"Bearer {credential}"}

    def _no_answer(self, cause: httpx.TransportError) -> GrantryError:
        url = self.settings.url
        if isinstance(cause, httpx.TimeoutException):
            detail = f"Grantry at {url} did not answer within {self.settings.timeout:g} s."
        else:
            detail = f"Grantry at {url} cannot be reached: {cause or type(cause).__name__}."
        error = ConnectionFailedError(detail, code="connection_failed")
        error.__cause__ = cause
        return error


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


def _given(body: object) -> object:
    if not isinstance(body, Mapping):
        return body
    return {name: value for name, value in body.items() if not isinstance(value, Unset)}


def _read_answer(response: httpx.Response) -> Any:
    if response.status_code == 204 or not response.content:
        return None
    try:
        return json.loads(response.content)
    except ValueError:
        raise read_error(response) from None
