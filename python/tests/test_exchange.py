from __future__ import annotations

from datetime import datetime, timezone

import httpx
import pytest
from played import Played, problem

from grantry import ConnectionFailedError, GrantryError, RateLimitedError, UnauthenticatedError, UnavailableError
from grantry.retry import may_repeat, read_retry_after, wait_before

OK = httpx.Response(200, json={"data": {"id": "x"}})


def test_a_passing_fault_is_tried_again_with_growing_random_waits() -> None:
    played = Played(problem(503, "overloaded"), problem(502, "provider_failed"), OK)
    assert played.client().apps.delete("app_1") == {"id": "x"}
    assert played.waits == [0.125, 0.25]


def test_the_last_refusal_is_raised() -> None:
    played = Played(*[problem(503, "overloaded", {"retry-after": "2"}) for _ in range(3)])
    with pytest.raises(UnavailableError) as caught:
        played.client().account.get()
    assert caught.value.retry_after == 2
    assert played.waits == [2.25, 2.25]


def test_retries_can_be_turned_off() -> None:
    played = Played(problem(503, "overloaded"))
    with pytest.raises(UnavailableError):
        played.client(retries=0).account.get()


def test_nobody_waits_for_what_there_is_no_time_for() -> None:
    """30 s are for a call in all."""
    played = Played(problem(429, "rate_limited", {"retry-after": "20"}), problem(429, "rate_limited", {"retry-after": "10"}))
    with pytest.raises(RateLimitedError) as caught:
        played.client().account.get()
    assert (caught.value.retry_after, played.waits) == (10, [20.25])
    assert played.requests[1].extensions["timeout"]["read"] == 9.75


def test_a_post_is_not_repeated_when_it_may_have_been_done() -> None:
    for fault in (problem(503, "overloaded"), problem(429, "rate_limited"), httpx.ReadTimeout("slow"), httpx.RemoteProtocolError("cut")):
        played = Played(fault)
        with pytest.raises(GrantryError):
            played.client().apps.create(name="A")
        assert len(played.requests) == 1


def test_a_post_is_repeated_when_it_cannot_have_been_done() -> None:
    played = Played(httpx.ConnectError("refused"), httpx.ConnectTimeout("slow"), OK)
    assert played.client().apps.create(name="A") == {"id": "x"}
    assert played.bodies == [{"name": "A"}] * 3


def test_other_refusals_are_not_repeated() -> None:
    assert not may_repeat("GET", httpx.Response(500))
    assert not may_repeat("GET", httpx.Response(404))
    assert not may_repeat("GET", httpx.UnsupportedProtocol("ftp"))
    assert may_repeat("DELETE", httpx.ReadTimeout("slow"))


def test_no_answer_names_the_server_and_never_the_key() -> None:
    played = Played(*[httpx.ConnectError("Connection refused")] * 3)
    with pytest.raises(ConnectionFailedError, match=r"http://grantry.test cannot be reached \(Connection refused\)") as caught:
        played.client().account.get()
    assert (caught.value.status, caught.value.code) == (None, "no_answer")
    assert isinstance(caught.value.__cause__, httpx.ConnectError)
    assert "key-in-test" not in repr(caught.value) + str(caught.value) + repr(caught.value.__dict__)


def test_a_timeout_says_how_long() -> None:
    played = Played(httpx.ReadTimeout("x"))
    with pytest.raises(ConnectionFailedError, match="did not answer within 5 s"):
        played.client(timeout=5, retries=0).account.get()
    assert played.requests[0].extensions["timeout"]["read"] == 5


def test_waits() -> None:
    assert [wait_before(attempt, None, lambda: 1.0) for attempt in (1, 2, 3, 10)] == [0.25, 0.5, 1.0, 8.0]
    assert wait_before(1, None, lambda: 0.5) == 0.125
    assert wait_before(1, 7.0, lambda: 1.0) == 7.5


@pytest.mark.parametrize(
    ("value", "seconds"),
    [(None, None), ("7", 7.0), ("soon", None), ("Sat, 21 Nov 2026 16:00:09 GMT", 9.0), ("Sat, 21 Nov 2020 16:00:09 GMT", 0.0)],
)
def test_retry_after(value: str | None, seconds: float | None) -> None:
    assert read_retry_after(value, datetime(2026, 11, 21, 16, 0, 0, tzinfo=timezone.utc)) == seconds


def test_what_is_sent() -> None:
    played = Played(OK, OK, OK)
    grantry = played.client(url="http://grantry.test/below/")
    grantry.connections.delete("con_1/../x?y", force=True)
    grantry.connections.update("con_1", proxy_policy=None)
    grantry.workspace.update(name="A", features=None)
    delete, update, workspace = played.requests
    assert str(delete.url) == "http://grantry.test/below/api/v1/connections/con_1%2F..%2Fx%3Fy?force=true"
    assert delete.content == b""
    assert delete.headers["authorization"] == "Bearer key-in-test"
    assert delete.headers["user-agent"].startswith("grantry-python/")
    # null is said where it means something; what was not given is not.
    assert (update.content, workspace.content) == (b'{"proxy_policy": null}', b'{"features": null, "name": "A"}')


@pytest.mark.parametrize("id", ["", ".", ".."])
def test_an_id_that_would_mean_another_path_is_refused(id: str) -> None:
    with pytest.raises(ValueError, match="id must not be"):
        Played().client().connections.get(id)


@pytest.mark.parametrize(
    ("location", "to"),
    [("http://elsewhere.test:1/x?code=secret", "http://elsewhere.test:1"), ("/login", "another path"), (None, "elsewhere")],
)
def test_no_redirect_is_followed(location: str | None, to: str) -> None:
    played = Played(httpx.Response(302, headers={"location": location} if location else None))
    with pytest.raises(ConnectionFailedError, match=f"redirects to {to}\\.") as caught:
        played.client().account.get()
    assert caught.value.code == "unexpected_answer"


def test_a_success_that_is_not_json() -> None:
    with pytest.raises(ConnectionFailedError, match="not JSON"):
        Played(httpx.Response(200, content=b"<html>")).client().account.get()


def test_without_a_credential_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GRANTRY_API_KEY", raising=False)
    with pytest.raises(UnauthenticatedError, match="No API key was given"):
        Played(problem(401, "unauthenticated")).client(api_key=None).account.get()


def test_a_token_that_changes_is_asked_for_each_time() -> None:
    tokens = iter(["first", "second"])
    played = Played(problem(503, "overloaded"), OK)
    played.client(api_key=None, token=lambda: next(tokens)).apps.delete("app_1")
    assert [request.headers["authorization"] for request in played.requests] == ["Bearer first", "Bearer second"]


def test_the_low_road() -> None:
    played = Played(httpx.Response(200, json={"ok": True}), httpx.Response(204))
    grantry = played.client()
    assert grantry.request("get", "/api/v1/connections", query={"limit": 1, "app": None}) == {"ok": True}
    assert grantry.request("POST", "/api/v1/x", body={"a": None}) is None
    assert str(played.requests[0].url).endswith("/api/v1/connections?limit=1")
    assert played.requests[1].content == b'{"a": null}'
    with pytest.raises(ValueError, match="slash"):
        grantry.request("GET", "api/v1/connections")
