"""A graph to work with from Python: named queries, free SPARQL, rdflib and NetworkX views of one store."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from kg import queries
from kg.store import Answer, RemoteStore, Store
from kg.store import open_build as open_store

if TYPE_CHECKING:
    import networkx as nx
    import rdflib

    from kg.network import Network
    from kg.network.similar import Similar
    from kg.queries import Value


def open_build(folder: Path) -> Graph:
    """Open the generation in force of a build folder.

    Raises:
        BuildError: there is no build, or it is damaged.
    """
    return Graph(open_store(folder))


def open_build_beside(folder: Path, files: Sequence[Path]) -> Graph:
    """Open a build together with RDF files, in memory; raises as `kg.store.beside.open_beside` does."""
    from kg.store.beside import open_beside

    return Graph(open_beside(folder, files))


def open_endpoint(endpoint: str, *, base: str | None = None) -> Graph:
    """Open the graph on a SPARQL server; without `base` the server's copy of the ontology is asked for it.

    Raises:
        UsageError: the address or the base is not one.
        EndpointError: the server does not answer.
    """
    return Graph(remote_store(endpoint, base=base))


def remote_store(endpoint: str, *, base: str | None = None, update_endpoint: str | None = None) -> RemoteStore:
    """Return the store of a SPARQL server; raises as `open_endpoint` does."""
    from kg.ontology import default_base
    from kg.terms import checked_base

    if base is not None:
        return RemoteStore(endpoint, base=checked_base(base), update_endpoint=update_endpoint)
    found = RemoteStore(endpoint, base=default_base(), update_endpoint=update_endpoint)
    stated = found.stated_base()
    return RemoteStore(endpoint, base=checked_base(stated), update_endpoint=update_endpoint) if stated else found


class Graph:
    """The knowledge graph; close it when done, or use it in a `with` block."""

    def __init__(self, store: Store) -> None:
        self.store = store

    @property
    def dataset(self) -> rdflib.Dataset:
        """The graph as an rdflib dataset: its triples are the union of its named graphs, one for each source."""
        return self.store.dataset

    def query(self, query: str, **parameters: Value | Sequence[Value]) -> Answer:
        """Return the answer to a named query or to SPARQL text (SELECT or ASK).

        Parameters are bound as typed terms: things by key, number or name, days as dates or text.

        Raises:
            UsageError: no such query or parameter, a value not of its type, or SPARQL that is not legal.
            EndpointError: the server fails.
        """
        return self.store.select(queries.prepared(query, parameters, self.store))

    def construct(self, query: str, **parameters: Value | Sequence[Value]) -> rdflib.Graph:
        """Return the graph that a named or free CONSTRUCT or DESCRIBE query makes; raises as `query` does."""
        return self.store.construct(queries.prepared(query, parameters, self.store))

    @cached_property
    def _network(self) -> Network:
        from kg.network import Network

        return Network(self.store)

    def network(self) -> nx.MultiDiGraph[str]:
        """Return projects, owners, regions, methods and funds as a NetworkX graph with typed, labelled nodes."""
        return self._network.graph()

    def bipartite(self, kind: str, other: str, **choice: Any) -> nx.Graph[str]:
        """Return the graph of two kinds of things; `kg.network.Network.bipartite` says what can be chosen."""
        return self._network.bipartite(kind, other, **choice)

    def projection(self, kind: str, *, through: str, **choice: Any) -> nx.Graph[str]:
        """Return the graph of things that share others; `kg.network.Network.projection` says what can be chosen."""
        return self._network.projection(kind, through=through, **choice)

    def similar(self, project: str | None = None, *, text: str | None = None, **choice: Any) -> list[Similar]:
        """Return the projects most like a project or an idea, each with what is shared and its weight.

        `kg.network.Network.similar` says what can be chosen.

        Raises:
            UsageError: neither or both are given, or there is no such project.
        """
        return self._network.similar(project, text=text, **choice)

    def close(self) -> None:
        """Release the store and what was read from it."""
        self.__dict__.pop("_network", None)
        self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
