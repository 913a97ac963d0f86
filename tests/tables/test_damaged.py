"""Lists that are damaged in places, and workbooks of the strict kind."""

from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl

from tests.tables.reading import read

_USUAL = (b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
          b"http://schemas.openxmlformats.org/officeDocument/2006/relationships")  # fmt: skip
_STRICT = (b"http://purl.oclc.org/ooxml/spreadsheetml/main", b"http://purl.oclc.org/ooxml/officeDocument/relationships")


def test_rows_with_damaged_letters_are_left_out_and_the_rest_of_the_file_is_kept(tmp_path: Path) -> None:
    rows = ["Diarienummer;Namn", "23-173-S01;Räta", "23-173-S02;Två", "23-173-S03;Tre", "23-173-S04;Slutet på å"]
    lines = [line.encode("cp1252" if "Två" in line else "utf-8") for line in rows]
    (tmp_path / "l.csv").write_bytes(b"\r\n".join(lines)[:-1])
    found = read(tmp_path / "l.csv")

    assert [project.key for project in found.projects] == ["23-173-S01", "23-173-S03"]
    assert [(notice.rule, notice.line, notice.message[-9:]) for notice in found.notices] == [
        ("wrong-encoding", 3, "in 2 rows")
    ]


def test_a_workbook_of_the_strict_kind_is_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["Diarienummer", "Namn", "Total projektbudget SEK"], ["23-147-S01", "Väg", 7]):
        book["Sheet"].append(row)
    book.save(tmp_path / "usual.xlsx")
    with zipfile.ZipFile(tmp_path / "usual.xlsx") as usual, zipfile.ZipFile(tmp_path / "s.xlsx", "w") as strict:
        for part in usual.namelist():
            data = usual.read(part)
            for one, other in zip(_USUAL, _STRICT, strict=True):
                data = data.replace(one, other)
            strict.writestr(part, data)
    found = read(tmp_path / "s.xlsx")

    assert found.rules == []
    assert [(project.key, str(project.value("totalBudget"))) for project in found.projects] == [("23-147-S01", "7")]


def test_letters_that_were_encoded_twice_are_told(tmp_path: Path) -> None:
    text = "Diarienummer;Namn\n23-174-S01;Räta vägen\n"
    (tmp_path / "twice.csv").write_bytes(text.encode().decode("cp1252").encode())
    (tmp_path / "once.csv").write_bytes(text.encode())

    assert read(tmp_path / "twice.csv").rules == [("encoded-twice", 0, "RÃ¤ta")]
    assert read(tmp_path / "once.csv").rules == []
