from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import rdflib

from kg.build import build
from kg.graph import Graph, open_build, remote_store
from kg.resources import folder
from kg.store import EmbeddedStore, create
from kg.store.push import push
from tests.queries import tangle
from tests.servers import oxigraph_server


@pytest.fixture(scope="session")
def seeds_build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("seeds") / "build"
    build([folder("seeds")], place)
    return place


@pytest.fixture(scope="session")
def seeds(seeds_build: Path) -> Iterator[Graph]:
    with open_build(seeds_build) as graph:
        yield graph


@pytest.fixture(scope="session")
def tangled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Graph]:
    place = tmp_path_factory.mktemp("tangle")
    data = tangle.write(place / "data.nq")
    create(data, place / "store")
    with Graph(EmbeddedStore.open(place / "store", base=tangle.BASE, nquads=data)) as graph:
        yield graph


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Graph]:
    place = tmp_path_factory.mktemp("empty")
    (place / "data.nq").touch()
    create(place / "data.nq", place / "store")
    with Graph(EmbeddedStore.open(place / "store", base=tangle.BASE)) as graph:
        yield graph


@pytest.fixture(scope="session")
def seeds_server(seeds: Graph) -> Iterator[str]:
    """The address for queries of a server that holds the seeds."""
    with serving(seeds) as address:
        yield address


@pytest.fixture(scope="session")
def seeds_remote(seeds_server: str) -> Graph:
    return Graph(remote_store(seeds_server))


@pytest.fixture(scope="session")
def tangled_remote(tangled: Graph) -> Iterator[Graph]:
    with serving(tangled) as address:
        yield Graph(remote_store(address, base=tangle.BASE))


@contextmanager
def serving(graph: Graph) -> Iterator[str]:
    """Start a server that holds a copy of a graph; give its address for queries."""
    with oxigraph_server() as address:
        store = remote_store(f"{address}/query", base=graph.store.base, update_endpoint=f"{address}/update")
        push(graph.store.nquads, store)
        yield f"{address}/query"


def in_memory(graph: Graph) -> rdflib.Dataset:
    """Return a copy of a graph in rdflib's own store, which Oxigraph has no part in."""
    dataset = rdflib.Dataset(default_union=True)
    dataset.parse(data=b"".join(graph.store.nquads()), format="nquads")
    return dataset


@pytest.fixture(scope="session")
def seeds_memory(seeds: Graph) -> rdflib.Dataset:
    return in_memory(seeds)


@pytest.fixture(scope="session")
def tangled_memory(tangled: Graph) -> rdflib.Dataset:
    return in_memory(tangled)
