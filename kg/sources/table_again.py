"""Finds headings that stand twice: two that mean the same, and some that stand again among the rows of a list."""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter
from typing import TYPE_CHECKING

from kg.sources.table_head import FEWEST_HEADINGS, fields_of
from kg.sources.table_headings import Headings
from kg.sources.table_problems import Problems

if TYPE_CHECKING:
    from kg.sources.table import Column, Table

_ONCE = frozenset("money date rate count boolean owner organisation-number identifier title".split())
"""Kinds and properties of which a list has one column."""
_NAMES = frozenset(("title", "fieldEnglishTitle"))
MARK = "\ufeff"
"""A byte order mark, which stands before the headings of a file that was put behind another one."""


def naming(columns: Sequence[Column]) -> tuple[int, frozenset[str]]:
    """Return the place of the column that names operations, and what cells of headings print."""
    named = [each for each in columns if each.field.kind == "identifier" or each.field.name in _NAMES]
    place = min(named, key=lambda each: each.field.kind != "identifier").place if named else 0
    texts = [each.heading for each in columns]
    return place, frozenset((*texts, *(MARK + text for text in texts)))


def other_headings(table: Table, rows: Sequence[Sequence[str]], headings: Headings) -> int | None:
    """Return the place of the first row of headings in another order than those of the table, None where none is."""
    own, texts = naming(table.columns)
    if texts.isdisjoint(map(itemgetter(own), rows)):
        return None
    before = {column.place: column.field.name for column in table.columns}
    for place, row in enumerate(rows):
        if row[own] in texts:
            found = headings.row([cell.strip(MARK) for cell in row])
            known = {place: heading.field.name for place, heading in enumerate(found) if heading}
            most = 2 * len(known) >= sum(1 for cell in row if cell.strip())
            if most and known != before and len(fields_of(found)) >= FEWEST_HEADINGS:
                return place
    return None


def report_twins(sheet: str, row: int, columns: Sequence[Column], problems: Problems) -> None:
    """Report the columns that mean the same as one before them, where a list has only one such column."""
    before: dict[str, str] = {}
    for column in columns:
        name, kind = column.field.name, column.field.kind
        if name in before and (kind in _ONCE or name in _ONCE):
            message = f"it means the same as column {before[name]!r}; used only where that is empty"
            rule = "second-amount" if kind == "money" else "second-column"
            problems.add(rule, message, sheet=sheet, row=row, column=column.heading)
        before.setdefault(name, column.heading)
