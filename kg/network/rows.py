"""Reads chosen properties of everything in a store, in the fastest way that the store has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from kg.statements import iri, literal
from kg.store import EmbeddedStore, Store
from kg.vocabulary import Names


class Row(NamedTuple):
    """One value: the IRI of its subject, the name of the property, the value as text, and its language or ``""``."""

    subject: str
    name: str
    text: str
    language: str


def rows(store: Store, properties: Mapping[str, str]) -> Iterator[Row]:
    """Yield the values of `properties`, which maps names to properties such as ``kg:owner``.

    A value that two graphs hold may come twice. The order is the store's.

    Raises:
        EndpointError: the server fails.
    """
    prefixes = Names(store.base).prefixes()
    by_iri = {_full(short, prefixes): name for name, short in properties.items()}
    # Reading the text that a build was loaded from was measured four times faster than a SELECT on its store.
    return _from_text(store, by_iri) if isinstance(store, EmbeddedStore) else _from_answers(store, by_iri)


def _from_text(store: EmbeddedStore, by_iri: Mapping[str, str]) -> Iterator[Row]:
    names = {f"<{full}>".encode(): name for full, name in by_iri.items()}
    for line in store.nquads():
        subject, predicate, rest = line.split(b" ", 2)
        name = names.get(predicate)
        if name is not None:
            value = _value(rest.decode())
            if value[0] == "<":
                yield Row(iri(subject.decode()), name, iri(value), "")
            else:
                found = literal(value)
                yield Row(iri(subject.decode()), name, found.value, found.language or "")


def _value(rest: str) -> str:
    """Return the object of what follows the predicate: without full stop, and without the graph if there is one."""
    value, last, _ = rest.rsplit(" ", 2) if rest.count(" ") > 1 else (rest[: rest.rfind(" ")], "", "")
    return value if not last or (last[0] == "<" and '"' not in last) else f"{value} {last}"


def _from_answers(store: Store, by_iri: Mapping[str, str]) -> Iterator[Row]:
    listed = " ".join(f"<{full}>" for full in by_iri)
    query = f"SELECT ?s ?p ?o (LANG(?o) AS ?language) WHERE {{ VALUES ?p {{ {listed} }} ?s ?p ?o }}"
    for subject, predicate, text, language in store.texts(query):
        if subject is not None and predicate is not None and text is not None:
            yield Row(subject, by_iri[predicate], text, language or "")


def _full(short: str, prefixes: Mapping[str, str]) -> str:
    prefix, _, name = short.partition(":")
    return prefixes[prefix] + name
