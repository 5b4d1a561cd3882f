"""What can go wrong, by what a caller does about it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import httpx

from .retry import read_retry_after

__all__ = [
    "ConnectionFailedError",
    "ForbiddenError",
    "GrantryError",
    "InvalidRequestError",
    "NeedsReauthError",
    "NotFoundError",
    "RateLimitedError",
    "UnauthenticatedError",
    "UnavailableError",
]


class GrantryError(Exception):
    """A refusal of the server, or no answer from it. Its text never holds a credential.

    code: stable, as the API reference lists them; ``timeout``, ``no_answer`` and ``unexpected_answer`` are the client's own.
    status: of the HTTP answer; None where there was none.
    errors: what is wrong with which field, ``{"path": "end_user.id", "message": …}``.
    request_id: names the request in the server's log.
    members: what else the refusal says, such as ``ids`` of ``ambiguous``.
    """

    def __init__(
        self,
        detail: str,
        *,
        code: str,
        status: int | None = None,
        errors: Sequence[Mapping[str, str]] = (),
        request_id: str | None = None,
        members: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code
        self.status = status
        self.errors = list(errors)
        self.request_id = request_id
        self.members = dict(members or {})

    def __str__(self) -> str:
        facts = [self.code, *([f"request {self.request_id}"] if self.request_id else [])]
        return f"{self.detail} ({', '.join(facts)})"

    # Errors with keyword-only arguments do not pickle by themselves, and process pools send them that way.
    def __reduce__(self) -> tuple[Any, ...]:
        return (_restore, (type(self), self.args, self.__dict__))


class NeedsReauthError(GrantryError):
    """A person must connect the account again: send them to ``connect_url``.

    connect_url: None where the credential may not start a connect session (``connections:write``).
    connection_id: the connection that it renews.
    """

    connect_url: str | None = None
    connection_id: str | None = None


class NotFoundError(GrantryError):
    """It does not exist, or is not for this credential."""


class UnauthenticatedError(GrantryError):
    """No credential was given, or not a valid one."""


class ForbiddenError(GrantryError):
    """The credential does not reach this far, or the plan or a policy does not allow it."""


class InvalidRequestError(GrantryError):
    """The request is wrong; ``errors`` says which field. Sending it again does not help."""


class RateLimitedError(GrantryError):
    """Too many requests. ``retry_after``: seconds."""

    retry_after: float | None = None


class UnavailableError(GrantryError):
    """The provider or the server cannot answer just now. ``retry_after``: seconds, where that was said."""

    retry_after: float | None = None


class ConnectionFailedError(GrantryError):
    """No answer came: the server cannot be reached, or did not answer in time."""


def read_error(response: httpx.Response) -> GrantryError:
    """The error that a refusal stands for (RFC 9457); its body must have been read. What is not from Grantry, such as a
    gateway's page, is named by its status alone."""
    status = response.status_code
    problem = _read_problem(response) or {}
    code = problem.get("code", "unexpected_answer")
    error = _kind(code, status)(
        problem.get("detail") or problem.get("title") or f"The server answered {status} and did not say why.",
        code=code,
        status=status,
        errors=problem.get("errors") or (),
        request_id=problem.get("request_id") or response.headers.get("x-request-id"),
        members={name: value for name, value in problem.items() if name not in _standard},
    )
    if isinstance(error, NeedsReauthError):
        error.connect_url = problem.get("connect_url")
        error.connection_id = problem.get("connection_id")
    if isinstance(error, (RateLimitedError, UnavailableError)):
        error.retry_after = read_retry_after(response.headers.get("retry-after"))
    return error


_standard = frozenset({"type", "status", "code", "title", "detail", "errors", "request_id"})


def _kind(code: str, status: int) -> type[GrantryError]:
    if code == "connection_needs_reauth":
        return NeedsReauthError
    if status >= 500:
        return UnavailableError
    return _kinds.get(status, GrantryError)


_kinds: dict[int, type[GrantryError]] = {
    400: InvalidRequestError,
    401: UnauthenticatedError,
    403: ForbiddenError,
    404: NotFoundError,
    413: InvalidRequestError,
    415: InvalidRequestError,
    422: InvalidRequestError,
    429: RateLimitedError,
}


def _read_problem(response: httpx.Response) -> dict[str, Any] | None:
    try:
        problem = json.loads(response.content)
    except ValueError:
        return None
    return problem if isinstance(problem, dict) and isinstance(problem.get("code"), str) else None


def _restore(kind: type[GrantryError], args: tuple[Any, ...], state: dict[str, Any]) -> GrantryError:
    error = kind.__new__(kind, *args)
    error.args = args
    error.__dict__.update(state)
    return error
