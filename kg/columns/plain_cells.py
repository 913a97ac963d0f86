"""Judges and writes whole columns of cells that are printed plainly; None marks a cell that needs a closer look.

Plain is what can be shown to need no cleaning: then the statement holds the cell as it is. The rules are stricter than
they need be, for a cell that is not called plain is only read more slowly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

_CODE = r"^[0-9A-Za-z][0-9A-Za-z._/-]*$"
_SAFE_CODE = r"^[0-9A-Za-z.-]+$"
_PROGRAMME_AND_CODE = r"^((?:19|20)[0-9]{2}[A-Z]{2}[0-9A-Z]{6,10})_(.+)$"
_ADDRESS = r"^https?://[!#-;=?-Z\[\]_a-z~]+$"
_AMOUNT = r"^(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,2})?$"
_GROUPED = "^[1-9][0-9]{0,2}(?:[ \u00a0][0-9]{3}){1,4}$"
_GROUPING = "[ \u00a0]"
# No markup, entity, address of e-mail or sign that is written in two ways, two spaces, or number as long as a personal
# one, or sign that marks a text for a spreadsheet; letters of Western Europe that are always one sign.
_UNCLEAR_TEXT = "^[='] *|[^ !-%'-;=?A-\\[\\]-~À-ÖØ-öø-ÿ–—’”“…]|  |\\(at\\)|\\[at\\]|[0-9][0-9 ()/+–-]{5,}[0-9]"


def distinct(
    cells: pl.Series, tell: Callable[[str], str | int | None], kind: type[pl.DataType] = pl.String
) -> pl.Series:
    """Return what is told of each cell, asked once for each distinct one; nothing is told of None."""
    if _are_same(cells):
        return pl.Series([tell(cells[0])], dtype=kind).new_from_index(0, len(cells))
    found = cells.unique().drop_nulls()
    told = pl.Series([*map(tell, found.to_list())], dtype=kind)
    return cells.replace_strict(found, told, default=None, return_dtype=kind)


def _are_same(cells: pl.Series) -> bool:
    """Return whether there is one text in all cells; asked first, for it takes a twentieth of looking for others."""
    return len(cells) > 0 and not cells.null_count() and bool((cells == cells[0]).all())


class Answers:
    """What `tell` says of the distinct cells of a column, kept from one batch to the next: most come again."""

    def __init__(self, tell: Callable[[str], str | None]) -> None:
        self._tell = tell
        self._forget()

    def _forget(self) -> None:
        self._cells = self._told = pl.Series([], dtype=pl.String)

    def of(self, cells: pl.Series) -> pl.Series:
        """Return what is told of each cell."""
        if _are_same(cells):
            return pl.Series([self._tell(cells[0])], dtype=pl.String).new_from_index(0, len(cells))
        # Where few cells come again, looking among all that were met takes longer than asking anew.
        if 2 * len(self._cells) > len(cells):
            self._forget()
        found = self._known(cells)
        unknown = cells.filter(found.is_null()).unique().drop_nulls() if found.null_count() else self._cells[:0]
        unknown = unknown.filter(~unknown.is_in(self._cells.implode()))
        if not len(unknown):
            return found
        told = pl.Series([*map(self._tell, unknown.to_list())], dtype=pl.String)
        self._cells, self._told = pl.concat([self._cells, unknown]), pl.concat([self._told, told])
        return self._known(cells)

    def _known(self, cells: pl.Series) -> pl.Series:
        if not len(self._cells):
            return pl.Series([None], dtype=pl.String).new_from_index(0, len(cells))
        return cells.replace_strict(self._cells, self._told, default=None, return_dtype=pl.String)


def first_filled(columns: Sequence[pl.Series]) -> pl.Series:
    """Return for each row the first text that is not empty."""
    found = columns[0]
    for other in columns[1:]:
        empty = found == ""
        # None is not known to be empty, and stays.
        found = other.zip_with(empty, found) if empty.any() else found
    return found


def stripped(columns: Iterable[pl.Series], rows: int) -> pl.Series:
    """Return for each row the first cell that is not empty, without spaces round it."""
    bare = [cells.str.strip_chars() for cells in columns]
    return first_filled(bare) if bare else pl.Series([""], dtype=pl.String).new_from_index(0, rows)


def only(texts: pl.Series, wanted: pl.Series) -> pl.Series:
    """Return the texts where they are wanted, None elsewhere."""
    return texts.set(~wanted, None)


def codes(printed: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Return the number of the programme, where it stands before the code, and the code of each operation."""
    # Without a digit it may be a heading or a total.
    plain = only(printed, printed.str.contains(_CODE) & printed.str.contains("[0-9]"))
    if not plain.str.contains("_", literal=True).any():
        return plain.str.head(0), plain
    prefixes = plain.str.extract(_PROGRAMME_AND_CODE, 1)
    both = prefixes.is_not_null()
    behind = pl.select(plain.str.slice(prefixes.str.len_bytes() + len("_"))).to_series()
    return prefixes.fill_null(""), behind.zip_with(both, plain)


def safe(code: pl.Series) -> pl.Series:
    """Return the codes that may stand in an IRI as they are."""
    return only(code, code.str.contains(_SAFE_CODE))


def addresses(cells: pl.Series) -> pl.Series:
    """Return web addresses, and the empty."""
    return only(cells, cells.str.contains(_ADDRESS) | (cells == ""))


def amounts(cells: pl.Series, *, zero_is_nothing: bool) -> pl.Series:
    """Return amounts in the canonical form of XSD 1.1, and the empty."""
    if not zero_is_nothing and cells.str.contains(_GROUPED).any():
        cells = cells.str.replace_all(_GROUPING, "").zip_with(cells.str.contains(_GROUPED), cells)
    plain = cells.str.contains(_AMOUNT)
    if zero_is_nothing:
        plain &= cells.str.contains("[1-9]")
    fraction = cells.str.contains(".", literal=True)
    short = cells.str.strip_chars_end("0").str.strip_chars_end(".").zip_with(fraction, cells)
    return only(short, plain | (cells == ""))


def texts(cells: pl.Series) -> pl.Series:
    """Return texts as they stand between the quotation marks of a literal, and the empty."""
    clear = only(cells, ~cells.str.contains(_UNCLEAR_TEXT))
    return clear.str.replace_all('"', '\\"', literal=True)


def between(start: str, end: str | pl.Series, cells: pl.Series) -> pl.Series:
    """Return each text between two others, the empty as they are."""
    fixed = [part if isinstance(part, pl.Series) else same(part, len(cells)) for part in (start, end)]
    together, empty = joined([fixed[0], cells, fixed[1]], ""), cells == ""
    return together.set(empty, "") if empty.any() else together


def joined(columns: Sequence[pl.Series], separator: str) -> pl.Series:
    """Return the texts of each row put together."""
    return pl.select(pl.concat_str(columns, separator=separator)).to_series()


def same(text: str, rows: int) -> pl.Series:
    """Return one text for every row."""
    return pl.Series([text], dtype=pl.String).new_from_index(0, rows)


def first_of_each(texts: pl.Series) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return where each distinct text stands first, in order, and for each text which of these it is."""
    # Numbers are sorted several times faster than texts.
    first, which = _first_of_each(texts.hash().to_numpy())
    if (texts.gather(first).gather(which) == texts).all():
        return first, which
    # Two texts have one hash.
    return _first_of_each(np.unique(np.array(texts.to_list()), return_inverse=True)[1])


def _first_of_each(numbers: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return where each distinct number stands first, in order, and for each number which of these it is."""
    ordered = np.argsort(numbers)
    begins = np.flatnonzero(np.diff(numbers[ordered], prepend=numbers[ordered[:1]] + 1))
    first = np.minimum.reduceat(ordered, begins) if len(begins) else begins
    in_order = np.argsort(first)
    rank = np.empty(len(first), np.int64)
    rank[in_order] = np.arange(len(first))
    which = np.empty(len(numbers), np.int64)
    which[ordered] = np.repeat(rank, np.diff(begins, append=len(numbers)))
    return first[in_order], which
