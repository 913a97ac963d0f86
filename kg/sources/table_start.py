"""The first rows of a table: where its headings stand, what is said above them, and the rows below."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from kg.sources.table_csv import HEAD_ROWS, ROWS_AT_ONCE, Row, Stretch
from kg.sources.table_head import Head, find_head, is_numbering
from kg.sources.table_headings import Headings, currency_in, in_thousands

_AMOUNTS = re.compile(
    r"\b(?:belopp\w*|beløb|amounts?|figures|betr[aä]ge|angaben|montants?|importes?|importi|bedragen|kwoty|summat|"
    r"částky|sumy|valores|sume|összegek|summad|summas|sumos)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Stated:
    """What a list says above its headings of all amounts: their currency (ISO 4217), whether they are in thousands."""

    currency: str | None = None
    thousands: bool = False


@dataclass(frozen=True, slots=True)
class Start:
    """The first rows, the headings among them (None where there are none), and the stretches that follow."""

    rows: Sequence[Row]
    head: Head | None
    following: Iterator[Stretch]

    @classmethod
    def of(cls, stretches: Iterator[Stretch], headings: Headings, wanted: int | None) -> Start:
        """Read the first rows and find the headings, on row `wanted` where that is told."""
        rows: list[Row] = []
        for numbers, cells, problem in stretches:
            rows.extend(Row(number, each, problem) for number, each in zip(numbers, cells, strict=True))
            if len(rows) >= HEAD_ROWS:
                break
        return cls(rows, find_head(rows, headings, wanted), stretches)

    @property
    def width(self) -> int:
        """How many cells a row has."""
        return len(self.head.cells) if self.head else 0

    def above(self) -> list[str]:
        """Return the cells above the headings that hold something."""
        number = self.head.number if self.head else 0
        return [cell for row in self.rows if row.number < number for cell in row.cells if cell.strip()]

    def _first(self) -> int:
        if self.head is None:
            return len(self.rows)
        below = self.head.below
        return below + (below < len(self.rows) and is_numbering(self.rows[below].cells))

    def below(self) -> Iterator[Stretch]:
        """Yield the rows below the headings."""
        first = (Stretch([row.number], [row.cells], row.problem) for row in self.rows[self._first() :])
        return chain(first, self.following)

    def is_torn(self) -> bool:
        """Return whether one of the first rows below the headings has several lines and too few or too many cells."""
        rows = self.rows[self._first() :]
        return any(len(row.cells) != self.width and any("\n" in cell for cell in row.cells) for row in rows)


def stated_amounts(above: Iterable[str]) -> Stated:
    """Return what is said of all amounts of a list.

    >>> stated_amounts(["Alle beløb i DKK"]), stated_amounts(["Belopp i tkr"])
    (Stated(currency='DKK', thousands=False), Stated(currency=None, thousands=True))
    >>> stated_amounts(["Liste 2024 (EUR)"])
    Stated(currency=None, thousands=False)
    """
    said = [cell for cell in above if len(cell) < _LONGEST and _AMOUNTS.search(cell)]
    currencies = {found for cell in said if (found := currency_in(cell))}
    return Stated(currencies.pop() if len(currencies) == 1 else None, any(map(in_thousands, said)))


def in_stretches(rows: Iterator[Row]) -> Iterator[Stretch]:
    """Yield rows many at once, the first ones, which may hold the headings, fewer."""
    size = HEAD_ROWS
    while some := list(islice(rows, size)):
        yield Stretch([row.number for row in some], [row.cells for row in some])
        size = ROWS_AT_ONCE


_LONGEST = 200
