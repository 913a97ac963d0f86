"""The concept schemes: labels in both languages, a sound hierarchy, and nothing unconfirmed without its mark."""

from __future__ import annotations

import re
from collections import defaultdict

import pytest
from rdflib import DCTERMS, OWL, RDF, RDFS, SKOS, Literal, URIRef

from kg import ontology
from kg.vocabulary import Names
from tests.ontology.files import BASE, KG, concepts, graph, languages, members, schemes, texts

LABELS = (SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel)
SHARED = "Shared label: "
TYPED = {"fund": KG.Fund, "programme": KG.Programme, "region": KG.Region}


def _shared(concept: URIRef) -> set[str]:
    notes = (str(note) for note in texts(concept, SKOS.editorialNote))
    return {note.removeprefix(SHARED).casefold() for note in notes if note.startswith(SHARED)}


def test_the_schemes_are_those_of_the_code() -> None:
    assert schemes() == sorted(URIRef(Names(BASE).thing("scheme", name)) for name in ontology.SCHEMES)


@pytest.mark.parametrize("scheme", schemes())
def test_a_scheme_is_named_licensed_and_knows_its_top_concepts(scheme: URIRef) -> None:
    tops = set(graph().subjects(SKOS.topConceptOf, scheme))

    assert languages(scheme, RDFS.label) == languages(scheme, SKOS.definition) == ["en", "sv"]
    assert graph().value(scheme, DCTERMS.license)
    assert tops == set(graph().objects(scheme, SKOS.hasTopConcept))
    assert tops <= set(members(scheme))
    assert tops


@pytest.mark.parametrize("concept", concepts())
def test_a_concept_has_one_preferred_label_a_language_and_one_scheme(concept: URIRef) -> None:
    assert languages(concept, SKOS.prefLabel) == ["en", "sv"]
    assert len(list(graph().objects(concept, SKOS.inScheme))) == 1
    assert len(list(graph().objects(concept, SKOS.notation))) <= 1


@pytest.mark.parametrize("concept", concepts())
def test_no_label_of_a_concept_is_both_preferred_and_alternative(concept: URIRef) -> None:
    labels = [(str(text), text.language) for kind in LABELS for text in texts(concept, kind)]

    assert len(labels) == len(set(labels))
    assert [label for label, _ in labels if label != label.strip() or not label] == []


@pytest.mark.parametrize("scheme", schemes())
def test_two_concepts_share_a_label_only_where_both_say_so(scheme: URIRef) -> None:
    owners: defaultdict[str, set[URIRef]] = defaultdict(set)
    for concept in members(scheme):
        for kind in LABELS:
            for text in texts(concept, kind):
                owners[text.casefold()].add(concept)
    shared = {label: found for label, found in owners.items() if len(found) > 1}

    assert {label: found for label, found in shared.items() if any(label not in _shared(one) for one in found)} == {}
    declared = {label for concept in members(scheme) for label in _shared(concept)}
    assert declared == set(shared)


def test_the_hierarchy_has_no_cycle_and_ends_in_top_concepts() -> None:
    for concept in concepts():
        seen = [concept]
        while not graph().value(seen[-1], SKOS.topConceptOf):
            (above,) = graph().objects(seen[-1], SKOS.broader)
            assert isinstance(above, URIRef)
            assert above not in seen, f"{concept} is broader than itself"
            seen.append(above)
        assert not graph().value(seen[-1], SKOS.broader)


def test_related_concepts_say_so_of_each_other_and_are_not_in_one_line() -> None:
    pairs = set(graph().subject_objects(SKOS.related))

    assert {(two, one) for one, two in pairs} == pairs
    assert not {pair for pair in pairs if pair in set(graph().subject_objects(SKOS.broader))}


@pytest.mark.parametrize("kind", ["method", "owner-type", "fund", "programme", "region"])
def test_definitions_stand_in_both_languages(kind: str) -> None:
    found = [concept for concept in concepts() if str(concept).startswith(f"{BASE}id/{kind}/")]

    assert found
    assert [one for one in found if languages(one, SKOS.definition) != ["en", "sv"]] == []


def test_funds_programmes_and_regions_have_the_class_of_their_kind() -> None:
    for concept in concepts():
        kind = str(concept).removeprefix(f"{BASE}id/").split("/")[0]
        if kind in TYPED:
            assert (concept, RDF.type, TYPED[kind]) in graph()


def test_methods_are_132_in_12_groups_and_a_group_is_no_method() -> None:
    found = ontology.load().concepts("methods")
    groups = {concept.id for concept in found if concept.top}
    methods = {str(iri).rpartition("/")[2] for iri in graph().subjects(RDF.type, KG.Method)}

    assert len(groups) == 12
    assert methods == {concept.id for concept in found} - groups
    assert len(methods) == 132


def test_methods_that_are_highly_ambiguous_have_a_scope_note_in_both_languages() -> None:
    found = [one for one in ontology.load().concepts("methods") if "high" in one.scope_notes.get("en", "")[:20]]

    assert len(found) == 33
    assert [concept.id for concept in found if not concept.scope_notes.get("sv")] == []


def test_what_is_unconfirmed_is_marked_and_explained() -> None:
    marked = {concept for concept in concepts() if graph().value(concept, KG.unconfirmed)}

    assert {str(graph().value(concept, KG.unconfirmed)) for concept in marked} == {"true"}
    assert [concept for concept in marked if not graph().value(concept, SKOS.editorialNote)] == []
    fields = {int(one.id): one.unconfirmed for one in ontology.load().concepts("intervention-fields")}
    assert {code for code, unconfirmed in fields.items() if unconfirmed} == set(range(134, 165)) - {151}
    assert set(range(102, 124)) <= set(fields)
    assert {"bro-modellen", "rehabvagledning"} <= {
        one.id for one in ontology.load().concepts("methods") if one.unconfirmed
    }


def test_no_swedish_code_is_said_to_be_a_european_objective() -> None:
    swedish = [one for one in concepts() if "/specific-objective/" in one and "/ESO" not in one]
    mappings = (SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch, SKOS.related)

    assert swedish
    assert [(one, kind) for one in swedish for kind in mappings if graph().value(one, kind)] == []


@pytest.mark.parametrize(
    ("scheme", "printed", "key"),
    [
        ("regions", "Småland & Öarna", "SE21"),
        ("regions", "ESF Nationellt", "SE"),
        ("regions", "SE0", "SE"),
        ("regions", "östra  mellansverige", "SE12"),
        ("funds", "ESF+", "ESF_PLUS"),
        ("funds", "ESF", "ESF"),
        ("programmes", "2021SE05SFPR001", "2021SE05SFPR"),
        ("programmes", "2021SE05SFPR", "2021SE05SFPR"),
        ("intervention-fields", "141", "141"),
        ("specific-objectives", "A1A", "2021SE05SFPR-A1A"),
        ("specific-objectives", "ESO4.7", "ESO4.7"),
        ("programme-areas", "Care", "2014SE05M9OP001-Care"),
        ("programme-areas", "1", None),
        ("methods", "BIP-metoden", "bip"),
        ("methods", "ACT", None),
        ("regions", "Atlantis", None),
        ("regions", "Uppsala", "SE121"),
        ("regions", "Uppsala kommun", "0380"),
        ("regions", "Linköping", "0580"),
        ("regions", "Göteborgs stad", "1480"),
        ("regions", "0580", "0580"),
    ],
)
def test_a_printed_value_finds_its_concept(scheme: str, printed: str, key: str | None) -> None:
    found = ontology.load().find(scheme, printed)

    assert (found.id if found else None) == key


def test_regions_match_eurostat_and_are_nested_by_their_codes() -> None:
    regions = [region for region in ontology.load().concepts("regions") if region.id.startswith("SE")]

    assert len(regions) == 33
    for region in regions:
        assert region.exact_matches == (f"http://data.europa.eu/nuts/code/{region.id}",)
        assert region.notation == region.id
        assert region.broader == (() if region.id == "SE" else (region.id[:-1],))


def test_the_290_municipalities_lie_in_the_21_counties() -> None:
    regions = {region.id: region for region in ontology.load().concepts("regions")}
    municipalities = [region for key, region in regions.items() if not key.startswith("SE")]
    counties: defaultdict[str, set[str]] = defaultdict(set)
    for each in municipalities:
        (county,) = each.broader
        counties[each.id[:2]].add(county)
        assert re.fullmatch(r"\d{4}", each.id)
        assert each.notation == each.id
        assert each.pref["sv"].endswith(" kommun")
        assert each.pref["en"].endswith(" Municipality")
        assert regions[county].pref["sv"] in each.definition["sv"]

    assert len(municipalities) == 290
    assert len(counties) == 21
    assert all(len(found) == 1 for found in counties.values())
    assert regions["0880"].pref["sv"] == "Kalmar kommun"
    assert regions["2080"].pref == {"sv": "Falu kommun", "en": "Falun Municipality"}


def test_codes_of_programmes_are_nested_by_their_codes() -> None:
    loaded = ontology.load()
    for concept in (*loaded.concepts("programme-areas"), *loaded.concepts("specific-objectives")):
        if concept.programme:
            assert concept.id == f"{concept.programme}-{concept.notation}"
            assert all(concept.id.startswith(above) for above in concept.broader)


def test_programmes_are_told_apart_by_period_and_diary_number() -> None:
    programmes = {programme.id: programme for programme in ontology.load().programmes}
    numbers = {
        "22-045-S01": "2021SE05SFPR",
        "2017/00082": "2014SE05M9OP001",
        "2015/00984": "2014SE05M9OP001",
        "merit": None,
    }

    for number, expected in numbers.items():
        found = [
            p.id for p in programmes.values() if p.diary_number_pattern and re.fullmatch(p.diary_number_pattern, number)
        ]
        assert found == ([expected] if expected else [])
    assert programmes["ESF-2007-2013"].diary_number_pattern is None
    assert all(p.start.month == p.start.day == 1 and p.end.month == 12 and p.funds for p in programmes.values())


def test_owner_types_are_tried_in_a_clear_order_by_words_in_lower_case() -> None:
    types = ontology.load().owner_types
    words = [word for each in types for word in each.words]
    prefixes = [prefix for each in types for prefix in each.prefixes]

    assert [each.order for each in types] == sorted({each.order for each in types})
    assert all(each.words or each.prefixes for each in types)
    assert [word for word in words if word != word.lower()] == []
    assert len(words) == len(set(words))
    assert len(prefixes) == len(set(prefixes))
    assert {"other"} == {one.id for one in ontology.load().concepts("owner-types")} - {each.id for each in types}


def test_no_concept_is_deprecated_without_a_replacement() -> None:
    deprecated = set(graph().subjects(OWL.deprecated, Literal(True)))

    assert {one for one in deprecated if not graph().value(one, DCTERMS.isReplacedBy)} == set()
