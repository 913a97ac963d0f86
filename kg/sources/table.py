"""Opens a list of operations (CSV or XLSX): finds the headings and gives the rows below them in batches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from kg.errors import InputError
from kg.ontology import Field
from kg.sources.table_again import MARK, other_headings, report_twins
from kg.sources.table_cells import is_empty
from kg.sources.table_csv import (
    HEAD_ROWS,
    ROWS_AT_ONCE,
    CsvRows,
    Row,
    Stretch,
    UnreadableTable,
    delimiter_of,
    encoding_of,
    guessed_encoding,
)
from kg.sources.table_formats import check_format, is_workbook, twice_encoded
from kg.sources.table_head import Head, currency_of, fields_of, is_regular, layout_of
from kg.sources.table_headings import Headings, folded, in_thousands
from kg.sources.table_mapping import ListMapping
from kg.sources.table_problems import Problems
from kg.sources.table_sections import IrregularSection, Opening, stretches
from kg.sources.table_sheets import report_formulas, spread
from kg.sources.table_start import Start, in_stretches, stated_amounts
from kg.sources.table_xlsx import open_workbook

BATCH = ROWS_AT_ONCE
_BROKEN = {
    "broken-quoting": "a quotation mark is left open; the line was left out",
    "wrong-encoding": "the row has bytes that are not UTF-8, unlike those before it; it was left out",
}
_SECTION_BATCH = 10_000
"""Rows of a section that are read together: what is ambiguous was decided before, so that there may be more."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column that is understood: its place, counted from 0, its heading, and what stands in it."""

    place: int
    heading: str
    field: Field
    currency: str | None


@dataclass(frozen=True, slots=True)
class Table:
    """The columns of one sheet (named "" in a CSV file) and the row of its headings.

    `language` (BCP 47) is that of the headings where it is another than those of the ontology, `currency` the one that
    a line above them, or the layout, states for all amounts.
    """

    sheet: str
    header_row: int
    columns: tuple[Column, ...]
    width: int
    layout: str
    language: str | None = None
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows of a table with all their cells, and the line or row on which each begins."""

    table: Table
    numbers: list[int]
    rows: list[list[str]]

    def at(self, places: Sequence[int]) -> Batch:
        """Return the rows at some places."""
        return Batch(self.table, [self.numbers[place] for place in places], [self.rows[place] for place in places])


class ListFile:
    """A list of operations in a file; what is wrong with it goes into `problems`."""

    def __init__(self, path: Path, headings: Headings, mapping: ListMapping, problems: Problems) -> None:
        self._path, self._headings, self._mapping, self._problems = path, headings, mapping, problems
        self._unmet = set(mapping.columns)

    def batches(self) -> Iterator[Batch]:
        """Yield the rows of every sheet with headings.

        Raises:
            UnreadableTable: the file is damaged, in another encoding, or no row of it holds headings.
            OSError: the file cannot be read.
        """
        check_format(self._path)
        opened = self._workbook() if is_workbook(self._path) else self._text()
        empty = True
        for batch in opened:
            empty = False
            yield batch
        if empty:
            raise UnreadableTable(0, "", "empty-list", "there are headings but no rows below them")
        self.report_unmet()

    def report_unmet(self) -> None:
        """Report the headings of the mapping file that were not met by now."""
        for heading in sorted(self._unmet):
            self._problems.add("unknown-column", "the mapping file names a heading that no sheet has", value=heading)

    def _text(self) -> Iterator[Batch]:
        _, _, table, rest = self._opened()
        yield from self._in_batches(table, rest)

    def _opened(self) -> tuple[str, str, Table, Iterator[Stretch]]:
        encoding = encoding_of(self._path, self._mapping.encoding)
        may_guess = encoding == "utf-8" and not self._mapping.encoding
        guessed = guessed_encoding(self._path, self._headings.fit) if may_guess else None
        if guessed:
            message = "the file is not UTF-8 and was read as this (a mapping file can name another encoding)"
            self._problems.add("guessed-encoding", message, value=guessed)
            encoding = guessed
        delimiter = self._mapping.delimiter or delimiter_of(self._path, encoding, self._score)
        rows = CsvRows(self._path, encoding, delimiter)
        start = Start.of(rows.stretches(), self._headings, self._mapping.header_row)
        if start.is_torn():
            # A quotation mark that is left open among the first rows has swallowed those below it.
            rows = CsvRows(self._path, encoding, delimiter)
            rows.width = start.width
            start = Start.of(rows.stretches(), self._headings, self._mapping.header_row)
        table = self._table("", start)
        if table is None:
            raise _without_headings()
        rows.width = table.width
        broken = twice_encoded(" ".join(cell for row in start.rows for cell in row.cells))
        if broken is not None:
            self._problems.add("encoded-twice", "letters were encoded twice (Ã¤ for ä); make it anew", value=broken)
        return encoding, delimiter, table, start.below()

    def opening(self) -> Opening | None:
        """Return what the beginning of a CSV file tells, None where there are no rows below the headings.

        Only what is wrong with the headings is reported; the rows are read once more by `section`.

        Raises:
            UnreadableTable: no row holds headings, or the first rows are damaged or in another encoding.
            OSError: the file cannot be read.
        """
        check_format(self._path)
        encoding, delimiter, table, rest = self._opened()
        first = next((stretch for stretch in rest if stretch.numbers), None)
        if first is None:
            return None
        told = self._problems.told()
        sample = next(self._in_batches(table, chain((first,), rest)), None)
        self._problems.forget()
        self._problems.include(told)
        return None if sample is None else Opening(encoding, delimiter, table, first.numbers[0], sample)

    def section(self, opening: Opening, data: bytes, line: int) -> Iterator[Batch]:
        """Yield the rows of a part of the file, which begins with the row on `line`.

        Raises:
            IrregularSection: where the rows end cannot be told from this part alone.
        """
        width = opening.table.width
        rows = stretches(data, opening.encoding, opening.delimiter, width, line)
        return self._in_batches(opening.table, rows, _SECTION_BATCH)

    def _workbook(self) -> Iterator[Batch]:
        book = open_workbook(self._path, self._mapping.sheet)
        if book.links:
            message = "the workbook links to other files, which were not read; stored values are used"
            self._problems.add("external-links", message, value=str(book.links))
        wanted = [sheet for sheet in book.sheets if self._mapping.sheet in (None, sheet.name) and not sheet.hidden]
        for sheet in book.sheets if self._mapping.sheet is None else ():
            if sheet.hidden:
                message = "the sheet is hidden and was left out (a mapping file can name it)"
                self._problems.add("hidden-sheet", message, sheet=sheet.name)
        if not book.sheets:
            raise UnreadableTable(0, "", "damaged-spreadsheet", "the workbook has no sheet that can be read")
        if not wanted and self._mapping.sheet is None:
            raise UnreadableTable(0, "", "hidden-sheet", "all sheets are hidden (a mapping file can name one)")
        if not wanted:
            names = ", ".join(sheet.name for sheet in book.sheets)
            raise InputError(f"{self._problems.source}: there is no sheet {self._mapping.sheet!r}; there are {names}")
        found = False
        for sheet in wanted:
            start = Start.of(in_stretches(book.rows(sheet.name)), self._headings, self._mapping.header_row)
            table = self._table(sheet.name, start)
            if table is None:
                message = "no row has headings that are known; the sheet was left out"
                self._problems.add("sheet-without-headings", message, sheet=sheet.name)
                continue
            found = True
            report_formulas(sheet, table, self._problems)
            yield from self._in_batches(table, spread(sheet, table, start.below(), self._problems))
        if not found:
            raise _without_headings()

    def _score(self, rows: Sequence[Sequence[str]]) -> int:
        return max((len(fields_of(self._headings.row(row))) for row in rows[:HEAD_ROWS]), default=0)

    def _table(self, sheet: str, start: Start) -> Table | None:
        """Return the table that begins with the headings of a start, and report what is odd about them."""
        if start.head is None:
            return None
        row, cells, found, _ = start.head
        stated = stated_amounts(start.above())
        columns: list[Column] = []
        self._unmet -= {heading for heading in self._unmet if folded(heading) in set(map(folded, cells))}
        for place, (cell, heading) in enumerate(zip(cells, found, strict=True)):
            shown = " ".join(cell.split())
            if heading is not None and heading.field.kind == "money" and stated.thousands:
                message = "the amounts of the list are in thousands or millions, which is not read; left out"
                self._problems.add("amounts-in-thousands", message, sheet=sheet, row=row, column=shown)
            elif heading is not None:
                columns.append(Column(place, shown, heading.field, heading.currency))
                for part in heading.unknown:
                    message = f"only the other part of the heading {shown!r} is known; the column is read as that"
                    self._problems.add("half-known-heading", message, sheet=sheet, row=row, value=part)
            elif in_thousands(shown):
                message = "the amounts of the column are in thousands or millions, which is not read; left out"
                self._problems.add("amounts-in-thousands", message, sheet=sheet, row=row, column=shown)
            elif shown:
                message = "the ontology has no such heading; the column was left out (a mapping file can name it)"
                self._problems.add("unknown-column", message, sheet=sheet, row=row, value=shown)
        report_twins(sheet, row, columns, self._problems)
        layout = layout_of((column.heading for column in columns), self._path.suffix.lower())
        language = self._headings.language([column.heading for column in columns])
        return Table(sheet, row, tuple(columns), len(cells), layout, language, stated.currency or currency_of(layout))

    def _in_batches(self, table: Table, stretches: Iterable[Stretch], size: int = BATCH) -> Iterator[Batch]:
        numbers: list[int] = []
        cells: list[list[str]] = []
        for stretch in stretches:
            regular = stretch if is_regular(stretch, table.width) else self._regular(table, stretch)
            while (place := other_headings(table, regular.rows, self._headings)) is not None:
                if size == _SECTION_BATCH:
                    raise IrregularSection
                if cells or place:
                    yield Batch(table, numbers + regular.numbers[:place], cells + regular.rows[:place])
                numbers, cells = [], []
                table = self._again(table, regular.numbers[place], regular.rows[place])
                regular = Stretch(regular.numbers[place + 1 :], regular.rows[place + 1 :])
            numbers += regular.numbers
            cells += regular.rows
            while len(cells) >= size:
                yield Batch(table, numbers[:size], cells[:size])
                del numbers[:size], cells[:size]
        if cells:
            yield Batch(table, numbers, cells)

    def _again(self, table: Table, number: int, row: Sequence[str]) -> Table:
        """Return the table that begins with other headings on a row within another table."""
        message = "other headings stand here; the rows below were read by them"
        self._problems.add("other-headings", message, sheet=table.sheet, row=number)
        cells = [cell.strip(MARK) for cell in row]
        head = Head(number, cells, self._headings.row(cells), 1)
        return self._table(table.sheet, Start([], head, iter(()))) or table

    def _regular(self, table: Table, stretch: Stretch) -> Stretch:
        """Return those rows of a stretch that can be used, each as wide as the table."""
        numbers: list[int] = []
        rows: list[list[str]] = []
        for number, cells in zip(stretch.numbers, stretch.rows, strict=True):
            fitting = self._fitting(table, Row(number, cells, stretch.problem))
            if fitting is not None:
                numbers.append(number)
                rows.append(fitting)
        return Stretch(numbers, rows)

    def _fitting(self, table: Table, row: Row) -> list[str] | None:
        """Return the cells of an unusual row, None where the row is empty or cannot be trusted."""
        if row.problem:
            self._problems.add(row.problem, _BROKEN[row.problem], row=row.number)
            return None
        if is_empty(row.cells):
            return None
        cells = row.cells[: table.width]
        if table.sheet:
            return cells + [""] * (table.width - len(cells))
        if len(cells) < table.width or not is_empty(row.cells[table.width :]):
            message = f"the row has not as many cells as there are headings ({table.width}); it was left out"
            self._problems.add("ragged-row", message, row=row.number, value=_shown(row.cells))
            return None
        return cells


def _shown(cells: Sequence[str]) -> str:
    """Return how many cells a row has, and its code: other cells may hold names of persons."""
    code = next((each for cell in cells if any(map(str.isdecimal, each := cell.strip()))), "")
    return f"{len(cells)} cells: {code}" if code and " " not in code else f"{len(cells)} cells"


def _without_headings() -> UnreadableTable:
    message = "no row has headings that are known: a diary number or name and one more (a mapping file can name them)"
    return UnreadableTable(0, "", "not-a-list", message)
