"""Finds the projects that have the words of a reading, the best first; which projects have a word is remembered."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from functools import lru_cache

import numpy as np

from kg.search.asking import Reading
from kg.search.facets import Column, Mask
from kg.search.schema import WEIGHTS

RANKED_UP_TO = 3_000
"""When more projects than this have all the words, those that have them in title, methods or owner come first, the
best of them in front, and then the others, newest first: weighing tens of thousands of texts would take too long."""
_HEAD = "{identifier title methods owner place}"
_REMEMBERED = 128
_ROOM = 8 << 20
"""Bytes of what is remembered of words, a bit for each project and word."""
_MOST_WORDS = 256

Packed = np.ndarray[tuple[int, ...], np.dtype[np.uint8]]


class Ranking:
    """Ranks the projects of one index; any number of threads may ask."""

    def __init__(self, database: Callable[[], sqlite3.Connection], size: int) -> None:
        self._database, self._size = database, size
        words = max(16, min(_MOST_WORDS, _ROOM // (size // 8 + 1)))
        # Common words stand in most searches, and going through all texts that have one takes longer than all the rest.
        self._having = lru_cache(maxsize=words)(self._read_having)
        self._ranked = lru_cache(maxsize=_REMEMBERED)(self._rank)

    def projects(self, reading: Reading, *, loose: bool = False) -> Column:
        """Return the projects that have all words of a reading that asks for some, or with `loose` any of them."""
        return self._ranked(reading.needed, reading.banned, loose)

    def _rank(self, needed: tuple[str, ...], banned: tuple[str, ...], loose: bool) -> Column:
        found = self._mask(needed, banned, loose)
        number = int(np.count_nonzero(found))
        expression = (" OR " if loose else " AND ").join(needed)
        if banned:
            expression = f"({expression}) NOT ({' OR '.join(banned)})"
        if not number:
            return np.empty(0, np.int32)
        if number <= RANKED_UP_TO:
            return self._best(expression)
        best = self._best(f"{_HEAD} : ({expression})")
        best = best[found[best]]  # an unwanted word may stand in the text alone
        found[best] = False
        return np.concatenate((best, np.flatnonzero(found).astype(np.int32)))

    def _best(self, expression: str) -> Column:
        weights = ", ".join(map(str, WEIGHTS))
        query = f"SELECT rowid FROM words WHERE words MATCH ? ORDER BY bm25(words, {weights}), rowid LIMIT ?"
        rows = self._database().execute(query, (expression, RANKED_UP_TO))
        return np.fromiter((row[0] for row in rows), dtype=np.int32)

    def _mask(self, needed: tuple[str, ...], banned: tuple[str, ...], loose: bool) -> Mask:
        joined = np.bitwise_or if loose else np.bitwise_and
        found = joined.reduce([self._having(part) for part in needed])
        for part in banned:
            found = found & ~self._having(part)
        return np.unpackbits(found, count=self._size).astype(np.bool_)

    def _read_having(self, part: str) -> Packed:
        """Return which projects match one part of an expression, a bit for each."""
        # As one text: a row of its own for each of ten thousand projects would take most of the time of a search.
        query = "SELECT group_concat(rowid) FROM words WHERE words MATCH ?"
        row = self._database().execute(query, (part,)).fetchone()
        found = np.zeros(self._size, np.bool_)
        found[np.fromstring(row[0] or "", np.int32, sep=",")] = True
        return np.packbits(found)
