"""Copies a graph to a SPARQL server, one named graph after the other; what the server has already is not sent again.

What was sent is remembered on the server, in a graph of its own: for each named graph the SHA-256 of its statements
and how many requests of it have arrived. So a second push sends nothing, a push after a change sends what has changed,
and one that was broken off goes on where it ended, from whatever machine.

Queries must give the same answers as on a build, whose default graph is the union of its named graphs with each triple
once. Servers differ in theirs; `Union` says how, and what is done. Only graphs under our base are touched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from itertools import groupby
from urllib.parse import quote

from kg.store import chunks
from kg.store.graphs import pushed_graph, union_graph
from kg.store.http import upload
from kg.store.remote import RemoteStore
from kg.vocabulary import EXTERNAL_PREFIXES, Names

_NOTE = f"<{EXTERNAL_PREFIXES['dcterms']}tableOfContents>"
_WHOLE = "whole"
_UPDATES = 150
"""In one request: Virtuoso takes all of them for one program, and refuses one of six or seven hundred."""

Progress = Callable[[int], None]
"""Called with the number of statements that the server is known to have."""
Lines = Callable[[], Iterable[bytes]]
"""Gives the statements, from the first one each time: canonical N-Quads, the lines of a graph together."""


class Union(Enum):
    """What a server's default graph shows."""

    OWN = "triples of its own: the union is written into it"
    ONCE = "each triple of the named graphs once, as on a build"
    NAMED = "a triple once for each graph: the union is written into a graph of its own, which is then asked"
    REPEATED = "a triple once for each graph, which cannot be helped: sums and counts may be too high"


@dataclass(frozen=True, slots=True)
class PushReport:
    """What the server now has, and what was done for it.

    `graphs` and `statements` are those of the build; `replaced` graphs and `sent` statements went over the wire;
    `removed` graphs were on the server and not in the build.
    """

    graphs: int
    statements: int
    replaced: int
    sent: int
    removed: int
    union: Union


@dataclass(frozen=True, slots=True)
class _Note:
    """What the server remembers of a graph: its content, and `done`, the number of requests that arrived, or whole."""

    digest: str
    done: str


@dataclass
class _Sender:
    """Knows how to write to one server; collects updates and sends them when there is enough for a request.

    All that it sends may be sent twice without harm, in whole or in its first part.
    """

    store: RemoteStore
    graph_store: str | None
    union: Union
    updates: list[str] = field(default_factory=list)
    size: int = 0
    statements: int = 0

    @property
    def memory(self) -> str:
        return f"<{pushed_graph(self.store.base)}>"

    def clear(self, graph: str) -> None:
        """Empty a graph, and take out of the union what no other graph of ours states."""
        if place := self._union_place("?s ?p ?o"):
            base, union = self.store.base, union_graph(self.store.base)
            others = f'?other != {graph} && ?other != <{union}> && STRSTARTS(STR(?other), "{base}")'
            only_here = f"FILTER NOT EXISTS {{ GRAPH ?other {{ ?s ?p ?o }} FILTER({others}) }}"
            self.add(f"DELETE {{ {place} }} WHERE {{ GRAPH {graph} {{ ?s ?p ?o }} {only_here} }}")
        self.add(f"DROP SILENT GRAPH {graph}")

    def insert(self, graph: str, triples: str, number: int) -> None:
        if self.graph_store is None:
            self.add(f"INSERT DATA {{ GRAPH {graph} {{\n{triples}}} {self._union_place(triples)} }}", number)
            return
        self.flush()
        for place in self._graph_store_places(graph):
            upload(
                f"{self.graph_store}{'&' if '?' in self.graph_store else '?'}{place}",
                triples.encode(),
                tries=self.store.tries,
                timeout=self.store.timeout,
            )

    def remember(self, graph: str, note: _Note) -> None:
        self.add(f"INSERT DATA {{ {self._line(graph, note)} }}")

    def forget(self, graph: str, note: _Note | None) -> None:
        if note:
            self.add(f"DELETE DATA {{ {self._line(graph, note)} }}")

    def add(self, update: str, statements: int = 0) -> None:
        self.updates.append(update)
        self.size += len(update)
        self.statements += statements

    def flush_if_full(self) -> None:
        if self.size >= chunks.BYTES or self.statements >= chunks.STATEMENTS or len(self.updates) >= _UPDATES:
            self.flush()

    def flush(self) -> None:
        if self.updates:
            self.store.update(" ;\n".join(self.updates))
        self.updates, self.size, self.statements = [], 0, 0

    def _line(self, graph: str, note: _Note) -> str:
        return f'GRAPH {self.memory} {{ {self.memory} {_NOTE} "{note.digest} {note.done} {graph}" }}'

    def _union_place(self, pattern: str) -> str:
        match self.union:
            case Union.ONCE | Union.REPEATED:
                return ""
            case Union.OWN:
                return pattern
            case Union.NAMED:
                return f"GRAPH <{union_graph(self.store.base)}> {{ {pattern} }}"

    def _graph_store_places(self, graph: str) -> Iterator[str]:
        yield f"graph={quote(graph[1:-1], safe='')}"
        if self.union is Union.OWN:
            yield "default"
        elif self.union is Union.NAMED:
            yield f"graph={quote(union_graph(self.store.base), safe='')}"


def push(
    lines: Lines,
    store: RemoteStore,
    *,
    graph_store: str | None = None,
    everything: bool = False,
    progress: Progress = lambda _: None,
) -> PushReport:
    """Send the named graphs that the server has not as they are, and remove those of ours that are not among them.

    `graph_store` is the address of the SPARQL 1.1 Graph Store Protocol, through which statements go instead of updates
    if it is given. `everything` sends what the server is said to have as well.

    Raises:
        InputError: a line has no named graph, or the lines of a graph do not stand together.
        EndpointError: the server cannot be reached or refuses.
    """
    sender = _Sender(store, graph_store, _union_of(store))
    contents = chunks.contents(lines(), sender.union.name)
    there, notes = _graphs(store), _notes(sender)
    gone = sorted((there | notes.keys()) - contents.keys())
    for graph in gone:
        sender.forget(graph, notes.get(graph))
        sender.clear(graph)
        sender.flush_if_full()
    replaced = sent = statements = 0
    for graph, same in groupby(lines(), chunks.graph_of):
        content = contents[graph]
        note = notes.get(graph)
        if everything or graph not in there or note != _Note(content.digest, _WHOLE):
            sent += _replace(sender, graph, same, content.digest, _Before(graph in there, note, everything))
            replaced += 1
        statements += content.statements
        progress(statements)
    sender.flush()
    store.close()
    return PushReport(len(contents), statements, replaced, sent, len(gone), sender.union)


@dataclass(frozen=True, slots=True)
class _Before:
    """How a graph stands on the server before it is sent."""

    there: bool
    note: _Note | None
    everything: bool

    def arrived(self, digest: str) -> int:
        """Return how many requests of this very content the server has."""
        known = self.there and not self.everything and self.note is not None and self.note.digest == digest
        return int(self.note.done) if known and self.note and self.note.done.isdecimal() else 0


def _replace(sender: _Sender, graph: str, lines: Iterable[bytes], digest: str, before: _Before) -> int:
    """Send a graph, or what is missing of it; return how many statements were sent."""
    arrived, note, sent = before.arrived(digest), before.note, 0
    if not arrived:
        # First forgotten, then changed, and remembered again only when it is there: so a kill leaves no false memory.
        sender.forget(graph, note)
        note = None
        if before.there:
            sender.clear(graph)
    for number, (triples, count) in enumerate(chunks.chunks(lines, graph), start=1):
        if number <= arrived:
            continue
        # All in one request: where that is a transaction, the memory is never behind.
        sender.forget(graph, note)
        sender.insert(graph, triples, count)
        note = _Note(digest, str(number))
        sender.remember(graph, note)
        sender.flush_if_full()
        sent += count
    sender.forget(graph, note)
    sender.remember(graph, _Note(digest, _WHOLE))
    sender.flush_if_full()
    return sent


def _graphs(store: RemoteStore) -> set[str]:
    """Return the graphs on the server that are ours: those of sources and those of the build itself."""
    ours = tuple(Names(store.base).thing(kind, "") for kind in ("source", "graph"))
    return {f"<{name}>" for name in store.graphs() if name.startswith(ours)}


def _notes(sender: _Sender) -> dict[str, _Note]:
    """Return what the server remembers, by graph; of a graph noted twice nothing is believed, and it is forgotten."""
    query = f"SELECT ?note WHERE {{ GRAPH {sender.memory} {{ ?memory {_NOTE} ?note }} }}"
    found: dict[str, list[_Note]] = {}
    for (text,) in sender.store.texts(query):
        digest, done, graph = str(text).split(" ", 2)
        found.setdefault(graph, []).append(_Note(digest, done))
    for graph, notes in found.items():
        for note in notes if len(notes) > 1 else ():
            sender.forget(graph, note)
            sender.flush_if_full()
    return {graph: notes[0] for graph, notes in found.items() if len(notes) == 1}


def _union_of(store: RemoteStore) -> Union:
    """Return what the server's default graph shows, by writing a triple into two graphs and looking."""
    names = Names(store.base)
    graphs = [f"<{names.thing('graph', f'probe-{number}')}>" for number in (1, 2)]
    probe = f"<{names.thing('probe', 'union')}>"
    triple = f"{probe} {probe} {probe}"
    store.update(" ;\n".join(f"INSERT DATA {{ GRAPH {graph} {{ {triple} }} }}" for graph in graphs))
    try:
        if not store.default_graph_says(f"ASK {{ {triple} }}"):
            return Union.OWN
        twice = f"{{ SELECT (COUNT(*) AS ?n) WHERE {{ {probe} ?p ?o }} }} FILTER(?n > 1)"
        if not store.default_graph_says(f"ASK {{ {twice} }}"):
            return Union.ONCE
        others_seen = store.default_graph_says(f"ASK {{ GRAPH {graphs[1]} {{ {triple} }} }}", graph=graphs[0][1:-1])
        return Union.NAMED if others_seen else Union.REPEATED
    finally:
        store.update(" ;\n".join(f"DROP SILENT GRAPH {graph}" for graph in graphs))
