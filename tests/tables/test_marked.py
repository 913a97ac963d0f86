"""Cells as spreadsheets and programs write them: marks of texts, shortened numbers, exponents, other currencies."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from tests.tables.reading import read


def _amounts(path: Path, *amounts: str, heading: str = "Total projektbudget SEK") -> Path:
    rows = [f"23-154-S{number:02d};B;{amount}" for number, amount in enumerate(amounts, start=1)]
    path.write_text("\n".join([f"Diarienummer;Namn;{heading}", *rows]) + "\n", encoding="utf-8")
    return path


def test_marks_that_keep_a_text_from_being_reckoned_with_are_no_part_of_it(tmp_path: Path) -> None:
    path = tmp_path / "l.csv"
    path.write_text(
        "Diarienummer;Namn;Projektägare;Organisationsnummer;Postnummer;Startdatum\n"
        '="23-166-S01";="Ett";="Malmö kommun";="2120001124";="211 20";="2023-01-01"\n'
        "'23-166-S02;'t Veld;Umeå kommun;'212000-2627;'901 84;'2023-01-01\n",
        encoding="utf-8",
    )
    found = read(path)

    assert found.rules == []
    assert [project.key for project in found.projects] == ["23-166-S01", "23-166-S02"]
    assert [project.value("title") for project in found.projects] == ["Ett", "'t Veld"]
    assert [project.owner.number for project in found.projects if project.owner] == ["2120001124", "2120002627"]
    assert [project.value("beneficiaryPostcode") for project in found.projects] == ["21120", "90184"]
    assert [str(project.value("startDate")) for project in found.projects] == ["2023-01-01"] * 2


def test_amounts_with_an_exponent_are_read_where_all_digits_are_there(tmp_path: Path) -> None:
    found = read(_amounts(tmp_path / "l.csv", "4.973906E6", "1e+05", "1,5E+06", "4’973’906.50"))

    assert [project.value("totalBudget") for project in found.projects] == [
        Decimal(4973906),
        Decimal(100000),
        None,
        Decimal("4973906.50"),
    ]
    assert found.rules == [("shortened-number", 4, "1,5E+06")]


def test_an_amount_in_another_currency_than_its_heading_says_is_left_out(tmp_path: Path) -> None:
    found = read(_amounts(tmp_path / "l.csv", "1 234 567 EUR", "5 kr"))
    crowns = read(_amounts(tmp_path / "d.csv", "5 kr", "6 EUR", heading="Total budget DKK"))

    assert [project.value("totalBudget") for project in found.projects] == [None, Decimal(5)]
    assert found.rules == [("contradicting-currency", 2, "1 234 567 EUR")]
    assert crowns.rules == [("contradicting-currency", 3, "6 EUR")]


def test_three_decimals_behind_a_nought_are_no_thousands(tmp_path: Path) -> None:
    path = _amounts(tmp_path / "l.csv", "0,4", "1", "0,675", heading="Unionens medfinansieringsgrad")

    rates = [project.value("coFinancingRate") for project in read(path).projects]
    assert rates == [Decimal("0.4"), Decimal(1), Decimal("0.675")]


def test_the_words_of_the_regulation_are_headings_in_swedish(tmp_path: Path) -> None:
    cells = {
        "Unik kod för insatsen": "23-169-S01",
        "Stödmottagarens namn": "Malmö kommun",
        "Insatsens namn": "Ett",
        "Insatsens syfte och dess förväntade eller faktiska resultat": "Arbete åt fler.",
        "Startdatum för insatsen": "2023-01-01",
        "Förväntat eller faktiskt slutdatum för insatsen": "2024-12-31",
        "Totala stödberättigande utgifter som tilldelats insatsen (SEK)": "7",
        "Unionens medfinansieringsgrad per prioriterat område": "40 %",
        "Insatsens postnummer": "211 20",
        "Namn på insatskategori för insatsen": "117",
    }
    path = tmp_path / "l.csv"
    path.write_text(f"{';'.join(cells)}\n{';'.join(cells.values())}\n", encoding="utf-8")
    found = read(path)

    assert found.rules == []
    assert [project.text for project in found.projects] == ["Arbete åt fler."]
    assert {fact.name for fact in found.projects[0].facts} >= {
        "startDate", "endDate", "totalBudget", "coFinancingRate", "beneficiaryPostcode", "interventionField",
    }  # fmt: skip
