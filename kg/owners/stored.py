"""Reads the owners of a built graph with all spellings, for the search for candidates."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from kg.owners.candidates import NamedOwner
from kg.owners.index import NameMatch
from kg.vocabulary import EXTERNAL_PREFIXES, Names

if TYPE_CHECKING:
    from kg.store import Store


def stored_owners(store: Store) -> list[NamedOwner]:
    """Return every owner of the graph, by key; raises what the store raises."""
    names, skos = Names(store.base), EXTERNAL_PREFIXES["skos"]
    owner, number = names.term("Owner"), names.term("organisationNumber")
    labels: dict[str, str] = {}
    spellings: defaultdict[str, set[str]] = defaultdict(set)
    numbers: dict[str, str] = {}
    places: defaultdict[str, set[str]] = defaultdict(set)
    for node, label in store.texts(f"SELECT ?o ?l WHERE {{ ?o a <{owner}> ; <{skos}prefLabel> ?l }}"):
        labels[str(node)] = str(label)
    for node, label in store.texts(f"SELECT ?o ?l WHERE {{ ?o a <{owner}> ; <{skos}altLabel> ?l }}"):
        spellings[str(node)].add(str(label))
    for node, value in store.texts(f"SELECT ?o ?n WHERE {{ ?o a <{owner}> ; <{number}> ?n }}"):
        numbers[str(node)] = str(value)
    seat = f"?p <{names.term('owner')}> ?o ; <{names.term('beneficiaryMunicipality')}>/<{skos}prefLabel> ?l"
    for node, label in store.texts(f'SELECT DISTINCT ?o ?l WHERE {{ {seat} FILTER(LANG(?l) = "sv") }}'):
        places[str(node)].add(str(label))
    return [
        NamedOwner(
            node.rpartition("/")[2],
            label,
            numbers.get(node),
            tuple(sorted({label, *spellings[node]})),
            frozenset(places[node]),
        )
        for node, label in sorted(labels.items())
    ]


def stored_matches(store: Store, key: str) -> list[NameMatch]:
    """Return the names that were joined to the owner `key`, with their rules; raises what the store raises."""
    names = Names(store.base)
    query = f"""
        SELECT ?name ?rule ?date WHERE {{
            <{names.thing("owner", key)}> <{names.term("nameMatch")}> ?match .
            ?match <{names.term("matchedText")}> ?name ; <{names.term("matchRule")}> ?rule .
            OPTIONAL {{ ?match <{EXTERNAL_PREFIXES["dcterms"]}date> ?date }}
        }} ORDER BY ?name ?rule"""
    return [NameMatch(str(name), str(rule), str(date or "")) for name, rule, date in store.texts(query)]
