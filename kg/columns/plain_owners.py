"""Tells for whole columns who owns each operation, reading each distinct print once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from kg.columns import plain_cells
from kg.columns.owner_keys import BETWEEN, owner_key
from kg.sources.table_owners import Owners, label_of_letters

_MOST_KEPT = 100_000
"""Names in capitals that are remembered."""
_DIGITS = 10
_ZERO = ord("0")
_DOUBLED = np.array([2 * digit - 9 * (digit > 4) for digit in range(_DIGITS)])
_NUMBER = r"^[0-9]{10}$"
# Letters of Western Europe that are always one sign.
_NAME = "^[A-Za-zÀ-ÖØ-öø-ÿ]+(?: (?:[A-Za-zÀ-ÖØ-öø-ÿ]+|&))*$"
_SMALL = "[a-zß-öø-ÿ]"
_Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class PrintedOwners:
    """What the rows of a batch print of their owners, without spaces round it; `abroad` is another country."""

    name: pl.Series
    number: pl.Series
    abroad: pl.Series

    def at(self, places: _Numbers) -> PrintedOwners:
        """Return those at some places."""
        name, number, abroad = (each.gather(places) for each in (self.name, self.number, self.abroad))
        return PrintedOwners(name, number, abroad)

    def together(self) -> pl.Series:
        """Return all that each row prints in one text."""
        return plain_cells.joined((self.name, self.number, self.abroad), BETWEEN)


class PlainOwners:
    """Reads owners that are printed plainly; the others are asked of `owners`, and need a closer look if it says so."""

    def __init__(self, owners: Owners) -> None:
        self._owners = owners
        self._labels: dict[str, str | None] = {}

    def of(self, printed: PrintedOwners, wanted: pl.Series, lines: Sequence[int]) -> tuple[pl.Series, pl.DataFrame]:
        """Return the owner of each wanted row by its place in a table of them, and that table.

        The table has the `key` of each owner, None for rows that name nobody, and the `line` on which it comes first.
        There is no place for rows that are not wanted or need a closer look.
        """
        rows = np.flatnonzero(wanted.to_numpy())
        together = printed.together()
        first, which = plain_cells.first_of_each(together.filter(wanted))
        keys, plain = self._keys(printed.at(rows[first]), lines[0] if lines else 0)
        # Signs that part the cells stand in cells themselves.
        plain &= (together.gather(rows[first]).str.count_matches(BETWEEN, literal=True) == 2).to_numpy()
        places = np.where(plain, np.cumsum(plain) - 1, -1)
        found = np.full(len(wanted), -1, np.int32)
        found[rows] = places[which]
        told = pl.Series(found)
        met = pl.Series([lines[row] for row in rows[first[plain]].tolist()], dtype=pl.Int64)
        return told.set(told < 0, None), pl.DataFrame({"key": keys.filter(pl.Series(plain)), "line": met})

    def _keys(self, printed: PrintedOwners, line: int) -> tuple[pl.Series, NDArray[np.bool_]]:
        """Return the key of each owner, and whether it is printed plainly."""
        number = printed.number.str.replace_all("-", "", literal=True)
        sure = _are_right(number) & (printed.abroad == "").to_numpy() & printed.name.str.contains(_NAME).to_numpy()
        keys = plain_cells.joined((printed.name, self._label(printed.name, sure), number), BETWEEN)
        others = np.flatnonzero(~sure)
        some = printed.at(others)
        read = [
            self._owners.plain(cells, line)
            for cells in zip(some.name.to_list(), some.number.to_list(), some.abroad.to_list(), strict=True)
        ]
        if read:
            own = [None if each is None or each[0] is None else owner_key(each[0]) for each in read]
            keys = keys.scatter(others, pl.Series(own, dtype=pl.String))
            sure[others] = [each is not None for each in read]
        return keys, sure

    def _label(self, names: pl.Series, sure: NDArray[np.bool_]) -> pl.Series:
        """Return names of letters in ordinary capitals."""
        capitals = np.flatnonzero(sure & ~names.str.contains(_SMALL).to_numpy())
        if not len(capitals):
            return names
        if len(self._labels) > _MOST_KEPT:
            self._labels.clear()
        printed = names.gather(capitals).to_list()
        for name in printed:
            if name not in self._labels:
                self._labels[name] = label_of_letters(name)
        labels = pl.Series([*map(self._labels.__getitem__, printed)], dtype=pl.String)
        # A series is changed where it is.
        return names.clone().scatter(capitals, labels)


def _are_right(numbers: pl.Series) -> NDArray[np.bool_]:
    """Return which texts are ten digits that make the number of an organisation."""
    ten = numbers.str.contains(_NUMBER).to_numpy()
    together = numbers.filter(pl.Series(ten)).str.join("").item().encode()
    digits = np.frombuffer(together, np.uint8).reshape(-1, _DIGITS) - _ZERO
    sums = digits[:, 1::2].sum(axis=1) + _DOUBLED[digits[:, ::2]].sum(axis=1)
    right = np.zeros(len(numbers), np.bool_)
    right[ten] = (digits[:, 2] > 1) & (sums % 10 == 0)
    return right
