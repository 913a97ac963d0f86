"""Sums and counts over all projects and things of an index, each reckoned once."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, lru_cache

import numpy as np

from kg.search.links import Links
from kg.search.schema import NUMBER, SCALARS

SUMMED = ("participants", "total_budget", "total_cost", "granted", "eu")
"""Columns of projects that are summed."""
_LINKED = ("owner", "region", "fund", "programme", "specificObjective", "interventionField", "method")

Sums = Mapping[str, tuple[float, int]]
Amounts = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
Chosen = np.ndarray[tuple[int, ...], np.dtype[np.int32]] | slice


class Figures:
    """The sums and counts of one index; `connected` gives the connection of the thread that asks."""

    def __init__(self, connected: Callable[[], sqlite3.Connection], projects: int) -> None:
        self._connected, self._projects = connected, projects
        self.count = lru_cache(maxsize=64)(self._count)

    def totals(self, projects: Sequence[int] | None = None) -> Sums:
        """Return, for participants and each amount, the sum over projects (all by default) and how many are known."""
        return self._all if projects is None else self._sums(np.asarray(projects, np.int32))

    @cached_property
    def _all(self) -> Sums:
        return self._sums(slice(None))

    def _sums(self, projects: Chosen) -> Sums:
        chosen = {name: values[projects] for name, values in self._amounts.items()}
        known = {name: values[~np.isnan(values)] for name, values in chosen.items()}
        return {name: (float(values.sum()), len(values)) for name, values in known.items()}

    @cached_property
    def _amounts(self) -> Mapping[str, Amounts]:
        """Each amount of every project by its number, not a number where it is unknown."""
        rows = self._connected().execute(f"SELECT id, {', '.join(SUMMED)} FROM project").fetchall()
        table = np.array(rows, np.float64).reshape(-1, 1 + len(SUMMED))
        found = {name: np.full(self._projects, np.nan) for name in SUMMED}
        for place, name in enumerate(SUMMED, start=1):
            found[name][table[:, 0].astype(np.int32)] = table[:, place]
        return found

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
