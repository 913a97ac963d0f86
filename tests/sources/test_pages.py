"""Every value printed on the real pages arrives typed and correct."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from kg import ontology
from kg.model import Project, Source
from kg.owners import name_key
from kg.resources import folder
from kg.sources.page import Page, PageReader

PAGES = Path(__file__).parent.parent / "pages"
PERSONAL = ("Kontaktperson", "E-post", "Telefonnummer")


@dataclass(frozen=True)
class Case:
    """A page with the values that a person read off it."""

    path: Path
    facts: dict[str, Any]


def _cases() -> list[Case]:
    pages = [Case(PAGES / each["file"], each) for each in json.loads((PAGES / "facts.json").read_text("utf-8"))]
    seeds = [
        Case(folder("seeds") / each["source"], each)
        for each in json.loads((PAGES / "seed-facts.json").read_text("utf-8"))
    ]
    return pages + seeds


CASES = _cases()


@cache
def _reader() -> PageReader:
    return PageReader(ontology.load())


def _read(path: Path) -> Page:
    return _reader().read(path.read_text("utf-8"), Source("key", path.name, "0" * 64))


def _project(path: Path) -> Project:
    project = _read(path).project
    assert project is not None
    return project


def _whole(text: str) -> Decimal:
    return Decimal(re.sub(r"\D", "", text))


def _days(text: str) -> list[date]:
    return [date.fromisoformat(day) for day in re.findall(r"\d{4}-\d{2}-\d{2}", text)]


def _region(text: str) -> str:
    """The code that each printed region means, written out by hand."""
    return {
        "Stockholm": "SE11",
        "Östra Mellansverige": "SE12",
        "Småland & Öarna": "SE21",
        "Sydsverige": "SE22",
        "Västsverige": "SE23",
        "Norra Mellansverige": "SE31",
        "Mellersta Norrland": "SE32",
        "Övre Norrland": "SE33",
        "ESF Nationellt": "SE",
        "SE0": "SE",
    }.get(text, text)


def _holds(project: Project, label: str, printed: str) -> bool:
    """Return whether the value printed under `label` is among the project's values, typed."""
    value = project.value
    match label:
        case "Diarienummer" | "Projektnummer":
            return list(project.values("identifier")) == [printed]
        case "Namn":
            return value("title") == printed
        case "Startdatum":
            return value("startDate") == date.fromisoformat(printed)
        case "Slutdatum":
            return value("endDate") == date.fromisoformat(printed)
        case "Projektperiod":
            return [value("startDate"), value("endDate")] == _days(printed)
        case "Land som berörs":
            return value("country") == {"Sverige": "SWE"}[printed]
        case "Berörd fond":
            return value("fund") == {"ESF+": "ESF_PLUS"}[printed]
        case "Program CCI":
            return value("programme") == printed
        case "Projektägare organisationsnummer":
            return project.owner is not None and project.owner.number == printed
        case "Projektägare":
            return _owner_holds(project, printed)
        case "Unionens medfinansieringsgrad":
            return value("coFinancingRate") == _whole(printed) / 100
        case "Programområde" | "Specifikt mål":
            code = re.sub(r"^Programområde ", "", printed).split(" ")[0]
            return value("programmeArea" if label == "Programområde" else "specificObjective") == code
        case "Sekundärtema - Motverka barnfattigdom":
            return value("childPovertyTheme") is (printed == "Ja")
        case "Insats av strategisk betydelse":
            return value("strategicImportance") is (printed == "Ja")
        case "Region" | "NUTS-2 kod":
            return list(project.values("region")) == [_region(printed)]
        case "Stödmottagare postnr":
            return value("beneficiaryPostcode") == printed
        case "Stödmottagare ort":
            return value("beneficiaryPlace") == printed.title()
        case "Interventionstyp":
            return value("interventionField") == printed
        case "Antal deltagare" | "Planerat antal deltagare":
            return value("plannedParticipants") == int(printed)
        case "Total projektbudget":
            return value("totalBudget") == _whole(printed) and value("currency") == "SEK"
        case "Beviljat ESF-stöd":
            return value("grantedSupport") == _whole(printed) and value("currency") == "SEK"
        case "Total Kostnader":
            return printed == "0" and value("totalCost") is None
        case "Projektfas":
            return value("projectPhase") == printed
        case "Utlysning":
            return value("call") == printed
    return False


def _owner_holds(project: Project, printed: str) -> bool:
    owner = project.owner
    assert owner is not None
    assert owner.name is not None
    parts = {name_key(printed), *(name_key(part) for part in re.split(r", | - ", printed))}
    return name_key(owner.name) in parts and name_key(owner.unit or owner.name) in name_key(printed)


def test_every_printed_value_of_the_real_pages_arrives() -> None:
    right: Counter[str] = Counter()
    wrong: list[str] = []
    for case in CASES:
        project = _project(case.path)
        for label, printed in case.facts["fields"].items():
            if printed and label not in PERSONAL:
                if _holds(project, label, printed):
                    right[label] += 1
                else:
                    wrong.append(f"{case.path.name}: {label} {printed!r} -> {project.facts} {project.owner}")

    assert not wrong, "\n".join(wrong)
    assert sum(right.values()) > 600
    assert len(right) == 28


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.path.name)
def test_the_layout_is_recognised(case: Case) -> None:
    assert _project(case.path).source.layout == case.facts["layout"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.path.name)
def test_no_field_line_banner_or_personal_data_is_left_in_the_text(case: Case) -> None:
    page = _read(case.path)
    assert page.project is not None
    printed_personal = sum(1 for label in PERSONAL if case.facts["fields"].get(label))

    assert page.personal >= printed_personal
    assert len(page.project.text) > 100
    for noise in (
        "Kontaktperson",
        "example.se",
        "Förnamn Efternamn",
        "cookies",
        "Lär dig mer",
        "Diarienummer:",
        "In English",
    ):
        assert noise not in page.project.text
        assert noise not in str(page.project.owner)
        assert noise not in "".join(map(str, page.notices))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.path.name)
def test_empty_fields_give_no_value(case: Case) -> None:
    project = _project(case.path)
    if "Startdatum" in case.facts.get("empty_fields", ()):
        assert [fact.printed for fact in project.facts if fact.name == "startDate"] == [
            case.facts["fields"]["Projektperiod"]
        ]
    assert project.value("beneficiaryAddress") is None


def test_only_known_oddities_are_reported_on_the_real_pages() -> None:
    rules = Counter(notice.rule for case in CASES for notice in _read(case.path).notices)

    assert rules == {
        "zero-means-unreported": 2,
        "no-fields": 1,
        "person-before-organisation": 1,
        "postcode-outside-region": 1,
    }
