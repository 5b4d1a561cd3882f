"""Access tokens that work: the API of Grantry, a self-hosted OAuth connection platform."""

from .agent import Agent, AsyncAgent, AsyncOAuthProvider, OAuthProvider
from .async_client import AsyncGrantry
from .client import Grantry
from .credentials import AsyncCredentials, Credentials
from .errors import (
    ConnectionFailedError,
    ForbiddenError,
    GrantryError,
    InvalidRequestError,
    NeedsReauthError,
    NotFoundError,
    RateLimitedError,
    UnauthenticatedError,
    UnavailableError,
)
from .exchange import VERSION as __version__
from .pages import AsyncPages, Page, Pages
from .tokens import Token
from .unset import UNSET, Unset
from .webhooks import WebhookVerificationError, sign_webhook, verify_webhook

__all__ = [
    "UNSET",
    "Agent",
    "AsyncAgent",
    "AsyncCredentials",
    "AsyncGrantry",
    "AsyncOAuthProvider",
    "AsyncPages",
    "ConnectionFailedError",
    "Credentials",
    "ForbiddenError",
    "Grantry",
    "GrantryError",
    "InvalidRequestError",
    "NeedsReauthError",
    "NotFoundError",
    "OAuthProvider",
    "Page",
    "Pages",
    "RateLimitedError",
    "Token",
    "UnauthenticatedError",
    "UnavailableError",
    "Unset",
    "WebhookVerificationError",
    "__version__",
    "sign_webhook",
    "verify_webhook",
]
