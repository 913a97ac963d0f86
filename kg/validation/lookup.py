"""Looks up what facts say of many things at once, so that they can be named: one by one took longer than the check."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

import pyoxigraph as ox
from rdflib.term import Node, URIRef

from kg.store.terms import to_pyoxigraph
from kg.validation.facts import Facts
from kg.validation.files import term

_AT_ONCE = 1000
"""Things a query."""


class Lookup:
    """Facts as a graph of which only single triples are asked; `predicates` are those to be fetched together."""

    def __init__(self, facts: Facts, predicates: Iterable[URIRef]) -> None:
        self._facts = facts
        self._predicates = tuple(name for name in predicates if str(name) not in facts.altered)
        self._fetched: dict[Node, dict[Node, list[Node]]] = {}

    def fetch(self, things: Iterable[Node]) -> None:
        """Fetch what is said of things, those that are no IRIs left out."""
        left = (thing for thing in dict.fromkeys(things) if isinstance(thing, URIRef) and thing not in self._fetched)
        while portion := list(islice(left, _AT_ONCE)):
            self._fetch(portion)

    def objects(self, subject: Node, predicate: Node) -> Iterator[Node]:
        """Yield the values of a predicate of a thing."""
        known = self._fetched.get(subject)
        if known is not None and predicate in self._predicates:
            yield from known.get(predicate, ())
        else:
            yield from map(term, self._facts.objects(to_pyoxigraph(subject), str(predicate)))

    def subjects(self, predicate: Node, value: Node) -> Iterator[Node]:
        """Yield the things that have a value, which is no literal."""
        yield from map(term, self._facts.subjects(str(predicate), to_pyoxigraph(value)))

    def _fetch(self, things: Sequence[URIRef]) -> None:
        self._fetched.update((thing, {}) for thing in things)
        # Numbers stand for the things, whose names need not be read again. All that is said of a thing lies in one
        # place, and which of it is asked for is told without reading it: to look up each predicate takes twice as long.
        numbered = " ".join(f"({_iri(thing)} {number})" for number, thing in enumerate(things))
        wanted = " || ".join(f"sameTerm(?p, {_iri(name)})" for name in self._predicates) or "false"
        query = f"SELECT ?n ?p ?o WHERE {{ VALUES (?s ?n) {{ {numbered} }} ?s ?p ?o FILTER({wanted}) }}"
        for number, predicate, value in self._facts.rows(query):
            if isinstance(number, ox.Literal) and isinstance(predicate, ox.NamedNode) and value is not None:
                known = self._fetched[things[int(number.value)]]
                known.setdefault(URIRef(predicate.value), []).append(term(value))


def _iri(name: URIRef) -> str:
    return f"<{name}>"
