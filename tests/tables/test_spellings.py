"""Headings over two rows or in two languages, days, and encodings are read as managing authorities print them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from kg.sources.table_csv import UnreadableTable
from tests.tables.reading import read, write_text

_Rows = Sequence[Sequence[object]]
_ROW = ["22-045-S01", "Väg", "2023-01-01", "2023-12-31", 100, 40]


def _merged(path: Path, rows: _Rows, *merged: str) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    for cells in merged:
        sheet.merge_cells(cells)
    book.save(path)
    return path


@pytest.mark.parametrize(
    ("rows", "merged"),
    [
        (
            [
                ["Diarienummer", "Namn på insatsen", "Period", None, "Ekonomi", None],
                [None, None, "Startdatum", "Slutdatum", "Total budget SEK", "EU-stöd SEK"],
                _ROW,
            ],
            ["A1:A2", "B1:B2", "C1:D1", "E1:F1"],
        ),
        (
            [
                ["Projektlista"],
                [],
                ["Diarienummer", "Namn", "Projektperiod", None, "Total budget", "EU-stöd"],
                [None, None, "Start", "Slut", "SEK", "SEK"],
                _ROW,
            ],
            ["A3:A4", "B3:B4", "C3:D3"],
        ),
        (
            [
                ["Projekt", None, "Period", None, "Belopp (SEK)", None],
                ["Diarienummer", "Namn", "Startdatum", "Slutdatum", "Total budget SEK", "EU-stöd SEK"],
                [1, 2, 3, 4, 5, 6],
                _ROW,
            ],
            ["A1:B1", "C1:D1", "E1:F1"],
        ),
    ],
)
def test_headings_that_are_merged_over_columns_or_rows_are_put_together(
    tmp_path: Path, rows: _Rows, merged: Sequence[str]
) -> None:
    found = read(_merged(tmp_path / "merged.xlsx", rows, *merged))
    (project,) = found.projects

    assert found.rules == []
    assert project.key == "22-045-S01"
    assert {fact.name: fact.value for fact in project.facts if fact.name != "identifier"} == {
        "title": "Väg",
        "startDate": date(2023, 1, 1),
        "endDate": date(2023, 12, 31),
        "totalBudget": Decimal(100),
        "euContribution": Decimal(40),
        "currency": "SEK",
    }


def test_a_row_of_values_is_no_second_row_of_headings(tmp_path: Path) -> None:
    rows = (("Diarienummer", "Namn", "Region", ""), ("22-045-S01", "Väg", "Region", "Startdatum"))

    assert [project.value("title") for project in read(write_text(tmp_path / "list.csv", *rows)).projects] == ["Väg"]


def test_headings_in_two_languages_with_little_between_them_are_known(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(
        "Numer umowy/ Number of the deed;Nazwa beneficjenta beneficiary name;Tytuł projektu/ Project name;"
        "Wartość projektu (zł)/ Total project value (PLN);Poziom unijnego dofinansowania w %/ Union co-financing rate (%)\n"
        "FE.01/24;Gmina Północ;Praca;1 200 000,50;85,00\n",
        "utf-8",
    )
    found = read(path)
    (project,) = found.projects

    assert {rule for rule, _, _ in found.rules} == {"half-known-heading"}
    assert [project.value(name) for name in ("title", "totalCost", "currency", "coFinancingRate")] == [
        *("Praca", Decimal("1200000.50"), "PLN", Decimal("0.85"))
    ]
    assert project.owner is not None
    assert project.language == "pl"


def test_a_list_that_names_no_country_is_in_the_language_of_its_headings(tmp_path: Path) -> None:
    finnish = ("Koodi", "Hankkeen nimi", "Aloituspvm", "Päättymispvm", "Toteuttajan nimi", "Tila")
    other = read(write_text(tmp_path / "fi.csv", finnish, ("A1", "Työ", "1.1.2015", "31.12.2016", "Keskus", "x")))
    ours = read(write_text(tmp_path / "sv.csv", ("Diarienummer", "Namn", "Startdato"), ("22-045-S01", "Väg", "")))

    assert [project.language for project in (*other.projects, *ours.projects)] == ["fi", "sv"]


@pytest.mark.parametrize(
    "day",
    "1 mars 2023|den 1 mars 2023|March 1, 2023|Mar 1st, 2023|1st March 2023|1. März 2023|1. marts 2023|1 marca 2023|"
    "1. maaliskuuta 2023|1er mars 2023|1 de marzo de 2023|1 maart 2023|2023-03-01T00:00:00Z|2023-03-01 00:00:00|44986|"
    "44986.5|20230301|1/3/2023|1.3.2023|01.03.23|2023/3/1|01\u201103\u20112023".split("|"),
)
def test_a_day_is_read_in_every_spelling(tmp_path: Path, day: str) -> None:
    rows = (("Diarienummer", "Namn", "Startdatum"), ("22-045-S01", "Väg", day))
    found = read(write_text(tmp_path / "list.csv", *rows, delimiter=";"))

    assert found.projects[0].value("startDate") == date(2023, 3, 1)
    assert found.rules == []


def test_the_month_comes_first_where_a_column_can_be_read_only_so(tmp_path: Path) -> None:
    def days(*cells: str) -> list[object]:
        rows = [(f"22-045-S{place:02}", cell) for place, cell in enumerate(cells)]
        path = write_text(tmp_path / "days.csv", ("Diarienummer", "Startdatum"), *rows)
        return [project.value("startDate") for project in read(path).projects]

    assert days("03/01/2023", "03/31/2023") == [date(2023, 3, 1), date(2023, 3, 31)]
    assert days("03/01/2023", "31/03/2023") == [date(2023, 1, 3), date(2023, 3, 31)]
    assert days("03/01/2023", "03/31/2023", "31/03/2023") == [date(2023, 1, 3), None, date(2023, 3, 31)]


@pytest.mark.parametrize(
    ("encoding", "name"), [("cp1252", "Åmåls kommun – “kontoret”"), ("cp1250", "Żółć Łódź śląska")]
)
def test_an_encoding_of_windows_is_taken_where_it_makes_sense_and_told(
    tmp_path: Path, encoding: str, name: str
) -> None:
    rows = (("Diarienummer", "Namn"), ("22-045-S01", name))
    found = read(write_text(tmp_path / "list.csv", *rows, encoding=encoding))

    assert found.projects[0].value("title") == name
    assert found.rules == [("guessed-encoding", 0, encoding)]


def test_bytes_that_make_sense_in_no_encoding_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(b"Diarienummer,Namn\n22-045-S01,V\x81\xa4\xbcg\n")

    with pytest.raises(UnreadableTable) as caught:
        read(path)
    assert (caught.value.rule, caught.value.line) == ("wrong-encoding", 2)


@pytest.mark.parametrize(
    ("printed", "amount"),
    [
        ("1\u2009234\u2009567", "1234567"),
        ("1\u202f234,50", "1234.50"),
        ("1'234'567", "1234567"),
        ("1.234.567,89", "1234567.89"),
        ("SEK 1 234", "1234"),
        ("1 234 567:-", "1234567"),
        ("1234567,-", "1234567"),
    ],
)
def test_an_amount_is_read_in_every_spelling(tmp_path: Path, printed: str, amount: str) -> None:
    rows = (("Diarienummer", "Namn", "Total budget SEK"), ("22-045-S01", "Väg", printed))
    found = read(write_text(tmp_path / "list.csv", *rows, delimiter=";"))

    assert found.projects[0].value("totalBudget") == Decimal(amount)
    assert found.rules == []
