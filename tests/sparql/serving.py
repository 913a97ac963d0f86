"""Small builds, the endpoint served on loopback, and a listener that counts who comes."""

from __future__ import annotations

import asyncio
import json
import resource
import socket
from collections.abc import AsyncIterator, Coroutine, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import uvicorn
from starlette.applications import Starlette

from kg import generations, store
from kg.web.endpoint import Endpoint, Page
from kg.web.server import Application, config
from kg.web.sparql.direct import Direct
from kg.web.sparql.limits import Limits

BASE = "https://example.org/"
UNLIMITED = Limits(client_rate=0, client_engines=4, cache_bytes=0)
DCTERMS = "http://purl.org/dc/terms/"
CLIENT = httpx.Client(timeout=60)
"""One for all tests: making one takes longer than most requests."""
SMALL = f"SELECT ?title {{ <{BASE}id/project/1> dcterms:title ?title }}"


def project_lines(count: int, *, title: str = "Projekt") -> Iterator[str]:
    for number in range(count):
        project, graph = f"<{BASE}id/project/{number}>", f"<{BASE}id/source/{number}>"
        yield f"{project} <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{BASE}ontology#Project> {graph} ."
        yield f'{project} <{DCTERMS}title> "{title} {number}"@sv {graph} .'
        yield f"{project} <{BASE}ontology#region> <{BASE}id/region/SE{number % 8}> {graph} ."
        yield f"{project} <{BASE}ontology#method> <{BASE}id/method/m{number % 17}> {graph} ."


def add_generation(folder: Path, lines: Iterable[str]) -> str:
    """Add a generation to a build folder and return its name."""
    with generations.locked(folder), generations.new_generation(folder) as fresh:
        data = fresh / "data.nq"
        data.write_text("\n".join(lines) + "\n", encoding="utf-8")
        store.create(data, fresh / "store")
        (fresh / "report.json").write_text(json.dumps({"base": BASE, "version": "0"}))
    return generations.current(folder).name


@dataclass(frozen=True)
class Served:
    """A served endpoint; `address` is that of `/sparql`."""

    endpoint: Endpoint
    address: str
    loop: asyncio.AbstractEventLoop
    server: uvicorn.Server

    def run(self, work: Coroutine[Any, Any, None]) -> None:
        """Run a coroutine where the endpoint runs."""
        asyncio.run_coroutine_threadsafe(work, self.loop).result(60)

    def get(self, query: str, accept: str = "*/*", **parameters: str) -> httpx.Response:
        return CLIENT.get(self.address, params={"query": query, **parameters}, headers={"accept": accept})

    def post(self, query: str, accept: str = "*/*") -> httpx.Response:
        headers = {"accept": accept, "content-type": "application/sparql-query"}
        return CLIENT.post(self.address, content=query.encode(), headers=headers)


@contextmanager
def served(build: Path, limits: Limits = UNLIMITED, page: Page | None = None) -> Iterator[Served]:
    """Serve the endpoint of a build until the block ends."""
    endpoint = Endpoint(build, base=BASE, limits=limits, page=page)
    loops: list[asyncio.AbstractEventLoop] = []

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        loops.append(asyncio.get_running_loop())
        await endpoint.start()
        yield
        await endpoint.stop()

    application = Starlette(routes=endpoint.routes(), lifespan=lifespan)
    server = uvicorn.Server(config(Application(application, Direct(endpoint, (), None)), "127.0.0.1", 0))
    thread = Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive(), "the server ended at once"
            thread.join(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield Served(endpoint, f"http://127.0.0.1:{port}/sparql", loops[0], server)
    finally:
        server.should_exit = True
        thread.join()


def used_by_ended_engines() -> float:
    """Return the seconds of a processor that processes started here have used which have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


class Listener:
    """Counts the connections that arrive on a port of loopback, and answers each with an empty page."""

    def __init__(self) -> None:
        self.hits = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._socket.getsockname()[1])
        self._thread = Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with connection:
                self.hits += 1
                connection.settimeout(1)
                try:
                    connection.recv(4096)
                    connection.sendall(b"HTTP/1.1 500 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                except OSError:
                    continue

    def close(self) -> None:
        # `shutdown` wakes the thread that waits in `accept`; `close` alone would not.
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()


@contextmanager
def listening() -> Iterator[Listener]:
    listener = Listener()
    try:
        yield listener
    finally:
        listener.close()
