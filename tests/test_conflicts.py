"""Where sources disagree both values stay, one is preferred, and the rule says why."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

import kg
from kg.build import build
from kg.cli import conflicts as command
from kg.conflicts import Preferred, SourcedValue, SourceRank, conflicts, merged, prefer, preferred_titles, settled
from kg.errors import UsageError
from kg.store import open_build
from kg.store.embedded import create
from tests import two_currencies

PAGE = SourceRank("b.txt", "E1")
OLD = SourceRank("a.txt", "O2")
BANK = SourceRank("bank.xlsx", "bank-xlsx")
KOHESIO = SourceRank("se.csv", "kohesio-csv", "2024-06-01T00:00:00Z")
BASE = "https://w3id.org/esf-kg/"


@pytest.mark.parametrize(
    ("sources", "preferred", "rule"),
    [
        ([PAGE], PAGE, "filled"),
        ([KOHESIO, PAGE], PAGE, "page-over-list"),
        ([BANK, KOHESIO], BANK, "page-over-list"),
        ([OLD, BANK], OLD, "page-over-list"),
        ([OLD, PAGE], PAGE, "newer"),
        ([PAGE, SourceRank("c.txt", "P2", "2023-01-01T00:00:00Z")], "c.txt", "newer"),
        ([SourceRank("c.txt", "P2", "2023-01-01"), SourceRank("d.txt", "P2", "2024-01-01")], "d.txt", "newer"),
        ([PAGE, SourceRank("a.txt", "P3")], "a.txt", "first-source"),
        ([SourceRank("x.html", "other"), KOHESIO], "x.html", "page-over-list"),
    ],
)
def test_a_value_is_preferred_by_the_first_rule_that_decides(
    sources: list[SourceRank], preferred: SourceRank | str, rule: str
) -> None:
    values = [SourcedValue(f"value {place}", source) for place, source in enumerate(sources)]
    best, why = prefer(values)

    assert best.source.name == (preferred if isinstance(preferred, str) else preferred.name)
    assert why == rule
    assert prefer(values[::-1]) == (best, why)


def test_numbers_that_are_equal_do_not_disagree() -> None:
    assert prefer([SourcedValue("0.40", KOHESIO), SourcedValue("0.4", PAGE)])[1] == "agreed"


SOURCES = st.builds(
    SourceRank,
    st.sampled_from(["a.txt", "b.txt", "c.csv"]),
    st.sampled_from(["E1", "O1", "other", "list", "bank-csv", "kohesio-csv", ""]),
    st.sampled_from(["", "2023-01-01T00:00:00Z", "2024-01-01T00:00:00Z"]),
)
VALUES = st.lists(
    st.builds(SourcedValue, st.sampled_from("ABC"), SOURCES), min_size=1, max_size=6, unique_by=lambda v: v.source.name
)


@given(VALUES)
def test_the_order_of_the_sources_never_matters(values: list[SourcedValue]) -> None:
    assert all(prefer(values[place:] + values[:place][::-1]) == prefer(values) for place in range(len(values)))


def _page(number: str, **fields: str) -> str:
    lines = "".join(f"{label.replace('_', ' ')}:\n{value}\n" for label, value in fields.items())
    return f"{number} - Bron\n\nProjektnummer:\n{number}\nNamn:\nBron\n{lines}\nText om arbete.\n"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("conflicts")
    pages = {
        "a": _page("2017/00001", Projektägare="Sala kommun", Region="Sydsverige", Planerat_antal_deltagare="70"),
        "b": _page("2017/00001", Projektägare="Köpings kommun", Region="Sydsverige", Total_projektbudget="100"),
        "c": _page("2017/00002", Projektägare="SALA KOMMUN", Unionens_medfinansieringsgrad="50%"),
        "d": _page("2017/00002", Projektägare="Sala kommun", Unionens_medfinansieringsgrad="50.0"),
    }
    for name, text in pages.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    build([folder], folder / "build")
    return folder / "build"


def _short(found: list[Preferred]) -> list[tuple[str, str, list[str], str, str]]:
    return [
        (each.project, each.property, [value.value for value in each.values], each.value.source.name, each.rule)
        for each in found
    ]


def test_only_what_sources_say_differently_is_a_conflict(built: Path) -> None:
    with open_build(built) as store:
        found = conflicts(store)
        one, none = conflicts(store, "2017-00001"), conflicts(store, "2017-00002")

    assert _short(found) == [("2017-00001", "kg:owner", ["Sala kommun", "Köpings kommun"], "a.txt", "first-source")]
    assert one == found
    assert none == []
    assert found[0].title == "Bron"


def test_the_merged_view_fills_each_property_from_whichever_source_has_it(built: Path) -> None:
    with open_build(built) as store:
        view = {each.property: each for each in merged(store, "2017-00001")}

    assert view["kg:plannedParticipants"].value.source.name == "a.txt"
    assert view["kg:totalBudget"].value.source.name == "b.txt"
    assert view["kg:totalBudget"].value.shown() == "100 SEK"
    assert view["kg:totalBudget"].rule == "filled"
    assert view["kg:region"].rule == "agreed"
    assert view["kg:owner"].value.value == "Sala kommun"
    assert view["dcterms:description"].value.value == "Text om arbete."


def _quads(tmp_path: Path) -> Path:
    """Write a graph with every kind of source, two currencies and two languages."""
    kg_, id_ = f"{BASE}ontology#", f"{BASE}id/"
    rdf_type, label = (
        "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>",
        "<http://www.w3.org/2000/01/rdf-schema#label>",
    )
    day = '"{}"^^<http://www.w3.org/2001/XMLSchema#date>'
    money = '"{}"^^<http://www.w3.org/2001/XMLSchema#decimal>'
    lines = [f"<{id_}project/p> {rdf_type} <{kg_}Project> <{id_}graph/derived> ."]
    sources = [
        ("new", "E1", "2017-01-01", "100.0", "SEK", "sv"),
        ("old", "O1", "2017-01-02", "90.0", "SEK", "sv"),
        ("bank", "bank-xlsx", "2017-01-03", "80.0", "SEK", "sv"),
        ("eu", "kohesio-csv", "2017-01-04", "10.0", "EUR", "en"),
    ]
    for name, layout, start, amount, currency, language in sources:
        graph, project = f"<{id_}source/{name}>", f"<{id_}project/p>"
        lines += [
            f"{graph} {rdf_type} <{kg_}Source> {graph} .",
            f'{graph} {label} "{name}" {graph} .',
            f'{graph} <{kg_}layout> "{layout}" {graph} .',
            f'{project} <http://purl.org/dc/terms/title> "Title of {name}"@{language} {graph} .',
            f"{project} <http://www.w3.org/ns/prov#wasDerivedFrom> {graph} {graph} .",
            f"{project} <{kg_}startDate> {day.format(start)} {graph} .",
            f"{project} <{kg_}totalBudget> {money.format(amount)} {graph} .",
            f'{project} <{kg_}currency> "{currency}" {graph} .',
        ]
    path = tmp_path / "data.nq"
    path.write_text("".join(f"{line}\n" for line in sorted(lines)), encoding="utf-8")
    return path


def test_the_named_query_prefers_what_the_function_prefers(tmp_path: Path, built: Path) -> None:
    folder = tmp_path / "made"
    generation = folder / "generations" / "000001"
    generation.mkdir(parents=True)
    create(_quads(tmp_path), generation / "store")
    (generation / "report.json").write_text(json.dumps({"base": BASE, "version": "0"}), encoding="utf-8")
    (folder / "CURRENT").write_text("000001\n", encoding="utf-8")

    for place, projects in ((folder, ("p",)), (built, ("2017-00001", "2017-00002"))):
        with kg.open(place) as graph:
            for project in projects:
                rows = graph.query("preferred-facts", project=project)
                asked = sorted((_local(row["property"]), _local(row["value"]), str(row["sourceName"])) for row in rows)
                told = sorted(
                    (each.property.split(":")[1], each.value.value, each.value.source.name)
                    for each in merged(graph.store, project)
                )
                names = {str(row["valueName"]) for row in rows if row["valueName"]}
                assert [(a, c) for a, _, c in asked] == [(a, c) for a, _, c in told]
                assert {b for _, b, _ in told} - {b for _, b, _ in asked} <= names
    with kg.open(folder) as graph:
        view = {(each.property, each.value.unit): each for each in merged(graph.store, "p")}
    assert view["kg:totalBudget", "SEK"].value.source.name == "new"
    assert view["kg:totalBudget", "EUR"].rule == "filled"
    assert view["dcterms:title", "en"].value.value == "Title of eu"
    assert {each.title for each in view.values()} == {"Title of new"}
    assert view["kg:startDate", ""].rule == "newer"


def _local(value: object) -> str:
    return str(value).replace("#", "/").rpartition("/")[2] if str(value).startswith("http") else str(value)


def _run(built: Path, *arguments: str) -> str:
    app = typer.Typer()
    command.register(app)
    result = CliRunner().invoke(app, ["--build", str(built), *arguments], catch_exceptions=False)
    assert result.exit_code == 0
    return result.output


def test_the_command_lists_property_values_sources_and_rule(built: Path) -> None:
    assert _run(built, "--format", "csv").splitlines() == [
        "project,title,property,values with their sources,preferred,rule",
        "2017-00001,Bron,kg:owner,Sala kommun (a.txt); Köpings kommun (b.txt),Sala kommun,first-source",
    ]
    found = json.loads(_run(built, "2017/00001", "--merged", "--format", "json"))
    assert {each["property"]: each["source"] for each in found}["kg:totalBudget"] == "b.txt"


def test_the_command_says_what_it_needs(built: Path) -> None:
    with pytest.raises(UsageError, match="needs a project"):
        _run(built, "--merged")
    with pytest.raises(UsageError, match="no project '2017/99999'"):
        _run(built, "2017/99999", "--merged")


def test_counties_within_the_region_and_amounts_in_euro_do_not_disagree_with_the_page(tmp_path: Path) -> None:
    page = _page("2017/00001", Projektägare="Sala kommun", Region="Östra Mellansverige", Total_projektbudget="900 000")
    headings = (
        "Operation_Local_Identifier,Operation_Name_Programme_Language,Operation_End_Date,NUTS3_Code,Programme_Code"
    )
    money = ",Total_Eligible_Expenditure_amount,Total_Eligible_Expenditure_Currency"
    row = "2017/00001,BRON,{},{},2014SE05M9OP001,80000.00,EUR"
    rows = [headings + money, row.format("31/12/2018", "SE123"), row.format("31/12/2018", "SE110")]
    (tmp_path / "a.txt").write_text(f"{page}\nSlutdatum:\n2018-12-30\n", encoding="utf-8")
    (tmp_path / "se.csv").write_text("\n".join(rows), encoding="utf-8")
    build([tmp_path / "a.txt", tmp_path / "se.csv"], tmp_path / "build")

    with open_build(tmp_path / "build") as store:
        found, view = conflicts(store), {each.property: each for each in merged(store, "2017-00001")}

    assert [(each.property, each.rule) for each in found] == [("kg:endDate", "page-over-list")]
    assert view["kg:region"].value.value == "Östra Mellansverige"
    assert view["kg:region"].rule == "page-over-list"


def test_one_value_each_is_settled_for_rows(tmp_path: Path) -> None:
    with open_build(two_currencies.built(tmp_path)) as store:
        rows, titles = settled(store), preferred_titles(store)

    assert rows.keys() == {"2018-00128"}
    shown = {name: value.shown() for name, value in rows["2018-00128"].items()}
    assert shown == {
        "title@sv": "Vidga normen",
        "endDate": "2021-12-31",
        "totalBudget": "15000000 SEK",
        "grantedSupport": "14131094 SEK",
        "currency": "SEK",
    }
    assert sorted(titles.values()) == ["Bara i listan", "Vidga normen"]
