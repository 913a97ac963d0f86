"""A small graph of everything that makes answers go wrong: repeated, conflicting, missing and mixed facts.

Under another base than the query files have. Two sources agree on Alfa's title and disagree on its participants, end and
budget; one of them gives a budget in euro as well. Beta lacks nearly everything. Gamma breaks the rules. Delta is of an
older programme and runs in two regions with two owners.
"""

from __future__ import annotations

from pathlib import Path

from kg.literals import literal, swedish
from kg.vocabulary import EXTERNAL_PREFIXES, Names

BASE = "https://graph.example/kg/"
NAMES = Names(BASE)
_XSD = EXTERNAL_PREFIXES["xsd"]
_TYPE = f"<{EXTERNAL_PREFIXES['rdf']}type>"
SENTENCE = 'Projektet använder "Metod ett" och inget annat.'


def _term(name: str) -> str:
    prefix, colon, local = name.partition(":")
    return f"<{EXTERNAL_PREFIXES[prefix]}{local}>" if colon else f"<{NAMES.term(name)}>"


def _thing(path: str) -> str:
    return f"<{BASE}id/{path}>"


def _date(text: str) -> str:
    return literal(text, f"{_XSD}date")


def _count(number: int) -> str:
    return literal(str(number), f"{_XSD}nonNegativeInteger")


def _money(text: str) -> str:
    return literal(text, f"{_XSD}decimal")


def _reference() -> list[tuple[str, str, str]]:
    """Return concepts: two levels of regions, two methods and a broader one, programmes, funds, objectives."""
    found: list[tuple[str, str, str]] = []
    for path, cls, notation, name in (
        ("region/SE", "Region", "SE", "Sverige"),
        ("region/SE1", "Region", "SE1", "Östra Sverige"),
        ("region/SE11", "Region", "SE11", "Stockholm"),
        ("region/SE12", "Region", "SE12", "Östra Mellansverige"),
        ("fund/ESF_PLUS", "Fund", "ESF+", "Europeiska socialfonden+"),
        ("fund/ESF", "Fund", "ESF", "Europeiska socialfonden"),
        ("programme/2021SE05SFPR", "Programme", "2021SE05SFPR", "Programmet"),
        ("programme/2014SE05M9OP001", "Programme", "2014SE05M9OP001", "Det äldre programmet"),
        ("method/family", "Method", "", "Familjen"),
        ("method/one", "Method", "", "Metod ett"),
        ("method/two", "Method", "", "Metod två"),
        ("specific-objective/2021SE05SFPR-A1A", "", "A1A", "A1A"),
        ("specific-objective/2021SE05SFPR-A2A", "", "A2A", "A2A"),
        ("intervention-field/102", "", "102", "Område 102"),
    ):
        thing = _thing(path)
        found.append((thing, _term("skos:prefLabel"), swedish(name)))
        found.append((thing, _term("skos:prefLabel"), f'"{name} in English"@en'))
        if cls:
            found.append((thing, _TYPE, _term(cls)))
        if notation:
            found.append((thing, _term("skos:notation"), literal(notation)))
    for narrow, broad in (
        ("region/SE1", "region/SE"),
        ("region/SE11", "region/SE1"),
        ("region/SE12", "region/SE1"),
        ("method/one", "method/family"),
        ("method/two", "method/family"),
    ):
        found.append((_thing(narrow), _term("skos:broader"), _thing(broad)))
    for programme, fund, start in (
        ("2021SE05SFPR", "ESF_PLUS", "2021-01-01"),
        ("2014SE05M9OP001", "ESF", "2014-01-01"),
    ):
        found.append((_thing(f"programme/{programme}"), _term("fund"), _thing(f"fund/{fund}")))
        found.append((_thing(f"programme/{programme}"), _term("startDate"), _date(start)))
    return found


def _owners() -> list[tuple[str, str, str]]:
    found = []
    for key, name in (("2220002162", "Förbundet Öst"), ("2220002485", "Förbundet Väst"), ("byn", "Byns kommun")):
        owner = _thing(f"owner/{key}")
        found.append((owner, _TYPE, _term("Owner")))
        found.append((owner, _term("skos:prefLabel"), swedish(name)))
        found.append((owner, _term("skos:altLabel"), swedish(name.split()[0])))
        if key.isdigit():
            found.append((owner, _term("organisationNumber"), literal(key)))
    return found


def _use(project: str, method: str, role: str, quote: str) -> list[tuple[str, str, str]]:
    use = _thing(f"use/{project}/{method}/{role}")
    subject = _thing(f"project/{project}")
    found = [
        (subject, _term("methodUse"), use),
        (use, _TYPE, _term("MethodUse")),
        (use, _term("useOf"), _thing(f"method/{method}")),
        (use, _term("role"), literal(role)),
        (use, _term("quote"), swedish(quote)),
        (use, _term("confidence"), _money("0.9")),
    ]
    if role in ("develops", "trains", "builds-on", "uses"):
        found.append((subject, _term("method"), _thing(f"method/{method}")))
    return found


def _project(key: str, source: str, **facts: str | list[str]) -> list[tuple[str, str, str]]:
    subject, page = _thing(f"project/{key}"), _thing(f"source/{source}")
    found = [
        (subject, _TYPE, _term("Project")),
        (subject, _term("prov:wasDerivedFrom"), page),
        (page, _TYPE, _term("Source")),
        (page, _term("rdfs:label"), literal(f"{source}.txt")),
        (page, _term("sha256"), literal("00")),
    ]
    for name, values in facts.items():
        predicate = _term(name.replace("_", ":"))
        found.extend((subject, predicate, value) for value in ([values] if isinstance(values, str) else values))
    return found


def _graphs() -> dict[str, list[tuple[str, str, str]]]:
    esf = {"programme": _thing("programme/2021SE05SFPR"), "fund": _thing("fund/ESF_PLUS")}
    east, west = _thing("owner/2220002162"), _thing("owner/2220002485")
    return {
        "graph/reference": _reference(),
        "graph/derived": _owners(),
        "source/page": [
            *_project(
                "22-001-S01",
                "page",
                dcterms_title=swedish("Alfa"),
                dcterms_identifier=literal("22-001-S01"),
                owner=east,
                region=_thing("region/SE11"),
                startDate=_date("2023-01-01"),
                endDate=_date("2024-12-31"),
                plannedParticipants=_count(100),
                totalBudget=_money("1000.50"),
                currency=literal("SEK"),
                specificObjective=_thing("specific-objective/2021SE05SFPR-A1A"),
                **esf,
            ),
            *_use("22-001-S01", "one", "uses", SENTENCE),
            *_use("22-001-S01", "two", "negated", "Projektet använder inte Metod två."),
        ],
        "source/other-page": [
            *_project(
                "22-001-S01",
                "other-page",
                dcterms_title=swedish("Alfa"),
                owner=east,
                region=_thing("region/SE11"),
                startDate=_date("2023-01-01"),
                endDate=_date("2025-06-30"),
                plannedParticipants=_count(120),
                totalBudget=_money("900.0"),
                currency=literal("SEK"),
                **esf,
            ),
        ],
        "source/list": [
            *_project(
                "22-001-S01",
                "list",
                dcterms_title=swedish("Alfa"),
                totalBudget=_money("80.0"),
                euContribution=_money("32.0"),
                currency=literal("EUR"),
            ),
            *_project("22-002-S01", "list", dcterms_title=[swedish("Beta"), '"Beta in English"@en'], owner=east),
            *_use("22-002-S01", "one", "uses", SENTENCE),
        ],
        "source/rules": [
            *_project(
                "22-003-S01",
                "rules",
                dcterms_title=swedish("Gamma"),
                owner=west,
                region=_thing("region/SE12"),
                startDate=_date("2024-05-01"),
                endDate=_date("2024-01-01"),
                plannedParticipants=_count(0),
                totalBudget=_money("10.0"),
                grantedSupport=_money("11.0"),
                currency=literal("SEK"),
                coFinancingRate=_money("40.0"),
                interventionField=_thing("intervention-field/102"),
                specificObjective=_thing("specific-objective/2021SE05SFPR-A2A"),
                **esf,
            ),
            *_use("22-003-S01", "one", "trains", "Personalen utbildas i Metod ett."),
        ],
        "source/old": [
            *_project(
                "2017-00001",
                "old",
                dcterms_title=swedish("Delta"),
                owner=[west, _thing("owner/byn")],
                region=[_thing("region/SE11"), _thing("region/SE12")],
                startDate=_date("2017-09-01"),
                endDate=_date("2020-10-31"),
                plannedParticipants=_count(130),
                programme=_thing("programme/2014SE05M9OP001"),
                fund=_thing("fund/ESF"),
                continues=_thing("project/22-003-S01"),
            ),
            *_use("2017-00001", "two", "builds-on", "Projektet bygger på Metod två."),
        ],
    }


def write(path: Path) -> Path:
    """Write the graph as N-Quads and return `path`."""
    lines = {
        f"{subject} {predicate} {value} {_thing(graph)} .\n"
        for graph, found in _graphs().items()
        for subject, predicate, value in found
    }
    path.write_text("".join(sorted(lines, key=lambda line: (line.rpartition(" <")[2], line))), encoding="utf-8")
    return path
