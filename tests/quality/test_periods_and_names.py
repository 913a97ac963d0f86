"""Dates and names in descriptions: which are the project's own, and whether they contradict the fields."""

from __future__ import annotations

from datetime import date

import pytest

from kg.quality.names import near_name
from kg.quality.periods import differences, spans

START, END = date(2023, 3, 31), date(2026, 3, 31)

TIMES = [
    ("Projektet genomförs under perioden 31 mars 2023 till 31 mars 2026.", []),
    ("Projektet pågår mars 2023 till mars 2026.", []),
    ("Projekttiden är 2023-03-31 -- 2026-03-31.", []),
    ("Start sista mars 2023 och slut sista mars 2026.", []),
    ("Projektet pågår 1 april till 31 mars 2026.", [("startDate", "1 april")]),
    ("Projektet pågår från den 1 augusti 2023 till den 31 mars 2026.", [("startDate", "1 augusti 2023")]),
    ("Projektet startar i september 2023 och rekryterar då.", [("startDate", "september 2023")]),
    ("Projektet avslutas i december 2025.", [("endDate", "december 2025")]),
    ("The project runs from 31 March 2023 until 31 December 2024.", [("endDate", "31 December 2024")]),
    ("Projektet är ett treårigt projekt.", []),
    ("Projektet pågår i 12 månader.", [("length", "Projektet pågår i 12 månader")]),
    ("Projektets analysfas pågår till och med augusti 2023.", []),
    ("Det tidigare projektet pågick mars 2020 till mars 2022.", []),
    ("Sedan augusti 2023 har gruppen rätt till vuxenutbildning.", []),
    ("Delrapport i december 2024, slutrapport våren 2025.", []),
    ("I augusti 2018 hade länet 5676 arbetssökande.", []),
    ("Projektet vänder sig till unga 16–29 år.", []),
    ("Projektet startar den 45 mars 2023 eller 2023-99-99.", []),
]


@pytest.mark.parametrize(("text", "expected"), TIMES)
def test_a_text_contradicts_the_period_only_with_the_projects_own_time(
    text: str, expected: list[tuple[str, str]]
) -> None:
    found = differences(spans(text), [START], [END])

    assert [(each.span.end, each.span.printed) for each in found] == expected


def test_a_period_that_is_not_given_contradicts_nothing() -> None:
    assert not list(differences(spans("Projektet pågår mars 2021 till mars 2022."), [], []))


NAMES = [
    ("Förskola för Framtiden", "I Förskola i Framtiden deltar många.", "Förskola i Framtiden"),
    ("Förskola för Framtiden", "Förskola för framtiden är ett projekt.", None),
    ("Föräldrakraft", "Föräldrakraft växer. Föräldrarkraft hämtar intryck.", "Föräldrarkraft"),
    ("Föräldrakraft", "Föräldrakrafts mål är högt.", None),
    ("Inkluderingslyftet", "Inkluderingslyftets personal och inkludering i allt.", None),
    ("Care växtkraft i generationer", "’CARE – Växtkraft i generationer’ drivs av kommunen.", None),
    ("Vägen till målet genomförande", "Det bygger på Vägen till målet.", None),
    ("Kvinna in i Sverige", "Kvinnor i Sverige möter hinder.", None),
    ("Plug in", "Plug In 2.0 bygger vidare.", None),
    ("Samverkan Syd", "Samverkan Nord är ett annat projekt.", None),
    (
        "Samordningsförbundet RAR i Sörmland",
        "Samordningsförbundet RAR Sörmland äger det.",
        "Samordningsförbundet RAR Sörmland",
    ),
    ("", "Ingen har något namn.", None),
]


@pytest.mark.parametrize(("name", "text", "expected"), NAMES)
def test_a_name_is_near_when_one_word_is_spelt_otherwise(name: str, text: str, expected: str | None) -> None:
    found = near_name(text, [name])

    assert (found.printed if found else None) == expected


def test_the_name_of_another_is_no_misspelling() -> None:
    from kg.owners.names import name_key

    text = "Föräldrarkraft hämtar intryck."

    assert near_name(text, ["Föräldrakraft"], frozenset([name_key("Föräldrarkraft")])) is None
