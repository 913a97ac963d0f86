"""The interface that every store has."""

from __future__ import annotations

from collections.abc import Iterator
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self

from kg.store.answer import Answer

if TYPE_CHECKING:
    import rdflib


class Store(Protocol):
    """A graph that answers SPARQL; its default graph is the union of its named graphs, one for each source."""

    @property
    def base(self) -> str:
        """The base of our IRIs in this graph."""

    @property
    def dataset(self) -> rdflib.Dataset:
        """The graph as an rdflib dataset."""

    def select(self, query: str) -> Answer:
        """Return the answer to a SELECT or ASK query.

        Raises:
            UsageError: the query is not legal, or is of another kind.
            BuildError: the store cannot be read.
            EndpointError: the server fails.
        """

    def construct(self, query: str) -> rdflib.Graph:
        """Return the graph that a CONSTRUCT or DESCRIBE query makes; raises as `select` does."""

    def texts(self, query: str) -> Iterator[tuple[str | None, ...]]:
        """Yield the rows of a SELECT as bare text: IRIs, and literals without language or type.

        Far faster than `select` for hundreds of thousands of rows; raises as `select` does.
        """

    def nquads(self) -> Iterator[bytes]:
        """Yield every statement of every named graph as one line of N-Quads, line end included."""

    def close(self) -> None:
        """Release the store; it cannot be used afterwards."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
