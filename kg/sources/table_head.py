"""Judges rows of a list by their look: which hold headings, which only number the columns, which need a closer look."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from operator import itemgetter

from kg.sources.table_csv import Stretch
from kg.sources.table_headings import Heading, folded

FEWEST_HEADINGS = 2
_NUMBERING = re.compile(r"\(?(?:\d{1,2}|[a-z])[).]?", re.IGNORECASE)


def fields_of(found: Iterable[Heading | None]) -> set[str]:
    """Return the names of the fields that headings mean."""
    return {heading.field.name for heading in found if heading}


def widened(found: Sequence[Heading | None], width: int) -> list[Heading | None]:
    """Return as many headings as the table is wide."""
    return [*found[:width], *([None] * (width - len(found)))]


def is_second_heading(found: Sequence[Heading | None], cells: Sequence[str]) -> bool:
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
    kind = "xlsx" if suffix == ".xlsx" else "csv"
    if "operationlocalidentifier" in headings:
        return f"kohesio-{kind}"
    return f"bank-{kind}" if "diarienummeroperationid" in headings else "list"


def is_regular(stretch: Stretch, width: int) -> bool:
    """Return whether all rows are as wide as the table and none is empty, as far as a quick look tells."""
    rows = stretch.rows
    return not stretch.problem and set(map(len, rows)) == {width} and all(map(itemgetter(0), rows))
