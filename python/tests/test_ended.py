"""The person has withdrawn the grant at the provider."""

from __future__ import annotations

import googleapiclient.discovery
import pytest
from google.auth.exceptions import RefreshError
from scene import Scene

from grantry import Agent, NeedsReauthError


def test_whoever_holds_a_token_hears_it_in_their_own_way(scene: Scene) -> None:
    ended = scene.someone("ended")
    id = scene.connect(ended, account="grace@example.com")
    agent = Agent(scene.client(), end_user=ended).get_oauth_provider()
    by_httpx, by_google = (scene.client().credentials("gmail", end_user=ended) for _ in range(2))
    assert scene.http.get(scene.profile, auth=by_httpx).status_code == 200
    gmail = googleapiclient.discovery.build(
        "gmail",
        "v1",
        credentials=by_google,
        client_options={"api_endpoint": f"{scene.gmail}/"},
    )
    gmail.users().getProfile(userId="me").execute()
    scene.control("POST", "/revoke-grant", {"provider": "gmail", "account": "grace@example.com"})

    with pytest.raises(NeedsReauthError) as told:
        scene.http.get(scene.profile, auth=by_httpx)
    assert told.value.connection_id == id
    assert told.value.connect_url and told.value.connect_url.startswith(scene.url)

    # Google's client expects its own kind of error; it is both.
    with pytest.raises(RefreshError) as both:
        gmail.users().getProfile(userId="me").execute()
    assert isinstance(both.value, NeedsReauthError)
    assert both.value.connect_url and not both.value.retryable

    assert agent.get_credentials("gmail") is None
