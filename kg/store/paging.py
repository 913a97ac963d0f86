"""Gets the whole answer out of servers that give only so many rows at once, which some do without a word."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kg.errors import EndpointError
from kg.store.rewriting import any_row, names_graphs, page, row_count, row_limit

Binding = Mapping[str, Mapping[str, Any]]
"""One row of SPARQL JSON results."""
Ask = Callable[[str], Sequence[Binding]]
"""Sends a query and gives the rows that come back."""


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a SELECT as they came, under their columns; or the truth of an ASK."""

    columns: tuple[str, ...]
    bindings: Sequence[Binding]
    truth: bool | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """The first answer to a query; `most` is the number of rows at which the server says it stops.

    `sorts_inside` is as in `kg.store.rewriting.page`.
    """

    query: str
    columns: tuple[str, ...]
    bindings: Sequence[Binding]
    most: int | None = None
    sorts_inside: bool = False


def whole(first: Page, ask: Ask) -> Sequence[Binding]:
    """Return all rows of the answer.

    An answer is taken as cut if the server says so, or if its length is a number that people choose as a limit and
    there is a row after it.

    Raises:
        EndpointError: the rest cannot be had, because the query names its graphs or the pages do not add up.
    """
    got = len(first.bindings)
    own = row_limit(first.query)
    if not got or (own is not None and got >= own):
        return first.bindings
    said = first.most is not None and got >= first.most
    if not said and not (_chosen(got) and not names_graphs(first.query) and _more(first, ask)):
        return first.bindings
    if names_graphs(first.query):
        raise EndpointError(
            f"the server gives {got} rows at once and has more, and a query with FROM cannot be asked in pages"
        )
    return _all_pages(first, ask)


def _chosen(rows: int) -> bool:
    """Return whether this looks like a limit that somebody has set: a round number or a power of two.

    >>> [number for number in (99, 100, 1000, 1001, 1024, 10_000) if _chosen(number)]
    [100, 1000, 1024, 10000]
    """
    return rows >= 100 and (rows % 100 == 0 or rows & (rows - 1) == 0)


def _more(first: Page, ask: Ask) -> bool:
    return bool(ask(any_row(first.query, first.columns, len(first.bindings))))


def _all_pages(first: Page, ask: Ask) -> list[Binding]:
    # From the start again: the first answer was in no order that the next page could go on from.
    size = len(first.bindings)
    rows: list[Binding] = []
    while True:
        text = page(first.query, first.columns, len(rows), size, sorts_inside=first.sorts_inside)
        found = ask(text)
        rows.extend(found)
        if not found:
            break
    _checked(first, len(rows), ask)
    return rows


def _checked(first: Page, got: int, ask: Ask) -> None:
    """Refuse pages that are not the whole: somebody may have changed the graph between them.

    Raises:
        EndpointError: the pages do not add up.
    """
    counted = [int(binding["n"]["value"]) for binding in ask(row_count(first.query))]
    if counted != [got]:
        told = f" of {counted[0]}" if counted else ""
        raise EndpointError(f"the server gives its answer in pages that do not add up: {got}{told} rows; ask again")
