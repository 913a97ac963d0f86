"""Any SPARQL 1.1 server, asked through SPARQLWrapper."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from kg.errors import EndpointError, UsageError
from kg.store.answer import Answer
from kg.store.graphs import instantiated, union_graph, works_graphs
from kg.store.http import TIMEOUT_SECONDS, Request, Response, check_address, illegal, send
from kg.store.paging import Page, Rows, whole
from kg.store.rewriting import HIDDEN_VARIABLE, description, naming_graphs, template
from kg.store.syntax import query_kind
from kg.store.terms import canonical, from_json, nquads_term
from kg.vocabulary import EXTERNAL_PREFIXES, Names

if TYPE_CHECKING:
    import rdflib

    from kg.store.answer import Term
    from kg.store.paging import Binding

GRAPHS_A_REQUEST = 200
"""How many named graphs are read in one request when all statements are fetched."""
_ROWS = "application/sparql-results+json"
_JSON_TYPES = (_ROWS, "application/json")
_UNION_PARAMETER = "union-default-graph"
"""Oxigraph's way to ask for the union of all graphs; other servers pass over it."""
_MOST_ROWS = "x-sparql-maxrows"
"""Virtuoso's word for how many rows it gives when there are more."""
_BROKEN_OFF = "x-sql-message"
"""Virtuoso's word for why it stopped before the end, which it does with status 200."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How the server wants to be asked for the union of the graphs: parameters, and graphs that are never named."""

    parameters: Mapping[str, str] = field(default_factory=dict)
    hidden: tuple[str, ...] = ()


class RemoteStore:
    """A SPARQL server; nothing is sent before the first question.

    `update_endpoint` is the address for updates, if it is another; `tries` says how often in all a request is sent
    that fails in a way that may pass. The server's default graph is asked; where it is empty although the named
    graphs hold our projects, the union of the named graphs is asked for, and where `kg.store.push` has written the
    union as a graph of its own, that graph.
    """

    def __init__(
        self,
        endpoint: str,
        *,
        base: str,
        update_endpoint: str | None = None,
        timeout: int = TIMEOUT_SECONDS,
        tries: int = 1,
    ) -> None:
        self.endpoint = endpoint
        self.update_endpoint = endpoint if update_endpoint is None else update_endpoint
        check_address(self.endpoint)
        check_address(self.update_endpoint)
        self._base, self.timeout, self.tries = base, timeout, tries
        self._server = ""

    @property
    def base(self) -> str:
        """The base of our IRIs on this server."""
        return self._base

    @cached_property
    def dataset(self) -> rdflib.Dataset:
        """The server as an rdflib dataset that sends every read as a query; good for looking up, slow for much."""
        from kg.store.rdflib_view import remote_dataset

        def answered(query: str, parameters: Mapping[str, str]) -> bytes:
            manner = self._manner
            if parameters:
                manner = Manner({**manner.parameters, **parameters}, manner.hidden)
            return json.dumps(self._json(query, manner)).encode()

        return remote_dataset(answered, Names(self._base).prefixes())

    def select(self, query: str) -> Answer:
        """Return the answer to a SELECT or ASK query.

        Raises:
            UsageError: the query is not legal, or is a CONSTRUCT or DESCRIBE.
            EndpointError: the server cannot be reached or does not answer as it should.
        """
        if query_kind(query) in ("construct", "describe"):
            raise UsageError("the query makes a graph (CONSTRUCT or DESCRIBE), not rows")
        found = self._rows(query)
        if found.truth is not None:
            return Answer((), (), truth=found.truth)
        rows = (tuple(_term(binding, column) for column in found.columns) for binding in found.bindings)
        return Answer(found.columns, tuple(rows))

    def texts(self, query: str) -> Iterator[tuple[str | None, ...]]:
        """Yield the rows of a SELECT as bare text; raises as `select` does."""
        found = self._rows(query)
        if found.truth is not None:
            raise UsageError("the query gives no rows: it is not a SELECT")
        for binding in found.bindings:
            yield tuple(canonical(binding[column]) if column in binding else None for column in found.columns)

    def construct(self, query: str) -> rdflib.Graph:
        """Return the graph that a CONSTRUCT or DESCRIBE query makes, with our prefixes bound; raises as `select`.

        The server is asked for rows, and the graph is made here: servers describe things in different ways, and some
        cut large graphs without a word.
        """
        kind = query_kind(query)
        if kind in ("select", "ask"):
            raise UsageError("the query gives rows (SELECT or ASK), not a graph")
        try:
            asked = self._described(query) if kind == "describe" else query
            parts = template(asked)
            if parts is None:
                raise UsageError(illegal(query) or "the query is not a CONSTRUCT or DESCRIBE")
            return instantiated(parts, self._rows(parts.select), Names(self._base).prefixes())
        except UsageError as error:
            # The server complains of a text that the user has not written.
            raise UsageError(illegal(query) or str(error)) from error

    def _described(self, query: str) -> str:
        """Return the CONSTRUCT that gives what the things of a DESCRIBE are subjects of."""
        parts = description(query)
        found = self._rows(parts.select).bindings if parts.select else ()
        iris = {term["value"] for binding in found for term in binding.values() if term["type"] == "uri"}
        things = " ".join((parts.things, *(f"<{iri}>" for iri in sorted(iris))))
        return f"{parts.prologue}CONSTRUCT {{ ?s ?p ?o }} WHERE {{ VALUES ?s {{ {things} }} ?s ?p ?o }}"

    def nquads(self) -> Iterator[bytes]:
        """Yield every statement of every named graph that starts with our base, graph by graph, as N-Quads lines."""
        ours = self.graphs()
        for start in range(0, len(ours), GRAPHS_A_REQUEST):
            names = " ".join(f"<{graph}>" for graph in ours[start : start + GRAPHS_A_REQUEST])
            found = self._rows(f"SELECT ?s ?p ?o ?g WHERE {{ VALUES ?g {{ {names} }} GRAPH ?g {{ ?s ?p ?o }} }}")
            by_graph = sorted(found.bindings, key=lambda binding: str(binding["g"]["value"]))
            for _, same in groupby(by_graph, key=lambda binding: binding["g"]["value"]):
                lines = (" ".join(nquads_term(binding[name]) for name in "spog") + " .\n" for binding in same)
                yield from (line.encode() for line in sorted(lines))

    def graphs(self) -> list[str]:
        """Return the named graphs that start with our base, sorted, but for those that only `kg.store.push` needs."""
        works = works_graphs(self._base)
        found = self.texts("SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g")
        return sorted(name for (name,) in found if name and name.startswith(self._base) and name not in works)

    def update(self, update: str) -> None:
        """Run a SPARQL update.

        Raises:
            EndpointError: the server cannot be reached or refuses it.
        """
        address = self.update_endpoint
        send(Request(address, update, "INSERT", "*/*", timeout=self.timeout, tries=self.tries))

    def stated_base(self) -> str | None:
        """Return the base that the server's copy of our ontology states, if it has one; raises as `select` does."""
        query = f"""PREFIX vann: <{EXTERNAL_PREFIXES["vann"]}>
            SELECT DISTINCT ?namespace WHERE {{
                {{ ?ontology vann:preferredNamespacePrefix "kg" ; vann:preferredNamespaceUri ?namespace }} UNION
                {{ GRAPH ?graph {{
                    ?ontology vann:preferredNamespacePrefix "kg" ; vann:preferredNamespaceUri ?namespace
                }} }}
            }} ORDER BY ?namespace"""
        for binding in self._json(query, Manner()).get("results", {}).get("bindings", []):
            namespace = str(binding["namespace"]["value"])
            if namespace.endswith("/ontology#"):
                return namespace.removesuffix("ontology#")
        return None

    def default_graph_says(self, question: str, *, graph: str | None = None) -> bool:
        """Return the answer to an ASK over the default graph as it is, or `graph` in its place; raises as `select`."""
        return _truth(self._json(question, Manner({"default-graph-uri": graph} if graph else {})))

    def close(self) -> None:
        """Release what was remembered of the server; no connection is kept open between questions."""
        for name in ("dataset", "_manner"):
            self.__dict__.pop(name, None)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @cached_property
    def _manner(self) -> Manner:
        """How to ask so that the default graph is the union of all graphs, each triple once."""
        project, union = f"<{Names(self._base).term('Project')}>", union_graph(self._base)
        if self.default_graph_says(f"ASK {{ GRAPH <{union}> {{ ?project a {project} }} }}"):
            # Only the server knows whether the other graphs can still be named when the default graph is.
            manner = Manner({"default-graph-uri": union}, tuple(sorted(works_graphs(self._base))))
            others = f"ASK {{ ?project a {project} GRAPH ?g {{ ?project a {project} }} FILTER(?g != <{union}>) }}"
            if _truth(self._json(others, manner)):
                return manner
        question = f"ASK {{ ?project a {project} }}"
        manners = (Manner(), Manner({_UNION_PARAMETER: "true"}))
        return next((manner for manner in manners if _truth(self._json(question, manner))), Manner())

    @property
    def _is_virtuoso(self) -> bool:
        return self._server.startswith("Virtuoso")

    def _rows(self, query: str) -> Rows:
        """Return the whole answer to a SELECT or ASK, in pages if the server gives so many rows and no more."""
        response = self._ask(query, self._manner)
        found = self._read(response)
        match found:
            case {"boolean": bool(truth)}:
                return Rows((), (), truth)
            case {"head": {"vars": [*named]}, "results": {"bindings": [*bindings]}}:
                columns = [column for column in named if not column.startswith(HIDDEN_VARIABLE)]
                cut = response.headers.get(_MOST_ROWS, "")
                first = Page(query, tuple(columns), bindings, int(cut) if cut.isdecimal() else None, self._is_virtuoso)
                return Rows(tuple(columns), whole(first, self._bindings))
            case _:
                raise EndpointError(f"{self.endpoint} answers with JSON that is no SPARQL result")

    def _bindings(self, query: str) -> list[Binding]:
        found: list[Binding] = self._json(query, self._manner).get("results", {}).get("bindings", [])
        return found

    def _json(self, query: str, manner: Manner) -> dict[str, Any]:
        return self._read(self._ask(query, manner))

    def _read(self, response: Response) -> dict[str, Any]:
        if response.content_type not in _JSON_TYPES:
            raise EndpointError(
                f"{self.endpoint} answers with {response.content_type or 'an unnamed type'}, not SPARQL JSON: "
                "is it the address of a SPARQL service?"
            )
        if reason := response.headers.get(_BROKEN_OFF):
            raise EndpointError(f"{self.endpoint} gives only part of the answer: {reason}")
        try:
            found = json.loads(response.body)
        except ValueError as error:
            raise EndpointError(
                f"{self.endpoint} breaks off its JSON answer, as servers do at their own time limit: {error}"
            ) from error
        if not isinstance(found, dict):
            raise EndpointError(f"{self.endpoint} answers with JSON that is no SPARQL result")
        return found

    def _ask(self, query: str, manner: Manner) -> Response:
        text = naming_graphs(query, manner.hidden) if manner.hidden else query
        request = Request(
            self.endpoint, text, "SELECT", _ROWS, manner.parameters, timeout=self.timeout, tries=self.tries
        )
        response = send(request)
        self._server = response.headers.get("server", "")
        return response


def _truth(answer: Mapping[str, Any]) -> bool:
    return answer.get("boolean") is True


def _term(binding: Binding, column: str) -> Term | None:
    return from_json(binding[column]) if column in binding else None
