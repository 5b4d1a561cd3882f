"""Google's own clients: ``googleapiclient.discovery.build("gmail", "v1", credentials=credentials)``.

Needs ``google-auth``, which those clients bring.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, MutableMapping
from datetime import datetime, timedelta, timezone
from typing import Any, TypeVar

import google.auth.credentials
from google.auth.exceptions import RefreshError

from .credentials import PASSING, Credentials
from .errors import GrantryError, NeedsReauthError
from .exchange import Exchange
from .tokens import Target, refuse_plain
from .transport import Transport

T = TypeVar("T")


class GoogleNeedsReauthError(NeedsReauthError, RefreshError):
    """What Google's clients raise when a person must connect the account again: both kinds of error in one."""


class GoogleCredentials(Credentials, google.auth.credentials.Credentials):
    """Credentials as google-auth defines them. Tokens come from Grantry; no refresh token and no client secret is here."""

    def __init__(
        self,
        transport: Transport,
        exchange: Exchange,
        target: Target,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        google.auth.credentials.Credentials.__init__(self)
        Credentials.__init__(self, transport, exchange, target, clock)
        # Which token this thread sent last: google-auth does not say which one was refused.
        self._sent = threading.local()

    def before_request(self, request: Any, method: str, url: str, headers: MutableMapping[str, str]) -> None:
        refuse_plain(url)
        token = with_google_errors(self._load)
        self._sent.token = token
        self.apply(headers, token)

    def refresh(self, request: Any) -> None:
        """After a 401, or where google-auth wants a first token. ``request`` is not used."""
        refused = getattr(self._sent, "token", None)
        if refused is not None:
            with_google_errors(lambda: self.renew(refused))
        with_google_errors(self._load)

    def _load(self) -> str:
        token = self.get()
        left = self._apart.own().kept.expires_in(token)
        self.token = token.access_token
        # google-auth compares with a UTC time that carries no zone.
        now = datetime.now(timezone.utc).replace(tzinfo=None)
        self.expiry = None if left is None else now + timedelta(seconds=left)
        return token.access_token


def with_google_errors(work: Callable[[], T]) -> T:
    """Google's clients expect a RefreshError, which says whether trying again may help."""
    try:
        return work()
    except NeedsReauthError as error:
        raise _both(error) from error
    except GrantryError as error:
        raise RefreshError(str(error), retryable=isinstance(error, PASSING)) from error


def _both(error: NeedsReauthError) -> GoogleNeedsReauthError:
    both = GoogleNeedsReauthError(error.detail, code=error.code)
    both.__dict__.update(error.__dict__)
    return both
