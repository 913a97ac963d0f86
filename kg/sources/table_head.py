"""Finds the row of headings, or the two that belong together, and judges the rows below them by their look."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import zip_longest
from operator import itemgetter
from typing import NamedTuple

from kg.sources.table_csv import Row, Stretch
from kg.sources.table_formats import WORKBOOK_SUFFIXES
from kg.sources.table_headings import Heading, Headings, folded

FEWEST_HEADINGS = 2
_NAMES = frozenset(("identifier", "title", "fieldEnglishTitle"))
_NUMBERING = re.compile(r"\(?(?:\d{1,2}|[a-z])[).]?", re.IGNORECASE)


class Head(NamedTuple):
    """The headings of a table: the row on which they stand, their cells and what these mean.

    `below` is the place of the first row under them.
    """

    number: int
    cells: Sequence[str]
    found: Sequence[Heading | None]
    below: int


def fields_of(found: Iterable[Heading | None]) -> set[str]:
    """Return the names of the fields that headings mean."""
    return {heading.field.name for heading in found if heading}


def find_head(rows: Sequence[Row], headings: Headings, wanted: int | None) -> Head | None:
    """Return the headings among the first rows of a table, None where no row has any.

    Args:
        rows: the first rows.
        headings: those that are known.
        wanted: the row on which they stand, None where that is not told.
    """
    alone = [headings.row(row.cells) for row in rows]
    if wanted is not None:
        place = next((place for place, row in enumerate(rows) if row.number == wanted), None)
        return None if place is None else _whole(rows, place, alone, headings)
    heads: list[Head] = []
    for place, (row, found) in enumerate(zip(rows, alone, strict=True)):
        heads.append(Head(row.number, row.cells, found, place + 1))
        if place + 1 < len(rows) and len(fields_of(found) | fields_of(alone[place + 1])) >= FEWEST_HEADINGS:
            heads += filter(None, (_grouped(rows, place, headings),))
    best = max(heads, key=lambda head: len(fields_of(head.found)), default=None)
    names = fields_of(best.found) if best else set()
    if best is None or len(names) < FEWEST_HEADINGS or not names & _NAMES:
        return None
    return _whole(rows, best.below - 1, alone, headings) if best.cells is rows[best.below - 1].cells else best


def _whole(
    rows: Sequence[Row], place: int, alone: Sequence[Sequence[Heading | None]], headings: Headings
) -> Head | None:
    """Return the headings that begin on a row, with those of the next where these are part of them."""
    row, below = rows[place], place + 1
    head = Head(row.number, row.cells, alone[place], below)
    if below == len(rows):
        return head
    grouped = _grouped(rows, place, headings)
    if grouped and len(fields_of(grouped.found)) > len(fields_of(head.found)):
        return grouped
    if _is_second_heading(alone[below], rows[below].cells):
        # Headings in two languages may stand in two rows.
        pairs = zip_longest(head.found, alone[below][: len(head.found)])
        return head._replace(found=[one or other for one, other in pairs], below=below + 1)
    return head


def _grouped(rows: Sequence[Row], place: int, headings: Headings) -> Head | None:
    """Return the headings of two rows of which the upper one names groups of columns, None where they are no such rows.

    A cell that was merged over several columns stands in the first of them, one merged over both rows in the upper.
    """
    upper, lower = rows[place].cells, rows[place + 1].cells
    named = [cell for cell in upper if cell.strip()]
    if len(named) == 1 and headings.find(named[0]) is None:
        # The title of the list, which names no group of columns.
        return None
    cells: list[str] = []
    found: list[Heading | None] = []
    group, known, unknown = "", 0, 0
    for above, below in zip_longest(upper, lower, fillvalue=""):
        group = above if above.strip() else group
        if not below.strip():
            cells.append(above)
            found.append(headings.find(above))
            group = ""
            continue
        text, meaning = _under(group, below, headings)
        if meaning is None and headings.find(above):
            return None
        known, unknown = known + (meaning is not None), unknown + (meaning is None)
        cells.append(text)
        found.append(meaning)
    if not known or unknown > known:
        return None
    return Head(rows[place + 1].number, cells, found, place + 2)


def _under(group: str, below: str, headings: Headings) -> tuple[str, Heading | None]:
    """Return the whole text of a heading under that of its group, and what it means."""
    together = f"{group} {below}".strip()
    meaning = headings.find_under(group, below)
    if meaning and meaning.unknown:
        # The group is known, and the cell below it is a value.
        meaning = None
    if meaning is None and (meaning := headings.find(below)):
        return below, meaning
    if meaning is None and (meaning := headings.find(f"{below} {group}")) and meaning.unknown:
        meaning = None
    return together, meaning


def _is_second_heading(found: Sequence[Heading | None], cells: Sequence[str]) -> bool:
    """Return whether a row below the headings holds headings too, in another language."""
    filled = sum(1 for cell in cells if cell.strip())
    return len(fields_of(found)) > FEWEST_HEADINGS and 2 * sum(1 for heading in found if heading) >= filled


def is_numbering(cells: Sequence[str]) -> bool:
    """Return whether a row only numbers the columns."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    return len(filled) > FEWEST_HEADINGS and all(_NUMBERING.fullmatch(cell) for cell in filled)


def layout_of(printed: Iterable[str], suffix: str) -> str:
    """Return the name of the layout of a list: the project bank's, Kohesio's, or any other."""
    headings = set(map(folded, printed))
    kind = "xlsx" if suffix in WORKBOOK_SUFFIXES else "csv"
    if "operationlocalidentifier" in headings:
        return f"kohesio-{kind}"
    return f"bank-{kind}" if "diarienummeroperationid" in headings else "list"


def currency_of(layout: str) -> str | None:
    """Return the currency of all amounts in lists of a layout that name none, None where it has no such rule.

    Kohesio turns all amounts into euro, whatever the country.

    >>> currency_of("kohesio-csv"), currency_of("list")
    ('EUR', None)
    """
    return "EUR" if layout.startswith("kohesio-") else None


def is_regular(stretch: Stretch, width: int) -> bool:
    """Return whether all rows are as wide as the table and none is empty, as far as a quick look tells."""
    rows = stretch.rows
    return not stretch.problem and set(map(len, rows)) == {width} and all(map(itemgetter(0), rows))
