"""Labels are recognised wherever and however they are printed, and nothing is lost silently."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import ontology
from kg.model import Notice, Scalar, Source
from kg.sources.page import Page, PageReader

FIELDS = {
    "Diarienummer": "22-045-S01",
    "Namn": "Vägen: ett - projekt",
    "Projektägare": "Höörs kommun, Kultur, arbete och folkhälsa",
    "Region": "Småland & Öarna",
    "Projektperiod": "2017-09-01 - 2020-10-31",
    "Total projektbudget": "15 935 467",
    "Beviljat ESF-stöd": "7 528 536",
    "Planerat antal deltagare": "130",
    "Unionens medfinansieringsgrad": "40%",
    "Stödmottagare ort": "UPPLANDS VÄSBY",
    "Insats av strategisk betydelse": "Nej",
    "Interventionstyp": "141",
    "Specifikt mål": "A1A",
}
EXPECTED: dict[str, Scalar] = {
    "identifier": "22-045-S01",
    "title": "Vägen: ett - projekt",
    "region": "SE21",
    "startDate": date(2017, 9, 1),
    "endDate": date(2020, 10, 31),
    "totalBudget": Decimal(15935467),
    "currency": "SEK",
    "grantedSupport": Decimal(7528536),
    "plannedParticipants": 130,
    "coFinancingRate": Decimal("0.4"),
    "beneficiaryPlace": "Upplands Väsby",
    "strategicImportance": False,
    "interventionField": "141",
    "specificObjective": "A1A",
}
TEXT = "Projektet arbetar med motiverande samtal.\n\nMålgrupp 1\nUnga: de som varken arbetar eller studerar."
BANNER = "information (1)\nCookies\n\nDen här hemsidan använder cookies för bästa upplevelse.\n\nLär dig mer\n\n"


@cache
def _reader() -> PageReader:
    return PageReader(ontology.load())


def _read(text: str) -> Page:
    return _reader().read(text, Source("key", "page.txt", "0" * 64))


def _facts(page: Page) -> dict[str, Scalar]:
    assert page.project is not None
    return {fact.name: fact.value for fact in page.project.facts}


def _rules(page: Page) -> list[str]:
    return [notice.rule for notice in page.notices]


def _page(pairs: list[tuple[str, str]], *, colon: str = ":", gap: str = "", between: str = "\n") -> str:
    lines = [f"{label}{colon}{between}{value}" for label, value in pairs]
    return "22-045-S01 - Vägen: ett - projekt\n\n" + f"\n{gap}".join(lines) + f"\n\n{TEXT}\n"


@settings(max_examples=60)
@given(
    st.permutations(sorted(FIELDS.items())),
    st.sampled_from(["", BANNER]),
    st.sampled_from([":", ""]),
    st.sampled_from(["", "\n"]),
    st.sampled_from(["\n", "\r\n"]),
)
def test_order_colons_blank_lines_and_banners_do_not_matter(
    pairs: list[tuple[str, str]], banner: str, colon: str, gap: str, newline: str
) -> None:
    page = _read((banner + _page(pairs, colon=colon, gap=gap)).replace("\n", newline))

    assert _facts(page) == EXPECTED
    assert page.project is not None
    assert page.project.text == TEXT
    assert page.project.owner is not None
    assert page.project.owner.unit == "Kultur, arbete och folkhälsa"
    assert not page.notices


@given(st.permutations(sorted(FIELDS.items())))
def test_label_and_value_may_share_a_line(pairs: list[tuple[str, str]]) -> None:
    for between, colon in ((" ", ":"), ("", ":"), ("", "")):
        page = _read(_page(pairs, colon=colon, between=between))
        assert _facts(page) == EXPECTED
        assert page.project is not None
        assert page.project.text == TEXT


@given(st.permutations(sorted(FIELDS.items())))
def test_values_set_off_by_blank_lines_are_read(pairs: list[tuple[str, str]]) -> None:
    fields = "\n\n".join(f"{label}:\n\n{value}" for label, value in pairs)
    page = _read(f"22-045-S01 - Vägen: ett - projekt\n\n{fields}\n\n{TEXT}\n")

    assert _facts(page) == EXPECTED
    assert page.project is not None
    assert page.project.text == TEXT


@given(st.sets(st.sampled_from(sorted(FIELDS)), max_size=5))
def test_a_label_printed_empty_gives_no_value_and_takes_nobody_elses(empty: set[str]) -> None:
    lines = "".join(f"{label}:\n" if label in empty else f"{label}:\n{value}\n" for label, value in FIELDS.items())
    whole, page = _read(_page(list(FIELDS.items()))), _read(f"22-045-S01 - Vägen: ett - projekt\n\n{lines}\n{TEXT}\n")

    assert set(_facts(page).items()) <= set(_facts(whole).items())
    assert page.project is not None
    assert page.project.text == TEXT
    assert _facts(page)["identifier"] == "22-045-S01"
    assert _facts(page)["title"] == "Vägen: ett - projekt"


def test_an_unknown_label_is_reported_with_its_line_and_its_value_stays_out() -> None:
    page = _read("22-045-S01 - A\n\nNamn:\nA\nHandläggare:\nEva Ek\nRegion:\nStockholm\n\nText om projektet.")

    assert _rules(page) == ["unknown-label"]
    assert page.notices[0] == Notice(
        "page.txt", 5, "Handläggare", "unknown-label", "the ontology has no such field label; its value was left out"
    )
    assert page.project is not None
    assert _facts(page)["region"] == "SE11"
    assert page.project.text == "Text om projektet."


@pytest.mark.parametrize(
    ("label", "value", "rule"),
    [
        ("Startdatum", "2023-02-31", "impossible-date"),
        ("Projektägare organisationsnummer", "2220002486", "wrong-check-digit"),
        ("Total projektbudget", "-15 000", "negative-amount"),
        ("Region", "Mittlandet", "unknown-region"),
        ("NUTS-2 kod", "SE99", "unknown-region"),
        ("Stödmottagare postnr", "582", "wrong-postcode"),
        ("Unionens medfinansieringsgrad", "140%", "impossible-rate"),
        ("Antal deltagare", "-4", "negative-count"),
        ("Sekundärtema - Motverka barnfattigdom", "Kanske", "not-a-boolean"),
        ("Interventionstyp", "abc", "not-a-code"),
        ("Berörd fond", "Fonden", "unknown-fund"),
        ("Program CCI", "2021XX", "unknown-programme"),
        ("Land som berörs", "Atlantis", "unknown-country"),
        ("Projektperiod", "snart", "not-a-period"),
        ("Projektperiod", "2023-05-01 - 2022-05-01", "period-reversed"),
        ("Projektnummer", "X-1", "unknown-identifier-form"),
    ],
)
def test_an_impossible_value_is_a_notice_and_the_rest_of_the_page_is_kept(label: str, value: str, rule: str) -> None:
    page = _read(f"22-045-S01 - A\n\nNamn:\nA\n{label}:\n{value}\nSpecifikt mål:\nA1A\n\nText om projektet.")

    assert rule in _rules(page)
    notice = next(notice for notice in page.notices if notice.rule == rule)
    assert notice.line in (5, 6)
    assert notice.source == "page.txt"
    assert _facts(page)["title"] == "A"
    assert _facts(page)["specificObjective"] == "A1A"


def test_two_values_of_one_property_are_both_kept_and_reported() -> None:
    page = _read(
        "22-045-S01 - A\n\nDiarienummer:\n22-045-S01\nNamn:\nA\nRegion:\nStockholm\nNUTS-2 kod:\nSE12\n\nText."
    )

    assert page.project is not None
    assert list(page.project.values("region")) == ["SE11", "SE12"]
    assert _rules(page) == ["conflicting-values"]


def test_the_heading_fills_what_the_fields_lack_and_is_compared_with_the_rest() -> None:
    filled = _read("2017/00082 - VISA - två\n\nRegion:\nStockholm\n\nText.")
    disagreeing = _read("2017/00082 - VISA\n\nProjektnummer:\n2017/00083\nNamn:\nVisum\n\nText.")

    assert _facts(filled) | {"region": "SE11"} == {"identifier": "2017/00082", "title": "VISA - två", "region": "SE11"}
    assert _rules(disagreeing) == ["heading-disagrees", "heading-disagrees"]
    assert _facts(disagreeing) == {"identifier": "2017/00083", "title": "Visum"}


@pytest.mark.parametrize("text", ["Hej!", "# Läs mig\n\nDetta är en README.", "Region\n", "a,b,c\n1,2,3\n"])
def test_a_text_that_is_no_page_gives_no_project(text: str) -> None:
    page = _read(text)

    assert page.project is None
    assert _rules(page) == ["not-a-page"]


def test_capital_headings_and_label_words_in_the_text_stay_in_the_text() -> None:
    text = "BAKGRUND\nRegion Skåne är med.\nMål:\natt fler får arbete.\nRegion\noch kommun samverkar."
    page = _read(f"22-045-S01 - A\n\nNamn:\nA\nRegion:\nSydsverige\n\n{text}")

    assert page.project is not None
    assert page.project.text == text


def test_a_field_line_under_the_text_is_read_and_contacts_there_are_dropped() -> None:
    page = _read(
        "22-045-S01 - A\n\nNamn:\nA\n\nTexten.\n\nProjektnummer:\n22-045-S01\nKontaktperson:\nEva Ek\nE-post:\neva@ek.se"
    )

    assert page.project is not None
    assert page.project.text == "Texten."
    assert page.personal == 2
    assert _facts(page) == {"identifier": "22-045-S01", "title": "A"}


def test_the_person_named_as_contact_disappears_from_owner_and_text() -> None:
    page = _read(
        "22-045-S01 - A\n\nNamn:\nA\nProjektägare:\nEva Ek, Eks Firma\nKontaktperson:\nEva Ek\n"
        "Projektägare organisationsnummer:\n800101-1239\n\nEva Ek leder, ring 070-123 45 67."
    )

    assert page.project is not None
    assert page.project.text == "[…] leder, ring […]."
    assert page.project.owner is not None
    assert page.project.owner.name == "Eks Firma"
    assert page.project.owner.number is None
    assert "Eva" not in repr(page)
    assert "800101" not in repr(page)


def test_an_owner_with_the_number_of_a_person_is_published_only_as_a_firm() -> None:
    page = _read(
        "22-045-S01 - A\n\nNamn:\nA\nProjektägare:\nEKQVISTER KIM\n"
        "Projektägare organisationsnummer:\n800101-1239\n\nTexten."
    )

    assert page.project is not None
    assert page.project.owner is None
    assert "ekqvister" not in repr(page).casefold()


@settings(max_examples=200)
@given(
    st.lists(
        st.sampled_from([*FIELDS, *FIELDS.values(), "", ":", "Okänd:", "Kontaktperson", "text", *TEXT.split("\n")])
    )
)
def test_no_order_of_lines_breaks_the_reader(lines: list[str]) -> None:
    page = _read("\n".join(lines))

    assert page.project is not None or "not-a-page" in _rules(page)


@given(st.text(max_size=300))
def test_no_text_breaks_the_reader(text: str) -> None:
    page = _read(f"22-045-S01 - A\n\nNamn:\nA\nRegion:\n{text}")

    assert page.project is not None


def test_the_notices_of_the_old_site_are_left_out_and_a_title_about_the_pandemic_is_not() -> None:
    page = _read(
        "Logotyp på utskrifter\nStäng\nKalendern är stängd för underhåll.\nInformation om covid-19\nInformation om covid-19\n"
        "Arbete efter covid-19\n\nProgramområdeProgramområde 2 Ökat arbetskraftsutbud\nRegionStockholm\nIn English\n\n"
        "Sammanfattning\n\nCovid-19 slog hårt mot unga.\n\nBakgrund\n\nText."
    )

    assert page.project is not None
    assert page.project.value("title") == "Arbete efter covid-19"
    assert page.project.text == "Covid-19 slog hårt mot unga.\n\nBakgrund\n\nText."
    assert not page.notices


def test_other_text_above_the_heading_is_reported() -> None:
    page = _read("Nyheter från rådet\n\n22-045-S01 - A\n\nNamn:\nA\n\nText.")

    assert _rules(page) == ["text-above-heading"]
    assert page.notices[0].value == "Nyheter från rådet"
