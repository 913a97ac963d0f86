"""The terms of the ontology: the closed list of the code, complete and described in both languages."""

from __future__ import annotations

import re

import pytest
from rdflib import DCTERMS, OWL, RDF, RDFS, SKOS, VANN, XSD, Literal, Namespace, URIRef

from kg.vocabulary import CLASSES, PROPERTIES, SOURCE_FIELDS, TERMS, Names
from tests.ontology.files import BASE, KG, graph, languages, texts

SH = Namespace("http://www.w3.org/ns/shacl#")
ONTOLOGY = URIRef(f"{BASE}ontology")
PROPERTY_TYPES = {OWL.DatatypeProperty, OWL.ObjectProperty, OWL.AnnotationProperty}


def _declared(*types: URIRef) -> set[str]:
    found = {subject for each in types for subject in graph("kg.ttl").subjects(RDF.type, each)}
    return {str(subject).removeprefix(str(KG)) for subject in found if str(subject).startswith(str(KG))}


def test_the_list_in_the_code_equals_the_ontology() -> None:
    assert _declared(OWL.Class) == CLASSES
    assert _declared(*PROPERTY_TYPES) == PROPERTIES
    assert _declared(KG.SourceField) == SOURCE_FIELDS
    subjects = {str(s).removeprefix(str(KG)) for s in graph("kg.ttl").subjects() if str(s).startswith(str(KG))}
    assert subjects == TERMS


@pytest.mark.parametrize("name", sorted(TERMS))
def test_a_term_has_label_definition_example_and_source(name: str) -> None:
    term = URIRef(Names(BASE).term(name))

    assert languages(term, RDFS.label) == ["en", "sv"]
    assert languages(term, SKOS.definition) == ["en", "sv"]
    assert all(re.fullmatch(r"[A-ZÅÄÖ].*[^.]\.", str(text)) for text in texts(term, SKOS.definition))
    assert graph().value(term, SKOS.example)
    assert list(graph().objects(term, RDFS.isDefinedBy)) == [ONTOLOGY]


@pytest.mark.parametrize("name", sorted(PROPERTIES))
def test_a_property_has_one_type_and_a_range_that_fits_it(name: str) -> None:
    term = KG[name]
    (kind,) = graph().objects(term, RDF.type)
    ranges = list(graph().objects(term, RDFS.range))
    is_data = [str(each).startswith(str(XSD)) or each == RDF.langString for each in ranges]

    assert kind in PROPERTY_TYPES
    assert len(ranges) == 1 or (name == "country" and not ranges)  # its values belong to the Publications Office
    assert all(is_data) if kind != OWL.ObjectProperty else not any(is_data)


def test_domains_are_classes_that_are_known() -> None:
    domains = set(graph("kg.ttl").objects(None, RDFS.domain))

    assert domains <= {KG[name] for name in CLASSES}


def test_no_label_of_a_term_is_given_twice_among_classes_or_properties() -> None:
    for names in (CLASSES, PROPERTIES, SOURCE_FIELDS):
        labels = [(str(text), text.language) for name in names for text in texts(KG[name], RDFS.label)]
        assert len(labels) == len(set(labels))


def test_the_header_names_version_prefix_licence_and_makers() -> None:
    header = graph("kg.ttl")
    version = str(header.value(ONTOLOGY, OWL.versionInfo))

    assert re.fullmatch(r"\d+\.\d+\.\d+", version)
    assert header.value(ONTOLOGY, OWL.versionIRI) == URIRef(f"{BASE}ontology/{version}")
    assert header.value(ONTOLOGY, VANN.preferredNamespacePrefix) == Literal("kg")
    assert header.value(ONTOLOGY, VANN.preferredNamespaceUri) == Literal(str(KG))
    assert header.value(ONTOLOGY, DCTERMS.license) == URIRef("https://creativecommons.org/publicdomain/zero/1.0/")
    assert languages(ONTOLOGY, DCTERMS.title) == languages(ONTOLOGY, DCTERMS.description) == ["en", "sv"]
    assert all(header.value(ONTOLOGY, each) for each in (DCTERMS.creator, DCTERMS.created, DCTERMS.modified))


def test_the_prefix_is_declared_for_shapes() -> None:
    declaration = graph("kg.ttl").value(ONTOLOGY, SH.declare)

    assert graph().value(declaration, SH.prefix) == Literal("kg")
    assert graph().value(declaration, SH.namespace) == Literal(str(KG), datatype=XSD.anyURI)
