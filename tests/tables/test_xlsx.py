"""A spreadsheet can neither fill the memory nor bring in what it does not hold."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Literal

import openpyxl
import pytest

from kg.errors import InputError
from kg.sources import table_xlsx
from kg.sources.table_csv import UnreadableTable
from tests.tables.reading import mapping_of, read, write_xlsx

ROWS: tuple[list[object], ...] = (["Diarienummer", "Namn", "Total budget SEK"], ["22-045-S01", "Väg", 500])


def _changed(path: Path, change: dict[str, bytes]) -> Path:
    """Write the workbook again with some parts replaced or added."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()} | change
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def _refused(path: Path) -> str:
    with pytest.raises(UnreadableTable) as caught:
        read(path)
    return caught.value.rule


def test_a_part_that_unpacks_to_far_more_than_its_size_is_refused(tmp_path: Path) -> None:
    path = _changed(write_xlsx(tmp_path / "bomb.xlsx", *ROWS), {"xl/media/picture.bin": bytes(30_000_000)})

    assert _refused(path) == "unpacks-too-large"


def test_a_workbook_that_unpacks_to_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_xlsx, "LARGEST_UNPACKED", 5_000)

    assert _refused(write_xlsx(tmp_path / "large.xlsx", *ROWS)) == "unpacks-too-large"


def test_a_cell_at_the_far_end_of_an_empty_sheet_is_refused(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "far.xlsx", *ROWS)
    with zipfile.ZipFile(path) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    far = b'<row r="1048576"><c r="XFD1048576" t="n"><v>1</v></c></row></sheetData>'
    _changed(path, {"xl/worksheets/sheet1.xml": sheet.replace(b"</sheetData>", far)})

    assert _refused(path) == "unpacks-too-large"


def test_a_document_type_is_refused(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "type.xlsx", *ROWS)
    with zipfile.ZipFile(path) as archive:
        book = archive.read("xl/workbook.xml")
    entities = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>'
    at = book.index(b"<workbook")
    _changed(path, {"xl/workbook.xml": book[:at] + entities + book[at:]})

    assert _refused(path) == "damaged-spreadsheet"


@pytest.mark.parametrize(
    ("name", "content", "rule"),
    [
        ("x.xlsx", b"", "empty-file"),
        ("x.xlsx", b"PK\x03\x04 broken", "damaged-spreadsheet"),
        ("x.xlsx", b"Diarienummer,Namn\n", "other-format"),
        ("x.xlsm", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "other-format"),
        ("x.xls", b"anything", "other-format"),
        ("x.csv", b"PK\x03\x04 broken", "other-format"),
        ("x.csv", b"\x1f\x8b packed", "other-format"),
        ("x.csv", b"%PDF-1.7", "other-format"),
        ("x.csv", b"<!DOCTYPE html><title>404</title>", "other-format"),
        ("x.csv", b"Diarienummer;Namn\r22-045-S01;Ett\r", "old-line-ends"),
        ("x.csv", b"\xef\xbb\xbf\n", "empty-file"),
    ],
)
def test_what_is_no_list_is_refused_by_what_it_is(tmp_path: Path, name: str, content: bytes, rule: str) -> None:
    (tmp_path / name).write_bytes(content)

    assert _refused(tmp_path / name) == rule


def test_formulas_are_never_computed_and_reported_where_no_result_is_stored(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "f.xlsx", *ROWS, ["22-046-S01", '=HYPERLINK("https://example.org")', "=1+1"])
    found = read(path)

    assert [project.value("totalBudget") for project in found.projects] == [500, None]
    assert [rule for rule in found.rules if rule[0] == "formula-without-result"] == [
        ("formula-without-result", 3, "")
    ] * 2


def test_links_to_other_files_are_reported_and_not_followed(tmp_path: Path) -> None:
    link = b'<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
    path = _changed(write_xlsx(tmp_path / "l.xlsx", *ROWS), {"xl/externalLinks/externalLink1.xml": link})
    found = read(path)

    assert len(found.projects) == 1
    assert found.rules == [("external-links", 0, "1")]


def test_every_sheet_with_headings_is_read_and_the_others_are_named(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheets: dict[str, tuple[list[object], ...]] = {"Om": (["Läs mig"],), "A": ROWS}
    sheets["B"] = (ROWS[0], ["22-046-S01", "Bro", 7])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    del book["Sheet"]
    hidden = book.create_sheet("Dold")
    hidden.append(ROWS[0])
    hidden.append(["22-047-S01", "Dold", 7])
    hidden.sheet_state = "hidden"
    book.save(tmp_path / "s.xlsx")
    found = read(tmp_path / "s.xlsx")

    assert [project.key for project in found.projects] == ["22-045-S01", "22-046-S01"]
    assert [(notice.rule, notice.message.split(":")[0]) for notice in found.notices] == [
        ("hidden-sheet", "sheet 'Dold'"),
        ("sheet-without-headings", "sheet 'Om'"),
    ]
    only = read(tmp_path / "s.xlsx", mapping_of(tmp_path, "[file]\nsheet = 'B'"))
    assert [project.key for project in only.projects] == ["22-046-S01"]
    with pytest.raises(InputError, match="there are Om, A, B"):
        read(tmp_path / "s.xlsx", mapping_of(tmp_path, "[file]\nsheet = 'C'"))


def test_a_table_need_not_begin_in_the_first_cell(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row, cells in enumerate(ROWS, start=4):
        for column, cell in enumerate(cells, start=3):
            sheet.cell(row, column, str(cell))
    book.save(tmp_path / "p.xlsx")
    found = read(tmp_path / "p.xlsx")

    assert [(project.key, project.facts[0].line) for project in found.projects] == [("22-045-S01", 5)]


def _with_hidden(path: Path, state: Literal["hidden", "veryHidden"]) -> Path:
    book = openpyxl.Workbook()
    for title, number in (("Projekt", "22-045-S01"), ("Gamla", "22-046-S01")):
        page = book.create_sheet(title)
        page.append(["Diarienummer", "Namn"])
        page.append([number, "Väg"])
    del book["Sheet"]
    book["Gamla"].sheet_state = state
    book.save(path)
    return path


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_sheet_is_left_out_with_a_word_and_read_when_named(
    tmp_path: Path, state: Literal["hidden", "veryHidden"]
) -> None:
    path = _with_hidden(tmp_path / "hidden.xlsx", state)
    seen, named = read(path), read(path, mapping_of(tmp_path, '[file]\nsheet = "Gamla"\n'))

    assert [project.key for project in seen.projects] == ["22-045-S01"]
    assert [(notice.rule, notice.message) for notice in seen.notices] == [
        ("hidden-sheet", "sheet 'Gamla': the sheet is hidden and was left out (a mapping file can name it)")
    ]
    assert [project.key for project in named.projects] == ["22-046-S01"]
    assert named.notices == ()
