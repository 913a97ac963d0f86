"""What is read a column or a stretch at a time is what reading cell by cell and row by row gives."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.sources import table_csv
from kg.sources.table_csv import CsvRows
from kg.sources.table_keys import Home, Keys
from kg.sources.table_values import Addresses, Amounts
from tests.tables.reading import mapping, terms

AMOUNTS = st.sampled_from(
    ["1", "12.50", "1 000", "1\u00a0000 000", "-1", "1,5", "7 kr", "", "x", "1\n2", "12.345", "٣"]
)
ADDRESSES = st.sampled_from(
    ["https://example.org/Q1", "https://example.org/é", "https://e.org/e\u0301", " ", "Q1", "a\nb"]
)
CODES = st.sampled_from(["22-045-S01", "2018/00076", "22-045-S01\n22-046-S02", "POWR/1", "", "22-045-S01 "])
HOMES = st.sampled_from(
    [
        Home(None, None, None),
        Home("2021SE05SFPR", None, "SWE"),
        Home(None, "2014PL05M9OP001", None),
        Home(None, None, "POL"),
    ]
)


@given(st.lists(AMOUNTS), st.sampled_from(["totalBudget", "totalCost"]))
def test_amounts_of_a_column_are_those_of_its_cells(cells: list[str], name: str) -> None:
    one_by_one = Amounts(name, cells)

    assert Amounts(name, cells).column(cells) == [one_by_one[cell] for cell in cells]


@given(st.lists(ADDRESSES))
def test_addresses_of_a_column_are_those_of_its_cells(cells: list[str]) -> None:
    one_by_one = Addresses()

    assert Addresses().column(cells) == [one_by_one[cell] for cell in cells]


@given(st.lists(st.tuples(CODES, HOMES)))
def test_keys_of_a_column_are_those_of_its_codes(operations: list[tuple[str, Home]]) -> None:
    keys = Keys(terms(), mapping().codes, "list")

    assert keys.keys([code for code, _ in operations], [home for _, home in operations]) == [
        keys.key(code, home) for code, home in operations
    ]


@settings(max_examples=50)
@given(st.lists(st.lists(st.sampled_from(["a", "", "x\ny", "\r\n", 'q"q', ",;"]), min_size=1, max_size=3), max_size=60))
def test_rows_of_several_lines_keep_their_line_numbers(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]
) -> None:
    written = io.StringIO(newline="")
    csv.writer(written, lineterminator="\n").writerows(rows)
    path = tmp_path_factory.mktemp("rows") / "rows.csv"
    path.write_bytes(written.getvalue().encode())
    expected, reader, number = [], csv.reader(io.StringIO(written.getvalue(), newline="\n")), 1
    for cells in reader:
        expected.append((number, cells))
        number = reader.line_num + 1

    assert [(row.number, row.cells) for row in CsvRows(path, "utf-8", ",")] == expected


def test_stretches_are_short_until_the_width_can_be_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_csv, "ROWS_AT_ONCE", 30)
    path = tmp_path / "rows.csv"
    path.write_text("sep=;\n" + "1;2\n" * 100, "utf-8")

    sizes = [len(stretch.rows) for stretch in CsvRows(path, "utf-8", ";").stretches()]

    assert sizes[:2] == [table_csv.HEAD_ROWS - 1, 1]
    assert max(sizes[2:]) == 30
    assert sum(sizes) == 100
