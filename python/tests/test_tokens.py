from __future__ import annotations

import httpx
import pytest
import requests
from played import Clock, Played, problem, token

from grantry import NeedsReauthError, NotFoundError, UnavailableError
from grantry.credentials import Credentials
from grantry.google import GoogleCredentials
from grantry.tokens import Target, read_target


def credentials(played: Played, clock: Clock, **settings: object) -> Credentials:
    grantry = played.client(**settings)
    return Credentials(grantry._transport, grantry._exchange, read_target("gmail", "u1", None), clock)


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


def test_printing_shows_no_token() -> None:
    gmail = Played(token("secret-token")).client().credentials("gmail")
    shown = [repr(thing) for thing in (gmail.get(), gmail, gmail._apart.own(), gmail.target)]
    assert gmail.access_token() == "secret-token"
    assert "con_1" in shown[0] and "secret-token" not in "".join(shown)


def test_a_token_that_one_end_user_was_given_is_not_given_to_the_next() -> None:
    asking = "gus_a"
    played = Played(token("of a"), token("of b"))
    grantry = played.client(api_key=None, token=lambda: asking)
    gmail = grantry.credentials("gmail")
    assert gmail.access_token() == "of a"
    asking = "gus_b"
    assert gmail.access_token() == "of b"
    assert grantry.credentials("gmail").access_token() == "of b"
    asking = "gus_a"
    assert gmail.access_token() == "of a"
    assert [request.headers["authorization"] for request in played.requests] == ["Bearer gus_a", "Bearer gus_b"]


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
    clock.now += 30
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


def test_what_credentials_may_be_of() -> None:
    grantry = Played().client()
    assert repr(grantry.credentials("gmail", end_user="u1")).endswith("Credentials(provider='gmail', end_user='u1')")
    assert grantry.credentials("con_1", end_user="u1").target == Target(connection="con_1")
    assert grantry.credentials("int_1", app="app_1").target == Target(integration="int_1", app="app_1")
    # An id of nobody is sent as it is, and is not the workspace.
    assert grantry.credentials("gmail", end_user="").target.end_user == ""


@pytest.mark.parametrize(("token_type", "sent"), [("bearer", "Bearer a"), ("Bearer", "Bearer a"), ("Zoho-oauthtoken", "Zoho-oauthtoken a")])
def test_the_kind_of_token_is_told_as_the_provider_told_it(token_type: str, sent: str) -> None:
    gmail = Played(token("a", token_type=token_type)).client().credentials("gmail")
    assert gmail.headers() == {"Authorization": sent}


@pytest.mark.parametrize("url", ["http://api.example.com/", "http://127.example.com/", "http://10.0.0.1/"])
def test_a_token_does_not_cross_a_network_in_the_clear(url: str) -> None:
    gmail = Played().client().credentials("gmail")
    assert isinstance(gmail, GoogleCredentials)
    for send in (
        lambda: httpx.get(url, auth=gmail),
        lambda: requests.get(url, auth=gmail),
        lambda: gmail.before_request(None, "GET", url, {}),
    ):
        with pytest.raises(ValueError, match="over https only"):
            send()


def test_grantrys_key_goes_to_its_proxy_alone() -> None:
    with Played().client().proxy("con_1") as api:
        for url in ("https://api.example.com/x", "http://grantry.test/api/v1/api-keys", "http://grantry.test/api/v1/proxy/con_12"):
            with pytest.raises(ValueError, match="below the API's base URL"):
                api.get(url)


def test_the_same_credentials_again_and_those_not_asked_for_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grantry.client.KEPT_CREDENTIALS", 2)
    grantry = Played().client()
    first = grantry.credentials("gmail", end_user="u1")
    second = grantry.credentials("gmail", end_user="u2")
    assert grantry.credentials("gmail", end_user="u1") is first
    grantry.credentials("gmail", end_user="u3")
    assert grantry.credentials("gmail", end_user="u1") is first
    assert grantry.credentials("gmail", end_user="u2") is not second
    assert len(grantry._credentials) == 2
