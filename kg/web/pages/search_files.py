"""Lists of projects as files: plain records, CSV and Turtle."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from io import StringIO

from kg.literals import literal
from kg.search import Answered, ProjectRow, Thing
from kg.vocabulary import Names
from kg.web.answers import Content
from kg.web.documents import serialised
from kg.web.routes import FORMS
from kg.web.views import View

_COLUMNS = (
    "identifier", "title", "owner", "region", "method", "fund", "programme", "startDate", "endDate",
    "plannedParticipants", "totalBudget", "totalCost", "grantedSupport", "euContribution", "currency", "iri",
)  # fmt: skip


def records(view: View, numbers: Sequence[int]) -> Iterator[Mapping[str, object]]:
    """Yield projects as plain values under the names of the ontology."""
    for start in range(0, len(numbers), 500):
        part = numbers[start : start + 500]
        linked = view.index.targets(part, "owner", "region", "method", "fund", "programme")
        for row in view.index.project_rows(part):
            yield _record(view, row, linked[row.thing.id])


def _record(view: View, row: ProjectRow, linked: Sequence[tuple[str, Thing]]) -> Mapping[str, object]:
    things = {name: [thing for relation, thing in linked if relation == name] for name in _COLUMNS[2:7]}
    participants = int(row.participants) if row.participants is not None else None
    amounts = dict(zip(_COLUMNS[10:14], (row.total_budget, row.total_cost, row.granted, row.eu), strict=True))
    return {
        "identifier": row.identifier,
        "title": row.thing.label(view.asked.language),
        **{name: [thing.label(view.asked.language) for thing in found] for name, found in things.items()},
        "startDate": row.start,
        "endDate": row.end,
        "plannedParticipants": participants,
        **{name: _plain(value) for name, value in amounts.items()},
        "currency": row.currency,
        "iri": view.iri(row.thing),
    }


def _plain(value: float | None) -> float | int | None:
    return int(value) if value is not None and value.is_integer() else value


def csv_file(view: View, found: Answered) -> Content:
    """Return projects as CSV; several values in a cell are joined by ``|``."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    for record in records(view, found.projects):
        writer.writerow([_cell(record[name]) for name in _COLUMNS])
    headers = (("Content-Disposition", 'attachment; filename="projects.csv"'),)
    return Content(text.getvalue().encode(), FORMS["csv"], headers=headers)


def _cell(value: object) -> object:
    if isinstance(value, list):
        return "|".join(str(each).replace("|", "\\|") for each in value)
    return "" if value is None else value


def turtle_file(view: View, found: Answered) -> Content:
    """Return projects as Turtle, with what a list shows of them."""
    names = Names(view.site.base)
    prefixes = names.prefixes()
    lines: list[str] = []
    relations = ("owner", "region", "method", "fund", "programme")
    for start in range(0, len(found.projects), 500):
        part = found.projects[start : start + 500]
        linked = view.index.targets(part, *relations)
        for row in view.index.project_rows(part):
            lines.extend(_triples(view, row, linked[row.thing.id], prefixes))
    return Content(serialised(sorted(lines), "ttl", view.site.base), FORMS["ttl"])


def _triples(
    view: View, row: ProjectRow, linked: Sequence[tuple[str, Thing]], prefixes: Mapping[str, str]
) -> Iterator[str]:
    subject, own = f"<{view.iri(row.thing)}>", prefixes["kg"]
    yield f"{subject} <{prefixes['rdf']}type> <{own}Project>"
    for language, title in (("sv", row.thing.sv), ("en", row.thing.en)):
        if title:
            yield f"{subject} <{prefixes['dcterms']}title> {literal(title)}@{language}"
    if row.identifier:
        yield f"{subject} <{prefixes['dcterms']}identifier> {literal(row.identifier)}"
    for name, day in (("startDate", row.start), ("endDate", row.end)):
        if day:
            yield f"{subject} <{own}{name}> {literal(day, prefixes['xsd'] + 'date')}"
    if row.participants is not None:
        whole = str(int(row.participants))
        yield f"{subject} <{own}plannedParticipants> {literal(whole, prefixes['xsd'] + 'nonNegativeInteger')}"
    for relation, thing in linked:
        yield f"{subject} <{own}{relation}> <{view.iri(thing)}>"
