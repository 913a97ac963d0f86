"""CSV files are read as the csv module reads them, and a broken row does not take the others with it."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.sources.table_csv import MOST_BROKEN_ROWS, CsvRows, Row, UnreadableTable, encoding_of

_CELL = st.text(st.sampled_from('ab"",;\n\r\t åé1'), max_size=8)


def _file(tmp_path: Path, content: str | bytes) -> Path:
    path = tmp_path / "list.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def _rows(path: Path, width: int | None = None, encoding: str = "utf-8", delimiter: str = ",") -> list[Row]:
    rows = CsvRows(path, encoding, delimiter)
    rows.width = width
    return list(rows)


@given(st.lists(st.lists(_CELL, min_size=3, max_size=3), min_size=1, max_size=8), st.sampled_from((0, 1)))
def test_every_file_that_the_csv_module_writes_is_read_as_the_csv_module_reads_it(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], quoting: int
) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL if quoting else csv.QUOTE_MINIMAL).writerows(rows)
    path = tmp_path_factory.mktemp("csv") / "list.csv"
    path.write_text(text.getvalue(), encoding="utf-8", newline="")

    assert [row.cells for row in _rows(path, 3)] == rows


def test_rows_know_the_line_on_which_they_begin(tmp_path: Path) -> None:
    path = _file(tmp_path, 'a,b\n"x\ny\nz",1\n\n2,3\n')

    assert [(row.number, row.cells) for row in _rows(path)] == [
        (1, ["a", "b"]),
        (2, ["x\ny\nz", "1"]),
        (5, []),
        (6, ["2", "3"]),
    ]


def test_a_quotation_mark_left_open_costs_one_row(tmp_path: Path) -> None:
    path = _file(tmp_path, 'a,b,c\n1,"open,2\n2,x,"y\nz"\n3,4,5\n6,"7,8\n9,10,11\n')
    rows = _rows(path, 3)

    assert [row.number for row in rows if row.problem == "broken-quoting"] == [2, 6]
    assert [row.cells for row in rows if not row.problem] == [
        ["a", "b", "c"],
        ["2", "x", "y\nz"],
        ["3", "4", "5"],
        ["9", "10", "11"],
    ]


def test_quotation_marks_left_open_everywhere_end_the_reading(tmp_path: Path) -> None:
    path = _file(tmp_path, "a,b\n" + '1,"x,\n' * 2 * (MOST_BROKEN_ROWS + 2))

    with pytest.raises(UnreadableTable, match="delimiter") as caught:
        _rows(path, 2)
    assert caught.value.rule == "broken-quoting"


def test_a_byte_that_does_not_fit_names_its_line(tmp_path: Path) -> None:
    path = _file(tmp_path, b"Namn,Ort\nBro,Lund\n" + "Väg,Åmål\n".encode("cp1252"))

    with pytest.raises(UnreadableTable, match="cp1252") as caught:
        _rows(path)
    assert (caught.value.rule, caught.value.line, caught.value.value) == ("wrong-encoding", 3, "byte 0xe4")


@pytest.mark.parametrize(
    ("encoding", "bom", "declared"),
    [
        ("utf-8", b"", None),
        ("utf-8", b"\xef\xbb\xbf", None),
        ("utf-16-le", b"\xff\xfe", None),
        ("cp1252", b"", "cp1252"),
    ],
)
def test_the_encoding_is_the_one_of_the_mark_or_the_declared_one(
    tmp_path: Path, encoding: str, bom: bytes, declared: str | None
) -> None:
    path = _file(tmp_path, bom + "Namn;Ort\r\nVäg;Åmål\r\n".encode(encoding))
    found = encoding_of(path, declared)

    assert [row.cells for row in _rows(path, 2, found, ";")] == [["Namn", "Ort"], ["Väg", "Åmål"]]


def test_the_line_that_tells_excel_the_delimiter_is_no_row(tmp_path: Path) -> None:
    assert [row.cells for row in _rows(_file(tmp_path, "sep=;\na;b\n"), None, "utf-8", ";")] == [["a", "b"]]
