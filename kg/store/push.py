"""Copies a graph to a SPARQL server, one named graph after the other; a second run changes nothing.

Where the server's default graph is not the union of its named graphs, the union is written into it, so that the
same queries give the same answers as on a build. Only graphs under our base are touched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from urllib.parse import quote

from kg.errors import InputError
from kg.store.http import upload
from kg.store.remote import RemoteStore
from kg.vocabulary import Names

CHUNK_BYTES = 1_000_000
"""Size of the statements in one request; a graph that is larger is sent in several."""

Progress = Callable[[int], None]
"""Called with the number of statements sent so far."""


@dataclass(frozen=True, slots=True)
class PushReport:
    """What was sent: graphs, their statements, and how many graphs were removed because the build has them no more."""

    graphs: int
    statements: int
    removed: int


@dataclass
class _Sender:
    """Collects updates and sends them when there is enough for a request."""

    store: RemoteStore
    graph_store: str | None
    union: bool
    updates: list[str] = field(default_factory=list)
    size: int = 0

    def clear(self, graph: str) -> None:
        if self.union:
            self.add(f"DELETE {{ ?s ?p ?o }} WHERE {{ GRAPH {graph} {{ ?s ?p ?o }} }}")
        self.add(f"DROP SILENT GRAPH {graph}")

    def insert(self, graph: str, triples: str) -> None:
        if self.graph_store is None:
            self.add(f"INSERT DATA {{ GRAPH {graph} {{\n{triples}}} }}")
            return
        self.flush()
        upload(f"{self.graph_store}?graph={quote(graph[1:-1], safe='')}", triples.encode())

    def add(self, update: str) -> None:
        self.updates.append(update)
        self.size += len(update)
        if self.size >= CHUNK_BYTES:
            self.flush()

    def flush(self) -> None:
        if self.updates:
            self.store.update(" ;\n".join(self.updates))
        self.updates, self.size = [], 0


def push(
    nquads: Iterable[bytes],
    store: RemoteStore,
    *,
    graph_store: str | None = None,
    progress: Progress = lambda _: None,
) -> PushReport:
    """Send every named graph of `nquads` and remove those under our base that are not among them.

    `nquads` are lines in canonical form, the lines of a graph together. `graph_store` is the address of the SPARQL 1.1
    Graph Store Protocol, through which statements go instead of updates if it is given.

    Raises:
        InputError: a line has no named graph.
        EndpointError: the server cannot be reached or refuses.
    """
    sender = _Sender(store, graph_store, union=not _keeps_union(store))
    sent: set[str] = set()
    statements = 0
    for graph, lines in groupby(nquads, _graph):
        if graph not in sent:
            sender.clear(graph)
        sent.add(graph)
        for chunk, count in _chunks(lines, graph):
            sender.insert(graph, chunk)
            statements += count
            progress(statements)
    gone = [graph for graph in _graphs(store) if graph not in sent]
    for graph in gone:
        sender.clear(graph)
    if sender.union:
        sender.add(_union_update(store.base))
    sender.flush()
    store.close()
    return PushReport(len(sent), statements, len(gone))


def _graph(line: bytes) -> str:
    head, _, graph = line.rstrip(b" .\r\n").rpartition(b" ")
    if not graph.startswith(b"<") or head.count(b" ") < 2:
        raise InputError(f"a statement has no named graph and is not pushed: {line[:120]!r}")
    return graph.decode()


def _chunks(lines: Iterable[bytes], graph: str) -> Iterator[tuple[str, int]]:
    """Yield the triples of one graph as text of limited size, with their number."""
    ending = f" {graph} ."
    triples: list[str] = []
    size = 0
    for line in lines:
        triple = line.decode().rstrip().removesuffix(ending) + " .\n"
        triples.append(triple)
        size += len(triple)
        if size >= CHUNK_BYTES:
            yield "".join(triples), len(triples)
            triples, size = [], 0
    if triples:
        yield "".join(triples), len(triples)


def _graphs(store: RemoteStore) -> list[str]:
    """Return the graphs on the server that are ours: those of sources and those of the build itself."""
    ours = tuple(Names(store.base).thing(kind, "") for kind in ("source", "graph"))
    found = store.texts("SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g")
    return [f"<{name}>" for (name,) in found if name and name.startswith(ours)]


def _union_update(base: str) -> str:
    return f'INSERT {{ ?s ?p ?o }} WHERE {{ GRAPH ?g {{ ?s ?p ?o }} FILTER(STRSTARTS(STR(?g), "{base}")) }}'


def _keeps_union(store: RemoteStore) -> bool:
    """Return whether the server's default graph shows what stands in a named graph, by trying it."""
    names = Names(store.base)
    graph, probe = f"<{names.thing('graph', 'probe')}>", f"<{names.thing('probe', 'union')}>"
    triple = f"{probe} {probe} {probe}"
    store.update(f"INSERT DATA {{ GRAPH {graph} {{ {triple} }} }}")
    try:
        return store.default_graph_says(f"ASK {{ {triple} }}")
    finally:
        store.update(f"DROP SILENT GRAPH {graph}")
