"""Labels and definitions of the terms of the ontology, as the graph itself states them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from kg.store import Store
from kg.vocabulary import EXTERNAL_PREFIXES, Names

_WANTED = {
    "label": "rdfs:label",
    "definition": "skos:definition",
    "example": "skos:example",
    "type": "rdf:type",
    "domain": "rdfs:domain",
    "range": "rdfs:range",
    "parent": "rdfs:subClassOf",
    "parent_property": "rdfs:subPropertyOf",
    "close": "skos:closeMatch",
    "title": "dcterms:title",
    "description": "dcterms:description",
    "version": "owl:versionInfo",
    "printed": "kg:fieldLabel",
}


@dataclass(frozen=True, slots=True)
class Term:
    """A term: `values` by name (`label`, `definition`, `range` …), each a list of texts with language or none."""

    iri: str
    values: Mapping[str, tuple[tuple[str, str], ...]] = field(hash=False)

    def text(self, name: str, language: str) -> str | None:
        """Return the text in the language, or any, or None."""
        found = self.values.get(name, ())
        return next((text for tag, text in found if tag == language), found[0][1] if found else None)

    def texts(self, name: str) -> list[str]:
        """Return all texts of a name, sorted."""
        return sorted(text for _, text in self.values.get(name, ()))


@dataclass(frozen=True)
class Terms:
    """All terms by IRI, and the short names of IRIs."""

    by_iri: Mapping[str, Term]
    prefixes: Mapping[str, str]

    def label(self, iri: str, language: str) -> str | None:
        """Return the label of a term of the ontology, or None if it has none."""
        term = self.by_iri.get(iri)
        return term.text("label", language) if term else None

    def short(self, iri: str) -> str:
        """Return an IRI with a prefix, where one is known.

        >>> Terms({}, {"kg": "https://e.example/ontology#"}).short("https://e.example/ontology#owner")
        'kg:owner'
        """
        for prefix, namespace in self.prefixes.items():
            if iri.startswith(namespace) and "/" not in iri[len(namespace) :]:
                return f"{prefix}:{iri[len(namespace) :]}"
        return iri


def read_terms(store: Store) -> Terms:
    """Read the terms that the graph of the ontology describes."""
    names = Names(store.base)
    prefixes = names.prefixes()
    wanted = {}
    for name, short in _WANTED.items():
        prefix, _, local = short.partition(":")
        wanted[prefixes[prefix] + local] = name
    query = (
        f"SELECT ?s ?p ?o (LANG(?o) AS ?language) WHERE {{ GRAPH <{names.thing('graph', 'ontology')}> {{ ?s ?p ?o }}"
        f" FILTER(?p IN ({', '.join(f'<{iri}>' for iri in wanted)})) }} ORDER BY ?s ?p ?o"
    )
    found: dict[str, dict[str, list[tuple[str, str]]]] = defaultdict(lambda: defaultdict(list))
    for subject, predicate, value, language in store.texts(query):
        if subject and predicate and value is not None:
            found[subject][wanted[predicate]].append((language or "", value))
    terms = {iri: Term(iri, {name: tuple(texts) for name, texts in values.items()}) for iri, values in found.items()}
    return Terms(terms, {"kg": prefixes["kg"], **EXTERNAL_PREFIXES})
