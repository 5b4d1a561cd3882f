"""Google's own client, unchanged but for where Gmail is."""

from __future__ import annotations

import google.auth.credentials
import google.auth.transport.requests
import googleapiclient.discovery
import pytest
from google.auth.exceptions import RefreshError
from scene import Scene

from grantry.google import GoogleCredentials


@pytest.fixture(scope="module")
def googler(scene: Scene) -> str:
    googler = scene.someone("googler")
    scene.connect(googler)
    return googler


def build(scene: Scene, credentials: object) -> object:
    where = {"api_endpoint": f"{scene.gmail}/"}
    return googleapiclient.discovery.build("gmail", "v1", credentials=credentials, client_options=where)


def test_gmail_by_googles_client(scene: Scene, googler: str) -> None:
    with scene.client() as grantry:
        credentials = grantry.credentials("gmail", end_user=googler)
        assert isinstance(credentials, google.auth.credentials.Credentials)
        gmail = build(scene, credentials)
        listed = gmail.users().messages().list(userId="me", maxResults=10).execute()  # type: ignore[attr-defined]
        assert len(listed["messages"]) == 4
        assert credentials.valid and credentials.expiry is not None
        before = scene.refreshes()
        scene.expire_at_provider()
        profile = gmail.users().getProfile(userId="me").execute()  # type: ignore[attr-defined]
        assert profile["emailAddress"] == "ada@example.com"
        assert scene.refreshes() == before + 1


def test_googles_session(scene: Scene, googler: str) -> None:
    with scene.client() as grantry:
        credentials = grantry.credentials("gmail", end_user=googler)
        session = google.auth.transport.requests.AuthorizedSession(credentials)
        assert session.get(scene.profile).json()["emailAddress"] == "ada@example.com"
        scene.expire_at_provider()
        assert session.get(scene.profile).status_code == 200


def test_a_first_token_by_google_auths_own_call(scene: Scene, googler: str) -> None:
    with scene.client() as grantry:
        credentials = grantry.credentials("gmail", end_user=googler)
        assert isinstance(credentials, GoogleCredentials)
        assert not credentials.valid
        credentials.refresh(google.auth.transport.requests.Request())
        assert credentials.valid


def test_what_is_missing_is_told_as_google_auth_tells_it(scene: Scene) -> None:
    with scene.client() as grantry, pytest.raises(RefreshError, match="not_found") as caught:
        build(scene, grantry.credentials("gmail", end_user="nobody")).users().getProfile(userId="me").execute()  # type: ignore[attr-defined]
    assert not caught.value.retryable
