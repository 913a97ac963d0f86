"""Reads a section of a CSV file as whole columns where it is quoted regularly throughout; it proves that first.

What a quotation mark means in an odd place is a matter of the reader: such a section is left to the one that reads row
by row. So are other encodings than UTF-8, line ends of two kinds, and rows of another width than the table.
"""

from __future__ import annotations

from codecs import lookup
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from kg.sources.table import Batch, Table
from kg.sources.table_again import naming
from kg.sources.table_csv import LONGEST_CELL
from kg.sources.table_sections import Opening
from kg.sources.table_signs import Places, Signs, count, places, signs_of

_QUOTE, _LINE_END, _RETURN = ord('"'), ord("\n"), ord("\r")
_ENCODINGS = frozenset(("utf-8", "utf-8-sig", "ascii"))
_NOWHERE = np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True)
class Columns:
    """Rows of a table as columns of text, named by their places, but for those that are left out.

    `numbers` are the lines on which the rows begin.
    """

    table: Table
    numbers: Sequence[int]
    frame: pl.DataFrame

    @classmethod
    def of(cls, batch: Batch) -> Columns:
        """Return the rows of a batch as columns."""
        by_place = list(zip(*batch.rows, strict=True))
        wanted = (each.place for each in batch.table.columns if each.field.kind != "ignored")
        frame = pl.DataFrame({str(place): pl.Series(by_place[place], dtype=pl.String) for place in wanted})
        return cls(batch.table, batch.numbers, frame)

    def __len__(self) -> int:
        return len(self.numbers)

    def at(self, places: Sequence[int]) -> Batch:
        """Return the rows at some places; cells that are left out are empty."""
        some = self.frame[places] if len(places) < len(self.frame) else self.frame
        known = {int(name): some[name].to_list() for name in some.columns}
        nothing = [""] * len(some)
        by_place = [known.get(place, nothing) for place in range(self.table.width)]
        rows = list(map(list, zip(*by_place, strict=True)))
        return Batch(self.table, [self.numbers[place] for place in places], rows)


def columns(data: bytes, opening: Opening, line: int) -> Columns | None:
    """Return the rows of a section whose first row stands on `line`; None where it has to be read row by row."""
    table = opening.table
    if lookup(opening.encoding).name not in _ENCODINGS or b"\0" in data or not data:
        return None
    signs = signs_of(data if data.endswith(b"\n") else data + b"\n")
    delimiter = ord(opening.delimiter)
    quoted = _quoted(signs, delimiter, places(signs, _QUOTE) if b'"' in data else _NOWHERE)
    if quoted is None:
        return None
    found = places(signs, _LINE_END)
    within = _within(found, quoted)
    line_ends = np.delete(found, within)
    if len(within):
        lines: Sequence[int] = [line, *(line + np.delete(np.arange(len(found)), within)[:-1] + 1).tolist()]
    else:
        lines = range(line, line + len(line_ends))
    returns = count(signs, _RETURN) if b"\r" in data else 0
    if returns and not (len(line_ends) == returns and (signs[line_ends - 1] == _RETURN).all()):
        return None
    between = places(signs, delimiter)
    between = np.delete(between, _within(between, quoted)) if len(quoted[0]) else between
    if not _are_as_wide(between, line_ends, table.width) or np.diff(line_ends, prepend=-1).max() > LONGEST_CELL:
        return None
    return _read(data, opening, lines)


def _are_as_wide(between: Places, line_ends: Places, width: int) -> bool:
    """Return whether each row has so many cells; `between` are the places of all delimiters."""
    each = width - 1
    if len(between) != each * len(line_ends):
        return False
    by_row = between.reshape(len(line_ends), each)
    return not each or bool((by_row[:, -1] < line_ends).all() and (by_row[1:, 0] > line_ends[:-1]).all())


def _quoted(signs: Signs, delimiter: int, quotes: Places) -> tuple[Places, Places] | None:
    """Return the places of the first and last quotation marks of all quoted parts of cells; `quotes` are those of all.

    None if one of them begins elsewhere than a cell or ends elsewhere.
    """
    if len(quotes) % 2:
        return None
    first, last = quotes[::2], quotes[1::2]
    # Two marks within a quoted cell stand for one: there the cell seems to end and to begin again at once.
    again = first[1:] == last[:-1] + 1
    before, after = signs[first - 1], signs[last + 1]
    begins = (first == 0) | (before == delimiter) | (before == _LINE_END)
    ends = (after == delimiter) | (after == _LINE_END) | (after == _RETURN)
    begins[1:] |= again
    ends[:-1] |= again
    return (first, last) if begins.all() and ends.all() else None


def _within(found: Places, quoted: tuple[Places, Places]) -> Places:
    """Return which of some places, in order, are within quotation marks."""
    begin, end = (np.searchsorted(found, marks) for marks in quoted)
    filled = begin < end
    begin, lengths = begin[filled], (end - begin)[filled]
    before = np.cumsum(lengths) - lengths
    return np.repeat(begin - before, lengths) + np.arange(lengths.sum())


def _read(data: bytes, opening: Opening, lines: Sequence[int]) -> Columns | None:
    table = opening.table
    wanted = sorted({0, *(each.place for each in table.columns if each.field.kind != "ignored")})
    try:
        frame = pl.read_csv(
            data,
            has_header=False,
            separator=opening.delimiter,
            schema={f"column_{place}": pl.String for place in range(table.width)},
            columns=[f"column_{place}" for place in wanted],
        )
    except pl.exceptions.PolarsError:
        return None
    frame.columns = list(map(str, wanted))
    frame = frame.with_columns(pl.all().fill_null(""))
    # A row may be empty where its first cell is, and is then no row; below other headings columns mean something else.
    own, texts = naming(table.columns)
    odd = len(frame) != len(lines) or (frame["0"] == "").any() or frame[str(own)].is_in(list(texts)).any()
    return None if odd else Columns(table, lines, frame)
