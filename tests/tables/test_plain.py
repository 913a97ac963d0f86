"""Whole columns of plainly printed cells give what reading each row by itself gives, problems included."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from kg.columns import plain_cells, section, shard
from kg.columns.lists import MappedList, map_list
from kg.columns.plain import PlainMapper
from kg.columns.section import Columns
from kg.columns.shard import ListTools
from kg.literals import decimals, escaped
from kg.sources.files import find
from kg.sources.privacy import may_be_personal
from kg.sources.table import Batch, Column, Table
from kg.sources.table_cells import plain_text
from kg.sources.table_mapping import ListMapping, read_mapping
from kg.sources.table_sections import IrregularSection, Opening, stretches
from tests.benchmarks.rows import KOHESIO, kohesio_rows, write_csv
from tests.tables.reading import mapping, terms
from tests.tables.test_columns import CELLS

_PLAIN = {
    "Operation_Local_Identifier": st.sampled_from(("2021SE05SFPR001_23-017-S01", "2018/00076", "23-018-S02", "x.1")),
    "Operation_Name_English": st.sampled_from(("Way in", "A way")),
    "Operation_Summary_English": st.just(""),
    "Operation_Summary_Programme_Language": st.just(""),
}
_ROWS = st.lists(
    st.one_of(st.fixed_dictionaries(CELLS), st.fixed_dictionaries(CELLS | _PLAIN)), min_size=1, max_size=25
)


def _seat(postcode: str) -> str:
    return f"<{terms().names.term('beneficiaryMunicipality')}> <https://example.org/{postcode}>"


def _mapped(path: Path, scratch: Path, worth: int, columns: ListMapping, described: frozenset[str]) -> list[Any]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shard, "_WORTH_COLUMNS", worth)
        tools = ListTools(terms(), mapping(), lambda project: (), columns, _seat)
        found = map_list(find([path]).lists[0], tools, scratch, described=described)
    if not isinstance(found, MappedList):
        return [found]
    opening = mapping().project_iri("")[:-1]
    blocks, derived = (
        [sorted(frame.rows()) for frame in each.blocks(opening)] for each in (found.blocks, found.derived)
    )
    # On which of its lines an owner was first read is nowhere told.
    listed = [replace(each, owner=each.owner and replace(each.owner, line=0)) for each in found.listed]
    return [
        *(found.rows, found.mentions, blocks, derived, found.lines, found.uses, listed),
        *(found.regions, found.notices, found.personal, found.source),
    ]


@pytest.fixture(scope="module", name="constants")
def _constants(tmp_path_factory: pytest.TempPathFactory) -> ListMapping:
    path = tmp_path_factory.mktemp("mapping") / "list.toml"
    path.write_text('[constants]\nprogramme = "2021SE05SFPR"\ncurrency = "SEK"\nregion = "SE12"\n', "utf-8")
    return read_mapping(path, terms())


# A list is not made smaller where it shows a difference: that would take minutes.
@settings(max_examples=12, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(_ROWS, st.booleans(), st.booleans())
def test_columns_give_what_single_rows_give(
    tmp_path_factory: pytest.TempPathFactory,
    constants: ListMapping,
    rows: list[dict[str, str]],
    with_constants: bool,
    with_pages: bool,
) -> None:
    scratch = tmp_path_factory.mktemp("plain")
    with (scratch / "list.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(CELLS))
        writer.writeheader()
        writer.writerows(rows)
    columns = constants if with_constants else ListMapping()
    described = frozenset(("23-017-S01",) if with_pages else ())

    one_by_one = _mapped(scratch / "list.csv", scratch, 10**9, columns, described)
    assert _mapped(scratch / "list.csv", scratch, 1, columns, described) == one_by_one


@pytest.fixture(name="others")
def _others(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return the places of all rows that are not plain, as they are met."""
    others: list[int] = []
    mapped = PlainMapper.mapped

    def noted(self: PlainMapper, rows: Columns, described: frozenset[str]) -> Any:
        found = mapped(self, rows, described)
        others.extend(found.others)
        return found

    monkeypatch.setattr(PlainMapper, "mapped", noted)
    return others


@pytest.mark.parametrize("shape", ["bank", "kohesio"])
def test_rows_as_lists_usually_print_them_are_all_plain(tmp_path: Path, shape: str, others: list[int]) -> None:
    write_csv(tmp_path / "list.csv", shape, 600)
    seen = _mapped(tmp_path / "list.csv", tmp_path, 500, ListMapping(), frozenset())

    assert seen == _mapped(tmp_path / "list.csv", tmp_path, 10**9, ListMapping(), frozenset())
    assert seen[0] == 600
    assert others == []


_MANY = "Sala|Heby|Malmö|Lund|Uppsala|Kalmar|Boden|Motala|Falun|Gävle|Mora".split("|")


def test_rows_whose_cells_name_several_values_are_plain(tmp_path: Path, others: list[int]) -> None:
    rows = []
    for place, row in enumerate(kohesio_rows(60)):
        cells = dict(zip(KOHESIO, row, strict=True))
        cells |= {"Region": "", "NUTS2_Label": "", "NUTS3_Code": ("SE110;SE121", "SE121, SE110", "SE110")[place % 3]}
        cells |= {"Category_Of_Intervention": "141.0|142.0", "Specific_Objective_Label": "ESO4.7; ESO4.1"}
        rows.append(cells | {"LAU_Labels": "|".join(_MANY[: place % (len(_MANY) + 1)])})
    with (tmp_path / "list.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, KOHESIO)
        writer.writeheader()
        writer.writerows(rows)
    seen = _mapped(tmp_path / "list.csv", tmp_path, 1, ListMapping(), frozenset())

    assert seen == _mapped(tmp_path / "list.csv", tmp_path, 10**9, ListMapping(), frozenset())
    assert others == []
    assert {"SE110", "SE121", "1981", "2062"} <= seen[7]


def _opening(width: int) -> Opening:
    field: Any = SimpleNamespace(kind="phrase", name="projectPhase")
    table = Table("", 1, tuple(Column(place, "h", field, None) for place in range(width)), width, "list")
    return Opening("utf-8", ",", table, 2, Batch(table, [], []))


def _one_by_one(data: bytes, width: int) -> list[tuple[int, list[str]]] | None:
    try:
        found = list(stretches(data, "utf-8", ",", width, 7))
    except IrregularSection:
        return None
    return [pair for each in found for pair in zip(each.numbers, each.rows, strict=True)]


_CELL = st.one_of(
    st.text("aé #", max_size=4),
    st.lists(st.sampled_from(["a", "é", ",", '""', "\n", "\r\n", " "]), max_size=4).map(
        lambda each: f'"{"".join(each)}"'
    ),
    st.sampled_from(['a"', 'a""b', '"a"b', '""', "\r", "\0"]),
)


@settings(max_examples=150, deadline=None)
@given(st.data(), st.integers(1, 3), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_a_section_read_by_columns_has_the_rows_of_one_read_by_rows(
    data: st.DataObject, width: int, end: str, ended: bool
) -> None:
    rows = data.draw(st.lists(st.lists(_CELL, min_size=width, max_size=width + 1), min_size=1, max_size=4))
    text = end.join(",".join(row[: width + (len(rows) == 3)]) for row in rows) + (end if ended else "")
    found = section.columns(text.encode(), _opening(width), 7)

    if found is not None:
        batch = found.at(range(len(found)))
        assert list(zip(batch.numbers, batch.rows, strict=True)) == _one_by_one(text.encode(), width)


def test_a_section_that_is_quoted_regularly_is_read_by_columns() -> None:
    found = section.columns(b'a,"b, ""c""\n1"\r\nd,\r\n', _opening(2), 7)

    assert found is not None
    assert list(found.numbers) == [7, 9]
    assert found.frame.rows() == [("a", 'b, "c"\n1'), ("d", "")]


def _told(series: pl.Series, cells: list[str]) -> Iterator[tuple[str, str]]:
    return ((cell, text) for cell, text in zip(cells, series.to_list(), strict=True) if text is not None)


@given(st.lists(st.text('aé <&>"\\@(0123456789-–\u0301\u00a0\n;t)', max_size=12), min_size=1))
def test_a_text_that_is_called_plain_needs_no_cleaning(cells: list[str]) -> None:
    cells = [cell.strip() for cell in cells]
    for cell, text in _told(plain_cells.texts(pl.Series(cells, dtype=pl.String)), cells):
        assert (plain_text(cell), may_be_personal(cell), escaped(cell)) == (cell, False, text)


_AMOUNTS = st.lists(st.text("0123 ", min_size=1, max_size=6), min_size=1), st.sampled_from(["", ".0", ".5", ".10", "."])


@settings(max_examples=50)
@given(*_AMOUNTS)
def test_an_amount_that_is_called_plain_is_canonical(whole: list[str], fraction: str) -> None:
    cells = [each + fraction for each in whole]
    for cell, text in _told(plain_cells.amounts(pl.Series(cells), zero_is_nothing=False), cells):
        assert [text] == decimals([Decimal(cell.replace(" ", ""))])
