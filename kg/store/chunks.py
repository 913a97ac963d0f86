"""Cuts the statements of a graph into requests, and tells by a digest whether a graph is the same as before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby

from kg.errors import InputError

BYTES = 500_000
"""Size of the statements in one request; a graph that is larger is sent in several."""
STATEMENTS = 2_000
"""Most statements in one request: Virtuoso's compiler refuses some tens of thousands."""


@dataclass(frozen=True, slots=True)
class Content:
    """What a graph holds: a digest of its lines, and how many there are."""

    digest: str
    statements: int


def contents(lines: Iterable[bytes], manner: str) -> dict[str, Content]:
    """Return what each graph holds; `manner` goes into the digests.

    Raises:
        InputError: a line has no named graph, or the lines of a graph do not stand together.
    """
    found: dict[str, Content] = {}
    for graph, same in groupby(lines, graph_of):
        if graph in found:
            raise InputError(f"the statements of {graph} do not stand together; sort them by their graph")
        # Where the union is written too, it is part of what must arrive: that is the manner.
        digest, number = sha256(manner.encode()), 0
        for line in same:
            digest.update(line)
            number += 1
        found[graph] = Content(digest.hexdigest(), number)
    return found


def graph_of(line: bytes) -> str:
    """Return the graph of a line, in angle brackets; raises as `contents` does."""
    head, _, graph = line.rstrip(b" .\r\n").rpartition(b" ")
    if not graph.startswith(b"<") or head.count(b" ") < 2:
        raise InputError(f"a statement has no named graph and is not pushed: {line[:120]!r}")
    return graph.decode()


def chunks(lines: Iterable[bytes], graph: str) -> Iterator[tuple[str, int]]:
    """Yield the triples of one graph as text of limited size, with their number; the same text for the same graph."""
    ending = f" {graph} ."
    triples: list[str] = []
    size = 0
    for line in lines:
        triple = line.decode().rstrip().removesuffix(ending) + " .\n"
        triples.append(triple)
        size += len(triple)
        if size >= BYTES or len(triples) >= STATEMENTS:
            yield "".join(triples), len(triples)
            triples, size = [], 0
    if triples:
        yield "".join(triples), len(triples)
