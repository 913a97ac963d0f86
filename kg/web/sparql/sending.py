"""Sends the endpoint's answers that are not pages, with the headers that all of them have."""

from __future__ import annotations

import asyncio
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from kg.web.refusal import MEDIA_TYPE, Refusal
from kg.web.sparql.protocol import METHODS

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


class Sent(NamedTuple):
    """An answer as bytes with what its headers need; `etag` in quotation marks, if it has one."""

    body: bytes
    media_type: str
    status: int = 200
    etag: str = ""
    headers: tuple[tuple[str, str], ...] = ()

    def head(self) -> tuple[tuple[bytes, bytes], ...]:
        """Return all headers."""
        found = _head(self.status, self.media_type, self.headers)
        if self.etag:
            # Weak: the same rows may come in another order when the query leaves it open.
            found += ((b"etag", b"W/" + self.etag.encode("ascii")), (b"cache-control", b"no-cache"))
        if self.status not in _NO_BODY:
            found += ((b"content-length", b"%d" % len(self.body)),)
        return found

    def message(self, more: tuple[tuple[bytes, bytes], ...]) -> bytes:
        """Return the answer as HTTP/1.1 without its status line, with more headers where it has none of that name."""
        fixed = _fixed(self.status, self.media_type, self.headers, more)
        etag = b"etag: W/%b\r\ncache-control: no-cache\r\n" % self.etag.encode("ascii") if self.etag else b""
        if self.status in _NO_BODY:
            return b"%b%b\r\n" % (fixed, etag)
        return b"%b%bcontent-length: %d\r\n\r\n%b" % (fixed, etag, len(self.body), self.body)


PREFLIGHT = Sent(
    b"",
    "",
    204,
    headers=(
        ("allow", METHODS),
        ("access-control-allow-methods", METHODS),
        ("access-control-allow-headers", "Accept, Content-Type"),
        ("access-control-max-age", "86400"),
    ),
)
"""What a browser asks before a script of another site may send a query."""


@lru_cache(maxsize=256)
def _head(status: int, media_type: str, headers: tuple[tuple[str, str], ...]) -> tuple[tuple[bytes, bytes], ...]:
    own = tuple((name.encode("ascii"), value.encode("latin-1")) for name, value in headers)
    kind = () if status in _NO_BODY else ((b"content-type", media_type.encode("ascii")),)
    return (*own, *CROSS_ORIGIN, _ALONE, *kind)


@lru_cache(maxsize=256)
def _fixed(
    status: int, media_type: str, headers: tuple[tuple[str, str], ...], more: tuple[tuple[bytes, bytes], ...]
) -> bytes:
    own = _head(status, media_type, headers)
    names = {name for name, _ in own}
    lines = (*own, *((name, value) for name, value in more if name not in names))
    assert not any(character in part for line in lines for part in line for character in b"\r\n")
    return b"".join(b"%b: %b\r\n" % line for line in lines)


def refused(refusal: Refusal) -> Sent:
    """Return a refusal as it is sent to programs."""
    headers = refusal.headers
    if refusal.retry_after is not None:
        headers += (("retry-after", str(refusal.retry_after)),)
    return Sent(refusal.body(), MEDIA_TYPE, refusal.status, headers=headers)


async def deliver(sent: Sent, send: Send, *, bodiless: bool, seconds: float) -> None:
    """Send an answer; a client that does not take it within `seconds` gets no more of it."""
    body = b"" if bodiless or sent.status in _NO_BODY else sent.body
    start = {"type": "http.response.start", "status": sent.status, "headers": list(sent.head())}
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
