"""Reads the beneficiaries of a list: the name and number of each row as the mention of an owner, persons left out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from kg.model import OwnerMention
from kg.owners import ordinary_capitals, tidy_name
from kg.owners.persons import is_person
from kg.owners.reading import read_owner
from kg.sources.table_cells import plain_text, unmarked
from kg.sources.table_columns import Cells
from kg.sources.table_problems import Problems
from kg.values import ValueProblem, parse_organisation_number, tidy

_MOST_KEPT = 200_000
_PLAIN_NAME = re.compile(r"[^\W\d_]+(?: (?:[^\W\d_]+|&))*")


@dataclass(frozen=True, slots=True)
class _Read:
    mention: OwnerMention | None
    persons: tuple[str, ...] = ()
    removed: int = 0
    problems: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Mentions:
    """The owner of each row, the persons left out, by place of the row, and how many personal data those were."""

    owners: list[OwnerMention | None]
    persons: dict[int, tuple[str, ...]]
    removed: int


class Owners:
    """Reads owners; equal cells give one and the same mention."""

    def __init__(self, problems: Problems) -> None:
        self._problems = problems
        self._known: dict[tuple[str, str, str], _Read] = {}

    def of(self, cells: Cells, abroad: Sequence[str]) -> Mentions:
        """Return the owner of each row; `abroad` names the country of the others, empty where a row tells none."""
        if len(self._known) > _MOST_KEPT:
            self._known.clear()
        names, numbers = cells.first("owner"), cells.first("organisation-number")
        keys = list(zip(names, numbers, abroad, strict=True))
        for place in [place for place, key in enumerate(keys) if key not in self._known]:
            if keys[place] not in self._known:
                self._known[keys[place]] = _read(*keys[place], cells.numbers[place])
        reads = list(map(self._known.__getitem__, keys))
        return Mentions([read.mention for read in reads], *self._left_out(cells, reads))

    def plain(self, cells: tuple[str, str, str], row: int) -> tuple[OwnerMention | None] | None:
        """Return the owner (in a tuple) that name, number and country mean, None where there is something to report."""
        read = self._known.get(cells)
        if read is None:
            if len(self._known) > _MOST_KEPT:
                self._known.clear()
            read = self._known[cells] = _read(*cells, row)
        return None if read.problems or read.removed else (read.mention,)

    def _left_out(self, cells: Cells, reads: Sequence[_Read]) -> tuple[dict[int, tuple[str, ...]], int]:
        """Report what is wrong; return the persons that were left out, by place of the row, and how many data."""
        persons: dict[int, tuple[str, ...]] = {}
        removed = 0
        for place in [place for place, read in enumerate(reads) if read.problems or read.removed]:
            read = reads[place]
            if read.removed:
                removed += read.removed
                persons[place] = read.persons
            for rule, value, message in read.problems:
                self._problems.add(rule, message, sheet=cells.sheet, row=cells.numbers[place], value=value)
        return persons, removed


def label_of_letters(name: str) -> str | None:
    """Return what the name of an owner with a number is in ordinary capitals, None where it is not of letters alone.

    The number tells who it is; a name of letters alone holds no unit, no second name and nothing to repair.
    """
    if not _PLAIN_NAME.fullmatch(name):
        return None
    return ordinary_capitals(name) if name.isupper() else name


def _read(name: str, number: str, abroad: str, row: int) -> _Read:
    printed = name if _PLAIN_NAME.fullmatch(name) else tidy(unicodedata.normalize("NFC", plain_text(unmarked(name))))
    if abroad:
        return _read_abroad(printed, abroad, row)
    problems: list[tuple[str, str, str]] = []
    checked = None
    if number:
        try:
            checked = parse_organisation_number(number)
        except ValueProblem as problem:
            if problem.rule == "person-number":
                persons = (printed,) if printed else ()
                message = "the beneficiary is a natural person, whose name and number were left out"
                return _Read(None, persons, 1 + len(persons), ((problem.rule, "", message),))
            problems.append((problem.rule, number, f"the beneficiary's number: {problem}"))
    label = label_of_letters(printed) if checked else None
    if label is not None:
        return _Read(OwnerMention(printed, label, None, checked, (printed,), row))
    if not printed and not checked:
        return _Read(None, problems=tuple(problems))
    reading = read_owner(printed, checked, line=row)
    problems += [(each.rule, each.value, each.message) for each in reading.problems]
    return _Read(reading.mention, reading.persons, len(reading.persons), tuple(problems))


def _read_abroad(printed: str, country: str, row: int) -> _Read:
    """Read an owner of another country: numbers there follow other rules, and so do names, but persons are persons."""
    plain = tidy_name(printed)
    if not plain:
        return _Read(None)
    if is_person(plain):
        message = "the beneficiary reads like a natural person, whose name was left out"
        return _Read(None, (printed,), 1, (("person-as-owner", "", message),))
    return _Read(OwnerMention(plain, ordinary_capitals(plain), None, None, (printed,), row, country))
