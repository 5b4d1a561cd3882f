"""``requests``: ``requests.get(url, auth=credentials)``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .tokens import refuse_plain

if TYPE_CHECKING:
    import requests

    from .credentials import Credentials


def authorize(credentials: Credentials, request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Puts the token in; where the API answers 401, a renewed one, once."""
    refuse_plain(request.url or "")
    token = credentials.get()
    sent = token.authorization
    request.headers["Authorization"] = sent
    body: Any = request.body
    start = body.tell() if hasattr(body, "tell") else None

    def resend(response: requests.Response, **options: Any) -> requests.Response:
        # A redirect to another host has taken the header away: the answer is not about the token, nor is it for that host.
        if response.status_code != 401 or response.request.headers.get("Authorization") != sent:
            return response
        again = response.request.copy()
        if not _rewind(again.body, start):
            return response
        renewed = credentials.renew(token.access_token)
        if renewed is None:
            return response
        # Reading it to its end gives the connection back.
        response.content  # noqa: B018
        response.close()
        again.headers["Authorization"] = renewed.authorization
        again.deregister_hook("response", resend)
        answer: requests.Response = response.connection.send(again, **options)
        answer.history.append(response)
        answer.request = again
        return answer

    request.register_hook("response", resend)
    return request


def _rewind(body: Any, start: int | None) -> bool:
    """Whether the body can be sent from its beginning."""
    if body is None or isinstance(body, (bytes, str)):
        return True
    if start is None:
        return False
    body.seek(start)
    return True
