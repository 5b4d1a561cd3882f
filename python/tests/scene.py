"""A running Grantry with its sandbox, as the environment names them, and what tests do there."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import Any

import httpx

from grantry import Grantry

GMAIL = "/gmail/v1/users/me/profile"


@dataclass(frozen=True)
class Scene:
    url: str
    api_key: str
    #: The sandbox's address.
    sandbox: str
    grantry: Grantry

    @property
    def gmail(self) -> str:
        """An API call that answers who one is."""
        return f"{self.sandbox}/gmail/api{GMAIL}"

    def control(self, method: str, path: str, body: object = None) -> Any:
        answer = httpx.request(method, f"{self.sandbox}/-/control{path}", json=body)
        answer.raise_for_status()
        return answer.json()

    def connect(self, end_user: str | None, account: str = "ada@example.com", provider: str = "gmail") -> str:
        """All the way: session, consent at the provider, confirm page. Answers the connection's id."""
        whose = None if end_user is None else {"id": end_user}
        session = self.grantry.connect_sessions.create(provider=provider, end_user=whose)  # type: ignore[arg-type]
        start = httpx.get(session["connect_url"])
        back = self.control("POST", "/consent", {"url": start.headers["location"], "account": account})["location"]
        page = httpx.get(back)
        secret = re.search(r'name="secret" value="([^"]+)"', page.text)
        assert secret, page.text
        httpx.post(f"{self.url}/connect/confirm", data={"secret": secret[1], "decision": "connect"})
        connection = self.grantry.connect_sessions.get(session["id"])["connection_id"]
        assert connection
        return connection

    def expire_at_provider(self) -> None:
        """Every access token ends at the provider, an hour before Grantry thinks so."""
        self.control("POST", "/clock", {"advance": 3700})

    def refreshes(self) -> int:
        """Calls that reached the provider's token endpoint with a refresh token."""
        count: int = self.control("GET", "/calls?endpoint=token&grant_type=refresh_token")["count"]
        return count


def from_environment() -> Scene | None:
    """None where no server was started for the tests: `npm test` does."""
    if "GRANTRY_TEST_SANDBOX" not in os.environ:
        return None
    return Scene(
        url=os.environ["GRANTRY_URL"],
        api_key=os.environ["GRANTRY_API_KEY"],
        sandbox=os.environ["GRANTRY_TEST_SANDBOX"],
        grantry=Grantry(),
    )
