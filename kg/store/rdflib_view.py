"""An rdflib dataset on an Oxigraph store whose default graph is the union of the named graphs, or on a server."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from io import BytesIO
from typing import Any

import pyoxigraph
import rdflib
from oxrdflib import OxigraphStore
from rdflib.graph import DATASET_DEFAULT_GRAPH_ID
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from rdflib.query import Result
from rdflib.store import Store
from rdflib.term import BNode, Literal, Node, URIRef, Variable

from kg.errors import UsageError
from kg.store.terms import from_pyoxigraph, to_pyoxigraph, triple

_UNION = pyoxigraph.DefaultGraph()


def dataset(store: pyoxigraph.Store, prefixes: Mapping[str, str]) -> rdflib.Dataset:
    """Return a folder's dataset: its triples are the union, its named graphs the sources; it cannot be written to."""
    return _Dataset(_UnionStore(store), prefixes)


Answered = Callable[[str, Mapping[str, str]], bytes]
"""Sends a query with more parameters and gives SPARQL JSON."""


def remote_dataset(answered: Answered, prefixes: Mapping[str, str]) -> rdflib.Dataset:
    """Return a server's dataset, which asks through `answered`; it cannot be written to."""
    return _Dataset(_ServerStore(answered), prefixes)


class _Dataset(rdflib.Dataset):
    """Without the deprecation warnings that rdflib's own methods call forth by reading `default_context`."""

    def __init__(self, store: Store, prefixes: Mapping[str, str]) -> None:
        super().__init__(store=store, default_union=True)
        for prefix, namespace in prefixes.items():
            self.bind(prefix, namespace)

    @property
    def default_context(self) -> rdflib.Graph:
        """The default graph."""
        graph: rdflib.Graph = self.default_graph
        return graph

    @default_context.setter
    def default_context(self, value: rdflib.Graph) -> None:
        self.default_graph = value


class _UnionStore(OxigraphStore):
    """Differs from its parent in two things: the union is a set, and plain strings are plain literals.

    The parent takes the union over all graphs at each read, which gives a triple once for each graph, and it types
    every plain string as xsd:string, which to rdflib is another literal.
    """

    def __init__(self, store: pyoxigraph.Store) -> None:
        super().__init__(store=store)
        self._oxigraph = store

    def triples(self, triple_pattern: Any, context: rdflib.Graph | None = None) -> Iterator[Any]:
        """Yield each triple of the union, or of one graph, once, with the graphs that state it."""
        if isinstance(triple_pattern[0], Literal) or not isinstance(triple_pattern[1], URIRef | None):
            return  # no such triple can be
        for quad in self._matching(triple_pattern, context):
            yield triple(quad), self._stated_in(quad) if context is None else iter((context,))

    def contexts(self, triple: Any = None) -> Iterator[rdflib.Graph]:  # type: ignore[override]
        """Yield the named graphs, all or those that state the triple."""
        if triple is None:
            return (self._graph(name) for name in self._oxigraph.named_graphs())
        return (graph for quad in self._matching(triple, None) for graph in self._stated_in(quad))

    def query(self, query: Any, initNs: Any, initBindings: Any, queryGraph: Any, **kwargs: Any) -> Result:  # noqa: N803
        """Answer SPARQL text over the union, or over one graph if asked from that graph."""
        answer = self._oxigraph.query(
            str(query),
            default_graph=_graph_name(queryGraph) if isinstance(queryGraph, Node) else None,
            prefixes={**self._namespace_for_prefix, **initNs},
            substitutions={pyoxigraph.Variable(name): to_pyoxigraph(value) for name, value in initBindings.items()},
        )
        match answer:
            case pyoxigraph.QueryBoolean():
                result = Result("ASK")
                result.askAnswer = bool(answer)
            case pyoxigraph.QuerySolutions():
                result = Result("SELECT")
                result.vars = [Variable(variable.value) for variable in answer.variables]
                result.bindings = [
                    {name: from_pyoxigraph(term) for name, term in zip(result.vars, row, strict=True) if term}
                    for row in answer
                ]
            case _:
                result = Result("CONSTRUCT")
                result.graph = rdflib.Graph()
                for found in answer:
                    result.graph.add(triple(found))
        return result

    def add_graph(self, graph: rdflib.Graph) -> None:
        """Do nothing: asking for a graph by its name must not fail although the store is read only."""

    def add(self, *_: Any, **__: Any) -> None:
        """Refuse to write, as `addN`, `remove` and `update` do."""
        raise UsageError("a build cannot be changed: change the sources and build again")

    addN: Any = add  # noqa: N815
    remove: Any = add
    update: Any = add

    def __len__(self, context: rdflib.Graph | None = None) -> int:
        return sum(1 for _ in self._matching((None, None, None), context))

    def _matching(self, pattern: Any, context: rdflib.Graph | None) -> Iterator[pyoxigraph.Quad]:
        subject, predicate, value = (None if term is None else to_pyoxigraph(term) for term in pattern)
        graph = _UNION if context is None else _graph_name(context.identifier)
        return self._oxigraph.quads_for_pattern(subject, predicate, value, graph)  # type: ignore[arg-type]

    def _stated_in(self, found: pyoxigraph.Quad) -> Iterator[rdflib.Graph]:
        for quad in self._oxigraph.quads_for_pattern(found.subject, found.predicate, found.object, None):
            if quad.graph_name != _UNION:
                yield self._graph(quad.graph_name)

    def _graph(self, name: Any) -> rdflib.Graph:
        identifier = BNode(name.value) if isinstance(name, pyoxigraph.BlankNode) else URIRef(name.value)
        return rdflib.Graph(store=self, identifier=identifier)


class _ServerStore(SPARQLStore):
    """Differs from its parent in letting named graphs be asked for, and in naming the graphs of a triple.

    Its questions go the same way as all others, with the same login, time limit and errors.
    """

    def __init__(self, answered: Answered) -> None:
        super().__init__(returnFormat="json")
        self._answered = answered

    def _query(self, query: str, default_graph: str | None = None, named_graph: str | None = None) -> Result:
        one = {} if default_graph is None else {"default-graph-uri": str(default_graph)}
        answer = BytesIO(self._answered(query, one))
        return Result.parse(answer, content_type="application/sparql-results+json")

    def triples(self, spo: Any, context: rdflib.Graph | None = None) -> Iterator[Any]:
        """Yield each matching triple with the graphs that state it, which are looked up only if read."""
        for found, _ in super().triples(spo, context):
            yield found, self.contexts(found) if context is None else iter((context,))

    def contexts(self, triple: Any = None) -> Iterator[rdflib.Graph]:  # type: ignore[override]
        """Yield the named graphs, all or those that state the triple."""
        return (rdflib.Graph(store=self, identifier=name) for name in super().contexts(triple))

    def add_graph(self, graph: rdflib.Graph) -> None:
        """Do nothing: asking for a graph by its name must not fail although the store is read only."""


def _graph_name(identifier: Node) -> pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.DefaultGraph:
    if identifier == DATASET_DEFAULT_GRAPH_ID:
        return _UNION
    return (
        pyoxigraph.BlankNode(str(identifier))
        if isinstance(identifier, BNode)
        else pyoxigraph.NamedNode(str(identifier))
    )
