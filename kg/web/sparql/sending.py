"""Sends the endpoint's answers that are not pages, with the headers that all of them have."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.web.refusal import MEDIA_TYPE, Refusal

if TYPE_CHECKING:
    from starlette.types import Send

CROSS_ORIGIN = (
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"ETag, Retry-After"),
    (b"x-content-type-options", b"nosniff"),
    (b"vary", b"accept"),
)
"""For pages as well: anybody's script may read what anybody may read."""
_ALONE = (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'; sandbox")
"""What is not a page has nothing to run, also when a browser opens it."""
_NO_BODY = (204, 304)
_AT_ONCE = 32_000
"""So many bytes are taken by the server's buffers without waiting for the client."""


@dataclass(frozen=True, slots=True)
class Sent:
    """An answer as bytes with what its headers need; `etag` in quotation marks, if it has one."""

    body: bytes
    media_type: str
    status: int = 200
    etag: str = ""
    headers: tuple[tuple[str, str], ...] = ()


def refused(refusal: Refusal) -> Sent:
    """Return a refusal as it is sent to programs."""
    headers = refusal.headers
    if refusal.retry_after is not None:
        headers += (("retry-after", str(refusal.retry_after)),)
    return Sent(refusal.body(), MEDIA_TYPE, refusal.status, headers=headers)


async def deliver(sent: Sent, send: Send, *, bodiless: bool, seconds: float) -> None:
    """Send an answer; a client that does not take it within `seconds` gets no more of it."""
    head = [(name.encode("ascii"), value.encode("latin-1")) for name, value in sent.headers]
    head += [*CROSS_ORIGIN, _ALONE]
    if sent.etag:
        # Weak: the same rows may come in another order when the query leaves it open.
        head += [(b"etag", b"W/" + sent.etag.encode("ascii")), (b"cache-control", b"no-cache")]
    if sent.status not in _NO_BODY:
        head.append((b"content-type", sent.media_type.encode("ascii")))
        head.append((b"content-length", str(len(sent.body)).encode("ascii")))
    body = b"" if bodiless or sent.status in _NO_BODY else sent.body
    start = {"type": "http.response.start", "status": sent.status, "headers": head}
    if len(body) <= _AT_ONCE:
        await send(start)
        await send({"type": "http.response.body", "body": body})
        return
    try:
        async with asyncio.timeout(seconds):
            await send(start)
            await send({"type": "http.response.body", "body": body})
    except TimeoutError:
        return
