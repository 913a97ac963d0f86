"""Reads the owner lines of a page: owner, organisation number, and what else on the page tells about them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kg import values
from kg.model import OwnerMention
from kg.owners import tidy_name
from kg.owners.persons import may_be_published
from kg.owners.reading import Context, read_owner
from kg.sources.printed import PrintedField
from kg.sources.privacy import scrub


@dataclass(frozen=True, slots=True)
class OwnerProblem:
    """What was wrong with an owner line; `value` never holds personal data."""

    line: int
    value: str
    rule: str
    message: str


@dataclass(frozen=True, slots=True)
class PageOwner:
    """The owner that a page names (None where it names nobody), problems, and persons named in the owner line.

    `numbers` counts numbers of natural persons that were left out.
    """

    mention: OwnerMention | None
    problems: tuple[OwnerProblem, ...]
    persons: tuple[str, ...]
    numbers: int


def page_owner(fields: Iterable[PrintedField], context: Context) -> PageOwner:
    """Return the owner of a page from its printed fields and the rest of the page."""
    found = tuple(fields)
    numbers, problems = _numbers(found)
    printed = [each for each in found if each.field.kind == "owner" and each.value]
    problems += [
        OwnerProblem(extra.line, extra.value, "second-owner", "the page prints a second owner; the first is kept")
        for extra in printed[1:]
        if tidy_name(extra.value) != tidy_name(printed[0].value)
    ]
    line = printed[0].line if printed else 0
    name = printed[0].value if printed else ""
    reading = read_owner(name, numbers[0] if numbers else None, context, line)
    problems += [OwnerProblem(line, each.value, each.rule, each.message) for each in reading.problems]
    personal = sum(each.rule == "person-number" for each in problems)
    named = reading.mention.name if reading.mention else None
    if personal and not numbers and named and not may_be_published(named):
        problems.append(OwnerProblem(line, "", "person-as-owner", "the owner is a natural person, who was left out"))
        return PageOwner(None, tuple(problems), tuple(dict.fromkeys((*reading.persons, named, name))), personal)
    return PageOwner(reading.mention, tuple(problems), reading.persons, personal)


def _numbers(fields: Iterable[PrintedField]) -> tuple[list[str], list[OwnerProblem]]:
    numbers: list[str] = []
    problems: list[OwnerProblem] = []
    for printed in _number_fields(fields):
        try:
            numbers.append(values.parse_organisation_number(printed.value))
        except values.ValueProblem as problem:
            shown = "" if problem.rule == "person-number" else scrub(printed.value).text
            problems.append(OwnerProblem(printed.line, shown, problem.rule, f"{printed.label}: {problem}"))
    return numbers, problems


def _number_fields(fields: Iterable[PrintedField]) -> Iterator[PrintedField]:
    return (each for each in fields if each.field.kind == "organisation-number" and each.value)
