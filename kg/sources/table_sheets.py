"""What only sheets of a workbook have: cells that could not be computed, and cells merged over several rows."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from kg.sources.table_cells import is_empty
from kg.sources.table_csv import Stretch
from kg.sources.table_problems import Problems
from kg.sources.table_xlsx import Sheet, column_letters

if TYPE_CHECKING:
    from kg.sources.table import Column, Table

_CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_NOT_FOR_ALL = frozenset(("money", "count", "identifier"))
"""Kinds of cells that are one value of the rows together, not a value of each."""


def report_formulas(sheet: Sheet, table: Table, problems: Problems) -> None:
    """Report the cells below the headings that hold a formula without a result, or an error."""
    columns = _by_letters(table.columns)
    missing = "the cell holds a formula without a stored result; open and save the file, or write the value"
    failed = "the spreadsheet could not compute this cell"
    unresolved = ((cell, "") for cell in sheet.unresolved)
    for cells, rule, message in (
        (unresolved, "formula-without-result", missing),
        (sheet.errors, "spreadsheet-error", failed),
    ):
        for cell, value in cells:
            place = _CELL.fullmatch(cell)
            if place and place[1] in columns and int(place[2]) > table.header_row:
                heading, row = columns[place[1]].heading, int(place[2])
                problems.add(rule, message, sheet=sheet.name, row=row, column=heading, value=value)


def spread(sheet: Sheet, table: Table, stretches: Iterable[Stretch], problems: Problems) -> Iterator[Stretch]:
    """Yield rows in which a cell that was merged over several of them stands in each.

    Amounts, numbers of persons and codes stay where they are, and that is reported: a sum of several rows is not the
    sum of each.
    """
    merged = _merged_below(sheet, table, problems)
    if not merged:
        yield from stretches
        return
    standing: dict[int, tuple[int, str]] = {}
    for stretch in stretches:
        for number, row in zip(stretch.numbers, stretch.rows, strict=True):
            if is_empty(row):
                continue
            row.extend([""] * (table.width - len(row)))
            for place, spans in merged.items():
                while spans and spans[0][1] < number:
                    spans.popleft()
                if not spans or number < spans[0][0]:
                    continue
                first = spans[0][0]
                if number == first:
                    standing[place] = first, row[place]
                elif not row[place].strip() and place in standing and standing[place][0] == first:
                    row[place] = standing[place][1]
        yield stretch


def _merged_below(sheet: Sheet, table: Table, problems: Problems) -> Mapping[int, deque[tuple[int, int]]]:
    """Return, by the place of the column, the first and last rows of cells below the headings that are one cell.

    They are not counted out: a few bytes of a file can merge a million rows.
    """
    columns = _by_letters(table.columns)
    found: dict[int, list[tuple[int, int]]] = {}
    for first, last in sheet.merged:
        begin, end = _CELL.fullmatch(first), _CELL.fullmatch(last)
        column = columns.get(begin[1]) if begin else None
        if not begin or not end or column is None or int(begin[2]) <= table.header_row or begin[2] == end[2]:
            continue
        if column.field.kind in _NOT_FOR_ALL:
            message = "the cell is merged over several rows; its value was read for the first of them alone"
            cells = f"{first}:{last}"
            problems.add(
                "merged-cell", message, sheet=sheet.name, row=int(begin[2]), column=column.heading, value=cells
            )
            continue
        found.setdefault(column.place, []).append((int(begin[2]), int(end[2])))
    return {place: deque(sorted(spans)) for place, spans in found.items()}


def _by_letters(columns: Sequence[Column]) -> dict[str, Column]:
    return {column_letters(column.place + 1): column for column in columns}
