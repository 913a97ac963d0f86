"""The site on loopback, as it is for its users: a real server and a real client."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import uvicorn

from kg.web.app import Settings, SparqlMaker, application
from kg.web.server import config
from kg.web.serving import Serving
from tests.servers import free_port


@contextmanager
def running(
    serving: Serving,
    *,
    public: str | None = None,
    sparql: SparqlMaker | None = None,
    checked: Path | None = None,
    warm: bool = False,
) -> Iterator[str]:
    """Serve a site in a thread; give its address without a slash at the end."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    app = application(serving, Settings(public or f"{address}/", checked=checked, warm=warm), sparql)
    server = uvicorn.Server(config(app, "127.0.0.1", port))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    for _ in range(400):
        if server.started or not thread.is_alive():
            break
        time.sleep(0.025)
    assert server.started, "the site does not start"
    try:
        yield address
    finally:
        server.should_exit = True
        thread.join(15)
        assert not thread.is_alive(), "the site does not stop"


def client(address: str) -> httpx.Client:
    # Not what the environment says of proxies: the site is on loopback.
    return httpx.Client(base_url=address, trust_env=False, timeout=20)
