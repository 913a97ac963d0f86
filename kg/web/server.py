"""The HTTP server: uvicorn with bounds on how long and how large the head of a request may be."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from math import inf
from typing import Protocol

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

HEAD_SECONDS = 10.0
"""The request line and headers must arrive within this time, so that slow clients cannot hold connections."""
HEAD_BYTES = 64 << 10
"""The request line and headers may have this many bytes; uvicorn itself has no bound."""
IDLE_SECONDS = 15
SHUTDOWN_SECONDS = 10
CONNECTIONS = 2_000
"""More connections than this are answered 503 at once."""


SEND_SECONDS = 60.0
"""A client that takes nothing of what is sent to it for so long is cut off, so that answers do not pile up."""

Answer = tuple[int, bytes]
"""Status, and what follows the first line: headers, an empty line, body."""
Leave = Callable[[], None]


class Direct(Protocol):
    """Answers some requests without the parser and the application."""

    def begin(self, request: bytes, client: str, told: Callable[[int, bytes], None]) -> Answer | Leave | None:
        """Return an answer; or tell it later and return what to call if the client goes away before; or None.

        `request` is what has just arrived; None says that it is not of the kind that is answered here.
        """


@dataclass(frozen=True, slots=True)
class Application:
    """An ASGI application, and what answers before it."""

    asgi: ASGIApp
    direct: Direct | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        await self.asgi(scope, receive, send)


class BoundedProtocol(HttpToolsProtocol):
    """Closes a connection whose request has too slow or too large a head; takes the direct way where there is one."""

    _timer: asyncio.TimerHandle | None = None
    _head = 0
    _between = True
    """Whether the next byte begins a request."""
    _direct: Direct | None = None
    _leave: Leave | None = None
    """What to call when the client goes away while a direct answer is on its way."""
    _later = b""
    """What arrived while a direct answer was on its way."""
    _last = False
    _idle_since = inf
    """When the last direct answer was written; no moment while another request is answered."""
    _idle: asyncio.TimerHandle | None = None
    _unsent: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Called by the event loop."""
        super().connection_made(transport)
        if isinstance(self.config.app, Application) and self.client is not None:
            self._direct = self.config.app.direct
        self._begin()

    def data_received(self, data: bytes) -> None:
        """Called by the event loop."""
        if self._leave is not None:
            self._later += data
            if len(self._later) > HEAD_BYTES:
                self.flow.pause_reading()
            return
        if self._direct is not None and self._is_idle() and self._goes_directly(self._direct, data):
            return
        self._idle_since = inf
        if self._timer is not None:
            self._head += len(data)
            if self._head > HEAD_BYTES:
                self.transport.close()
                return
        super().data_received(data)

    def _is_idle(self) -> bool:
        waiting = self.cycle is not None and not self.cycle.response_complete
        return self._between and not waiting and not self.pipeline and not self.flow.write_paused

    def _goes_directly(self, direct: Direct, data: bytes) -> bool:
        assert self.client is not None
        if len(self.connections) >= CONNECTIONS:
            return False
        answer = direct.begin(data, self.client[0], self._told)
        if answer is None:
            return False
        self._end()
        self._unset_keepalive_if_required()
        if isinstance(answer, tuple):
            self._written(*answer)
        else:
            self._leave = answer
        return True

    def _told(self, status: int, rest: bytes) -> None:
        self._leave = None
        if self.transport.is_closing():
            return
        self._written(status, rest)
        later, self._later = self._later, b""
        if later and not self.transport.is_closing():
            self.data_received(later)

    def _written(self, status: int, rest: bytes) -> None:
        """Send an answer, and wait for the next request."""
        first = _first_lines(status, tuple(self.server_state.default_headers))
        self.server_state.total_requests += 1
        if self._last:
            self.transport.write(b"".join((first, b"connection: close\r\n", rest)))
            self.transport.close()
            return
        self.transport.write(b"".join((first, rest)))
        self.flow.resume_reading()
        # One timer for many answers: to start and end one for each takes as long as to read a request.
        self._idle_since = self.loop.time()
        if self._idle is None:
            self._idle = self.loop.call_later(IDLE_SECONDS, self._look)

    def _look(self) -> None:
        """Close a connection on which nothing came since the last direct answer."""
        self._idle = None
        if self._leave is not None or self._idle_since == inf:
            return
        left = self._idle_since + IDLE_SECONDS - self.loop.time()
        if left > 0:
            self._idle = self.loop.call_later(left, self._look)
        else:
            self.transport.close()

    def pause_writing(self) -> None:
        """Called by the transport when it holds much that the client has not taken."""
        super().pause_writing()
        self._unsent = self.loop.call_later(SEND_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        """Called by the transport when the client has taken most of it."""
        if self._unsent is not None:
            self._unsent.cancel()
            self._unsent = None
        super().resume_writing()

    def shutdown(self) -> None:
        """Called by the server when it is to end."""
        if self._leave is None:
            super().shutdown()
        else:
            self._last = True

    def on_message_begin(self) -> None:
        """Called by the parser."""
        super().on_message_begin()
        self._between = False
        if self._timer is None:
            self._begin()

    def on_headers_complete(self) -> None:
        """Called by the parser."""
        self._end()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Called by the parser."""
        self._between = True
        super().on_message_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """Called by the event loop."""
        self._end()
        leave, self._leave = self._leave, None
        if leave is not None:
            leave()
        for timer in (self._unsent, self._idle):
            if timer is not None:
                timer.cancel()
        super().connection_lost(exc)

    def _begin(self) -> None:
        self._head = 0
        self._timer = self.loop.call_later(HEAD_SECONDS, self.transport.close)

    def _end(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


@lru_cache(maxsize=64)
def _first_lines(status: int, headers: tuple[tuple[bytes, bytes], ...]) -> bytes:
    return b"".join((STATUS_LINE[status], *(b"%b: %b\r\n" % header for header in headers)))


def give_way() -> None:
    """Let this thread, and what it starts, not take the processor from whoever wakes it, where the system knows that.

    Who has sent one request may be about to send more: read together, small ones take a sixth less. A processor that
    is free is taken at once, a busy one at the end of the other's turn, some milliseconds at most.
    """
    if sys.platform == "linux":
        with suppress(OSError):
            os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))


def config(app: ASGIApp, host: str, port: int) -> uvicorn.Config:
    """Return how uvicorn serves the application; its own log of requests, which names clients, is off."""
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        http=BoundedProtocol,
        ws="none",
        lifespan="on",
        log_level="error",
        access_log=False,
        server_header=False,
        timeout_keep_alive=IDLE_SECONDS,
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
        limit_concurrency=CONNECTIONS,
    )
