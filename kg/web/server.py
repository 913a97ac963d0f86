"""The HTTP server: uvicorn with bounds on how long and how large the head of a request may be."""

from __future__ import annotations

import asyncio

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_SECONDS = 10.0
"""The request line and headers must arrive within this time, so that slow clients cannot hold connections."""
HEAD_BYTES = 64 << 10
"""The request line and headers may have this many bytes; uvicorn itself has no bound."""
IDLE_SECONDS = 15
SHUTDOWN_SECONDS = 10
CONNECTIONS = 2_000
"""More connections than this are answered 503 at once."""


class BoundedProtocol(HttpToolsProtocol):
    """Closes a connection whose request has too slow or too large a head."""

    _timer: asyncio.TimerHandle | None = None
    _head = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Called by the event loop."""
        super().connection_made(transport)
        self._begin()

    def data_received(self, data: bytes) -> None:
        """Called by the event loop."""
        if self._timer is not None:
            self._head += len(data)
            if self._head > HEAD_BYTES:
                self.transport.close()
                return
        super().data_received(data)

    def on_message_begin(self) -> None:
        """Called by the parser."""
        super().on_message_begin()
        if self._timer is None:
            self._begin()

    def on_headers_complete(self) -> None:
        """Called by the parser."""
        self._end()
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """Called by the event loop."""
        self._end()
        super().connection_lost(exc)

    def _begin(self) -> None:
        self._head = 0
        self._timer = self.loop.call_later(HEAD_SECONDS, self.transport.close)

    def _end(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


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
