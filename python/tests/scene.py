"""A running Grantry with its sandbox, as the environment names them, and what tests do there."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx

from grantry import Grantry

PROFILE = "/gmail/v1/users/me/profile"


@dataclass(frozen=True)
class Scene:
    url: str
    api_key: str
    #: The sandbox's address.
    sandbox: str
    #: One for all: making a client reads the machine's certificates, which takes longer than most tests.
    http: httpx.Client
    grantry: Grantry

    def client(self, **settings: Any) -> Grantry:
        """Another client, which has kept nothing yet."""
        return Grantry(**settings, http_client=self.http)

    @staticmethod
    def someone(name: str) -> str:
        """An end user whom no run before this one has known."""
        return f"{name}-{uuid4().hex[:8]}"

    @property
    def gmail(self) -> str:
        """The root of Gmail's API."""
        return f"{self.sandbox}/gmail"

    @property
    def profile(self) -> str:
        """An API call that answers who one is."""
        return self.gmail + PROFILE

    @property
    def messages(self) -> str:
        """Another one, that faults of `api` are for: who one is, is asked at an endpoint of its own kind."""
        return f"{self.gmail}/gmail/v1/users/me/messages"

    def control(self, method: str, path: str, body: object = None) -> Any:
        answer = self.http.request(method, f"{self.sandbox}/-/control{path}", json=body)
        answer.raise_for_status()
        return answer.json()

    def connect(self, end_user: str | None, account: str = "ada@example.com", provider: str = "gmail") -> str:
        """All the way: session, consent at the provider, confirm page. Answers the connection's id."""
        whose = None if end_user is None else {"id": end_user}
        session = self.grantry.connect_sessions.create(provider=provider, end_user=whose, access_type="read")  # type: ignore[arg-type]
        start = self.http.get(session["connect_url"])
        back = self.control("POST", "/consent", {"url": start.headers["location"], "account": account})["location"]
        page = self.http.get(back)
        secret = re.search(r'name="secret" value="([^"]+)"', page.text)
        assert secret, page.text
        self.http.post(f"{self.url}/connect/confirm", data={"secret": secret[1], "decision": "connect"})
        connection = self.grantry.connect_sessions.get(session["id"])["connection_id"]
        assert connection
        return connection

    def expired(self, end_user: str, account: str = "ada@example.com") -> str:
        """A connection whose access token has expired and that can be refreshed: tokens that another product had."""
        own = self.grantry.connections.get(self.connect(f"first-{end_user}", account))["integration_id"]
        client = next(each for each in self.control("GET", "/clients")["clients"] if each["provider"] == "gmail")
        ask = {
            "client_id": client["client_id"],
            "redirect_uri": "http://localhost:9/callback",
            "response_type": "code",
            "scope": "https://www.googleapis.com/auth/gmail.readonly",
            "access_type": "offline",
            "prompt": "consent",
        }
        url = str(httpx.URL(f"{self.sandbox}/gmail/o/oauth2/v2/auth").copy_merge_params(ask))
        back = httpx.URL(self.control("POST", "/consent", {"url": url, "account": account})["location"])
        tokens = self.http.post(
            f"{self.sandbox}/gmail/token",
            data={"grant_type": "authorization_code", "code": back.params["code"], "redirect_uri": ask["redirect_uri"]},
            auth=(client["client_id"], client["client_secret"]),
        ).json()
        imported = self.grantry.connections.import_(
            integration=own,
            end_user={"id": end_user},
            tokens={
                "access_token": tokens["access_token"],
                "refresh_token": tokens["refresh_token"],
                "expires_at": "2020-01-01T00:00:00Z",
            },
        )
        return imported["id"]

    def reads(self, connection: str) -> int:
        """How often Grantry gave a token of this connection out."""
        return len(list(self.grantry.events.list(connection=connection, type="token.read")))

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
    http = httpx.Client()
    return Scene(
        url=os.environ["GRANTRY_URL"],
        api_key=os.environ["GRANTRY_API_KEY"],
        sandbox=os.environ["GRANTRY_TEST_SANDBOX"],
        http=http,
        grantry=Grantry(http_client=http),
    )
