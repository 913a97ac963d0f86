"""Counts by method, region, fund and so on: columns of numbers in memory, so that a count is one pass over an array."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

import numpy as np

LINKED: Mapping[str, str] = MappingProxyType(
    {
        "method": "method",
        "region": "region",
        "county": "county",
        "fund": "fund",
        "programme": "programme",
        "specific-objective": "specificObjective",
        "owner": "owner",
    }
)
"""Columns that are a relation of the project, most of them facets."""
KINDS: Mapping[str, str] = MappingProxyType({"county": "region"})
"""The kind of the things of a facet, where the facet is not called after it."""
FACETS = ("method", "region", "county", "programme", "fund", "specific-objective", "year", "owner-type")
"""Facets in the order in which they are shown; the year is that of the first day."""
ORDERS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "relevance": ("", ""),
        "newest": ("start", "DESC"),
        "oldest": ("start", "ASC"),
        "title": ("coalesce(sv, en) COLLATE NOCASE", "ASC"),
        "participants": ("participants", "DESC"),
        "budget": ("total_budget", "DESC"),
    }
)
"""Orders of a list of projects: column and direction; what has no value comes last."""

Column = np.ndarray[tuple[int, ...], np.dtype[np.int32]]
Mask = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]


@dataclass(frozen=True, slots=True)
class Count:
    """How many of the projects found have a value: a thing by number, or a year."""

    value: int
    projects: int
    chosen: bool


class _Pairs:
    """Pairs of a project and a value, found from either side without a look at all of them."""

    def __init__(self, projects: Column, values: Column, size: int) -> None:
        by_value = np.argsort(values, kind="stable")
        by_project = np.argsort(projects, kind="stable")
        self.distinct, codes = np.unique(values, return_inverse=True)
        """Every value once, ascending."""
        self.projects, self.codes = projects, codes.astype(np.int32)
        self._projects_by_value, self._values_by_project = projects[by_value], values[by_project]
        self._of_value = np.searchsorted(values[by_value], self.distinct)
        self._of_project = np.searchsorted(projects[by_project], np.arange(size + 1))

    def having(self, value: int) -> Column:
        """Return the projects that have a value."""
        place = int(np.searchsorted(self.distinct, value))
        if place == len(self.distinct) or self.distinct[place] != value:
            return self._projects_by_value[:0]
        end = self._of_value[place + 1] if place + 1 < len(self.distinct) else len(self._projects_by_value)
        return self._projects_by_value[self._of_value[place] : end]

    def of(self, project: int) -> Column:
        """Return the values of a project."""
        return self._values_by_project[self._of_project[project] : self._of_project[project + 1]]


class Columns:
    """The facets and orders of one index."""

    def __init__(self, database: sqlite3.Connection, projects: int) -> None:
        self.size = projects
        self._pairs = {
            name: _Pairs(np.frombuffer(left, np.int32), np.frombuffer(right, np.int32), projects)
            for name, left, right in database.execute("SELECT name, projects, things FROM facet")
        }
        self._orders: dict[str, Column] = {
            name: np.frombuffer(column, np.int32)
            for name, column in database.execute("SELECT name, projects FROM ordering")
        }

    @cached_property
    def everything(self) -> Column:
        """The numbers of all projects, newest first."""
        return np.arange(self.size, dtype=np.int32)

    def mask(self, facet: str, values: Iterable[int]) -> Mask:
        """Return which projects have one of the values."""
        found = np.zeros(self.size, np.bool_)
        for value in values:
            found[self.having(facet, value)] = True
        return found

    def listed(self, projects: Sequence[int] | Column) -> Mask:
        """Return the mask of some projects."""
        found = np.zeros(self.size, np.bool_)
        found[np.asarray(projects, np.int32)] = True
        return found

    def having(self, facet: str, value: int) -> Column:
        """Return the projects that have a value of a facet."""
        return self._pairs[facet].having(value)

    def of(self, facet: str, project: int) -> Column:
        """Return the values of a facet that a project has."""
        return self._pairs[facet].of(project)

    def spread(self, facet: str) -> tuple[Column, Column]:
        """Return the values of a facet, each once, and how many projects have each."""
        pairs = self._pairs[facet]
        return pairs.distinct, np.bincount(pairs.codes, minlength=len(pairs.distinct)).astype(np.int32)

    def counts(self, facet: str, projects: Mask, chosen: Sequence[int], most: int | None = None) -> tuple[Count, ...]:
        """Return the values that the projects have, most frequent first (years: latest first), and the chosen ones.

        With `most` only so many of the most frequent, and the chosen ones.
        """
        pairs = self._pairs[facet]
        numbers = np.bincount(pairs.codes[projects[pairs.projects]], minlength=len(pairs.distinct))
        present = np.flatnonzero(numbers)
        if most is not None and len(present) > most:
            present = present[np.lexsort((present, -numbers[present]))[:most]]
        found = dict(zip(pairs.distinct[present].tolist(), numbers[present].tolist(), strict=True))
        found |= {value: 0 for value in chosen if value not in found}
        rows = [Count(value, number, value in chosen) for value, number in found.items()]
        if facet == "year":
            return tuple(sorted(rows, key=lambda row: -row.value))
        return tuple(sorted(rows, key=lambda row: (-row.projects, row.value)))

    def ordered(self, ranked: Column, order: str) -> Column:
        """Return projects in another order than that of `ranked`; those without a value for it come last."""
        if order not in self._orders:
            return ranked
        inside = self.listed(ranked)
        first = self._orders[order]
        chosen = first[inside[first]]
        inside[chosen] = False
        return np.concatenate((chosen, np.flatnonzero(inside).astype(np.int32)))

    def pairs(self, facet: str) -> tuple[Column, Column]:
        """Return the pairs of a facet as two columns: projects, and the things or years that they have."""
        pairs = self._pairs[facet]
        return pairs.projects, pairs.distinct[pairs.codes]
