"""A graph in an Oxigraph store, read fast by queries and exactly as it was written by rdflib.

Oxigraph keeps some literals in a form of its own (``"05"^^xsd:int`` comes back as ``"5"^^xsd:integer``). Those of a
file are remembered beside the store, so that a judgement sees every literal as it stands in the file.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

import pyoxigraph as ox
import rdflib
from rdflib.store import Store as RdflibStore
from rdflib.term import Node

from kg.store.terms import to_pyoxigraph
from kg.validation.files import term
from kg.validation.regular import MATCHES, matches
from kg.vocabulary import EXTERNAL_PREFIXES

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Kept = Mapping[tuple[Term, Term], Mapping[Term, tuple[Term, ...]]]
"""By subject and predicate, then by the literal in the store, the literals as they were written."""

XSD, RDF = EXTERNAL_PREFIXES["xsd"], EXTERNAL_PREFIXES["rdf"]
UNION = ox.DefaultGraph()
_TEXTS = frozenset((f"{XSD}string", f"{RDF}langString", f"{XSD}anyURI"))
_AS_WRITTEN = {
    f"{XSD}integer": re.compile(r"(?:0|-?[1-9][0-9]{0,17})\Z"),
    f"{XSD}decimal": re.compile(r"(?!-0\Z)-?(?:0|[1-9][0-9]{0,11})(?:\.(?!0{4})[0-9]{0,11}[1-9])?\Z"),
    f"{XSD}boolean": re.compile(r"(?:true|false)\Z"),
    f"{XSD}date": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z"),
    f"{XSD}dateTime": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\Z"),
}
"""The datatypes, and by datatype the lexical forms, that neither Oxigraph nor rdflib changes."""
_FIGURE = re.compile(r"[+-]?[0-9]{1,12}(?:\.[0-9]{0,12})?", re.ASCII)
_WHOLE = re.compile(
    rf"{re.escape(XSD)}(?:unsigned|nonNegative|nonPositive|positive|negative)?(?:[iI]nt(?:eger)?|[lL]ong|[sS]hort|[bB]yte)"
)


class Facts:
    """A store whose default graph is the graph to be judged.

    `altered` are the predicates of which some literal is not certain to look to rdflib as it does in the store;
    `altered_texts` are those where not only the type of a whole number differs, and `altered_figures` those of them
    where only the digits of decimal numbers do (``1.50``); `merged` those of which one form in the store stands for
    several in the file. `types` are those of whole numbers by predicate, where all of them are of one that the store
    does not keep. A store that was not loaded here is taken as it is.
    """

    def __init__(
        self,
        store: ox.Store,
        kept: Kept | None = None,
        odd: Iterable[ox.Quad] = (),
        types: Mapping[str, ox.NamedNode] | None = None,
    ) -> None:
        self.store, self.kept, self.types = store, kept or {}, types or {}
        literals = [(quad.predicate.value, quad.object) for quad in odd]
        self.altered = frozenset(predicate for predicate, _ in literals) | self.types.keys()
        self.altered_texts = frozenset(predicate for predicate, value in literals if not _is_whole_number(value))
        strange = {predicate for predicate, value in literals if not (_is_whole_number(value) or _is_figure(value))}
        self.altered_figures = self.altered_texts - strange
        self.merged = frozenset(
            str(predicate)[1:-1]
            for (_, predicate), forms in self.kept.items()
            if any(len(written) > 1 for written in forms.values())
        )

    def __getstate__(self) -> dict[str, Any]:
        """Return what another process needs to know beside the store, which it opens itself."""
        return {**vars(self), "store": None}

    def rows(self, query: str) -> Iterator[tuple[Term | None, ...]]:
        """Yield the rows of a SELECT over the default graph."""
        answer = self.store.query(query, custom_functions={MATCHES: matches})
        assert isinstance(answer, ox.QuerySolutions)
        for solution in answer:
            yield tuple(solution)

    def as_written(self, quad: ox.Quad) -> tuple[Term, ...]:
        """Return the values as written that a triple of the store stands for."""
        name = quad.predicate.value
        if name not in self.altered:
            return (quad.object,)
        known = self.kept.get((quad.subject, quad.predicate), {}).get(quad.object)
        return (retyped(quad.object, self.types.get(name)),) if known is None else known

    def objects(self, subject: Term, predicate: str) -> list[Term]:
        """Return the values of a predicate of a thing, as written."""
        if isinstance(subject, ox.Literal):
            return []
        found = self.store.quads_for_pattern(subject, ox.NamedNode(predicate), None, UNION)
        return [value for quad in found for value in self.as_written(quad)]

    def subjects(self, predicate: str, value: Term) -> list[Term]:
        """Return the things that have a value of a predicate, a literal in the form that the store gives it."""
        return [q.subject for q in self.store.quads_for_pattern(None, ox.NamedNode(predicate), value, UNION)]

    def pairs(self, predicate: str) -> Iterator[tuple[Term, Term]]:
        """Yield subject and value, as written, of every triple of a predicate."""
        for quad in self.store.quads_for_pattern(None, ox.NamedNode(predicate), None, UNION):
            for value in self.as_written(quad):
                yield quad.subject, value

    def predicates(self, subject: Term) -> Iterator[tuple[str, Term]]:
        """Yield predicate and value, in the store's form, of every triple of a thing."""
        if not isinstance(subject, ox.Literal):
            for quad in self.store.quads_for_pattern(subject, None, None, UNION):
                yield quad.predicate.value, quad.object

    def statements(self, subject: Term) -> Iterator[tuple[Node, Node]]:
        """Yield predicate and value, as rdflib has them, of every triple of a thing."""
        if not isinstance(subject, ox.Literal):
            for quad in self.store.quads_for_pattern(subject, None, None, UNION):
                for value in self.as_written(quad):
                    yield term(quad.predicate), term(value)

    def matching(self, subject: Node | None, predicate: Node | None, value: Node | None) -> Iterator[ox.Quad]:
        """Return the triples of the store that match terms of rdflib."""
        asked: Any = [None if node is None else to_pyoxigraph(node) for node in (subject, predicate, value)]
        return self.store.quads_for_pattern(asked[0], asked[1], asked[2], UNION)

    def graphs_of(self, subject: Node, predicate: Node, value: Node) -> Iterator[Node]:
        """Yield the named graphs that state a triple."""
        asked: Any = [to_pyoxigraph(node) for node in (subject, predicate, value)]
        for quad in self.store.quads_for_pattern(asked[0], asked[1], asked[2], None):
            if isinstance(quad.graph_name, ox.NamedNode):
                yield rdflib.URIRef(quad.graph_name.value)

    def graph(self) -> rdflib.Graph:
        """Return the default graph as rdflib reads it, every literal as written."""
        return rdflib.Graph(store=_View(self))


def retyped(value: Term, datatype: ox.NamedNode | None) -> Term:
    """Return a whole number with another type, and any other term as it is."""
    if datatype is None or not isinstance(value, ox.Literal) or value.datatype.value != f"{XSD}integer":
        return value
    return ox.Literal(value.value, datatype=datatype)


def as_written(value: Term) -> bool:
    """Return whether neither Oxigraph nor rdflib changes the form of a term.

    >>> as_written(ox.Literal("5", datatype=ox.NamedNode(XSD + "integer")))
    True
    >>> as_written(ox.Literal("05", datatype=ox.NamedNode(XSD + "integer")))
    False
    """
    if not isinstance(value, ox.Literal):
        return True
    datatype = value.datatype.value
    if datatype in _TEXTS:
        return True
    form = _AS_WRITTEN.get(datatype)
    if form is not None:
        return form.match(value.value) is not None
    return not datatype.startswith((XSD, RDF))


def _is_whole_number(value: Term) -> bool:
    """Return whether a literal is a whole number that changes in type only."""
    if not isinstance(value, ox.Literal) or not _WHOLE.fullmatch(value.datatype.value):
        return False
    return _AS_WRITTEN[f"{XSD}integer"].match(value.value) is not None


def _is_figure(value: Term) -> bool:
    """Return whether a literal is a decimal number that Oxigraph and rdflib compare alike."""
    return (
        isinstance(value, ox.Literal)
        and value.datatype.value == f"{XSD}decimal"
        and _FIGURE.fullmatch(value.value) is not None
    )


class _View(RdflibStore):
    """A read-only rdflib store on facts."""

    context_aware = graph_aware = True  # pySHACL wraps every graph as a dataset, which asks for this

    def __init__(self, facts: Facts) -> None:
        super().__init__()
        self._facts = facts
        self._prefixes: dict[str, rdflib.URIRef] = {}
        self._graph = rdflib.Graph(store=self)

    def triples(self, triple_pattern: Any, context: Any = None) -> Iterator[Any]:
        """Yield each triple that matches, with the only graph there is."""
        subject, predicate, value = triple_pattern
        if isinstance(subject, rdflib.Literal) or not isinstance(predicate, rdflib.URIRef | None):
            return
        # The store's form of a literal is not known where the form may have changed: then all values are read.
        read_all = isinstance(value, rdflib.Literal) and (predicate is None or str(predicate) in self._facts.altered)
        for quad in self._facts.matching(subject, predicate, None if read_all else value):
            for form in self._facts.as_written(quad):
                found = term(form)
                if not read_all or found == value:
                    yield (term(quad.subject), term(quad.predicate), found), iter((self._graph,))

    def __len__(self, context: Any = None) -> int:
        # pySHACL asks for the truth of the graph at every result: counting all triples each time would take hours.
        return sum(1 for _ in islice(self._facts.matching(None, None, None), 1))

    def add_graph(self, graph: rdflib.Graph) -> None:
        """Do nothing: there is one graph only."""

    def contexts(self, triple: Any = None) -> Generator[rdflib.Graph, None, None]:
        """Yield the only graph there is."""
        yield self._graph

    def bind(self, prefix: str, namespace: rdflib.URIRef, override: bool = True) -> None:
        """Remember a prefix."""
        self._prefixes[prefix] = namespace

    def namespace(self, prefix: str) -> rdflib.URIRef | None:
        """Return the namespace of a prefix."""
        return self._prefixes.get(prefix)

    def prefix(self, namespace: rdflib.URIRef) -> str | None:
        """Return the prefix of a namespace."""
        return next((name for name, known in self._prefixes.items() if known == namespace), None)

    def namespaces(self) -> Iterator[tuple[str, rdflib.URIRef]]:
        """Yield each prefix with its namespace."""
        return iter(self._prefixes.items())
