"""Whole descriptions with numbers, dates and periods in the manner of real pages, and what contradicts their fields."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kg.quality.headcounts import disagreement, headcounts
from kg.quality.moments import Moment
from kg.quality.numbers import quantities
from kg.quality.people import who_is
from kg.quality.periods import differences, spans
from kg.quality.sentences import COUNT, PEOPLE, sentences

PAGES = tomllib.loads((Path(__file__).parent / "pages.toml").read_text(encoding="utf-8"))["page"]
WITHIN_A_MONTH = 31


def _contradictions(page: dict[str, Any]) -> Iterator[str]:
    planned = [page["planned"]] if "planned" in page else []
    people_found = disagreement(planned, headcounts(page["text"]))
    if people_found:
        yield f"{'participants' if planned else 'unstated'} {people_found.count.quantity.value}"
    for each in differences(spans(page["text"]), [page["start"]], [page["end"]]):
        if each.days > WITHIN_A_MONTH:
            when, kind = each.span.when, each.span.end
            yield f"length {each.span.months}" if when is None else f"{kind[: -len('Date')]} {_month(when, kind)}"


def _month(when: Moment, kind: str) -> str:
    return f"{when.first if kind == 'startDate' else when.last:%Y-%m}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page["text"][:50])
def test_a_page_contradicts_itself_only_where_people_would_say_so(page: dict[str, Any]) -> None:
    assert sorted(_contradictions(page)) == sorted(page["gold"])


TERMS = [
    ("hösten 2023–våren 2024", date(2023, 7, 1), date(2024, 6, 30)),
    ("ht 2023 till vt 2024", date(2023, 7, 1), date(2024, 6, 30)),
    ("höstterminen 2023 till och med vårterminen 2025", date(2023, 7, 1), date(2025, 6, 30)),
    ("årsskiftet 2023/2024 till sommaren 2025", date(2023, 12, 1), date(2025, 8, 31)),
    ("början av 2023 till slutet av 2025", date(2023, 1, 1), date(2025, 12, 31)),
    ("oktober till maj 2025", date(2024, 10, 1), date(2025, 5, 31)),
    ("1 sept. 2023 - 30 juni 2025", date(2023, 9, 1), date(2025, 6, 30)),
    ("220901–250831", date(2022, 9, 1), date(2025, 8, 31)),
    ("1/9 2022 – 31/8 2025", date(2022, 9, 1), date(2025, 8, 31)),
    ("mellan den 1 mars 2023 och den 28 februari 2025", date(2023, 3, 1), date(2025, 2, 28)),
    ("2021 till 2023", date(2021, 1, 1), date(2023, 12, 31)),
    ("andra halvåret 2023 till första kvartalet 2025", date(2023, 7, 1), date(2025, 3, 31)),
]


@pytest.mark.parametrize(("printed", "first", "last"), TERMS)
def test_a_period_is_read_in_any_manner_of_writing_it(printed: str, first: date, last: date) -> None:
    found = {span.end: span.when for span in spans(f"Projektet genomförs under perioden {printed} i länet.")}

    bounds = {end: (when.first, when.last) for end, when in found.items() if when}
    assert (bounds["startDate"][0], bounds["endDate"][1]) == (first, last)


def test_a_season_is_no_day() -> None:
    (found,) = spans("Projektet startar hösten 2023.")

    assert found.when
    assert found.when.days_from(date(2023, 6, 1)) == 0
    assert found.when.days_from(date(2023, 1, 1)) == 181


PHASES = [
    "Projektet inleds med en analysfas till december 2018.",
    "Projektet finansieras av programmet för 2014–2020.",
    "Projektet genomförs i Sala, och kursen startar i september 2031.",
    "Projektet följer regionens strategi för 2021–2030.",
    "Projektet startar med 12 deltagare i Malmö.",
    "Projektet Unga vuxna, som avslutades 2014, erbjöd coachning.",
]


@pytest.mark.parametrize("text", PHASES)
def test_the_time_of_something_else_is_not_the_projects(text: str) -> None:
    assert not spans(text)


VAGUE = [
    ("hundratals unga", 100, 150, None),
    ("ett par hundra unga", 100, 150, 300),
    ("några tusen unga", 1000, 1500, 10000),
    ("ett 40-tal unga", 40, 28, 52),
    ("drygt ett hundratal unga", 100, 70, 130),
    ("totalt 3x40 unga", 120, 120, 120),
    ("minst 3 × 40 unga", 120, 120, None),
    ("mellan fem och tio unga", 10, 5, 10),
]


@pytest.mark.parametrize(("text", "value", "low", "high"), VAGUE)
def test_vague_numbers_have_bounds(text: str, value: int, low: int, high: int | None) -> None:
    (found,) = quantities(text)

    assert (found.value, found.low, found.high) == (value, low, high)


@pytest.mark.parametrize("text", ["på 80-talet", "mellan unga och äldre", "minst en gång", "kapitel 3.2", "år 2023"])
def test_what_counts_nothing_is_no_number(text: str) -> None:
    assert not list(quantities(text))


NUMBERS = """7 två tre fyra fem sex sju åtta nio tio elva tolv tretton fjorton femton sexton sjutton arton nitton tjugo
    trettio fyrtio femtio sextio sjuttio åttio nittio hundra tusen""".split()
NOUNS = """deltagare kursdeltagare deltagarna medarbetare anställda personal handledare chefer lärare specialpedagoger
    yrkesverksamma tjänstepersoner tjänstemän handläggare jobbcoacher konsulenter nyckelpersoner socialarbetare
    arbetstagare undersköterskor vårdbiträden assistenter rektorer studievägledare socialsekreterare förtroendevalda
    personer individer människor ungdomar unga kvinnor män tjejer killar pojkar flickor barn elever studenter studerande
    vuxna klienter brukare invandrare flyktingar migranter ukrainare ukrainska romer föräldrar anhöriga patienter intagna
    seniorer varslade permitterade nyanlända praktikanter entreprenörer företagare biståndstagare bidragstagare
    arbetssökande asylsökande långtidsarbetslösa sjukskrivna utlandsfödda participants employees staff workers managers
    teachers professionals caseworkers people persons individuals women men youths youngsters students pupils jobseekers
    unemployed migrants refugees""".split()


def test_a_sentence_with_a_number_of_people_is_never_passed_over() -> None:
    for noun in NOUNS:
        assert who_is(noun), noun
    for word, noun in [*((word, "personer") for word in NUMBERS), *(("7", noun) for noun in NOUNS)]:
        (found,) = sentences(f"Projektet når {word} {noun}.")
        assert found.kinds & (COUNT | PEOPLE) == COUNT | PEOPLE, (word, noun)
