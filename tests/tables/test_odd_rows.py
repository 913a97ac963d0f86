"""Rows of a list that name no operation: notes, totals, repeated headings, damaged codes; cells of several rows."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import openpyxl
from openpyxl.worksheet.cell_range import CellRange

from tests.tables.reading import read


def _list(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_titles_of_sections_totals_and_notes_are_no_operations(tmp_path: Path) -> None:
    path = _list(
        tmp_path / "l.csv",
        "Dnr;Projektägare;Beviljat ESF-stöd (kr)",
        "Programområde A: Kompetens;;",
        "23-157-S01;Malmö kommun;100",
        "23-157-S02;;",
        "Summa programområde A;;100",
        "Källa: projektbanken;;",
    )
    found = read(path)

    assert [project.key for project in found.projects] == ["23-157-S01", "23-157-S02"]
    assert found.rules == [
        ("lone-cell", 2, "Programområde A: Kompetens"),
        ("total-row", 5, "Summa programområde A"),
        ("lone-cell", 6, "Källa: projektbanken"),
    ]


def test_a_project_without_a_code_may_be_called_like_a_total(tmp_path: Path) -> None:
    path = _list(tmp_path / "l.csv", "Namn;Projektägare", "Summa summarum;Malmö kommun", "Summa stöd;", "Källa: x;")
    found = read(path)

    assert [project.value("title") for project in found.projects] == ["Summa summarum"]
    assert [rule for rule, _, _ in found.rules][1:] == ["total-row", "lone-cell"]


def test_two_operations_whose_codes_a_spreadsheet_has_shortened_never_become_one(tmp_path: Path) -> None:
    rows = ("1,23457E+14;Alfa", "1,23457E+14;Beta", "2.023E14;Gamma")
    found = read(_list(tmp_path / "l.csv", "Operation code;Operation name", *rows))

    assert [project.value("title") for project in found.projects] == ["Gamma"]
    assert found.rules == [("shortened-code", 2, "1,23457E+14")]


def test_a_code_of_more_digits_than_a_spreadsheet_keeps_is_no_code(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["Operation code", "Operation name"], [2023000000000123, "Alfa"], [202300000000012, "Beta"]):
        book["Sheet"].append(row)
    book.save(tmp_path / "l.xlsx")
    found = read(tmp_path / "l.xlsx")

    assert [project.key for project in found.projects] == ["list_202300000000012"]
    assert found.rules == [("shortened-code", 2, "2.02300000000012E+15")]


def test_lists_put_one_behind_the_other_are_read_each_by_its_own_headings(tmp_path: Path) -> None:
    path = _list(
        tmp_path / "l.csv",
        "Diarienummer;Namn;Projektägare",
        "23-155-S01;Ett;Malmö kommun",
        "\ufeffDiarienummer;Namn;Projektägare",
        "23-155-S02;Två;Umeå kommun",
        "Namn;Diarienummer;Projektägare",
        "Tre;23-155-S03;Lunds kommun",
    )
    found = read(path)

    assert [(project.key, project.value("title")) for project in found.projects] == [
        ("23-155-S01", "Ett"),
        ("23-155-S02", "Två"),
        ("23-155-S03", "Tre"),
    ]
    assert [rule for rule, _, _ in found.rules] == ["repeated-headings", "other-headings"]


def test_a_cell_that_is_merged_over_several_rows_stands_in_each_unless_it_is_a_sum(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book["Sheet"]
    sheet.append(["Projektägare", "Diarienummer", "Namn", "Total projektbudget SEK"])
    for row in (["Malmö kommun", "23-177-S01", "Ett", 9], [None, "23-177-S02", "Två"], ["X kommun", "23-177-S03", "3"]):
        sheet.append(row)
    sheet.merge_cells("A2:A3")
    sheet.merge_cells("D2:D3")
    book.save(tmp_path / "l.xlsx")
    found = read(tmp_path / "l.xlsx")

    owners = [project.owner.name if project.owner else "" for project in found.projects]
    assert owners == ["Malmö kommun", "Malmö kommun", "X kommun"]
    assert [project.value("totalBudget") is None for project in found.projects] == [False, True, True]
    assert found.rules == [("merged-cell", 2, "D2:D3")]


def test_an_error_of_a_spreadsheet_is_told_with_its_sign(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book["Sheet"].append(["Diarienummer", "Namn", "Projektägare"])
    book["Sheet"].append(["23-143-S01", "Ett", "#REF!"])
    book["Sheet"]["C2"].data_type = "e"
    book.save(tmp_path / "l.xlsx")

    assert read(tmp_path / "l.xlsx").rules == [("spreadsheet-error", 2, "#REF!")]


def test_a_cell_that_is_merged_over_a_million_rows_takes_no_room(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book["Sheet"]
    for row in (["Projektägare", "Diarienummer", "Namn"], ["Malmö kommun", "23-177-S01", "Ett"], [None, "23-177-S02"]):
        sheet.append(row)
    for column in "AC":
        sheet.merged_cells.add(CellRange(f"{column}2:{column}1048576"))
    book.save(tmp_path / "l.xlsx")
    tracemalloc.start()
    try:
        found = read(tmp_path / "l.xlsx")
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert [project.owner.name if project.owner else "" for project in found.projects] == ["Malmö kommun"] * 2
    assert [project.value("title") for project in found.projects] == ["Ett", "Ett"]
    assert most < 50_000_000
