"""What sources say about owners and what the build inferred stand apart, and every merge says its rule."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.build import Report, build
from kg.joining.organisations import OrganisationText, unit_labels
from kg.model import OwnerMention
from kg.ontology import load
from kg.owners import NameMatch, Owner
from kg.store import open_build

KG = "https://w3id.org/esf-kg/ontology#"
ID = "https://w3id.org/esf-kg/id/"
PREFIXES = f"""
    PREFIX dcterms: <http://purl.org/dc/terms/>
    PREFIX kg: <{KG}>
    PREFIX org: <http://www.w3.org/ns/org#>
    PREFIX owl: <http://www.w3.org/2002/07/owl#>
    PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
PAGE = """{number} - {name}

Diarienummer:
{number}
Namn:
{name}
Projektägare:
{owner}
Region:
Sydsverige
Stödmottagare postnr:
{postcode}

Projektet handlar om arbete.
"""
PAGES = {
    "a": ("2017/00001", "Bron", "Malmö stad, ARBETSMARKNAD OCH KULTUR", "21237"),
    "b": ("2017/00002", "Bron II", "MALMÖ KOMMUN, Arbetsmarknad och kultur", "21237"),
    "c": ("2017/00003", "Ljuset", "SKL, Sveriges kommuner och landsting", "11882"),
    "d": ("2017/00004", "Mörkret", "Linköpings kommun", ""),
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Report:
    folder = tmp_path_factory.mktemp("organisations")
    for key, (number, name, owner, postcode) in PAGES.items():
        text = PAGE.format(number=number, name=name, owner=owner, postcode=postcode)
        (folder / f"{key}.txt").write_text(text, encoding="utf-8")
    return build([folder], folder / "build")


def _rows(report: Report, pattern: str) -> list[tuple[str, ...]]:
    with open_build(report.folder) as store:
        return sorted(tuple(str(value) for value in row) for row in store.texts(f"{PREFIXES} {pattern}"))


def test_each_spelling_stays_with_its_source(built: Report) -> None:
    rows = _rows(built, "SELECT ?g ?s WHERE { GRAPH ?g { ?o a kg:Owner ; skos:altLabel ?s } }")

    assert rows == [
        (f"{ID}source/a", "Malmö stad"),
        (f"{ID}source/b", "MALMÖ KOMMUN"),
        (f"{ID}source/c", "SKL"),
        (f"{ID}source/c", "Sveriges kommuner och landsting"),
    ]


def test_one_owner_has_one_label_and_its_rules_in_the_derived_graph(built: Report) -> None:
    labels = _rows(built, "SELECT ?o ?l WHERE { GRAPH ?g { ?o a kg:Owner ; skos:prefLabel ?l } }")
    rules = _rows(
        built,
        "SELECT ?g ?n ?r WHERE { GRAPH ?g { ?o kg:nameMatch ?m . ?m kg:matchedText ?n ; kg:matchRule ?r } }",
    )

    assert labels == [
        (f"{ID}owner/2120000449", "Linköpings kommun"),
        (f"{ID}owner/malmo-kommun", "Malmö kommun"),
        (f"{ID}owner/sveriges-kommuner-och-regioner", "Sveriges Kommuner och Regioner"),
    ]
    assert rules == [
        (f"{ID}graph/derived", "Linköpings kommun", "public-organisation"),
        (f"{ID}graph/derived", "Malmö stad", "equal-name"),
        (f"{ID}graph/derived", "Sveriges kommuner och landsting", "renamed"),
    ]
    assert _rows(built, "SELECT ?d WHERE { ?m a kg:NameMatch ; dcterms:date ?d }") == [("2019-11-27",)]


def test_a_number_that_no_source_prints_is_inferred(built: Report) -> None:
    rows = _rows(built, "SELECT ?g ?n WHERE { GRAPH ?g { ?o kg:organisationNumber ?n } }")
    same = _rows(built, "SELECT ?s WHERE { ?o a kg:Owner ; owl:sameAs ?s }")

    assert rows == [(f"{ID}graph/derived", "2120000449")]
    assert same == [("http://dataportal.se/organisation/SE2120000449",)]


def test_a_unit_has_one_label_and_hangs_under_its_owner(built: Report) -> None:
    labels = _rows(built, "SELECT ?g ?l WHERE { GRAPH ?g { ?u skos:prefLabel ?l } ?p kg:ownerUnit ?u }")
    above = _rows(built, "SELECT DISTINCT ?u ?o WHERE { ?u org:unitOf ?o }")

    assert set(labels) == {(f"{ID}graph/derived", "Arbetsmarknad och kultur")}
    assert above == [(f"{ID}unit/malmo-kommun/arbetsmarknad-och-kultur", f"{ID}owner/malmo-kommun")]


def test_projects_of_a_county_are_found_by_the_postcode(built: Report) -> None:
    query = "SELECT ?p WHERE {{ ?p kg:beneficiaryMunicipality/skos:broader* <{id}region/{code}> }}"

    assert _rows(built, query.format(id=ID, code="SE224")) == [
        (f"{ID}project/2017-00001",),
        (f"{ID}project/2017-00002",),
    ]
    assert _rows(built, query.format(id=ID, code="0180")) == [(f"{ID}project/2017-00003",)]
    assert [(n.source, n.rule) for n in built.notices] == [("c.txt", "postcode-outside-region")]


def test_two_sources_that_name_two_owners_of_a_project_are_reported(tmp_path: Path) -> None:
    for key, owner in (("a", "Sala kommun"), ("b", "Köpings kommun")):
        text = PAGE.format(number="2017/00001", name="Bron", owner=owner, postcode="")
        (tmp_path / f"{key}.txt").write_text(text, encoding="utf-8")
    report = build([tmp_path], tmp_path / "build")

    assert [(n.source, n.rule, n.value) for n in report.notices] == [("b.txt", "sources-disagree", "Köpings kommun")]
    assert _rows(report, "SELECT ?o WHERE { ?p a kg:Project ; kg:owner ?o }") == [
        (f"{ID}owner/kopings-kommun",),
        (f"{ID}owner/sala-kommun",),
    ]


def test_an_owner_without_a_number_has_no_organisation_number() -> None:
    text = OrganisationText(load().names)
    owner = Owner("lulea-kommun", "Luleå kommun", None, ("LULEÅ KOMMUN",))
    mention = OwnerMention("LULEÅ KOMMUN", "Luleå kommun", "Kultur", None, ("LULEÅ KOMMUN",), 3)
    lines = [*text.ownership("<p>", mention, owner, "Kultur"), *text.owner(owner, None)]

    assert not any("organisationNumber" in line or "sameAs" in line for line in lines)
    assert any(line.endswith('altLabel> "LULEÅ KOMMUN"@sv') for line in lines)
    assert any("unit/lulea-kommun/kultur>" in line and "unitOf" in line for line in lines)


@pytest.mark.parametrize(("day", "kind"), [("2019-11-27", "date"), ("2019-11", "gYearMonth"), ("2019", "gYear")])
def test_a_renaming_is_dated_as_exactly_as_it_is_known(day: str, kind: str) -> None:
    owner = Owner("x", "Nya", None, (), (NameMatch("Gamla", "renamed", day),))
    lines = list(OrganisationText(load().names).owner(owner, None))

    assert any(line.endswith(f'"{day}"^^<http://www.w3.org/2001/XMLSchema#{kind}>') for line in lines)


def test_the_label_of_a_unit_is_the_one_with_the_fewest_capitals() -> None:
    owner = Owner("x", "X", None, ())
    mentions = [
        OwnerMention("X", "X", unit, None, (), 1) for unit in ("KULTUR", "Kultur Och Fritid", "Kultur och fritid")
    ]

    assert unit_labels((mention, owner) for mention in mentions) == {
        ("x", "kultur"): "KULTUR",
        ("x", "kultur-och-fritid"): "Kultur och fritid",
    }
