"""Any SPARQL 1.1 server, asked through SPARQLWrapper."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from kg.errors import EndpointError, UsageError
from kg.store.answer import Answer
from kg.store.http import TIMEOUT_SECONDS, Request, Response, check_address, send
from kg.store.syntax import query_kind
from kg.store.terms import from_json, nquads_term, triple
from kg.vocabulary import EXTERNAL_PREFIXES, Names

if TYPE_CHECKING:
    import rdflib

    from kg.store.answer import Term

GRAPHS_A_REQUEST = 200
"""How many named graphs are read in one request when all statements are fetched."""
_ROWS = "application/sparql-results+json"
_JSON_TYPES = (_ROWS, "application/json")
# N-Triples first: the cheapest to parse, and every server of note writes it.
_GRAPH = "application/n-triples, text/turtle;q=0.8, application/rdf+xml;q=0.5"
_UNION_PARAMETER = "union-default-graph"
"""Oxigraph's way to ask for the union of all graphs; other servers pass over it."""


class RemoteStore:
    """A SPARQL server; nothing is sent before the first question.

    `update_endpoint` is the address for updates, if it is another. The server's default graph is asked; where it
    is empty although the named graphs hold our projects, the union of the named graphs is asked for.
    """

    def __init__(
        self, endpoint: str, *, base: str, update_endpoint: str | None = None, timeout: int = TIMEOUT_SECONDS
    ) -> None:
        self.endpoint = endpoint
        self.update_endpoint = endpoint if update_endpoint is None else update_endpoint
        check_address(self.endpoint)
        check_address(self.update_endpoint)
        self._base, self._timeout = base, timeout

    @property
    def base(self) -> str:
        """The base of our IRIs on this server."""
        return self._base

    @cached_property
    def dataset(self) -> rdflib.Dataset:
        """The server as an rdflib dataset that sends every read as a query; good for looking up, slow for much."""
        from kg.store.rdflib_view import remote_dataset

        return remote_dataset(self.endpoint, Names(self._base).prefixes(), self._parameters)

    def select(self, query: str) -> Answer:
        """Return the answer to a SELECT or ASK query.

        Raises:
            UsageError: the query is not legal, or is a CONSTRUCT or DESCRIBE.
            EndpointError: the server cannot be reached or does not answer as it should.
        """
        if query_kind(query) in ("construct", "describe"):
            raise UsageError("the query makes a graph (CONSTRUCT or DESCRIBE), not rows")
        match self._rows(query):
            case {"boolean": bool(truth)}:
                return Answer((), (), truth=truth)
            case {"head": {"vars": [*columns]}, "results": {"bindings": [*bindings]}}:
                rows = (tuple(_term(binding, column) for column in columns) for binding in bindings)
                return Answer(tuple(columns), tuple(rows))
            case _:
                raise EndpointError(f"{self.endpoint} answers with JSON that is no SPARQL result")

    def texts(self, query: str) -> Iterator[tuple[str | None, ...]]:
        """Yield the rows of a SELECT as bare text; raises as `select` does."""
        match self._rows(query):
            case {"head": {"vars": [*columns]}, "results": {"bindings": [*bindings]}}:
                for binding in bindings:
                    yield tuple(binding[column]["value"] if column in binding else None for column in columns)
            case _:
                raise UsageError("the query gives no rows: it is not a SELECT")

    def construct(self, query: str) -> rdflib.Graph:
        """Return the graph that a CONSTRUCT or DESCRIBE query makes, with our prefixes bound; raises as `select`."""
        import rdflib

        if query_kind(query) in ("select", "ask"):
            raise UsageError("the query gives rows (SELECT or ASK), not a graph")
        response = self._ask(query, _GRAPH, self._parameters)
        graph = rdflib.Graph()
        for prefix, namespace in Names(self._base).prefixes().items():
            graph.bind(prefix, namespace)
        _parse(graph, response, self.endpoint)
        return graph

    def nquads(self) -> Iterator[bytes]:
        """Yield every statement of every named graph that starts with our base, graph by graph, as N-Quads lines."""
        graphs = [row[0] for row in self.texts("SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g")]
        ours = [graph for graph in graphs if graph and graph.startswith(self._base)]
        for start in range(0, len(ours), GRAPHS_A_REQUEST):
            names = " ".join(f"<{graph}>" for graph in ours[start : start + GRAPHS_A_REQUEST])
            query = f"SELECT ?s ?p ?o ?g WHERE {{ VALUES ?g {{ {names} }} GRAPH ?g {{ ?s ?p ?o }} }}"
            bindings = self._rows(query).get("results", {}).get("bindings", [])
            lines = (" ".join(nquads_term(binding[name]) for name in "spog") + " .\n" for binding in bindings)
            yield from (line.encode() for line in sorted(lines))

    def update(self, update: str) -> None:
        """Run a SPARQL update.

        Raises:
            EndpointError: the server cannot be reached or refuses it.
        """
        send(Request(self.update_endpoint, update, "INSERT", "*/*", {}, self._timeout))

    def stated_base(self) -> str | None:
        """Return the base that the server's copy of our ontology states, if it has one; raises as `select` does."""
        query = f"""PREFIX vann: <{EXTERNAL_PREFIXES["vann"]}>
            SELECT DISTINCT ?namespace WHERE {{
                {{ ?ontology vann:preferredNamespacePrefix "kg" ; vann:preferredNamespaceUri ?namespace }} UNION
                {{ GRAPH ?graph {{
                    ?ontology vann:preferredNamespacePrefix "kg" ; vann:preferredNamespaceUri ?namespace
                }} }}
            }} ORDER BY ?namespace"""
        for binding in self._json(query, {}).get("results", {}).get("bindings", []):
            namespace = str(binding["namespace"]["value"])
            if namespace.endswith("/ontology#"):
                return namespace.removesuffix("ontology#")
        return None

    def default_graph_says(self, question: str) -> bool:
        """Return the answer to an ASK over the server's default graph as it stands; raises as `select` does."""
        return self._json(question, {}).get("boolean") is True

    def close(self) -> None:
        """Release what was remembered of the server; no connection is kept open between questions."""
        for name in ("dataset", "_parameters"):
            self.__dict__.pop(name, None)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @cached_property
    def _parameters(self) -> Mapping[str, str]:
        """What to add to each request so that the default graph is the union of all graphs."""
        question = f"ASK {{ ?project a <{Names(self._base).term('Project')}> }}"
        for parameters in ({}, {_UNION_PARAMETER: "true"}):
            if self._json(question, parameters).get("boolean") is True:
                return parameters
        return {}

    def _rows(self, query: str) -> dict[str, Any]:
        return self._json(query, self._parameters)

    def _json(self, query: str, parameters: Mapping[str, str]) -> dict[str, Any]:
        response = self._ask(query, _ROWS, parameters)
        if response.content_type not in _JSON_TYPES:
            raise EndpointError(
                f"{self.endpoint} answers with {response.content_type or 'an unnamed type'}, not SPARQL JSON: "
                "is it the address of a SPARQL service?"
            )
        try:
            found = json.loads(response.body)
        except ValueError as error:
            raise EndpointError(
                f"{self.endpoint} breaks off its JSON answer, as servers do at their own time limit: {error}"
            ) from error
        if not isinstance(found, dict):
            raise EndpointError(f"{self.endpoint} answers with JSON that is no SPARQL result")
        return found

    def _ask(self, query: str, accept: str, parameters: Mapping[str, str]) -> Response:
        return send(Request(self.endpoint, query, "SELECT", accept, parameters, self._timeout))


def _term(binding: Mapping[str, Mapping[str, str]], column: str) -> Term | None:
    return from_json(binding[column]) if column in binding else None


def _parse(graph: rdflib.Graph, response: Response, endpoint: str) -> None:
    import pyoxigraph

    formats = {
        "application/n-triples": pyoxigraph.RdfFormat.N_TRIPLES,
        "text/turtle": pyoxigraph.RdfFormat.TURTLE,
        "application/rdf+xml": pyoxigraph.RdfFormat.RDF_XML,
    }
    if response.content_type not in formats:
        raise EndpointError(f"{endpoint} answers with {response.content_type or 'an unnamed type'}, not with RDF")
    try:
        for quad in pyoxigraph.parse(response.body, format=formats[response.content_type], base_iri=endpoint):
            graph.add(triple(quad))
    except SyntaxError as error:
        raise EndpointError(f"{endpoint} answers with broken {response.content_type}: {error}") from error
