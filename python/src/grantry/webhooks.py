"""Reading what Grantry posts to a webhook endpoint."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Mapping, Sequence
from typing import Any

__all__ = ["WebhookVerificationError", "sign_webhook", "verify_webhook"]


class WebhookVerificationError(Exception):
    """A message that is not from Grantry, or not for this secret, or old. Answer 400 and do nothing."""


def verify_webhook(
    body: bytes | str,
    headers: Mapping[str, str],
    secret: str | Sequence[str],
    *,
    tolerance: float = 300,
    now: float | None = None,
) -> dict[str, Any]:
    """Read a message after its signature has been checked (Standard Webhooks, HMAC-SHA256).

    body: exactly as it came, before any parser.
    headers: of the request; upper and lower case are the same.
    secret: ``whsec_…``; while it is being replaced, several.
    tolerance: seconds that its time may differ from ours.
    Returns ``{"id": …, "type": "connection.revoked", "timestamp": …, "data": {…}}``; the id stays the same at each try.
    Raises WebhookVerificationError.
    """
    given = {name.lower(): value for name, value in headers.items()}
    message_id, timestamp, signature = (
        given.get(name, "") for name in ("webhook-id", "webhook-timestamp", "webhook-signature")
    )
    if not (message_id and timestamp and signature):
        raise WebhookVerificationError("webhook-id, webhook-timestamp and webhook-signature must all be there.")
    current = time.time() if now is None else now
    if not (timestamp.isascii() and timestamp.isdigit()) or abs(current - int(timestamp)) > tolerance:
        raise WebhookVerificationError(f"It was sent more than {tolerance} s from now. Are both clocks right?")
    raw = body.encode() if isinstance(body, str) else body
    secrets = [secret] if isinstance(secret, str) else secret
    wanted = [_signature(message_id, timestamp, raw, one) for one in secrets]
    if not any(hmac.compare_digest(one.encode(), other.encode()) for one in wanted for other in signature.split(" ")):
        raise WebhookVerificationError(
            "The signature does not fit. Is it the secret of this endpoint, and the body as it came?"
        )
    return {"id": message_id, **json.loads(raw)}


def sign_webhook(body: bytes | str, secret: str, *, id: str, at: float | None = None) -> dict[str, str]:
    """The headers that Grantry would send a body with, for tests of a receiver. ``at``: seconds since the epoch."""
    timestamp = str(int(time.time() if at is None else at))
    raw = body.encode() if isinstance(body, str) else body
    return {
        "webhook-id": id,
        "webhook-timestamp": timestamp,
        "webhook-signature": _signature(id, timestamp, raw, secret),
    }


def _signature(message_id: str, timestamp: str, body: bytes, secret: str) -> str:
    if not secret.startswith("whsec_"):
        raise ValueError("a webhook secret begins with whsec_")
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
