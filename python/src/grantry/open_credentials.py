"""Credentials as whatever is installed here takes them."""

from __future__ import annotations

from .credentials import Credentials
from .exchange import Exchange
from .tokens import Target
from .transport import Transport


def open_credentials(transport: Transport, exchange: Exchange, target: Target) -> Credentials:
    """Google's clients ask for a class of google-auth: where that is installed, the credentials are of it, too."""
    try:
        from .google import GoogleCredentials
    except ModuleNotFoundError as error:
        if error.name is None or error.name.split(".")[0] != "google":
            raise
        return Credentials(transport, exchange, target)
    return GoogleCredentials(transport, exchange, target)
