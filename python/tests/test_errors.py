from __future__ import annotations

import copy
import pickle

import httpx
import pytest
from played import problem

import grantry
from grantry.errors import read_error


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (401, "unauthenticated", grantry.UnauthenticatedError),
        (403, "insufficient_scope", grantry.ForbiddenError),
        (404, "not_found", grantry.NotFoundError),
        (409, "connection_needs_reauth", grantry.NeedsReauthError),
        (409, "ambiguous", grantry.GrantryError),
        (422, "invalid_request", grantry.InvalidRequestError),
        (429, "rate_limited", grantry.RateLimitedError),
        (502, "provider_failed", grantry.UnavailableError),
        (503, "provider_unavailable", grantry.UnavailableError),
        (500, "internal", grantry.UnavailableError),
    ],
)
def test_kinds(status: int, code: str, kind: type[grantry.GrantryError]) -> None:
    error = read_error(problem(status, code))
    assert type(error) is kind
    assert (error.code, error.status, error.request_id) == (code, status, "req-1")
    assert str(error) == f"Detail. ({code}, request req-1)"


def test_what_a_refusal_says_beside() -> None:
    reauth = read_error(
        problem(409, "connection_needs_reauth", connection_id="con_1", connect_url="http://grantry.test/connect/x")
    )
    assert isinstance(reauth, grantry.NeedsReauthError)
    assert (reauth.connection_id, reauth.connect_url) == ("con_1", "http://grantry.test/connect/x")
    invalid = read_error(problem(422, "invalid_request", errors=[{"path": "end_user.id", "message": "too long"}]))
    assert invalid.errors == [{"path": "end_user.id", "message": "too long"}]
    ambiguous = read_error(problem(409, "ambiguous", ids=["con_1", "con_2"]))
    assert ambiguous.members == {"ids": ["con_1", "con_2"]}


@pytest.mark.parametrize("body", [b"<html>", b"[]", b"{}", b'{"code": 5}', b"\xff"])
def test_an_answer_of_something_else_is_named_by_its_status(body: bytes) -> None:
    headers = {"content-type": "text/html", "retry-after": "3", "x-request-id": "gateway-1"}
    error = read_error(httpx.Response(502, content=body, headers=headers))
    assert isinstance(error, grantry.UnavailableError)
    assert (error.code, error.retry_after) == ("unexpected_answer", 3)
    assert str(error) == "The server answered 502 and did not say why. (unexpected_answer, request gateway-1)"


def test_errors_can_be_copied_and_sent_between_processes() -> None:
    error = read_error(problem(409, "connection_needs_reauth", connection_id="con_1"))
    for same in (pickle.loads(pickle.dumps(error)), copy.copy(error)):
        assert isinstance(same, grantry.NeedsReauthError)
        assert (str(same), same.connection_id, same.status) == (str(error), "con_1", 409)
