from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import kg
from kg.build import build
from kg.resources import folder
from kg.store import RemoteStore
from kg.store.push import PushReport, push
from tests import virtuoso
from tests.servers import oxigraph_server
from tests.virtuoso import virtuoso_server

SERVERS = ["oxigraph", *(["virtuoso"] if virtuoso.installed() else [])]


@dataclass(frozen=True)
class Loaded:
    """A server that holds the seeds, and what loading them said."""

    name: str
    address: str
    updates: str
    graph_store: str
    login: str
    report: PushReport

    def store(self, base: str) -> RemoteStore:
        return RemoteStore(self.address, base=base, update_endpoint=self.updates)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("endpoints") / "build"
    build([folder("seeds")], out, workers=1)
    return out


@pytest.fixture(scope="session", params=SERVERS)
def loaded(request: pytest.FixtureRequest, built: Path) -> Iterator[Loaded]:
    """A server of each make with a copy of the build."""
    with kg.open(built) as graph:
        if request.param == "virtuoso":
            with virtuoso_server() as server:
                store = RemoteStore(server.sparql, base=graph.store.base)
                report = push(graph.store.nquads, store)
                yield Loaded("virtuoso", server.sparql, server.sparql, server.graph_store, server.login, report)
        else:
            with oxigraph_server() as address:
                query, update = f"{address}/query", f"{address}/update"
                store = RemoteStore(query, base=graph.store.base, update_endpoint=update)
                report = push(graph.store.nquads, store)
                yield Loaded("oxigraph", query, update, f"{address}/store", update, report)
