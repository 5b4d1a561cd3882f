from __future__ import annotations

import pytest
from played import Played

from grantry import AsyncGrantry, Grantry
from grantry.settings import Settings, read_settings


def read(**given: object) -> Settings:
    plain: dict[str, object] = {"url": None, "api_key": None, "token": None, "timeout": 30.0, "retries": 2}
    return read_settings(**{**plain, **given})  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GRANTRY_URL", "GRANTRY_API_KEY", "GRANTRY_END_USER"):
        monkeypatch.delenv(name, raising=False)


def test_the_environment_stands_where_nothing_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (str(read().url).rstrip("/"), read().credential()) == ("http://localhost:7001", None)
    monkeypatch.setenv("GRANTRY_URL", "https://grantry.example.com/below/")
    monkeypatch.setenv("GRANTRY_API_KEY", "key")
    assert (str(read().url), read().credential()) == ("https://grantry.example.com/below", "key")
    given = read(url="http://localhost:1", token="token")
    assert (given.url.port, given.credential()) == (1, "token")
    monkeypatch.setenv("GRANTRY_API_KEY", "")
    assert read().credential() is None


@pytest.mark.parametrize("key", ["", "  ", "key with spaces", "kéy", "key\nX-Header: 1"])
def test_what_no_header_can_hold_is_refused_without_quoting_it(key: str) -> None:
    with pytest.raises(ValueError, match="credential is empty, or holds") as caught:
        read(api_key=key)
    assert "X-Header" not in str(caught.value)
    assert read(api_key=" key\n").credential() == "key"


@pytest.mark.parametrize("url", ["grantry.example.com", "ftp://x", "http://", "http://u:secret@x", "http://x/?a=b", "http://x/#a", "http://x:port"])
def test_addresses_that_are_none(url: str) -> None:
    with pytest.raises(ValueError, match="Grantry's URL") as caught:
        read(url=url)
    assert "secret" not in str(caught.value)


def test_two_credentials_are_one_too_many() -> None:
    with pytest.raises(ValueError, match="not both"):
        Grantry(api_key="a", token="b")


def test_printing_shows_no_credential() -> None:
    grantry = Played().client()
    shown = [
        repr(thing)
        for client in (grantry, AsyncGrantry(url="http://grantry.test", api_key="key-in-test"))
        for thing in (client, client._settings, client._exchange, client.credentials("gmail"), client.proxy("con_1"), client.proxy("con_1").headers)
    ]
    assert "grantry.test" in shown[0]
    assert "key-in-test" not in "".join(shown)
