"""Collects what was wrong in a list: the same value under the same rule once, with its first row and how many more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.model import Notice
from kg.sources.privacy import scrub
from kg.values import ValueProblem

if TYPE_CHECKING:
    from kg.sources.table import Column
    from kg.sources.table_columns import Cells

MOST_VALUES = 200
"""Of one rule in one column; the rest is counted."""
_LONGEST_VALUE = 80


@dataclass(frozen=True, slots=True)
class Problem:
    """A value that breaks a rule: the first row on which it does, and on how many rows in all."""

    rule: str
    sheet: str
    column: str
    value: str
    row: int
    rows: int
    message: str


@dataclass(slots=True)
class _Seen:
    row: int
    rows: int
    message: str


class Problems:
    """The problems of one list file; `source` is its name as shown to people.

    Of one rule in one column `most` values are told and the rest counted; parts of a list tell all to the whole.
    """

    def __init__(self, source: str, most: int | None = MOST_VALUES) -> None:
        self.source, self._most = source, most
        self._seen: dict[tuple[str, str, str, str], _Seen] = {}
        self._values: dict[tuple[str, str, str], int] = {}
        self._more: dict[tuple[str, str, str], _Seen] = {}

    def add(
        self,
        rule: str,
        message: str,
        *,
        sheet: str = "",
        row: int = 0,
        column: str = "",
        value: str = "",
        rows: int = 1,
    ) -> None:
        """Add what happened first on `row` and on `rows` rows in all."""
        shown = value if len(value) <= _LONGEST_VALUE else value[: _LONGEST_VALUE - 1] + "…"
        place = (rule, sheet, column)
        seen = self._seen.get((*place, shown))
        told = self._values.setdefault(place, 0)
        if seen is None and self._most is not None and told >= self._most:
            shown, seen = "", self._more.get(place)
            if seen is None:
                self._more[place] = _Seen(row, rows, message)
                return
        if seen is None:
            self._values[place] += 1
            self._seen[(*place, shown)] = _Seen(row, rows, message)
        else:
            seen.rows += rows

    def told(self) -> tuple[Problem, ...]:
        """Return what was added, less what was only counted, in the order in which it came up."""
        return tuple(Problem(*place, seen.row, seen.rows, seen.message) for place, seen in self._seen.items())

    def forget(self) -> None:
        """Forget everything that was added."""
        for held in (self._seen, self._values, self._more):
            held.clear()

    def include(self, told: Iterable[Problem]) -> None:
        """Add what another part of the list has told."""
        for each in told:
            self.add(
                each.rule,
                each.message,
                sheet=each.sheet,
                row=each.row,
                column=each.column,
                value=each.value,
                rows=each.rows,
            )

    def cells(self, cells: Cells, column: Column, printed: Sequence[str], failed: Mapping[str, ValueProblem]) -> None:
        """Add the cells of a column that could not be read."""
        if not failed:
            return
        for number, cell in zip(cells.numbers, printed, strict=True):
            problem = failed.get(cell)
            if problem is not None:
                value = " ".join(cell.split())
                self.add(
                    problem.rule,
                    str(problem),
                    sheet=cells.sheet,
                    row=number,
                    column=column.heading,
                    value=value,
                )

    def parts(
        self,
        cells: Cells,
        column: Column,
        printed: Sequence[str],
        partly: Mapping[str, Iterable[tuple[ValueProblem, str]]],
    ) -> None:
        """Add those parts of the cells of a column that could not be read, while the rest of their cell was."""
        for number, cell in zip(cells.numbers, printed, strict=True) if partly else ():
            for problem, part in partly.get(cell, ()):
                value = " ".join(part.split())
                self.add(problem.rule, str(problem), sheet=cells.sheet, row=number, column=column.heading, value=value)

    def notices(self) -> tuple[Notice, ...]:
        """Return everything as notices, in the order of sheets and rows."""
        found = [
            (sheet, seen.row, self._notice(rule, sheet, column, value, seen))
            for (rule, sheet, column, value), seen in self._seen.items()
        ]
        found += [
            (sheet, seen.row, self._notice(rule, sheet, column, "", seen, "other values"))
            for (rule, sheet, column), seen in self._more.items()
        ]
        return tuple(notice for _, _, notice in sorted(found, key=lambda each: each[:2]))

    def _notice(self, rule: str, sheet: str, column: str, value: str, seen: _Seen, what: str = "") -> Notice:
        place = ", ".join(
            part for part in (f"sheet {sheet!r}" if sheet else "", f"column {column!r}" if column else "") if part
        )
        message = f"{place}: {seen.message}" if place else seen.message
        if what:
            message += f"; {what} in {seen.rows} rows"
        elif seen.rows > 1:
            message += f"; in {seen.rows} rows"
        return Notice(self.source, seen.row, scrub(value).text, rule, message)
