from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from grantry import WebhookVerificationError, sign_webhook, verify_webhook

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OTHER = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
BODY = json.dumps({"type": "connection.revoked", "timestamp": "2026-11-21T10:00:00.000Z", "data": {}})
AT = 1_795_255_201


def signed() -> dict[str, str]:
    return sign_webhook(BODY, SECRET, id="evt_1", at=AT)


def test_the_standards_own_example() -> None:
    headers = {
        "Webhook-Id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "Webhook-Timestamp": "1614265330",
        "Webhook-Signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }
    message = verify_webhook(b'{"test": 2432232314}', headers, SECRET, now=1_614_265_330)
    assert message == {"id": "msg_p5jXN8AQM9LWM0D4loKWxJek", "test": 2432232314}


def test_two_signatures_and_two_secrets() -> None:
    headers = signed()
    headers["webhook-signature"] = f"v1,AAAA {headers['webhook-signature']}"
    message = verify_webhook(BODY, headers, [OTHER, SECRET], now=AT)
    assert (message["id"], message["type"]) == ("evt_1", "connection.revoked")


@pytest.mark.parametrize(
    "verify",
    [
        lambda: verify_webhook(BODY + " ", signed(), SECRET, now=AT),
        lambda: verify_webhook(BODY, {**signed(), "webhook-id": "evt_2"}, SECRET, now=AT),
        lambda: verify_webhook(BODY, signed(), OTHER, now=AT),
        lambda: verify_webhook(BODY, signed(), SECRET, now=AT + 301),
        lambda: verify_webhook(BODY, signed(), SECRET, now=AT - 301),
        lambda: verify_webhook(BODY, {**signed(), "webhook-timestamp": "soon"}, SECRET, now=AT),
        lambda: verify_webhook(BODY, {**signed(), "webhook-signature": "é"}, SECRET, now=AT),
        lambda: verify_webhook(BODY, {}, SECRET, now=AT),
    ],
)
def test_refused(verify: Callable[[], Any]) -> None:
    with pytest.raises(WebhookVerificationError):
        verify()
