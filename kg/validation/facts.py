"""A graph in an Oxigraph store, read fast by queries and exactly as it was written by rdflib.

Oxigraph keeps some literals in a form of its own (``"05"^^xsd:int`` comes back as ``"5"^^xsd:integer``). Those of a
file are remembered beside the store, so that a judgement sees every literal as it stands in the file.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
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

_XSD, _RDF = EXTERNAL_PREFIXES["xsd"], EXTERNAL_PREFIXES["rdf"]
_UNION = ox.DefaultGraph()
_LARGE = 200_000_000
"""Size of files, in bytes, from which on a store is kept on disk."""
_TEXTS = frozenset((f"{_XSD}string", f"{_RDF}langString", f"{_XSD}anyURI"))
_AS_WRITTEN = {
    f"{_XSD}integer": re.compile(r"(?:0|-?[1-9][0-9]{0,17})\Z"),
    f"{_XSD}decimal": re.compile(r"(?!-0\Z)-?(?:0|[1-9][0-9]{0,11})(?:\.(?!0{4})[0-9]{0,11}[1-9])?\Z"),
    f"{_XSD}boolean": re.compile(r"(?:true|false)\Z"),
    f"{_XSD}date": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z"),
    f"{_XSD}dateTime": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\Z"),
}
"""The datatypes, and by datatype the lexical forms, that neither Oxigraph nor rdflib changes."""
_FIGURE = re.compile(r"[+-]?[0-9]{1,12}(?:\.[0-9]{0,12})?", re.ASCII)
_WHOLE = re.compile(
    rf"{re.escape(_XSD)}(?:unsigned|nonNegative|nonPositive|positive|negative)?(?:[iI]nt(?:eger)?|[lL]ong|[sS]hort|[bB]yte)"
)


class Facts:
    """A store whose default graph is the graph to be judged.

    `altered` are the predicates of which some literal is not certain to look to rdflib as it does in the store;
    `altered_texts` are those where not only the type of a whole number differs, and `altered_figures` those of them
    where only the digits of decimal numbers do (``1.50``); `merged` those of which one form in the store stands for
    several in the file. A store that was not loaded here is taken as it is.
    """

    def __init__(self, store: ox.Store, kept: Kept | None = None, odd: Iterable[ox.Quad] = ()) -> None:
        self.store, self.kept = store, kept or {}
        literals = [(quad.predicate.value, quad.object) for quad in odd]
        self.altered = frozenset(predicate for predicate, _ in literals)
        self.altered_texts = frozenset(predicate for predicate, value in literals if not _is_whole_number(value))
        strange = {predicate for predicate, value in literals if not (_is_whole_number(value) or _is_figure(value))}
        self.altered_figures = self.altered_texts - strange
        self.merged = frozenset(
            str(predicate)[1:-1]
            for (_, predicate), forms in self.kept.items()
            if any(len(written) > 1 for written in forms.values())
        )

    def rows(self, query: str) -> Iterator[tuple[Term | None, ...]]:
        """Yield the rows of a SELECT over the default graph."""
        answer = self.store.query(query, custom_functions={MATCHES: matches})
        assert isinstance(answer, ox.QuerySolutions)
        for solution in answer:
            yield tuple(solution)

    def as_written(self, quad: ox.Quad) -> tuple[Term, ...]:
        """Return the values as written that a triple of the store stands for."""
        if quad.predicate.value not in self.altered:
            return (quad.object,)
        return self.kept.get((quad.subject, quad.predicate), {}).get(quad.object, (quad.object,))

    def objects(self, subject: Term, predicate: str) -> list[Term]:
        """Return the values of a predicate of a thing, as written."""
        if isinstance(subject, ox.Literal):
            return []
        found = self.store.quads_for_pattern(subject, ox.NamedNode(predicate), None, _UNION)
        return [value for quad in found for value in self.as_written(quad)]

    def subjects(self, predicate: str, value: Term) -> list[Term]:
        """Return the things that have a value of a predicate, a literal in the form that the store gives it."""
        return [q.subject for q in self.store.quads_for_pattern(None, ox.NamedNode(predicate), value, _UNION)]

    def pairs(self, predicate: str) -> Iterator[tuple[Term, Term]]:
        """Yield subject and value, as written, of every triple of a predicate."""
        for quad in self.store.quads_for_pattern(None, ox.NamedNode(predicate), None, _UNION):
            for value in self.as_written(quad):
                yield quad.subject, value

    def predicates(self, subject: Term) -> Iterator[tuple[str, Term]]:
        """Yield predicate and value, in the store's form, of every triple of a thing."""
        if not isinstance(subject, ox.Literal):
            for quad in self.store.quads_for_pattern(subject, None, None, _UNION):
                yield quad.predicate.value, quad.object

    def statements(self, subject: Term) -> Iterator[tuple[Node, Node]]:
        """Yield predicate and value, as rdflib has them, of every triple of a thing."""
        if not isinstance(subject, ox.Literal):
            for quad in self.store.quads_for_pattern(subject, None, None, _UNION):
                for value in self.as_written(quad):
                    yield term(quad.predicate), term(value)

    def matching(self, subject: Node | None, predicate: Node | None, value: Node | None) -> Iterator[ox.Quad]:
        """Return the triples of the store that match terms of rdflib."""
        asked: Any = [None if node is None else to_pyoxigraph(node) for node in (subject, predicate, value)]
        return self.store.quads_for_pattern(asked[0], asked[1], asked[2], _UNION)

    def graphs_of(self, subject: Node, predicate: Node, value: Node) -> Iterator[Node]:
        """Yield the named graphs that state a triple."""
        asked: Any = [to_pyoxigraph(node) for node in (subject, predicate, value)]
        for quad in self.store.quads_for_pattern(asked[0], asked[1], asked[2], None):
            if isinstance(quad.graph_name, ox.NamedNode):
                yield rdflib.URIRef(quad.graph_name.value)

    def graph(self) -> rdflib.Graph:
        """Return the default graph as rdflib reads it, every literal as written."""
        return rdflib.Graph(store=_View(self))


def as_written(value: Term) -> bool:
    """Return whether neither Oxigraph nor rdflib changes the form of a term.

    >>> as_written(ox.Literal("5", datatype=ox.NamedNode(_XSD + "integer")))
    True
    >>> as_written(ox.Literal("05", datatype=ox.NamedNode(_XSD + "integer")))
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
    return not datatype.startswith((_XSD, _RDF))


def large(paths: Iterable[Path]) -> bool:
    """Return whether files are too large for a store in memory, which takes about six times the size of N-Triples."""
    return sum(path.stat().st_size for path in paths if path.is_file()) >= _LARGE


@contextmanager
def scratch_store(paths: Iterable[Path]) -> Iterator[ox.Store]:
    """Give an empty store for what files hold: in memory, or for large files in a folder that goes away afterwards."""
    if not large(paths):
        yield ox.Store()
        return
    with TemporaryDirectory(prefix="kg-check-") as folder:
        yield ox.Store(folder)


def loaded(quads: Iterable[ox.Quad], store: ox.Store) -> Facts:
    """Load quads into an empty store: all of them into the default graph, and those of a named graph there as well."""
    odd: list[ox.Quad] = []
    store.bulk_extend(_certain(quads, odd))
    kept: dict[tuple[Term, Term], dict[Term, tuple[Term, ...]]] = {}
    in_file: set[tuple[Term, Term, Term]] = {(quad.subject, quad.predicate, quad.object) for quad in odd}
    for quad in odd:
        form = _stored(quad.object)
        if form != quad.object:
            forms = kept.setdefault((quad.subject, quad.predicate), {})
            before = forms.get(form) or ((form,) if _stands(store, quad, form, in_file) else ())
            forms[form] = before if quad.object in before else (*before, quad.object)
    store.bulk_extend(copy for quad in odd for copy in _copies(quad))
    return Facts(store, kept, odd)


def _certain(quads: Iterable[ox.Quad], odd: list[ox.Quad]) -> Iterator[ox.Quad]:
    """Yield the quads that stay as they are, and put the others by."""
    for quad in quads:
        value = quad.object
        if isinstance(value, ox.Literal) and not as_written(value):
            odd.append(quad)
        elif quad.graph_name == _UNION:
            yield quad
        else:
            yield from _copies(quad)


def _copies(quad: ox.Quad) -> Iterator[ox.Quad]:
    yield ox.Quad(quad.subject, quad.predicate, quad.object, _UNION)
    if quad.graph_name != _UNION:
        yield quad


def _stands(store: ox.Store, quad: ox.Quad, form: Term, odd: set[tuple[Term, Term, Term]]) -> bool:
    """Return whether the file itself has the triple in the store's form, besides another form of it."""
    if (quad.subject, quad.predicate, form) in odd:
        return True
    return ox.Quad(quad.subject, quad.predicate, form, _UNION) in store


@lru_cache(maxsize=65536)
def _stored(value: Term) -> Term:
    """Return a literal as Oxigraph gives it back."""
    scratch = ox.Store()
    node = ox.NamedNode("urn:x")
    scratch.add(ox.Quad(node, node, value))
    found: ox.Quad = next(iter(scratch))
    return found.object


def _is_whole_number(value: Term) -> bool:
    """Return whether a literal is a whole number that changes in type only."""
    if not isinstance(value, ox.Literal) or not _WHOLE.fullmatch(value.datatype.value):
        return False
    return _AS_WRITTEN[f"{_XSD}integer"].match(value.value) is not None


def _is_figure(value: Term) -> bool:
    """Return whether a literal is a decimal number that Oxigraph and rdflib compare alike."""
    return (
        isinstance(value, ox.Literal)
        and value.datatype.value == f"{_XSD}decimal"
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
