"""A cell that names several regions, codes or places gives each of them, and what is left over is reported."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.codes import Codes
from kg.sources import several
from kg.sources.page_values import PageValues
from kg.values import ValueProblem
from tests.tables.reading import mapping, mapping_of, read, terms, write_text, write_xlsx


@cache
def _codes() -> Codes:
    return Codes(terms())


@cache
def _names() -> dict[str, str]:
    """Return the Swedish names of all regions but those that other regions have as well, with their keys."""
    found: dict[str, set[str]] = {}
    for concept in terms().concepts("regions"):
        found.setdefault(concept.pref["sv"], set()).add(str(_codes().named_region(concept.pref["sv"])))
    return {name: keys.pop() for name, keys in found.items()}


def _told(found: several.Several) -> tuple[list[object], list[tuple[str, str]]]:
    return [part.value for part in found.parts], [(problem.rule, words) for problem, words in found.problems]


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("SE110;SE121", ["SE110", "SE121"]),
        ("SE110, SE121", ["SE110", "SE121"]),
        ("SE11|SE12", ["SE11", "SE12"]),
        ("SE11-SE12", ["SE11", "SE12"]),
        ("SE110 SE121\nSE122", ["SE110", "SE121", "SE122"]),
        ("Stockholm, Östra Mellansverige", ["SE11", "SE12"]),
        ("Sydsverige & Västsverige", ["SE22", "SE23"]),
        ("Norra Mellansverige / Mellersta Norrland", ["SE31", "SE32"]),
        ("SE110 Stockholms län, SE121 Uppsala län", ["SE110", "SE121"]),
        ("Stockholms län (SE110); Uppsala län (SE121)", ["SE110", "SE121"]),
        ("SE110, SE121 (Stockholms län, Uppsala län)", ["SE110", "SE121"]),
        ("Östergötlands, Kalmar och Jönköpings län", ["SE123", "SE213", "SE211"]),
        ("Sala och Heby kommuner", ["1981", "0331"]),
        ("SE232, Göteborg", ["SE232", "1480"]),
        ("SE110; SE110", ["SE110"]),
    ],
)
def test_regions_are_told_apart_by_any_sign(text: str, keys: list[str]) -> None:
    assert _told(several.regions(text, _codes())) == (keys, [])


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Småland och öarna", "SE21"),
        ("Småland\noch öarna", "SE21"),
        ("Skåne och Blekinge", "SE22"),
        ("SE110, Stockholms län", "SE110"),
        ("SE12, East Middle Sweden", "SE12"),
        ("Hela landet", "SE"),
    ],
)
def test_a_name_with_signs_in_it_is_one_region(text: str, key: str) -> None:
    assert _told(several.regions(text, _codes())) == ([key], [])


@pytest.mark.parametrize(
    ("text", "keys", "problems"),
    [
        ("SE110;Atlantis", ["SE110"], [("unknown-region", "Atlantis")]),
        ("Stockholm, Atlantis", ["SE11"], [("unknown-region", "Atlantis")]),
        ("SE110, SE999", ["SE110"], [("unknown-region", "SE999")]),
        ("SE110 Uppsala län; SE123", ["SE123"], [("region-contradiction", "SE110 Uppsala län")]),
    ],
)
def test_parts_that_are_unknown_or_contradict_themselves_are_told(
    text: str, keys: list[str], problems: list[tuple[str, str]]
) -> None:
    assert _told(several.regions(text, _codes())) == (keys, problems)


@pytest.mark.parametrize(
    ("text", "rule"),
    [("SE110, Uppsala län", "region-contradiction"), ("Atlantis; Eldorado", "unknown-region"), (";", "unknown-region")],
)
def test_what_names_no_region_for_sure_is_refused(text: str, rule: str) -> None:
    with pytest.raises(ValueProblem) as caught:
        several.regions(text, _codes())
    assert caught.value.rule == rule


@given(st.lists(st.sampled_from(sorted(_names())), min_size=1, max_size=5, unique=True), st.sampled_from("|;\n"))
def test_names_of_regions_come_back_from_a_cell_that_holds_them(names: list[str], sign: str) -> None:
    found = several.regions(sign.join(names), _codes())

    assert {part.value for part in found.parts} == {_names()[name] for name in names}
    assert not found.problems


@pytest.mark.parametrize(
    ("name", "text", "values"),
    [
        ("interventionField", "141.0|142.0", ["141", "142"]),
        ("interventionField", "141, 142 och 143", ["141", "142", "143"]),
        ("interventionField", "141,142", ["141", "142"]),
        ("interventionField", "141 - Support; incl. travel; 142 - Women, work", ["141", "142"]),
        ("interventionField", "141 Support, for 200 jobs", ["141"]),
        ("interventionField", "141\nSupport for labour mobility", ["141"]),
        ("interventionField", "141; 141", ["141"]),
        ("specificObjective", "A1A, A2A", ["A1A", "A2A"]),
        ("specificObjective", "ESO4.1|ESO4.7", ["ESO4.1", "ESO4.7"]),
        ("specificObjective", "Mål 1.1 och 2.1", ["1.1", "2.1"]),
        ("specificObjective", "A - Vård, skola; B - Arbete", ["A", "B"]),
        ("specificObjective", "ESO4.7 - Learning, in particular of skills", ["ESO4.7"]),
        ("specificObjective", "2,1", ["2,1"]),
        ("specificObjective", "Vård; Skola", ["Vård; Skola"]),
        ("programmeArea", "A; B", ["A; B"]),
    ],
)
def test_codes_are_told_apart_and_labels_stay_with_their_codes(name: str, text: str, values: list[str]) -> None:
    assert _told(several.printed_codes(name, text)) == (values, [])


def test_what_only_looks_like_a_code_beside_codes_is_told() -> None:
    assert _told(several.printed_codes("interventionField", "141; 14x; 143")) == (
        ["141", "143"],
        [("not-a-code", "14x")],
    )


def test_a_list_keeps_every_value_and_reports_the_rest_with_its_place(tmp_path: Path) -> None:
    path = write_xlsx(
        tmp_path / "list.xlsx",
        ["Diarienummer", "Namn", "NUTS-kod", "Interventionsområde", "Specifikt mål", "LAU_Labels"],
        ["22-045-S01", "Väg", "SE110;SE121", "141.0|142.0", "A1A, A2A", "Linköping"],
        ["22-046-S01", "Bro", "SE110\nAtlantis", "141", "A1A", "Sala|Heby"],
        ["22-047-S01", "Led", "", "", "", "Sala; Atlantis; Heby"],
    )
    found = read(path)
    first, second, third = found.projects

    assert [list(first.values(name)) for name in ("region", "interventionField", "specificObjective")] == [
        ["SE110", "SE121"],
        ["141", "142"],
        ["A1A", "A2A"],
    ]
    assert [fact.printed for fact in first.facts if fact.name == "interventionField"] == ["141.0", "142.0"]
    assert first.value("beneficiaryPlace") == "Linköping"
    assert (list(second.values("region")), second.value("beneficiaryPlace")) == (["SE110", "1981", "0331"], None)
    assert list(third.values("region")) == ["1981", "0331"]
    assert [(n.rule, n.line, n.value, n.message.partition(":")[0]) for n in found.notices] == [
        ("unknown-region", 3, "Atlantis", "sheet 'Projekt', column 'NUTS-kod'"),
        ("unknown-region", 4, "Atlantis", "sheet 'Projekt', column 'LAU_Labels'"),
    ]


def test_a_second_column_of_regions_is_not_asked_where_the_first_names_several(tmp_path: Path) -> None:
    rows = (("Diarienummer", "Namn", "NUTS2_Label", "NUTS3_Code"), ("22-045-S01", "Väg", "Stockholm|Atlantis", "SE121"))
    found = read(write_text(tmp_path / "list.csv", *rows))

    assert list(found.projects[0].values("region")) == ["SE11"]
    assert found.rules == [("unknown-region", 2, "Atlantis")]


def test_a_constant_of_several_regions_is_refused_and_not_cut(tmp_path: Path) -> None:
    columns = mapping_of(tmp_path, '[constants]\nregion = "SE110, SE121"\n')
    found = read(write_text(tmp_path / "list.csv", ("Diarienummer", "Namn"), ("22-045-S01", "Väg")), columns)

    assert found.projects[0].value("region") is None
    assert [(rule, value) for rule, _, value in found.rules] == [("several-regions", "SE110, SE121")]


def test_a_page_that_prints_several_gives_each() -> None:
    values = PageValues(mapping().codes)

    assert values.typed("region", "region", "Stockholm, Uppsala län") == (("region", "SE11"), ("region", "SE121"))
    with pytest.raises(ValueProblem, match="no region"):
        values.typed("region", "region", "Stockholm; Atlantis")
