"""One HTTP connection to an engine: a request out, its answer in, of bounded size."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Literal, cast

import httptools


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole answer."""

    status: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Failed:
    """No whole answer: too large, the connection broke off, the time was over, or nobody waits for it any more."""

    reason: Literal["size", "gone", "time", "left"]


class Exchange(asyncio.Protocol):
    """A connection that carries one request after the other."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._reply: asyncio.Future[Reply | Failed] | None = None
        self._parser = httptools.HttpResponseParser(self)
        self._parts: list[bytes] = []
        self._room = 0

    @property
    def open(self) -> bool:
        """Whether a request can be sent."""
        return self._transport is not None and not self._transport.is_closing()

    def ask(self, request: bytes, most: int) -> asyncio.Future[Reply | Failed]:
        """Send a request and return its answer to come, whose body may have `most` bytes."""
        self._reply = asyncio.get_running_loop().create_future()
        self._parts, self._room = [], most
        if self._transport is None or self._transport.is_closing():
            self._settle(Failed("gone"))
        else:
            self._transport.write(request)
        return self._reply

    def close(self) -> None:
        """Close the connection; an answer that is awaited does not come."""
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by the event loop."""
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        """Called by the event loop."""
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self.close()

    def connection_lost(self, error: Exception | None) -> None:
        """Called by the event loop."""
        self._settle(Failed("gone"))

    def on_body(self, part: bytes) -> None:
        """Called by the parser for each piece of a body."""
        self._room -= len(part)
        if self._room < 0:
            self._settle(Failed("size"))
            self.close()
        else:
            self._parts.append(part)

    def on_message_complete(self) -> None:
        """Called by the parser at the end of an answer."""
        self._settle(Reply(self._parser.get_status_code(), b"".join(self._parts)))

    def _settle(self, outcome: Reply | Failed) -> None:
        if self._reply is not None and not self._reply.done():
            self._reply.set_result(outcome)
        self._parts = []
