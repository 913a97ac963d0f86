"""What a shard becomes: N-Quads that any RDF tool can read, and beside them what the process that joins needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

Beside = TypeVar("Beside")


@dataclass(frozen=True, slots=True)
class Shard(Generic[Beside]):
    """The statements that a piece of work proves by itself, as N-Quads in UTF-8, and whatever else it found out.

    On a cluster the statements are a file of their own in the shared place.
    """

    nquads: bytes
    beside: Beside


def statements_end(graph: str) -> str:
    r"""Return what follows the object of each statement of `graph` (an IRI in angle brackets) in N-Quads.

    >>> statements_end("<https://example.org/g>")
    ' <https://example.org/g> .\n'
    """
    return f" {graph} .\n"


def in_graph(graph: str, lines: tuple[str, ...]) -> bytes:
    r"""Return statements as N-Quads of one `graph`, as they come.

    >>> in_graph("<g:>", ("<s:> <p:> <o:>",))
    b'<s:> <p:> <o:> <g:> .\n'
    """
    end = statements_end(graph)
    return (end.join(lines) + end).encode() if lines else b""


def out_of_graph(graph: str, nquads: bytes) -> tuple[str, ...]:
    r"""Return the statements, without graph, of N-Quads that all are of one `graph`.

    >>> out_of_graph("<g:>", in_graph("<g:>", ("<s:> <p:> <o:>", "<s:> <p:> 1")))
    ('<s:> <p:> <o:>', '<s:> <p:> 1')
    """
    return tuple(nquads.decode().split(statements_end(graph))[:-1])
