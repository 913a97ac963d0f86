"""Headers that every answer has, and one line in the log for every request."""

from __future__ import annotations

import logging
import time

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_LOG = logging.getLogger("kg.access")
SECURITY = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
"""Headers of every answer: nothing is loaded from elsewhere, nothing runs that is not ours, nobody frames the site."""
_TRANSPORT = "max-age=31536000"


def security(*, secure: bool) -> dict[str, str]:
    """Return the headers of every answer; over https also that the site is only reached so."""
    return {**SECURITY, **({"Strict-Transport-Security": _TRANSPORT} if secure else {})}


def log_request(method: str, path: str, status: int, size: int, milliseconds: float) -> None:
    """Write the line of a request."""
    # The path may hold any character that was sent escaped; none may begin a line of its own in the log.
    shown = path.encode("unicode_escape").decode("ascii")
    _LOG.info("%s %s %d %d %.1f", method, shown[:200], status, size, milliseconds)


class SecurityHeaders:
    """Adds the headers to every answer; over https also that the site is only reached so."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self._app = app
        self._headers = security(secure=secure)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, sending)


class AccessLog:
    """Writes one line a request: method, path, status, bytes and milliseconds.

    Nothing of it is about a person: no address of the client, no browser, and no query, because what people search
    for is theirs.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        status, size = 500, 0

        async def counting(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
            elif message["type"] == "http.response.body":
                size += len(message.get("body", b""))
            await send(message)

        try:
            await self._app(scope, receive, counting)
        finally:
            milliseconds = (time.perf_counter() - started) * 1_000
            log_request(scope["method"], scope["path"], status, size, milliseconds)
