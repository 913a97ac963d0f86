"""What the graph says of one thing, value by value, with the sources that say it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from kg.errors import UsageError
from kg.search import Index, Thing
from kg.store import Store, Term
from kg.vocabulary import Names
from kg.web.terms import Terms

_SAFE = re.compile(r"[^<>\"{}|\\^`\x00-\x20]+")
_MOST = 2_000
"""Values that are read of one thing; none has nearly as many."""


@dataclass(frozen=True, slots=True)
class Value:
    """One value of one property: a literal, or a thing if `is_thing`; `sources` are IRIs of named graphs."""

    text: str
    is_thing: bool
    language: str | None
    datatype: str | None
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """All values of one thing, by the IRI of the property."""

    iri: str
    names: Names
    values: Mapping[str, tuple[Value, ...]] = field(repr=False)

    def of(self, short: str) -> tuple[Value, ...]:
        """Return the values of a property such as ``kg:owner``."""
        return self.values.get(_expanded(self.names, short), ())

    def texts(self, short: str) -> list[str]:
        """Return the values as text."""
        return [value.text for value in self.of(short)]

    def text(self, short: str, language: str | None = None) -> str | None:
        """Return the first value, in the language if there is one."""
        found = self.of(short)
        chosen = next((value for value in found if value.language == language), found[0] if found else None)
        return chosen.text if chosen else None

    def truth(self, short: str) -> bool:
        """Return whether the property is stated to be true."""
        return "true" in self.texts(short)


@lru_cache(maxsize=256)
def _expanded(names: Names, short: str) -> str:
    prefix, _, name = short.partition(":")
    return names.prefixes()[prefix] + name


def read_facts(store: Store, iri: str) -> Facts | None:
    """Return what the graph says of a thing, or None if it says nothing; an IRI that is none is not asked for."""
    if not _SAFE.fullmatch(iri):
        return None
    # Sources are joined in the store, and what comes is sorted here: of an owner of a thousand projects a thousand
    # sources state the same few values, and the store would sort all those statements by what they say.
    query = (
        f"SELECT ?p ?o (GROUP_CONCAT(STR(?g); SEPARATOR=' ') AS ?graphs) WHERE {{ GRAPH ?g {{ <{iri}> ?p ?o }} }}"
        f" GROUP BY ?p ?o LIMIT {_MOST}"
    )
    try:
        rows = store.select(query).rows
    except UsageError:  # only the IRI can be wrong in it: a percent sign alone, a letter of private use
        return None
    found = [(str(name), _value(term, sorted(str(graphs).split()))) for name, term, graphs in rows]
    if not found:
        return None
    values: dict[str, list[Value]] = {}
    for name, value in sorted(found, key=lambda pair: (pair[0], not pair[1].is_thing, pair[1].text)):
        values.setdefault(name, []).append(value)
    return Facts(iri, Names(store.base), {name: tuple(each) for name, each in values.items()})


def _value(term: Term | None, graphs: Sequence[str]) -> Value:
    language, datatype = getattr(term, "language", None), getattr(term, "datatype", None)
    is_thing = not hasattr(term, "lang") and not hasattr(term, "datatype")
    return Value(str(term), is_thing, language, str(datatype) if datatype else None, tuple(graphs))


def texts_of(store: Store, iris: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Return text and language of the first description of each thing, in the order of the text."""
    safe = [f"<{iri}>" for iri in iris if _SAFE.fullmatch(iri)]
    if not safe:
        return {}
    description = Names(store.base).prefixes()["dcterms"] + "description"
    query = (
        "SELECT ?s ?text (LANG(?text) AS ?language)"
        f" WHERE {{ VALUES ?s {{ {' '.join(safe)} }} ?s <{description}> ?text }}"
        " ORDER BY ?s DESC(LANG(?text)) ?text"
    )
    found: dict[str, tuple[str, str]] = {}
    for subject, text, language in store.texts(query):
        if subject and text is not None:
            found.setdefault(subject, (text, language or "sv"))
    return found


def described_sources(store: Store, graphs: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return, for each source, its label, address and moment of retrieval, by short name of the property."""
    safe = [f"<{graph}>" for graph in graphs if _SAFE.fullmatch(graph)]
    if not safe:
        return {}
    prefixes = Names(store.base).prefixes()
    wanted = {}
    for short in ("rdfs:label", "dcterms:source", "prov:generatedAtTime"):
        prefix, _, name = short.partition(":")
        wanted[prefixes[prefix] + name] = short
    query = (
        # Not a second VALUES: the store would join the two sets first and then look up every pair.
        f"SELECT ?s ?p ?o WHERE {{ VALUES ?s {{ {' '.join(safe)} }} ?s ?p ?o"
        f" FILTER(?p IN ({', '.join(f'<{iri}>' for iri in wanted)})) }}"
    )
    found: dict[str, dict[str, str]] = {}
    for subject, predicate, value in store.texts(query):
        if subject and predicate and value is not None:
            found.setdefault(subject, {})[wanted[predicate]] = value
    return found


@dataclass(frozen=True)
class Naming:
    """Names things for people: by the index where it knows them, by the terms of the ontology, else by short IRI."""

    names: Names
    index: Index
    terms: Terms

    def thing(self, iri: str) -> Thing | None:
        """Return the thing of ours that has an IRI, or None."""
        kind_and_key = self.path(iri)
        if kind_and_key is None:
            return None
        kind, _, key = kind_and_key.partition("/")
        return self.index.thing_of(kind, key)

    def path(self, iri: str) -> str | None:
        """Return kind and key of an IRI of ours, joined by a slash, or None for another."""
        start = self.names.thing("x").removesuffix("x/")
        return iri[len(start) :] if iri.startswith(start) else None

    def label(self, iri: str, language: str) -> str:
        """Return the label of a thing or term."""
        thing = self.thing(iri)
        if thing:
            return thing.label(language)
        return self.terms.label(iri, language) or self.terms.short(iri)
