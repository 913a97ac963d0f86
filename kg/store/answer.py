"""What a query answers: rows of rdflib terms under named columns, alike from every store."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rdflib.term import BNode, Literal, URIRef

    Term = URIRef | BNode | Literal
else:
    # rdflib is imported only where terms are made, so that a start of the command line does not pay for it.
    Term = object

Plain = str | int | float | Decimal | bool | date | None
"""A term as a plain Python value."""


class Row(Mapping[str, "Term | None"]):
    """One row, read by column; None where the column has no value."""

    __slots__ = ("_positions", "_values")

    def __init__(self, positions: Mapping[str, int], values: tuple[Term | None, ...]) -> None:
        self._positions = positions
        self._values = values

    def __getitem__(self, column: str) -> Term | None:
        return self._values[self._positions[column]]

    def __iter__(self) -> Iterator[str]:
        return iter(self._positions)

    def __len__(self) -> int:
        return len(self._positions)

    def __repr__(self) -> str:
        return f"Row({dict(self)!r})"


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a SELECT (`columns` and `rows`) or to an ASK (`truth`, no columns).

    Iterating gives a `Row` for each row.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Term | None, ...], ...]
    truth: bool | None = None

    def __iter__(self) -> Iterator[Row]:
        positions = {column: index for index, column in enumerate(self.columns)}
        return (Row(positions, values) for values in self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def records(self) -> list[dict[str, Plain]]:
        """Return the rows as dictionaries of plain Python values, ready for pandas, polars or json."""
        return [dict(zip(self.columns, map(plain, values), strict=True)) for values in self.rows]


def plain(term: Term | None) -> Plain:
    """Return a term as a plain value: numbers, dates and booleans as such, anything else as its text.

    >>> from rdflib import Literal, URIRef
    >>> plain(Literal(5)), plain(URIRef("https://example.org/x")), plain(None)
    (5, 'https://example.org/x', None)
    """
    if term is None:
        return None
    value = getattr(term, "value", None)
    return value if isinstance(value, bool | int | float | Decimal | date) else str(term)
