from __future__ import annotations

import pytest
from played import Clock, Played, problem, token

from grantry import NeedsReauthError, NotFoundError, UnavailableError
from grantry.credentials import Credentials
from grantry.tokens import read_target


def credentials(played: Played, clock: Clock, **settings: object) -> Credentials:
    grantry = played.client(**settings)
    return Credentials(grantry._transport, grantry._exchange, read_target("gmail", None, None, "u1", None), clock)


def test_a_token_is_kept_until_its_buffer() -> None:
    played, clock = Played(token("a", 3600), token("b", 1000), token("c", None), token("d")), Clock()
    gmail = credentials(played, clock)
    assert gmail.access_token() == "a"
    assert str(played.requests[0].url) == "http://grantry.test/api/v1/token?provider=gmail&end_user=u1"
    clock.now += 3299
    assert gmail.access_token() == "a"
    clock.now += 1
    assert gmail.access_token() == "b"
    # 20 % of a short life.
    clock.now += 799
    assert gmail.access_token() == "b"
    clock.now += 1
    assert gmail.access_token() == "c"
    # Never for ever.
    clock.now += 299
    assert gmail.access_token() == "c"
    clock.now += 1
    assert gmail.access_token() == "d"


def test_a_token_that_lives_is_used_while_the_server_is_away() -> None:
    away = [problem(503, "provider_unavailable") for _ in range(2)]
    played, clock = Played(token("a", 1000), away[0], token("b"), away[1]), Clock()
    gmail = credentials(played, clock, retries=0)
    gmail.access_token()
    clock.now += 900
    assert gmail.access_token() == "a"
    clock.now += 9
    assert gmail.access_token() == "a"
    assert len(played.requests) == 2
    clock.now += 1
    assert gmail.access_token() == "b"
    clock.now += 4000
    with pytest.raises(UnavailableError):
        gmail.access_token()


def test_what_the_server_refuses_is_not_hidden_by_a_token_that_lives() -> None:
    played, clock = Played(token("a", 1000), problem(409, "connection_needs_reauth")), Clock()
    gmail = credentials(played, clock)
    gmail.access_token()
    clock.now += 900
    with pytest.raises(NeedsReauthError):
        gmail.access_token()


def test_renewing_takes_what_the_server_has_already() -> None:
    played = Played(token("a"), token("b"))
    gmail = credentials(played, Clock())
    renewed = gmail.renew(gmail.access_token())
    assert renewed and renewed.access_token == "b"
    assert [request.method for request in played.requests] == ["GET", "GET"]
    # Whoever was refused the same token later is given the new one at once.
    again = gmail.renew("a")
    assert again and again.access_token == "b"


def test_renewing_asks_for_a_refresh_where_the_server_has_nothing_new() -> None:
    played, clock = Played(token("a"), token("a"), problem(200, "refreshed"), token("b")), Clock()
    gmail = credentials(played, clock)
    renewed = gmail.renew(gmail.access_token())
    assert renewed and renewed.access_token == "b"
    assert [f"{request.method} {request.url.path}" for request in played.requests[1:]] == [
        "GET /api/v1/token",
        "POST /api/v1/connections/con_1/refresh",
        "GET /api/v1/token",
    ]
    # An API that refuses a token which has just come refuses it for another reason.
    assert gmail.renew("b") is None
    clock.now += 10
    played._answers += [token("c")]
    renewed = gmail.renew("b")
    assert renewed and renewed.access_token == "c"


def test_a_credential_that_may_only_read_tokens_asks_for_a_long_one() -> None:
    played = Played(token("a"), token("a"), problem(403, "insufficient_scope"), token("b"))
    gmail = credentials(played, Clock())
    renewed = gmail.renew(gmail.access_token())
    assert renewed and renewed.access_token == "b"
    assert played.requests[-1].url.params["min_valid"] == "86400"


def test_renewing_in_vain() -> None:
    same = Played(token("a"), token("a"), problem(200, "refreshed"), token("a"))
    gmail = credentials(same, Clock())
    assert gmail.renew(gmail.access_token()) is None
    refused = Played(token("a"), token("a"), problem(502, "provider_failed"))
    gmail = credentials(refused, Clock())
    assert gmail.renew(gmail.access_token()) is None
    ended = Played(token("a"), token("a"), problem(409, "connection_needs_reauth"))
    gmail = credentials(ended, Clock())
    with pytest.raises(NeedsReauthError):
        gmail.renew(gmail.access_token())


def test_a_missing_connection_shows_when_a_token_is_needed() -> None:
    gmail = Played(problem(404, "not_found")).client().credentials("gmail")
    with pytest.raises(NotFoundError):
        gmail.access_token()


def test_what_credentials_may_be_named_by() -> None:
    grantry = Played().client(end_user="u1")
    assert repr(grantry.credentials("gmail")).endswith("Credentials(provider='gmail', end_user='u1')")
    assert grantry.credentials("gmail", end_user="u2").target.end_user == "u2"
    # An id of nobody is not somebody's.
    assert grantry.credentials("gmail", end_user="").target.end_user == ""
    assert grantry.credentials("con_1").target == grantry.credentials(connection="con_1").target
    assert grantry.credentials("con_1").target.end_user is None
    assert grantry.credentials("int_1").target == grantry.credentials(integration="int_1").target
    for wrong in ({}, {"provider": "gmail", "connection": "con_1"}, {"provider": "con_1", "integration": "int_1"}):
        with pytest.raises(ValueError, match="Name one of"):
            grantry.credentials(**wrong)


def test_the_same_credentials_again_and_those_not_asked_for_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grantry.client.KEPT_CREDENTIALS", 2)
    grantry = Played().client()
    first = grantry.credentials("gmail", end_user="u1")
    grantry.credentials("gmail", end_user="u2")
    assert grantry.credentials("gmail", end_user="u1") is first
    grantry.credentials("gmail", end_user="u3")
    assert grantry.credentials("gmail", end_user="u1") is first
    assert len(grantry._credentials) == 2
