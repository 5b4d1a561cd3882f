"""When a call is sent again, and how long it waits before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime

import httpx

#: Sending these twice is as good as once (RFC 9110 §9.2.2).
IDEMPOTENT = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})

#: Answers that another attempt may turn into a success.
PASSING = frozenset({429, 502, 503, 504})

_FIRST_WAIT = 0.25
_LONGEST_WAIT = 8.0
#: What a server asks for is followed by a little more, so that not all who heard it come back at once.
_SPREAD = 0.5


def may_repeat(method: str, outcome: httpx.Response | httpx.TransportError) -> bool:
    """Whether another attempt may be made; of what is not idempotent, only where nothing can have reached the server."""
    if isinstance(outcome, httpx.Response):
        return method in IDEMPOTENT and outcome.status_code in PASSING
    if isinstance(outcome, (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)):
        return True
    return method in IDEMPOTENT and not isinstance(outcome, (httpx.UnsupportedProtocol, httpx.LocalProtocolError))


def wait_before(attempt: int, retry_after: float | None, random: Callable[[], float]) -> float:
    """Seconds before attempt number ``attempt`` (the first repetition is 1): what the server asks for, else a random part
    of a bound that doubles."""
    if retry_after is not None:
        return retry_after + random() * _SPREAD
    return random() * min(_LONGEST_WAIT, _FIRST_WAIT * 2.0 ** (attempt - 1))


def read_retry_after(value: str | None, now: datetime | None = None) -> float | None:
    """Seconds of a Retry-After header (RFC 9110 §10.2.3: seconds or a date); None where it says nothing."""
    if value is None:
        return None
    if value.strip().isdecimal():
        return float(value)
    try:
        when = parsedate_to_datetime(value)
    except ValueError:
        return None
    if when.tzinfo is None:
        when = when.replace(tzinfo=timezone.utc)
    return max(0.0, (when - (now or datetime.now(timezone.utc))).total_seconds())
