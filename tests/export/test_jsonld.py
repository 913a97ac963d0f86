"""JSON-LD: nothing is lost, and the keys are short."""

from __future__ import annotations

import json

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import InputError
from kg.export import jsonld
from kg.statements import triples
from kg.vocabulary import Names
from tests.export.nasty import TRIPLES, lines

NAMES = Names("http://e.org/")
KG = "http://e.org/ontology#"
RDF, RDFS, OWL, SKOS, XSD = (NAMES.prefixes()[name] for name in ("rdf", "rdfs", "owl", "skos", "xsd"))
ONTOLOGY = [
    f"<{KG}Project> <{RDF}type> <{OWL}Class> .",
    f"<{KG}owner> <{RDF}type> <{OWL}ObjectProperty> .",
    f"<{KG}startDate> <{RDF}type> <{OWL}DatatypeProperty> .",
    f"<{KG}startDate> <{RDFS}range> <{XSD}date> .",
    f"<{KG}plannedParticipants> <{RDF}type> <{OWL}DatatypeProperty> .",
    f"<{KG}plannedParticipants> <{RDFS}range> <{XSD}nonNegativeInteger> .",
    f"<{KG}quote> <{RDF}type> <{OWL}DatatypeProperty> .",
    f"<{KG}quote> <{RDFS}range> <{XSD}string> .",
]
P = "<http://e.org/id/project/22-045-S01>"


def _document(found: list[str]) -> str:
    sorted_triples = triples([*ONTOLOGY, *found])
    return "".join(jsonld.document(sorted_triples, jsonld.context(sorted_triples, NAMES)))


def _node(found: list[str]) -> dict[str, object]:
    nodes = json.loads(_document(found))["@graph"]
    return next(node for node in nodes if node["@id"] == "id:project/22-045-S01")


def _odd_triples() -> st.SearchStrategy[ox.Triple]:
    """Our properties with values of every kind, expected or not."""
    properties = [f"{KG}{name}" for name in ("owner", "startDate", "plannedParticipants", "quote")]
    return st.builds(
        lambda triple, name: ox.Triple(triple.subject, ox.NamedNode(name), triple.object),
        TRIPLES,
        st.sampled_from([*properties, f"{SKOS}prefLabel", f"{RDF}type", f"{SKOS}notation"]),
    )


@settings(max_examples=150, deadline=None)
@given(st.lists(TRIPLES | _odd_triples(), max_size=8))
def test_json_ld_reads_back_letter_for_letter(found: list[ox.Triple]) -> None:
    written = _document(lines(found))

    back = {quad.triple for quad in ox.parse(written.encode(), format=ox.RdfFormat.JSON_LD)}

    ontology = {quad.triple for quad in ox.parse("\n".join(ONTOLOGY).encode(), format=ox.RdfFormat.N_TRIPLES)}
    assert back == set(found) | ontology


# rdflib's own reader of JSON-LD uses rdflib's own deprecated class.
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
@settings(max_examples=100, deadline=None)
@given(st.lists(TRIPLES | _odd_triples(), max_size=6))
def test_rdflib_reads_the_same_graph_from_json_ld_and_from_n_triples(found: list[ox.Triple]) -> None:
    back = rdflib.Graph().parse(data=_document(lines(found)), format="json-ld")

    data = "".join([*(f"{line}\n" for line in ONTOLOGY), *lines(found)])
    assert set(back) == set(rdflib.Graph().parse(data=data, format="nt"))


def test_values_are_short_where_they_are_what_the_key_expects() -> None:
    node = _node(
        [
            f"{P} <{RDF}type> <{KG}Project> .",
            f"{P} <{KG}owner> <http://e.org/id/owner/2220002485> .",
            f'{P} <{KG}startDate> "2023-08-01"^^<{XSD}date> .',
            f'{P} <{KG}plannedParticipants> "1000"^^<{XSD}nonNegativeInteger> .',
            f'{P} <{SKOS}prefLabel> "Lyftet"@sv .',
            f'{P} <{SKOS}prefLabel> "The lift"@en .',
            f'{P} <{KG}quote> "en \\"mening\\"" .',
        ]
    )

    assert node == {
        "@id": "id:project/22-045-S01",
        "@type": "Project",
        "owner": "id:owner/2220002485",
        "startDate": "2023-08-01",
        "plannedParticipants": 1000,
        "prefLabel": {"sv": "Lyftet", "en": "The lift"},
        "quote": 'en "mening"',
    }


def test_values_of_another_kind_are_written_in_full() -> None:
    node = _node(
        [
            f'{P} <{KG}owner> "okänd" .',
            f'{P} <{KG}startDate> "2023" .',
            f'{P} <{KG}plannedParticipants> "01"^^<{XSD}nonNegativeInteger> .',
            f'{P} <{SKOS}prefLabel> "utan språk" .',
            f"{P} <{KG}quote> <http://e.org/id/source/1> .",
        ]
    )

    assert node == {
        "@id": "id:project/22-045-S01",
        "owner": {"@value": "okänd"},
        "startDate": {"@value": "2023"},
        "plannedParticipants": "01",
        "skos:prefLabel": "utan språk",
        "quote": {"@id": "id:source/1"},
    }


def test_the_context_is_the_same_alone_and_in_the_document() -> None:
    shape = jsonld.context(triples(ONTOLOGY), NAMES)

    assert json.loads(_document([]))["@context"] == json.loads(jsonld.context_text(shape))


def test_an_iri_that_looks_like_a_short_one_is_refused() -> None:
    with pytest.raises(InputError, match="would be read as a short IRI"):
        _document([f"<owner:7> <{KG}owner> {P} ."])
