"""The cells of some rows, column by column."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import compress

from kg.sources.table import Batch, Column
from kg.sources.table_cells import all_unmarked, unmarked


class Cells:
    """The printed cells of some rows of a table; `numbers` are the lines or rows on which they begin."""

    def __init__(self, columns: Sequence[tuple[Column, Sequence[str]]], numbers: list[int], sheet: str) -> None:
        self.columns, self.numbers, self.sheet = columns, numbers, sheet

    @classmethod
    def of(cls, batch: Batch) -> Cells:
        """Return the cells of every column that is not left out."""
        wanted = (column for column in batch.table.columns if column.field.kind != "ignored")
        by_place = list(zip(*batch.rows, strict=True)) or [()] * batch.table.width
        columns = [(column, by_place[column.place]) for column in wanted]
        return cls(columns, batch.numbers, batch.table.sheet)

    def __len__(self) -> int:
        return len(self.numbers)

    def named(self, wanted: str) -> Iterator[tuple[Column, Sequence[str]]]:
        """Yield the columns of a field, given by its name or by its kind."""
        return ((column, cells) for column, cells in self.columns if wanted in (column.field.name, column.field.kind))

    def has(self, wanted: str) -> bool:
        """Return whether there is a column of the field, given by its name or by its kind."""
        return any(True for _ in self.named(wanted))

    def first(self, wanted: str) -> list[str]:
        """Return for each row the first cell of the field that is not empty, without spaces round it."""
        found: list[str] = []
        for _, cells in self.named(wanted):
            if not found:
                found = all_unmarked(list(map(str.strip, cells)))
            elif "" in found:
                found = [one or unmarked(other.strip()) for one, other in zip(found, cells, strict=True)]
        return found or [""] * len(self)

    def where(self, wanted: Sequence[bool]) -> Cells:
        """Return the rows for which `wanted` is true."""
        columns = [(column, list(compress(cells, wanted))) for column, cells in self.columns]
        return Cells(columns, list(compress(self.numbers, wanted)), self.sheet)
