"""The rules of DCAT-AP, DCAT-AP-SE and the harvester of the Swedish portal that the catalogue must keep."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import pytest
import rdflib
from rdflib import DCAT, DCTERMS, FOAF, RDF, BNode, Literal, Namespace, URIRef
from rdflib.compare import isomorphic

from tests.release.conftest import Made

SPDX = Namespace("http://spdx.org/rdf/terms#")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
CC0 = URIRef("http://creativecommons.org/publicdomain/zero/1.0/")
IANA = "https://www.iana.org/assignments/media-types/"

# What the profiles call mandatory or recommended, by class.
WANTED = {
    DCAT.Catalog: """dcterms:title dcterms:description dcterms:publisher dcterms:license dcterms:issued
        dcterms:modified dcterms:language dcterms:spatial foaf:homepage dcat:themeTaxonomy dcat:dataset dcat:service""",
    DCAT.Dataset: """dcterms:title dcterms:description dcterms:publisher dcterms:issued dcterms:modified
        dcterms:language dcterms:spatial dcterms:temporal dcterms:accessRights dcterms:conformsTo dcterms:identifier
        dcterms:accrualPeriodicity dcat:contactPoint dcat:keyword dcat:theme dcat:distribution dcat:landingPage""",
    DCAT.Distribution: """dcterms:title dcterms:description dcterms:license dcterms:format dcat:accessURL
        dcat:mediaType dcatap:availability""",
    DCAT.DataService: """dcterms:title dcterms:description dcterms:publisher dcterms:license dcterms:accessRights
        dcterms:format dcterms:conformsTo dcat:endpointURL dcat:endpointDescription dcat:servesDataset
        dcat:contactPoint dcat:keyword dcat:theme""",
    FOAF.Agent: "foaf:name dcterms:type dcterms:identifier dcterms:description",
    VCARD.Kind: "vcard:fn vcard:hasEmail vcard:hasTelephone",
}
ONCE = """dcterms:publisher dcterms:issued dcterms:modified dcterms:license dcterms:accessRights dcat:accessURL
    dcat:byteSize spdx:checksum dcat:mediaType dcterms:format foaf:homepage dcat:version dcatap:availability
    dcterms:accrualPeriodicity"""
PREFIXES = {
    **{"dcat": str(DCAT), "dcterms": str(DCTERMS), "foaf": str(FOAF), "spdx": str(SPDX), "vcard": str(VCARD)},
    "dcatap": "http://data.europa.eu/r5r/",
}


@pytest.fixture(scope="module")
def catalogue(made: Made) -> rdflib.Graph:
    return rdflib.Graph().parse(made.folder / "catalog.ttl")


def _names(text: str) -> Iterator[URIRef]:
    for name in text.split():
        prefix, _, local = name.partition(":")
        yield URIRef(PREFIXES[prefix] + local)


def test_both_forms_hold_the_same_catalogue(catalogue: rdflib.Graph, made: Made) -> None:
    assert isomorphic(catalogue, rdflib.Graph().parse(made.folder / "catalog.rdf", format="xml"))


def test_nothing_is_a_blank_node_and_every_iri_is_absolute(catalogue: rdflib.Graph) -> None:
    terms = {term for triple in catalogue for term in triple}

    assert not [term for term in terms if isinstance(term, BNode)]
    assert not [term for term in terms if isinstance(term, URIRef) and ":" not in term]
    assert not [term for term in terms if isinstance(term, URIRef) and term.startswith("file:")]


@pytest.mark.parametrize("kind", WANTED, ids=lambda kind: str(kind).rpartition("#")[2].rpartition("/")[2])
def test_each_entity_has_what_the_profiles_ask_for(kind: URIRef, catalogue: rdflib.Graph) -> None:
    entities = set(catalogue.subjects(RDF.type, kind))

    assert entities
    for entity in entities:
        missing = [name for name in _names(WANTED[kind]) if (entity, name, None) not in catalogue]
        assert not missing, entity


def test_what_may_stand_once_stands_once(catalogue: rdflib.Graph) -> None:
    for name in _names(ONCE):
        subjects = list(catalogue.subjects(name))
        assert len(subjects) == len(set(subjects)), name


def test_the_licence_is_the_exact_iri_everywhere(catalogue: rdflib.Graph) -> None:
    assert set(catalogue.objects(None, DCTERMS.license)) == {CC0}


def test_the_publisher_has_its_official_iri(catalogue: rdflib.Graph) -> None:
    official = URIRef("http://dataportal.se/organisation/SE2021005224")

    assert set(catalogue.objects(None, DCTERMS.publisher)) == {official}
    assert catalogue.value(official, DCTERMS.type) == URIRef("http://purl.org/adms/publishertype/NationalAuthority")


def test_titles_and_descriptions_are_in_both_languages(catalogue: rdflib.Graph) -> None:
    for kind in (DCAT.Catalog, DCAT.Dataset, DCAT.DataService, DCAT.Distribution):
        for entity in catalogue.subjects(RDF.type, kind):
            for name in (DCTERMS.title, DCTERMS.description):
                tags = sorted(
                    str(text.language) for text in catalogue.objects(entity, name) if isinstance(text, Literal)
                )
                assert tags == ["en", "sv"], entity


def test_every_file_is_offered_with_its_size_and_checksum(catalogue: rdflib.Graph, made: Made) -> None:
    addresses = {str(address): offered for offered, address in catalogue.subject_objects(DCAT.downloadURL)}

    assert len(addresses) == len(made.release.parts) == 16
    for address, offered in addresses.items():
        path = made.folder / address.removeprefix(made.publication.download)
        size = catalogue.value(offered, DCAT.byteSize)
        checksum = catalogue.value(offered, SPDX.checksum)
        assert int(str(size)) == path.stat().st_size
        assert str(catalogue.value(checksum, SPDX.checksumValue)) == hashlib.sha256(path.read_bytes()).hexdigest()
        assert str(catalogue.value(offered, DCAT.mediaType)).startswith(IANA)
        packed = catalogue.value(offered, DCAT.compressFormat)
        assert packed == (URIRef(f"{IANA}application/gzip") if path.suffix == ".gz" else None)


def test_the_mailbox_is_that_of_an_organisation(catalogue: rdflib.Graph) -> None:
    (contact,) = set(catalogue.objects(None, DCAT.contactPoint))

    assert set(catalogue.objects(contact, RDF.type)) == {VCARD.Kind, VCARD.Organization}
    assert catalogue.value(contact, VCARD.hasEmail) == URIRef("mailto:data@example.se")
    assert VCARD.Individual not in set(catalogue.objects())


def test_the_period_is_that_of_the_projects(catalogue: rdflib.Graph) -> None:
    (period,) = set(catalogue.objects(None, DCTERMS.temporal))

    assert str(catalogue.value(period, DCAT.startDate)) == "2017-09-01"
    assert str(catalogue.value(period, DCAT.endDate)) > "2024-01-01"
