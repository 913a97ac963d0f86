"""Reads the body of a request within a size and a time."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING

from kg.web.refusal import Refusal

if TYPE_CHECKING:
    from starlette.types import Receive

_CLOSE = (("connection", "close"),)
"""What is left of the body is not read, so the connection cannot go on."""


async def body_of(receive: Receive, headers: Mapping[bytes, str], *, most: int, seconds: float) -> bytes | Refusal:
    """Return the body, of at most `most` bytes; 413 for more, 408 if it takes longer than `seconds`."""
    too_large = Refusal(413, f"a request may have {most} bytes", headers=_CLOSE)
    announced = headers.get(b"content-length", "0")
    if not announced.isdigit() or int(announced[:20]) > most:
        return too_large
    parts: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(seconds):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    return Refusal(400, "the body of the request broke off", headers=_CLOSE)
                parts.append(message.get("body", b""))
                size += len(parts[-1])
                if size > most:
                    return too_large
                if not message.get("more_body", False):
                    return b"".join(parts)
    except TimeoutError:
        return Refusal(408, f"the body of the request did not arrive within {seconds:g} seconds", headers=_CLOSE)
