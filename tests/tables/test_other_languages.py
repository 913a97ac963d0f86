"""Lists of other countries are read by the headings, numbers, dates and rates that they print."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from kg.sources import table_languages
from kg.sources.table_headings import Headings, folded
from tests.tables.reading import read, terms

LISTS = {
    "da": """Projektnr.;Støttemodtager;Projektets navn;Formål og forventede resultater;Startdato;Slutdato;Samlede støtteberettigede udgifter (DKK);EU-medfinansieringssats;Fond;Specifikt mål;Postnummer;Land;Interventionskategori
ESFP-22-0012;Erhvervshus Nord;Grøn omstilling;Projektet styrker kompetencer.;01-03-2023;28-02-2026;12.345.678,50;40,00 %;ESF+;ESO4.4;8000;Danmark;146""",
    "de": """Aktenzeichen;Name des Begünstigten;Bezeichnung des Vorhabens;Zusammenfassung des Vorhabens;Datum des Beginns des Vorhabens;Datum des Endes des Vorhabens;Gesamtbetrag der förderfähigen Ausgaben;Unions-Kofinanzierungssatz;Fonds;Spezifisches Ziel;Postleitzahl;Land;Art der Intervention
0100-77;Stadt Nord;Brücken bauen;Ziel ist die Eingliederung.;01.03.2023;28.02.2026;12.345.678,50 €;40,0 %;ESF Plus;ESO4.4;18055;Deutschland;146""",
    "fi": """Hankekoodi;Tuensaaja;Hankkeen nimi;Tiivistelmä;Aloituspäivämäärä;Päättymispäivämäärä;Kokonaiskustannukset (EUR);EU-tuen osuus;Rahasto;Erityistavoite;Postinumero;Maa;Tukitoimen tyyppi
S30123;Pohjoisen kaupunki;Työtä kaikille;Hanke tukee.;1.3.2023;28.2.2026;12 345 678,50;40 %;ESR+;ESO4.4;90100;Suomi;146""",
    "fr": """Code de l’opération;Bénéficiaire;Intitulé de l’opération;Résumé;Date de début;Date de fin;Coût total;Taux de cofinancement;Fonds;Objectif spécifique;Code postal;Pays;Type d’intervention
202301234;Région du Nord;Insertion;Le projet aide.;01/03/2023;28/02/2026;12 345 678,50 €;0,4;FSE+;ESO4.4;35000;France;146""",
    "pl": """Numer umowy;Nazwa beneficjenta;Tytuł projektu;Skrócony opis projektu;Data rozpoczęcia;Data zakończenia;Wartość projektu (zł);Poziom dofinansowania UE;Fundusz;Cel szczegółowy;Kod pocztowy;Kraj;Zakres interwencji
PL/19;Gmina Północ;Praca;Projekt pomaga.;2023-03-01;2026-02-28;12345678,50;40,00%;EFS+;ESO4.4;90-001;Polska;146""",
    "nl": """Projectnummer;Begunstigde;Projectnaam;Samenvatting;Begindatum;Einddatum;Totale kosten;Cofinancieringspercentage;Fonds;Specifieke doelstelling;Postcode;Land;Interventiecategorie
NL1;Gemeente Noord;Werk;Het project helpt.;1-3-2023;28-2-2026;€ 12.345.678,50;40;ESF+;ESO4.4;3500 AB;Nederland;146""",
}  # fmt: skip
COUNTRIES = {"da": "DNK", "de": "DEU", "fi": "FIN", "fr": "FRA", "pl": "POL", "nl": "NLD"}
CURRENCIES = {"da": "DKK", "pl": "PLN"}
ELIGIBLE = ("da", "de")
"""Languages whose list prints the eligible expenditure, which English lists and Kohesio call the budget too."""


@pytest.mark.parametrize("language", LISTS)
def test_a_list_in_another_language_is_read_whole(tmp_path: Path, language: str) -> None:
    path = tmp_path / "list.csv"
    path.write_text(LISTS[language], "utf-8")
    found = read(path)
    (project,) = found.projects

    assert found.notices == ()
    assert {fact.name: fact.value for fact in project.facts if fact.name not in ("identifier", "title")} == {
        "startDate": date(2023, 3, 1),
        "endDate": date(2026, 2, 28),
        "totalBudget" if language in ELIGIBLE else "totalCost": Decimal("12345678.50"),
        "currency": CURRENCIES.get(language, "EUR"),
        "coFinancingRate": Decimal("0.4"),
        "fund": "ESF_PLUS",
        "specificObjective": "ESO4.4",
        "interventionField": "146",
        "country": COUNTRIES[language],
    }
    assert project.language == language
    assert project.key.startswith(COUNTRIES[language])
    assert project.owner is not None
    assert project.text


@pytest.mark.parametrize(
    ("encoding", "headings", "row", "title"),
    [
        ("cp1250", "Projekt azonosító;Pályázó neve;Projekt címe;Megvalósítás kezdete;Összköltség (HUF)", "EFOP-1;Szegedi Egyetem;Erdőért;2023.05.01.;1 250", "Erdőért"),
        ("cp1250", "Kód projektu;Názov prijímateľa;Názov projektu;Začiatok realizácie;Celkové oprávnené výdavky", "3ABC;Mesto Žilina;Ľahšie;1. 5. 2023;125,50 EUR", "Ľahšie"),
        ("cp1251", "Номер на договор;Бенефициент;Наименование на проекта;Начална дата;Обща стойност (BGN)", "BG1;Община Пловдив;Умения;01.05.2023;1 250", "Умения"),
        ("cp1253", "Κωδικός MIS;Δικαιούχος;Τίτλος πράξης;Ημερομηνία έναρξης;Συνολικό κόστος", "6001;ΔΥΠΑ;Δεξιότητες;01/05/2023;1.250,00 €", "Δεξιότητες"),
        ("cp1257", "Projekta numurs;Finansējuma saņēmējs;Projekta nosaukums;Sākuma datums;Kopējās izmaksas EUR", "LV1;Rīgas dome;Prasmes;01.05.2023.;1250", "Prasmes"),
        ("cp1252", "Codigo Operação;Beneficiario;Designação Operação;Data Início;Custo Total €", "PT1;Câmara do Porto;Inclusão;01-05-2023;1.250,00", "Inclusão"),
        ("utf-8", "Nr. crt.;Cod SMIS;Nume beneficiar;Titlu proiect;Data de incepere;Valoarea totala (lei)", "1;3023;Primăria Cluj;Împreună;01.05.2023;1.250,00", "Împreună"),
    ],
)  # fmt: skip
def test_words_without_accents_and_old_encodings_are_understood(
    tmp_path: Path, encoding: str, headings: str, row: str, title: str
) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(f"{headings}\n{row}\n".encode(encoding))
    found = read(path)
    (project,) = found.projects

    assert (project.value("title"), project.value("startDate")) == (title, date(2023, 5, 1))
    assert project.value("currency")
    assert project.owner
    told = {("unknown-column", "Nr. crt.")} if "crt" in headings else {("guessed-encoding", encoding)}
    assert {(notice.rule, notice.value) for notice in found.notices} == told


def test_a_swedish_list_with_other_words_joins_the_pages(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(
        "Ärendenummer;Organisationens namn;Organisationsnummer;Projektnamn;Projektstart;Projektslut;Beviljat belopp;Län\n"
        "22-045-S01;Linköpings kommun;212000-0449;Väg;2023-03-01;2026-02-28;1 234 567;Östergötlands län\n",
        "utf-8",
    )
    (project,) = read(path).projects

    assert project.key == "22-045-S01"
    assert project.value("grantedSupport") == Decimal(1234567)
    assert project.value("region") == "SE123"
    assert project.owner is not None
    assert project.owner.number == "2120000449"


def test_every_heading_means_one_property_of_the_ontology() -> None:
    own = {folded(label): field.name for field in terms().fields for label in field.labels}
    listed = [(folded(word), name) for name, words in table_languages.headings().items() for word in words]
    known = Headings(terms().fields)

    assert len(listed) > 250
    assert [word for word, count in Counter(word for word, _ in set(listed)).items() if count > 1] == []
    assert [(word, name) for word, name in listed if own.get(word, name) != name] == []
    for name, words in table_languages.headings().items():
        for word in words:
            found = known.find(word)
            assert (found.field.name if found else None) == name, word


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("Beginn / Ende", "fieldPeriod"),
        ("Date de début et date de fin", "fieldPeriod"),
        ("Start- og slutdato", "fieldPeriod"),
        ("Expected start date", None),
        ("Voraussichtliches Datum des Beginns", None),
        ("Startdatum / Begindatum", "startDate"),
    ],
)
def test_headings_of_both_days_in_any_language(heading: str, name: str | None) -> None:
    found = Headings(terms().fields).find(heading)

    assert (found.field.name if found else None) == name


def test_owners_abroad_keep_their_country_and_persons_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(
        "Unique code;Name;Beneficiary;Country\n"
        "1;Work;Nordby kommune;Danmark\n2;Work;Anna Exempelsen;Danmark\n3;Work;Nordby kommune;\n",
        "utf-8",
    )
    found = read(path)

    assert [project.owner and (project.owner.name, project.owner.abroad) for project in found.projects] == [
        ("Nordby kommune", "DNK"),
        None,
        ("Nordby kommune", ""),
    ]
    assert found.personal == 1
    assert [(notice.rule, notice.line) for notice in found.notices] == [("person-as-owner", 3)]
    assert "Exempelsen" not in repr(found)
