"""Gives things their final numbers, projects first and newest first, and links as columns of those numbers."""

from __future__ import annotations

from collections.abc import Iterable
from operator import itemgetter

import numpy as np

from kg.search.reading import Read
from kg.search.schema import NUMBER, PLACE

Column = np.ndarray[tuple[int, ...], np.dtype[np.int32]]


class Numbering:
    """Final numbers of what was read.

    Projects are 0, 1, 2 … from the one that begins last, those without a first day at the end, so that the order of
    their numbers is the order of lists; then come all other things by kind and key.
    """

    def __init__(self, read: Read) -> None:
        start = PLACE["start"]
        # Tuples are put in order without a call for each, and a second time where the order is the other way round.
        keyed = sorted(
            (read.things[number].key, values[start] or "", number) for number, values in read.projects.items()
        )
        keyed.sort(key=itemgetter(1), reverse=True)
        projects = [number for _, _, number in keyed]
        named = sorted(
            (thing.kind, thing.key, number) for number, thing in read.things.items() if number not in read.projects
        )
        others = [number for _, _, number in named]
        self.order = np.array(projects + others, np.int32)
        """The provisional numbers of all things, in the order of their final ones."""
        most = max(max(read.things, default=-1), max(read.uses, default=-1))
        self._final = np.full(most + 1, -1, np.int32)
        self._final[self.order] = np.arange(len(self.order), dtype=np.int32)
        self._things = len(self.order)
        self._projects = len(projects)
        columns = (read.relations, read.targets, read.sources)
        relation, target, source = (np.frombuffer(column, dtype=np.int32) for column in columns)
        self.links = self._distinct(relation, self._final[target], self._final[source])
        """Every link once, as rows of relation, target and source, in that order."""

    def _distinct(self, *columns: np.ndarray) -> Column:
        """Return the rows of columns of numbers of things or relations, once and in order, less any below 0."""
        known = np.logical_and.reduce([column >= 0 for column in columns])
        # Numbers that hold whole rows are put in order in a tenth of the time of rows.
        size = max(self._things, len(NUMBER))
        together = np.zeros(int(known.sum()), np.int64)
        for column in columns:
            together = together * size + column[known]
        # Sorted, not by `np.unique`, which looks each number up first: that takes four times as long.
        together.sort()
        together = together[np.diff(together, prepend=-1) > 0]
        rows = np.empty((len(together), len(columns)), np.int32)
        for place in reversed(range(len(columns))):
            together, rows[:, place] = np.divmod(together, size)
        return rows

    def derive(self, relation: int, pairs: tuple[Column, Column]) -> None:
        """Add links from projects to things by a relation whose number is above all others."""
        projects, things = pairs
        rows = self._distinct(np.full(len(things), relation, np.int32), things, projects)
        self.links = np.concatenate((self.links, rows))

    def projects(self) -> Column:
        """Return the provisional numbers of the projects, in the order of their final ones."""
        return self.order[: self._projects]

    def of(self, provisional: int) -> int:
        """Return the final number of a thing."""
        return int(self._final[provisional])

    def counts(self, relations: Iterable[int]) -> Column:
        """Return, for each thing, the number of projects that lead to it by one of the relations."""
        chosen = self.links[np.isin(self.links[:, 0], list(relations)) & (self.links[:, 2] < self._projects)]
        pairs = self._distinct(chosen[:, 1], chosen[:, 2])
        return np.bincount(pairs[:, 0], minlength=self._things).astype(np.int32)

    def pairs(self, relation: int) -> tuple[Column, Column]:
        """Return projects and things of the links from projects by one relation, as two columns."""
        chosen = self.links[(self.links[:, 0] == relation) & (self.links[:, 2] < self._projects)]
        return np.ascontiguousarray(chosen[:, 2]), np.ascontiguousarray(chosen[:, 1])

    def through(self, first: int, second: int) -> tuple[Column, Column]:
        """Return projects and the things reached by two relations one after the other."""
        projects, middles = self.pairs(first)
        onward = self.links[self.links[:, 0] == second]
        target_of = np.full(self._things, -1, np.int32)
        target_of[onward[:, 2]] = onward[:, 1]
        targets = target_of[middles]
        pairs = self._distinct(projects, targets)
        return np.ascontiguousarray(pairs[:, 0]), np.ascontiguousarray(pairs[:, 1])

    def counts_through(self, first: int, second: int) -> Column:
        """Return, for each thing, the number of projects that reach it by two relations one after the other."""
        _, targets = self.through(first, second)
        return np.bincount(targets[targets >= 0], minlength=self._things).astype(np.int32)

    def columns(self, pairs: Iterable[tuple[int, int]]) -> tuple[Column, Column]:
        """Return pairs as two columns."""
        table = np.fromiter(pairs, dtype=np.dtype((np.int32, 2)))
        return np.ascontiguousarray(table[:, 0]), np.ascontiguousarray(table[:, 1])

    def column(self, values: Iterable[int]) -> Column:
        """Return values as one column."""
        return np.fromiter(values, dtype=np.int32)
