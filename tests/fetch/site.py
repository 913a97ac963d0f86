"""A web site on loopback for the tests of fetching: each path answers as it is told, and every request is noted."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PAGE = b"<html><body><h1>22-045-S01 - V\xc3\xa4g</h1><dl><dt>Region</dt><dd>Stockholm</dd></dl></body></html>"


@dataclass
class Reply:
    """What a path answers; `slow` sends the content byte by byte with a pause of so many seconds."""

    status: int = 200
    content: bytes = PAGE
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "text/html; charset=utf-8"})
    slow: float = 0.0


@dataclass
class Site:
    """A running site: what it answers by path, and what it was asked."""

    port: int
    replies: dict[str, Reply | Callable[[dict[str, str]], Reply]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]


@contextmanager
def running_site() -> Iterator[Site]:
    stop = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            site.asked.append((self.path, headers))
            found = site.replies.get(self.path, Reply(404, b"no"))
            self._send(found(headers) if callable(found) else found)

        def _send(self, reply: Reply) -> None:
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.content)))
            self.end_headers()
            try:
                for byte in reply.content if reply.slow else ():
                    if stop.wait(reply.slow):
                        return
                    self.wfile.write(bytes([byte]))
                if not reply.slow:
                    self.wfile.write(reply.content)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site = Site(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        stop.set()
        server.shutdown()
        server.server_close()
        thread.join()
