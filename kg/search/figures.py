"""Sums and counts over all projects and things of an index, each reckoned once."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from kg.search.links import Links
from kg.search.schema import CURRENCY, MONEY, NUMBER, SCALARS

SUMMED = ("participants", "total_budget", "total_cost", "granted", "eu")
"""Columns of projects that are summed."""
_LINKED = ("owner", "region", "fund", "programme", "specificObjective", "interventionField", "method")


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum over projects, of how many it is known, and its currency (empty where there is none)."""

    value: float
    known: int
    currency: str = ""


Sums = Mapping[str, tuple[Sum, ...]]
Amounts = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
Numbers = np.ndarray[tuple[int, ...], np.dtype[np.int32]]
Chosen = Numbers | slice


class Figures:
    """The sums and counts of one index; `connected` gives the connection of the thread that asks."""

    def __init__(self, connected: Callable[[], sqlite3.Connection], projects: int) -> None:
        self._connected, self._projects = connected, projects
        self.count = lru_cache(maxsize=64)(self._count)

    def totals(self, projects: Sequence[int] | None = None) -> Sums:
        """Return the sums over projects (all by default) of participants and each amount.

        There is one of participants, and of each amount one for each currency in which any is known, the one that most
        projects have first.
        """
        return self._all if projects is None else self._sums(np.asarray(projects, np.int32))

    @cached_property
    def _all(self) -> Sums:
        return self._sums(slice(None))

    def _sums(self, projects: Chosen) -> Sums:
        amounts, currency_of, currencies = self._amounts
        within = currency_of[projects]
        found: dict[str, tuple[Sum, ...]] = {}
        for name, all_values in amounts.items():
            values = all_values[projects]
            known = ~np.isnan(values)
            if name not in MONEY:
                found[name] = (Sum(float(values[known].sum()), int(known.sum())),)
                continue
            places = [known & (within == number) for number in np.unique(within[known]).tolist()]
            sums = (Sum(float(values[at].sum()), int(at.sum()), currencies[int(within[at][0])]) for at in places)
            found[name] = tuple(sorted(sums, key=lambda each: (-each.known, each.currency)))
        return found

    @cached_property
    def _amounts(self) -> tuple[Mapping[str, Amounts], Numbers, Sequence[str]]:
        """Each amount of every project by its number, not a number where it is unknown; the number of its currency;
        and the currencies."""
        rows = self._connected().execute(f"SELECT id, {', '.join(SUMMED)} FROM project").fetchall()
        table = np.array(rows, np.float64).reshape(-1, 1 + len(SUMMED))
        found = {name: np.full(self._projects, np.nan) for name in SUMMED}
        for place, name in enumerate(SUMMED, start=1):
            found[name][table[:, 0].astype(np.int32)] = table[:, place]
        numbers = {"": 0}
        currency_of = np.zeros(self._projects, np.int32)
        query = f"SELECT id, {CURRENCY} FROM project WHERE {CURRENCY} IS NOT NULL"
        for number, currency in self._connected().execute(query):
            currency_of[number] = numbers.setdefault(currency, len(numbers))
        return found, currency_of, list(numbers)

    @cached_property
    def coverage(self) -> Mapping[str, int]:
        """For each kind of fact, the number of projects of which it is known."""
        names = [name for name in SCALARS if name != "currency"]
        columns = ", ".join(f"count({name})" for name in names)
        row = self._connected().execute(f"SELECT {columns} FROM project").fetchone()
        found = dict(zip(names, row, strict=True))
        links = Links(self._connected)
        for name in _LINKED:
            found[name] = int(np.count_nonzero(links.having(NUMBER[name]) < self._projects))
        return found

    @cached_property
    def kinds(self) -> Mapping[str, int]:
        """How many things there are of each kind."""
        return dict(self._connected().execute("SELECT kind, count(*) FROM thing GROUP BY kind ORDER BY kind"))

    def _count(self, kind: str, *, used: bool = False) -> int:
        """Return the number of things of a kind; with `used` of those that have projects."""
        query = "SELECT count(*) FROM thing WHERE kind = ? AND projects >= ?"
        return int(self._connected().execute(query, (kind, int(used))).fetchone()[0])
