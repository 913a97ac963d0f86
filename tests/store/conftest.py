from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.store import EmbeddedStore, RemoteStore, Store, create
from kg.store.push import push
from tests.servers import oxigraph_server
from tests.store import graphs


@pytest.fixture(scope="session")
def nquads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return graphs.write(tmp_path_factory.mktemp("graph") / "data.nq")


@pytest.fixture(scope="session")
def embedded(nquads: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedStore]:
    directory = tmp_path_factory.mktemp("store") / "store"
    create(nquads, directory)
    with EmbeddedStore.open(directory, base=graphs.BASE, nquads=nquads) as store:
        yield store


@pytest.fixture(scope="session")
def remote(nquads: Path) -> Iterator[RemoteStore]:
    with oxigraph_server() as address:
        store = RemoteStore(f"{address}/query", base=graphs.BASE, update_endpoint=f"{address}/update")
        push(lambda: nquads.read_bytes().splitlines(keepends=True), store)
        yield store


@pytest.fixture(params=["embedded", "remote"])
def store(request: pytest.FixtureRequest) -> Store:
    found: Store = request.getfixturevalue(request.param)
    return found
