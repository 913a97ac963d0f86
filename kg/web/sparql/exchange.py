"""The socket between an engine and its owner: a request out, its reply in, of bounded size."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple, cast

from kg.web.sparql import answerer


class Reply(NamedTuple):
    """A whole reply: a verdict of `answerer`, and a body. A tuple, as all that is made for every query."""

    verdict: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Failed:
    """No whole reply: too large, the engine hung up, the time was over, or nobody waits for it any more."""

    reason: Literal["size", "gone", "time", "left"]


Told = Callable[[Reply | Failed], None]


@lru_cache(maxsize=512)
def form_of(
    rows: str | None, graphs: str | None, default_graphs: tuple[str, ...], named_graphs: tuple[str, ...]
) -> bytes:
    """Return in which form to answer, by media types, and from which graphs; none of them for the whole store."""
    dataset = (default_graphs, named_graphs) if default_graphs or named_graphs else (None, None)
    return json.dumps([rows, graphs, *dataset]).encode()


def request_of(form: bytes, query: str) -> bytes:
    """Return a request as it is sent."""
    text = query.encode()
    return b"".join((answerer.REQUEST.pack(len(form), len(text)), form, text))


class Exchange(asyncio.Protocol):
    """A connection that carries requests and their replies in the same order; a reply's body may have `most` bytes."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._transport: asyncio.Transport | None = None
        self._told: deque[Told] = deque()
        self._held = b""

    @property
    def open(self) -> bool:
        """Whether a request can be sent."""
        return self._transport is not None and not self._transport.is_closing()

    def ask(self, requests: bytes, told: Sequence[Told]) -> None:
        """Send requests; each of `told` gets the reply to one, or that there is none, later and once."""
        self._told.extend(told)
        if self._transport is None or self._transport.is_closing():
            asyncio.get_running_loop().call_soon(self.fail, Failed("gone"))
        else:
            self._transport.write(requests)

    def close(self) -> None:
        """Close the connection; a reply that is awaited does not come."""
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by the event loop."""
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        """Called by the event loop."""
        held = b"".join((self._held, data)) if self._held else data
        place, head = 0, answerer.REPLY.size
        while len(held) - place >= head:
            verdict, length = answerer.REPLY.unpack_from(held, place)
            if length > self._most:
                self.fail(Failed("size"))
                self.close()
                return
            end = place + head + length
            if len(held) < end:
                break
            body, place = held[place + head : end], end
            if self._told:
                self._told.popleft()(Reply(verdict, body))
        self._held = held[place:]

    def connection_lost(self, error: Exception | None) -> None:
        """Called by the event loop."""
        self.fail(Failed("gone"))

    def fail(self, failed: Failed) -> None:
        """Tell all who wait for a reply that there is none."""
        waiting, self._told = self._told, deque()
        for told in waiting:
            told(failed)
