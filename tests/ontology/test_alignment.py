"""Links to public vocabularies are loose ones, to names that exist, and keep clear of the known traps."""

from __future__ import annotations

import pytest
import rdflib
from rdflib import DCAT, DCTERMS, FOAF, ORG, OWL, PROV, RDF, RDFS, SKOS, URIRef

from kg.vocabulary import CLASSES, PROPERTIES
from tests.ontology.files import BASE, KG, graph

ALIGNMENT = graph("alignment.ttl")
ALLOWED = {
    "class": {RDFS.subClassOf, SKOS.closeMatch, SKOS.relatedMatch},
    "property": {RDFS.subPropertyOf, SKOS.closeMatch, SKOS.relatedMatch},
    "concept": {SKOS.closeMatch, SKOS.relatedMatch, SKOS.broadMatch},
}


def _kind(subject: rdflib.term.Node) -> str:
    name = str(subject).removeprefix(str(KG))
    if name in CLASSES:
        return "class"
    return "property" if name in PROPERTIES else "concept"


def test_only_loose_relations_are_used() -> None:
    wrong = [(s, p) for s, p, _ in ALIGNMENT if p not in ALLOWED[_kind(s)]]

    assert len(ALIGNMENT) > 100
    assert wrong == []


def test_subjects_are_ours_and_targets_are_not() -> None:
    known = set(graph().subjects(RDF.type))

    assert {s for s, _, _ in ALIGNMENT if s not in known} == set()
    assert [o for o in ALIGNMENT.objects() if str(o).startswith(BASE)] == []


def test_no_file_says_that_a_term_is_equivalent_to_another() -> None:
    assert not {p for p in graph().predicates() if p in (OWL.equivalentClass, OWL.equivalentProperty, OWL.sameAs)}


@pytest.mark.parametrize("namespace", [PROV, ORG, DCTERMS, SKOS, FOAF, DCAT], ids=str)
def test_names_of_w3c_and_dublin_core_exist(namespace: type[rdflib.namespace.DefinedNamespace]) -> None:
    stem = str(namespace)
    names = {str(node).removeprefix(stem) for triple in graph() for node in triple if str(node).startswith(stem)}

    assert {name for name in names if name and URIRef(stem + name) not in namespace} == set()


@pytest.mark.parametrize(
    ("subject", "target"),
    [
        (None, "https://schema.org/startDate"),
        (None, "https://schema.org/endDate"),
        ("grantedSupport", None),
        (None, "http://purl.org/cerif/frapo/hasHeadcount"),
        (None, "http://www.w3.org/ns/adms#schemaAgency"),
        (None, "http://purl.org/dc/terms/creator"),
    ],
)
def test_known_traps_are_avoided(subject: str | None, target: str | None) -> None:
    found = ALIGNMENT.triples((KG[subject] if subject else None, None, URIRef(target) if target else None))

    assert list(found) == []


def test_a_project_is_not_a_kind_of_activity_since_it_is_derived_from_sources() -> None:
    assert (KG.Project, RDFS.subClassOf, PROV.Activity) not in ALIGNMENT


def test_own_concepts_are_skos_concepts_by_class() -> None:
    for name in ("Fund", "Method", "Programme", "Region"):
        assert (KG[name], RDFS.subClassOf, SKOS.Concept) in ALIGNMENT
