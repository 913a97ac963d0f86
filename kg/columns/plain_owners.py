"""Tells for whole columns who owns each operation, reading each distinct print once."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import compress

import numpy as np
import polars as pl
from numpy.typing import NDArray

from kg.columns.owner_keys import OwnerKey, numbered_key, owner_key
from kg.sources.table_owners import Owners, label_of_letters

_BETWEEN = "\0"
_MOST_KEPT = 100_000
"""Prints of owners that are remembered."""
_PARTS = ("name", "number", "country")
_NOT_PLAIN = -1
_DIGITS = 10
_ZERO = ord("0")
_DOUBLED = np.array([2 * digit - 9 * (digit > 4) for digit in range(_DIGITS)])
_Numbers = NDArray[np.int64]


class _Places(dict[str, int]):
    """The place of each print in the order in which they were met; `fresh` are those met since it was emptied."""

    def __init__(self) -> None:
        super().__init__()
        self.fresh: list[str] = []

    def __missing__(self, printed: str) -> int:
        place = self[printed] = len(self)
        self.fresh.append(printed)
        return place


class PlainOwners:
    """Reads owners that are printed plainly; the others are asked of `owners`, and need a closer look if it says so."""

    def __init__(self, owners: Owners) -> None:
        self._owners = owners
        self._forget()

    def _forget(self) -> None:
        self._places = _Places()
        self._keys: list[OwnerKey | None] = []
        self._plain: list[bool] = []

    def of(
        self, printed: pl.Series, wanted: pl.Series, lines: Sequence[int]
    ) -> tuple[pl.Series, list[tuple[OwnerKey | None, int]]]:
        """Return the owner of each wanted row by its place in a list of them, and that list.

        The list has each with the line on which it comes first, and None for rows that name nobody. There is no place
        for rows that are not wanted or need a closer look.
        """
        if len(self._places) > _MOST_KEPT:
            self._forget()
        rows = np.flatnonzero(wanted.to_numpy())
        texts = printed.filter(wanted).to_list()
        met = np.fromiter(map(self._places.__getitem__, texts), np.int64, len(texts))
        self._read(lines[0] if lines else 0)
        begins = _first(met, len(self._keys))
        plain = np.array(self._plain, np.bool_)[met]
        distinct = met[begins & plain]
        places = np.full(len(self._keys), _NOT_PLAIN, np.int32)
        places[distinct] = np.arange(len(distinct))
        found = np.full(len(printed), _NOT_PLAIN, np.int32)
        found[rows] = places[met]
        told = pl.Series(found)
        first = rows[begins & plain].tolist()
        return (
            told.set(told == _NOT_PLAIN, None),
            [(self._keys[place], lines[row]) for place, row in zip(distinct.tolist(), first, strict=True)],
        )

    def _read(self, line: int) -> None:
        """Read the prints that are new."""
        fresh = [printed.split(_BETWEEN) for printed in self._places.fresh]
        self._places.fresh.clear()
        numbers = _plain_numbers([parts[1].strip() if len(parts) == len(_PARTS) else "" for parts in fresh])
        for parts, number in zip(fresh, numbers, strict=True):
            name = parts[0].strip()
            label = label_of_letters(name) if number and not parts[2].strip() else None
            if label is not None:
                self._add(numbered_key(name, label, number), plain=True)
                continue
            found = (
                self._owners.plain((name, parts[1].strip(), parts[2].strip()), line)
                if len(parts) == len(_PARTS)
                else None
            )
            mention = None if found is None else found[0]
            self._add(None if mention is None else owner_key(mention), plain=found is not None)

    def _add(self, key: OwnerKey | None, *, plain: bool) -> None:
        self._keys.append(key)
        self._plain.append(plain)


def _plain_numbers(printed: Sequence[str]) -> list[str]:
    """Return those organisation numbers that are printed with ten digits and are right, empty texts for all others."""
    bare = [text.replace("-", "") for text in printed]
    ten = [len(text) == _DIGITS and text.isascii() and text.isdigit() for text in bare]
    digits = np.frombuffer("".join(compress(bare, ten)).encode(), np.uint8).reshape(-1, _DIGITS) - _ZERO
    sums = digits[:, 1::2].sum(axis=1) + _DOUBLED[digits[:, ::2]].sum(axis=1)
    right = iter(((digits[:, 2] > 1) & (sums % 10 == 0)).tolist())
    return [text if whole and next(right) else "" for text, whole in zip(bare, ten, strict=True)]


def _first(met: _Numbers, number: int) -> NDArray[np.bool_]:
    """Return whether each of some numbers, all below `number`, comes for the first time."""
    order = np.arange(len(met))
    first = np.empty(number, np.int64)
    first[met[::-1]] = order[::-1]
    first_ones: NDArray[np.bool_] = first[met] == order
    return first_ones
