"""A real Oxigraph server on loopback, and a server that misbehaves."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def program(name: str) -> str | None:
    """Return where a program stands; those of the system's administrator are looked for too."""
    return shutil.which(name, path=f"{os.environ['PATH']}{os.pathsep}/usr/sbin")


def installed(package: str, *programs: str) -> bool:
    """Return whether a package of Debian is there; in CI it must be, and elsewhere its absence is said loudly."""
    found = all(program(name) for name in programs)
    if not found:
        assert os.environ.get("CI") != "true", f"the tests need Debian's package {package}"
        with warnings.catch_warnings():
            warnings.simplefilter("always")
            warnings.warn(f"{package} is not installed: nothing is tested with it", stacklevel=2)
    return found


def oxigraph_binary() -> str:
    beside = Path(sys.executable).with_name("oxigraph")
    found = str(beside) if beside.exists() else shutil.which("oxigraph")
    assert found, "the package `oxigraph`, of the extra `dev`, brings the server"
    return found


@contextmanager
def oxigraph_server(*options: str) -> Iterator[str]:
    """Start an empty server in memory; give its address without a path."""
    port = free_port()
    command = [oxigraph_binary(), "serve", "--bind", f"127.0.0.1:{port}", *options]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port, process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=10)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        assert process.poll() is None, "the server ended at once"
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("the server does not listen")


@dataclass(frozen=True)
class Reply:
    """What a misbehaving server sends to everybody."""

    status: int
    content_type: str
    body: bytes
    wait: float = 0.0
    length: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@contextmanager
def replying(reply: Reply) -> Iterator[str]:
    """Start a server that gives everybody the same answer; give its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            time.sleep(reply.wait)
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.content_type)
            self.send_header("Content-Length", str(len(reply.body) if reply.length is None else reply.length))
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.end_headers()
            # A client that has given up is what some tests are about.
            with suppress(ConnectionError):
                self.wfile.write(reply.body)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.do_GET()

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/sparql"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
