"""Finds the projects that have the words of a reading, the best first; which projects have a word is remembered."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Callable
from functools import lru_cache

import numpy as np

from kg.search.asking import Compound, Part, Reading
from kg.search.facets import Column, Mask
from kg.search.schema import WEIGHTS

RANKED_UP_TO = 3_000
"""When more projects than this have all the words, it counts where each has them and no more how often: those that have
rare words in their title come first, then come methods, owner and place, and among equals the newest. Weighing tens of
thousands of texts would take too long."""
_PLACES = (("{identifier title} : ", 10.0), ("{methods owner place} : ", 4.0))
"""Columns of an index of words, with how much a word in them counts there."""
_STEPS = 16
"""Weights are told apart to a sixteenth, so that they can be put in order as small whole numbers."""
_REMEMBERED = 128
_ROOM = 8 << 20
"""Bytes of what is remembered of words, a bit for each project and part of a question."""
_MOST_PARTS = 600
_FEWEST_PARTS = 16
_PARTS_OF_A_WORD = 1 + len(_PLACES)

Packed = np.ndarray[tuple[int, ...], np.dtype[np.uint8]]


class Ranking:
    """Ranks the projects of one index; any number of threads may ask."""

    def __init__(self, database: Callable[[], sqlite3.Connection], size: int) -> None:
        self._database, self._size = database, size
        parts = max(_FEWEST_PARTS, min(_MOST_PARTS, _ROOM // (size // 8 + 1)))
        self.words_ahead = parts // _PARTS_OF_A_WORD // 2 if size > RANKED_UP_TO else 0
        """How many words are worth remembering before anybody asks; the rest of the room is for what is asked."""
        # Common words stand in most searches, and going through all texts that have one takes longer than all the rest.
        self._having = lru_cache(maxsize=parts)(self._read_having)
        self._ranked = lru_cache(maxsize=_REMEMBERED)(self._rank)

    def projects(self, reading: Reading, *, loose: bool = False) -> Column:
        """Return the projects that have all words of a reading that asks for some, or with `loose` any of them."""
        return self._ranked(reading.needed, reading.banned, loose)

    def _rank(self, needed: tuple[Part, ...], banned: tuple[str, ...], loose: bool) -> Column:
        found = self._mask(needed, banned, loose)
        number = int(np.count_nonzero(found))
        if not number:
            return np.empty(0, np.int32)
        if number > RANKED_UP_TO:
            return self._by_place(needed, np.flatnonzero(found).astype(np.int32))
        expression = (" OR " if loose else " AND ").join(map(str, needed))
        return self._best(f"({expression}) NOT ({' OR '.join(banned)})" if banned else expression)

    def _by_place(self, needed: tuple[Part, ...], found: Column) -> Column:
        weights = np.zeros(len(found), np.float32)
        for part in needed:
            rarity = math.log1p(self._size / max(1, int(np.count_nonzero(self._unpacked(self._matching(part))))))
            for columns, worth in _PLACES:
                weights += self._unpacked(self._matching(part, columns))[found] * np.float32(rarity * worth)
        most = np.iinfo(np.uint16).max
        steps = np.minimum(weights * _STEPS, most).astype(np.uint16)
        order: Column = found[np.argsort(most - steps, kind="stable")]
        return order

    def remember(self, reading: Reading) -> None:
        """Find out which projects have the words of a reading, and where, before anybody asks."""
        for part in reading.needed:
            for columns in ("", *(columns for columns, _ in _PLACES)):
                self._matching(part, columns)

    def _best(self, expression: str) -> Column:
        weights = ", ".join(map(str, WEIGHTS))
        query = f"SELECT rowid FROM words WHERE words MATCH ? ORDER BY bm25(words, {weights}), rowid LIMIT ?"
        rows = self._database().execute(query, (expression, RANKED_UP_TO))
        return np.fromiter((row[0] for row in rows), dtype=np.int32)

    def _mask(self, needed: tuple[Part, ...], banned: tuple[str, ...], loose: bool) -> Mask:
        joined = np.bitwise_or if loose else np.bitwise_and
        found = joined.reduce([self._matching(part) for part in needed])
        for part in banned:
            found = found & ~self._having(part)
        return self._unpacked(found)

    def _matching(self, part: Part, columns: str = "") -> Packed:
        """Return which projects match a part, in some columns or anywhere; of compounds each word is remembered."""
        if isinstance(part, Compound):
            apart: Packed = np.bitwise_and.reduce([self._having(f"{columns}{word}") for word in part.apart])
            return apart | self._having(f"{columns}{part.together}")
        return self._having(f"{columns}{part}")

    def _unpacked(self, having: Packed) -> Mask:
        return np.unpackbits(having, count=self._size).view(np.bool_)

    def _read_having(self, part: str) -> Packed:
        """Return which projects match one part of an expression, a bit for each."""
        # As one text: a row of its own for each of ten thousand projects would take most of the time of a search.
        query = "SELECT group_concat(rowid) FROM words WHERE words MATCH ?"
        row = self._database().execute(query, (part,)).fetchone()
        found = np.zeros(self._size, np.bool_)
        found[np.fromstring(row[0] or "", np.int32, sep=",")] = True
        return np.packbits(found)
