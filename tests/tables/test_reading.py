"""Lists are read whatever the order, case, language and spelling of their headings and cells."""

from __future__ import annotations

import datetime
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from kg.errors import InputError
from kg.sources.table_csv import UnreadableTable
from kg.sources.table_headings import Headings
from tests.benchmarks.rows import BANK, KOHESIO
from tests.tables.reading import mapping_of, read, terms, write_text, write_xlsx

BANK_ROW: tuple[object, ...] = (
    *("23-017-S01", "LINKÖPINGS KOMMUN", "212000-0449", "LINKÖPING", "Sverige", "Väg in", "A", "A1A", 141.0),
    *("4 973 906", 0.4, 1989562.5, "<p>Mål &amp; medel</p>", "Aims", datetime.datetime(2023, 8, 1), 46234),
    *("ESF+", "2021SE05SFPR001"),
)
KOHESIO_ROW = {
    "Operation_Unique_Identifier": "https://linkedopendata.eu/entity/Q1",
    "Operation_Local_Identifier": "2021SE05SFPR001_23-017-S01",
    "Operation_Name_English": "Way in",
    "Operation_Name_Programme_Language": "Väg in",
    "Country": "Sweden",
    "CountryCode": "SE",
    "Postal_Code": "58220",
    "Operation_Start_Date": "01/08/2023",
    "Operation_End_Date": "31/07/2026",
    "Cofinancing_Rate": "40.0",
    "Total_Eligible_Expenditure_amount": "123456.78",
    "Total_Eligible_Expenditure_Currency": "EUR",
    "Project_EU_Budget": "49382.712",
    "Beneficiary_Name": "Linköpings kommun",
    "Beneficiary_Local_Identifier": "SE212000044901",
    "Category_Of_Intervention": "141.0",
    "Specific_Objective_Label": "ESO4.7",
    "Fund_Code": "ESF+",
    "Programme_Code": "2021SE05SFPR001",
    "NUTS2_Label": "Östra Mellansverige",
    "NUTS3_Code": "SE123",
    "LAU_Labels": "Linköping",
}


def _kohesio(tmp_path: Path, *changes: dict[str, str]) -> Path:
    rows = [[{**KOHESIO_ROW, **change}.get(heading, "") for heading in KOHESIO] for change in changes]
    return write_text(tmp_path / "kohesio.csv", KOHESIO, *rows)


def test_the_spreadsheet_of_the_project_bank_is_read(tmp_path: Path) -> None:
    found = read(write_xlsx(tmp_path / "bank.xlsx", ["Projektlista"], [], BANK, BANK_ROW))
    (project,) = found.projects

    assert found.layouts == {"bank-xlsx"}
    assert found.rules == []
    assert project.key == "23-017-S01"
    assert {fact.name: fact.value for fact in project.facts} == {
        "beneficiaryPlace": "Linköping",
        "coFinancingRate": Decimal("0.4"),
        "country": "SWE",
        "currency": "SEK",
        "endDate": date(2026, 7, 31),
        "euContribution": Decimal("1989562.5"),
        "fieldEnglishDescription": "Aims",
        "fund": "ESF_PLUS",
        "identifier": "23-017-S01",
        "interventionField": "141",
        "programme": "2021SE05SFPR",
        "programmeArea": "A",
        "specificObjective": "A1A",
        "startDate": date(2023, 8, 1),
        "title": "Väg in",
        "totalBudget": Decimal(4973906),
    }
    assert project.text == "Mål & medel"
    assert project.owner is not None
    assert (project.owner.label, project.owner.number) == ("Linköpings kommun", "2120000449")


def test_kohesio_joins_by_programme_and_number(tmp_path: Path) -> None:
    found = read(
        _kohesio(tmp_path, {}, {"Operation_Local_Identifier": "2018/00076", "Programme_Code": "2014SE05M9OP001"})
    )
    newer, older = found.projects

    assert found.layouts == {"kohesio-csv"}
    assert found.rules == []
    assert (newer.key, older.key) == ("23-017-S01", "2018-00076")
    assert newer.value("identifier") == "23-017-S01"
    assert (newer.value("currency"), newer.value("euContribution")) == ("EUR", Decimal("49382.712"))
    assert newer.value("sameAs") == "https://linkedopendata.eu/entity/Q1"
    assert newer.value("region") == "SE12"
    assert older.value("programme") == "2014SE05M9OP001"


def test_operations_of_others_never_take_the_key_of_ours(tmp_path: Path) -> None:
    poland = {"Country": "Poland", "CountryCode": "PL", "Postal_Code": "00-950", "Beneficiary_Local_Identifier": "123"}
    found = read(
        _kohesio(
            tmp_path,
            {**poland, "Operation_Local_Identifier": "2018/00076", "Programme_Code": "2014PL05M9OP001"},
            {**poland, "Operation_Local_Identifier": "2018/00076", "Programme_Code": ""},
            {"Operation_Local_Identifier": "2018/00076", "Programme_Code": "2014SE16RFOP001"},
            {**poland, "Operation_Local_Identifier": "A B", "Programme_Code": "2014PL05M9OP001"},
            {**poland, "Operation_Local_Identifier": "A-B", "Programme_Code": "2014PL05M9OP001"},
        )
    )

    assert [project.key for project in found.projects] == [
        "2014PL05M9OP001_2018~2F00076",
        "POL_2018~2F00076",
        "2014SE16RFOP001_2018~2F00076",
        "2014PL05M9OP001_A~20B",
        "2014PL05M9OP001_A-B",
    ]
    polish, swedish = found.projects[0], found.projects[2]
    assert (polish.language, polish.value("beneficiaryPostcode"), polish.value("programme")) == ("pl", None, None)
    assert polish.owner is not None
    assert polish.owner.number is None
    assert swedish.language == "sv"
    assert {rule for rule, _, _ in found.rules} == {"unknown-programme"}


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize(
    "headings",
    [
        ("Diarienummer", "Namn", "Startdatum", "Projektägare"),
        ("OPERATION_ID", "operation name", "Start Date:", "Name of beneficiary"),
        ("Unique code", "Namn på insatsen\u00a0", "(f) Start date of the operation", "In short: x / Beneficiary name"),
        ("Dnr", "(d) Name of the operation", "Startdatum / Start date", "Stödmottagare/Beneficiary"),
    ],
)
def test_headings_are_known_in_any_order_language_and_form(
    tmp_path: Path, headings: tuple[str, ...], delimiter: str
) -> None:
    cells = ("22-045-S01", "Väg in", "2023-08-01", "Sala kommun")
    for order in ((0, 1, 2, 3), (3, 2, 1, 0), (2, 0, 3, 1)):
        rows = [[row[place] for place in order] for row in (headings, cells)]
        found = read(write_text(tmp_path / "list.csv", *rows, delimiter=delimiter))

        assert {rule for rule, _, _ in found.rules} <= {"half-known-heading"}
        assert [(p.key, p.value("title"), p.value("startDate")) for p in found.projects] == [
            ("22-045-S01", "Väg in", date(2023, 8, 1))
        ]


@pytest.mark.parametrize(
    ("heading", "name", "currency"),
    [
        ("(h) Total cost of the operation in EUR", "totalCost", "EUR"),
        ("Total budget (SEK)", "totalBudget", "SEK"),
        ("EU-stöd i SEK / EU contribution SEK", "euContribution", "SEK"),
        ("Union co-financing rate (%)", "coFinancingRate", None),
        ("Purpose of the operation and its expected or actual achievements", "description", None),
        ("Interventionsområde\nIntervention field", "interventionField", None),
        ("Project_EU_Budget_Currency", "currency", None),
        ("Total budget (tkr)", None, None),
        ("Startdatum / Slutdatum", "fieldPeriod", None),
        ("Start / End date", "fieldPeriod", None),
        ("Start and end date of the operation", "fieldPeriod", None),
        ("Start-/slutdatum", "fieldPeriod", None),
        ("Beneficiary / Beneficiary city", None, None),
        ("Beneficiary - second line", None, None),
    ],
)
def test_a_heading_means_one_field_or_nothing(heading: str, name: str | None, currency: str | None) -> None:
    found = Headings(terms().fields).find(heading)

    assert (found.field.name if found else None) == name
    assert (found.currency if found else None) == currency


def test_a_column_of_both_days_gives_both_and_what_is_no_period_is_reported(tmp_path: Path) -> None:
    rows = (
        ("Diarienummer", "Namn", "Start / End date"),
        ("22-045-S01", "Väg", "2023-08-01 - 2026-07-31"),
        ("22-046-S01", "Bro", "2023-08-01"),
    )
    found = read(write_text(tmp_path / "list.csv", *rows))

    assert [(p.value("startDate"), p.value("endDate")) for p in found.projects] == [
        (date(2023, 8, 1), date(2026, 7, 31)),
        (None, None),
    ]
    assert {(notice.line, notice.value) for notice in found.notices} == {(3, "2023-08-01")}


def test_a_heading_of_which_one_part_is_known_is_read_as_that_and_reported(tmp_path: Path) -> None:
    found = read(write_text(tmp_path / "list.csv", ("Diarienummer", "Namn / Ainm"), ("22-045-S01", "Väg")))

    assert found.projects[0].value("title") == "Väg"
    assert found.rules == [("half-known-heading", 1, "Ainm")]


def test_headings_in_two_rows_and_a_row_of_numbers_are_no_operations(tmp_path: Path) -> None:
    path = write_xlsx(
        tmp_path / "list.xlsx",
        ["Diarienummer", "Namn", "Kostnad", "Startdatum"],
        ["Operation ID", "Operation name", "Total cost (SEK)", "Start date"],
        [1, 2, 3, 4],
        ["22-045-S01", "Väg in", 500, "2023-08-01"],
    )
    (project,) = read(path).projects

    assert (project.value("totalCost"), project.value("currency")) == (Decimal(500), "SEK")


def test_a_rate_of_one_means_what_its_column_says(tmp_path: Path) -> None:
    def rates(*cells: str) -> list[object]:
        rows = [(f"22-045-S{place:02}", cell) for place, cell in enumerate(cells)]
        path = write_text(tmp_path / "rates.csv", ("Diarienummer", "Medfinansieringsgrad"), *rows, delimiter=";")
        return [project.value("coFinancingRate") for project in read(path).projects]

    assert rates("40%", "40.0", "0.4") == [Decimal("0.4")] * 3
    assert rates("0.4", "1") == [Decimal("0.4"), Decimal(1)]
    assert rates("40", "1") == [Decimal("0.4"), Decimal("0.01")]
    assert rates("40", "0.4", "1") == [Decimal("0.4"), Decimal("0.4"), None]
    assert rates("1,0", "0,85") == [Decimal(1), Decimal("0.85")]


def test_a_column_of_amounts_has_one_decimal_sign(tmp_path: Path) -> None:
    def amounts(*cells: str) -> list[object]:
        rows = [(f"22-045-S{place:02}", cell) for place, cell in enumerate(cells)]
        path = write_text(tmp_path / "amounts.csv", ("Diarienummer", "Total budget EUR"), *rows, delimiter=";")
        return [project.value("totalBudget") for project in read(path).projects]

    assert amounts("1234.5", "1.234") == [Decimal("1234.5"), Decimal("1.234")]
    assert amounts("1.234,50", "1.234") == [Decimal("1234.5"), Decimal(1234)]
    assert amounts("1.234.567", "5.678") == [Decimal(1234567), Decimal(5678)]


def test_currencies_are_kept_apart(tmp_path: Path) -> None:
    rows = write_text(
        tmp_path / "list.csv",
        ("Diarienummer", "Total budget SEK", "EU contribution EUR", "Totala kostnader"),
        ("22-045-S01", "1000", "40", "900 kr"),
        ("22-046-S01", "", "40", "€ 90"),
        ("POWR/1", "", "", "90"),
    )
    found = read(rows)

    assert [
        [p.value(n) for n in ("currency", "totalBudget", "euContribution", "totalCost")] for p in found.projects
    ] == [
        ["SEK", Decimal(1000), None, Decimal(900)],
        ["EUR", None, Decimal(40), Decimal(90)],
        [None, None, None, None],
    ]
    assert found.rules == [("second-currency", 2, ""), ("no-currency", 4, "")]


def test_kohesio_gives_amounts_in_euro_where_nothing_says_so(tmp_path: Path) -> None:
    head = ("Operation_Local_Identifier", "CountryCode", "Project_EU_Budget", "Total_Eligible_Expenditure_Currency")
    rows = (("2018/00076", "SE", "40", ""), ("POWR/1", "PL", "90", ""), ("POWR/2", "PL", "70", "PLN"))
    found = read(write_text(tmp_path / "list.csv", head, *rows))

    assert [project.value("currency") for project in found.projects] == ["EUR", "EUR", "PLN"]
    assert found.rules == []


def test_what_fails_is_reported_with_row_column_and_value_and_the_rest_is_kept(tmp_path: Path) -> None:
    path = write_xlsx(
        tmp_path / "list.xlsx",
        ["Diarienummer", "Namn", "Startdatum", "Slutdatum", "Total budget SEK", "Okänd"],
        ["22-045-S01", "Väg", "2023-02-30", "#N/A", "-5", "x"],
        ["22-046-S01", "Bro", "2024-01-01", "2023-01-01", "12", "x"],
        [None, "Summa", None, None, 12, None],
        [None, None, None, None, None, None],
    )
    found = read(path)

    assert [project.key for project in found.projects] == ["22-045-S01", "22-046-S01"]
    assert found.projects[1].value("totalBudget") == Decimal(12)
    assert found.rules == [
        ("unknown-column", 1, "Okänd"),
        ("spreadsheet-error", 2, "#N/A"),
        ("impossible-date", 2, "2023-02-30"),
        ("negative-amount", 2, "-5"),
        ("period-reversed", 3, "2024-01-01 - 2023-01-01"),
        ("no-identifier", 4, ""),
    ]
    assert "sheet 'Projekt', column 'Startdatum'" in found.notices[2].message


def test_the_same_fault_is_told_once_with_its_number(tmp_path: Path) -> None:
    rows = [(f"22-045-S{place:02}", "Atlantis") for place in range(50)]
    found = read(write_text(tmp_path / "list.csv", ("Diarienummer", "Region"), *rows))

    assert found.rules == [("unknown-region", 2, "Atlantis")]
    assert found.notices[0].message.endswith("in 50 rows")


def test_natural_persons_and_personal_columns_are_counted_and_never_kept(tmp_path: Path) -> None:
    path = write_text(
        tmp_path / "list.csv",
        ("Diarienummer", "Namn", "Stödmottagare", "Organisationsnummer", "E-post", "Sammanfattning"),
        ("22-045-S01", "Väg", "Kim Exempelsson", "850101-1234", "kim@example.se", "Kim Exempelsson driver en firma."),
        ("22-046-S01", "Bro", "Sala kommun", "2120002098", "", "Ring 070-123 45 67."),
    )
    found = read(path)
    kept = repr(found.projects) + repr(found.notices)

    assert found.personal == 2 + 1 + 1 + 1
    assert found.projects[0].owner is None
    assert "Exempelsson" not in kept
    assert "850101" not in kept
    assert "070-123" not in kept
    assert ("person-number", 2, "") in found.rules


@pytest.mark.parametrize("number", ["212000-3005", "SE212000300501", "162120003005", "2120003005", "212000 3005"])
def test_organisation_numbers_are_read_in_every_form(tmp_path: Path, number: str) -> None:
    headings = ("Diarienummer", "Projektägare", "Organisationsnummer")
    (project,) = read(write_text(tmp_path / "l.csv", headings, ("22-045-S01", "Haninge", number))).projects

    assert project.owner is not None
    assert project.owner.number == "2120003005"


def test_a_list_without_codes_keeps_its_operations_apart_and_to_itself(tmp_path: Path) -> None:
    path = write_text(
        tmp_path / "list.csv",
        ("Operation name", "Beneficiary name", "Operation start date"),
        ("Support", "Sala kommun", "2015-01-01"),
        ("Support", "Heby kommun", "2015-01-01"),
    )
    found = read(path)

    assert len({project.key for project in found.projects}) == 2
    assert all(project.key.startswith("list_") for project in found.projects)
    assert found.rules == [("no-identifier-column", 1, "")]


def test_rows_with_the_wrong_number_of_cells_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("Diarienummer,Namn\n22-045-S01,Väg\n22-046-S01\n22-047-S01,Bro,,\n22-048-S01,Bro,x\n", "utf-8")
    found = read(path)

    assert [project.key for project in found.projects] == ["22-045-S01", "22-047-S01"]
    assert found.rules == [("ragged-row", 3, "1 cells: 22-046-S01"), ("ragged-row", 5, "3 cells: 22-048-S01")]


@pytest.mark.parametrize("word", ["Totalt", "SUMME", "Grand total", "Yhteensä", "I alt"])
def test_a_row_that_sums_up_the_others_is_no_operation(tmp_path: Path, word: str) -> None:
    path = tmp_path / "list.csv"
    path.write_text(f"Diarienummer,Namn,Total cost SEK\n22-045-S01,Väg,100\n{word},,100\n", "utf-8")
    found = read(path)

    assert [project.key for project in found.projects] == ["22-045-S01"]
    assert found.rules == [("total-row", 3, word)]
    assert "column 'Diarienummer'" in found.notices[0].message


def test_a_column_that_stands_twice_is_told(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("Diarienummer,Namn,Startdatum,Startdatum\n22-045-S01,Väg,2023-01-01,2024-01-01\n", "utf-8")
    found = read(path)

    assert [(rule, line) for rule, line, _ in found.rules] == [("second-column", 1)]
    assert found.projects[0].value("startDate") == date(2023, 1, 1)


def test_the_first_row_below_headings_in_two_languages_is_a_row(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(
        "Kod 1 / code of operation;Name des Begünstigten / name of beneficiary;Bezeichnung / operation name;"
        "Datum des Beginns/ operation start date;Betrag der förderfähigen Ausgaben / total eligible expenditure (EUR)\n"
        "P1;Stadt Nord;Weg;2016-01-01;450000.50\n",
        "utf-8",
    )
    (project,) = read(path).projects

    assert (project.value("title"), project.value("startDate")) == ("Weg", date(2016, 1, 1))
    assert project.value("totalBudget") == Decimal("450000.50")


@pytest.mark.parametrize(
    ("above", "currency", "rules"),
    [
        ("Alla belopp i EUR", "EUR", []),
        ("All amounts in thousand EUR", None, ["amounts-in-thousands"]),
        ("List of EUR 5m programmes", None, ["no-currency"]),
    ],
)
def test_what_is_said_above_the_headings_holds_for_all_amounts(
    tmp_path: Path, above: str, currency: str | None, rules: list[str]
) -> None:
    path = tmp_path / "list.csv"
    path.write_text(f"{above};;\n;;\nOperation ID;Operation name;Total cost\nIE-1;Way;1000\n", "utf-8")
    found = read(path)

    assert found.projects[0].value("currency") == currency
    assert found.projects[0].value("totalCost") == (Decimal(1000) if currency else None)
    assert [rule for rule, *_ in found.rules] == rules


def test_a_quotation_mark_left_open_in_the_first_rows_costs_its_own_row_only(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text('Diarienummer;Namn;Region\n22-1-S1;"Väg;SE11\n22-045-S02;Bro;SE11\n22-045-S03;Bro;SE11\n', "utf-8")
    found = read(path)

    assert [project.key for project in found.projects] == ["22-045-S02", "22-045-S03"]
    assert [(rule, line) for rule, line, _ in found.rules] == [("broken-quoting", 2)]


def test_the_title_above_the_headings_is_no_group_of_columns(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(
        "Verzeichnis der Vorhaben;;\n1. Name des Begünstigten 1);2. Bezeichnung des Vorhabens²;16. Vorhabens-Ident.\n"
        "TU Nord;Kurse;100234567\n",
        "utf-8",
    )
    found = read(path)

    assert [(project.value("title"), project.value("identifier")) for project in found.projects] == [
        ("Kurse", "100234567")
    ]
    assert found.rules == []


def test_a_mapping_file_teaches_a_new_list(tmp_path: Path) -> None:
    columns = mapping_of(
        tmp_path,
        """
        [file]
        delimiter = "#"
        encoding = "cp1252"
        header_row = 2
        language = "pl"
        [columns]
        "Numer umowy" = "identifier"
        "Tytuł" = "kg:title"
        "Wartość" = "Total cost"
        "Opiekun" = "personal"
        "Uwagi" = "ignored"
        [constants]
        programme = "2014PL05M9OP001"
        currency = "PLN"
        country = "Polska"
        """.replace("Tytuł", "Tytul").replace("Wartość", "Wartosc"),
    )
    path = write_text(
        tmp_path / "list.csv",
        ("Projekt", "", "", "", ""),
        ("Numer umowy", "Tytul", "Wartosc", "Opiekun", "Uwagi"),
        ("POWR.01", "Droga å", "1 500,5", "Jan", "x"),
        delimiter="#",
        encoding="cp1252",
    )
    found = read(path, columns)
    (project,) = found.projects

    assert (project.key, project.language) == ("2014PL05M9OP001_POWR.01", "pl")
    assert [project.value(name) for name in ("title", "totalCost", "currency", "country")] == [
        *("Droga å", Decimal("1500.5"), "PLN", "POL")
    ]
    assert found.personal == 1
    assert {rule for rule, _, _ in found.rules} == {"unknown-programme"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[columns]\n'X' = 'nothing'", "names no property"),
        ("[columns]\n'X' = 3", "names no property"),
        ("[colums]\n'X' = 'title'", "no part"),
        ("columns = 1", "part of its own"),
        ("[file]\ndelimiter = ';;'", "one character"),
        ("[file]\nencoding = 'klingon'", "no encoding"),
        ("[file]\nheader_row = 0", "counts from 1"),
        ("[file]\nheader_row = 'x'", "must be a number"),
        ("[file]\nfont = 'x'", "no key"),
        ("[constants]\nidentifier = 'x'", "same in every row"),
        ("[constants]\nfund = true", "text or a number"),
        ("[columns", "not TOML"),
    ],
)
def test_a_mapping_file_that_means_nothing_is_refused_by_name(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        mapping_of(tmp_path, text)
    assert "my.toml" in str(caught.value)


def test_a_file_without_known_headings_is_no_list(tmp_path: Path) -> None:
    with pytest.raises(UnreadableTable) as caught:
        read(write_text(tmp_path / "list.csv", ("a", "b"), ("1", "2")))
    assert caught.value.rule == "not-a-list"
    with pytest.raises(UnreadableTable) as caught:
        read(write_text(tmp_path / "list.csv", ("Diarienummer", "Namn")))
    assert caught.value.rule == "empty-list"
