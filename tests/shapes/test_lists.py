"""What a list of operations says beside a page is no fault; what two pages say, or one page twice, still is."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.validation.files import read_text
from kg.validation.judge import judgement
from kg.validation.model import Finding
from kg.validation.outcomes import read_results
from kg.validation.results import findings_of
from kg.validation.shapes import own_shapes
from kg.validation.things import Things, graphs_of
from tests.shapes.cases import surrounded

BASE = "https://w3id.org/esf-kg/"
HEAD = f"""
    BASE <{BASE}>
    PREFIX dcterms: <http://purl.org/dc/terms/>
    PREFIX kg: <ontology#>
    PREFIX prov: <http://www.w3.org/ns/prov#>
    PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
    <id/source/kohesio> a kg:Source ; rdfs:label "se.csv" ; dcterms:source "se.csv" ; kg:layout "kohesio-csv" ;
        kg:sha256 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" .
    <id/project/2017-00001> a kg:Project ; dcterms:identifier "2017/00001" ; dcterms:title "Prov"@sv ;
        kg:programme <id/programme/2014SE05M9OP001> ; kg:plannedParticipants 10 ; prov:wasDerivedFrom <id/source/case> .
"""
LISTED = "prov:wasDerivedFrom <id/source/kohesio>"


def found(statements: str) -> list[Finding]:
    text = f"{HEAD}<id/project/2017-00001> {statements} ."
    graph = surrounded(read_text(text.encode(), Path("case.ttl")))
    shapes = own_shapes().graph
    things = Things(graph, graphs_of(graph), BASE)
    every = findings_of(read_results(judgement(graph, shapes)), graph, shapes, things)
    return [each for each in every if each.severity == "Violation"]


def rules(statements: str) -> list[str]:
    return [each.rule for each in found(statements)]


SEVERAL = {
    "region": "kg:region <id/region/SE11>, <id/region/SE232>",
    "specificObjective": (
        "kg:specificObjective <id/specific-objective/2014SE05M9OP001-1.1>, <id/specific-objective/2014SE05M9OP001-2.1>"
    ),
    "interventionField": "kg:interventionField <id/intervention-field/102>, <id/intervention-field/117>",
    "currency": 'kg:currency "SEK", "EUR"',
    "title": 'dcterms:title "Ett annat namn"@sv',
}


@pytest.mark.parametrize("name", SEVERAL)
def test_several_values_are_a_fault_of_pages_and_none_of_lists(name: str) -> None:
    assert rules(SEVERAL[name]) == [f"Project-{name}-single"]
    assert rules(f"{SEVERAL[name]} ; {LISTED}") == []


@pytest.mark.parametrize("name", ["title", "description"])
def test_texts_of_lists_are_in_any_language_but_never_in_none(name: str) -> None:
    assert rules(f'dcterms:{name} "Praca"@pl') == [f"Project-{name}"]
    assert rules(f'dcterms:{name} "Praca"@pl ; {LISTED}') == []
    assert rules(f'dcterms:{name} "Praca" ; {LISTED}') == [f"Project-{name}"]


@pytest.mark.parametrize(
    ("regions", "fault"),
    [
        ("<id/region/SE12>, <id/region/SE123>", False),
        ("<id/region/SE12>, <id/region/0580>", False),
        ("<id/region/SE12>, <id/region/SE110>", True),
        ("<id/region/SE121>, <id/region/SE123>", True),
        ("<id/region/SE>, <id/region/SE12>", True),
    ],
)
def test_a_region_within_the_named_one_agrees_unless_that_is_the_whole_country(regions: str, fault: bool) -> None:
    assert rules(f"kg:region {regions}") == (["Project-region-single"] if fault else [])


def test_amounts_in_two_currencies_are_not_compared_by_number() -> None:
    amounts = f'kg:currency "SEK", "EUR" ; kg:totalBudget 10000000.0, 900000.0 ; {LISTED}'

    assert rules(amounts) == []
    assert rules(f"{amounts} ; kg:grantedSupport 4000000.0") == []
    assert rules(f"{amounts} ; kg:grantedSupport 14000000.0") == ["Project-grantedSupport-budget"]
    assert rules(f'kg:currency "SEK" ; kg:totalBudget 10000000.0, 900000.0 ; {LISTED}') == [
        "Project-totalBudget-single"
    ]


def test_a_finding_shows_all_values_and_what_an_amount_was_compared_with() -> None:
    (several,) = found(SEVERAL["region"])
    (larger,) = found('kg:currency "SEK" ; kg:totalBudget 100.0 ; kg:grantedSupport 200.0')

    assert [each.value.partition(" <")[0] for each in several.stated] == ["Stockholm", "Västra Götalands län"]
    assert [each.value for each in larger.stated] == ["kg:grantedSupport 200.0", "kg:totalBudget 100.0"]
