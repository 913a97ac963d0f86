"""Projects like a project and owners like an owner, with the reasons: what they share, the rarer the better."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from kg.search.facets import Columns

_WEIGHTS = {"method": 1.0, "specific-objective": 0.5, "owner-type": 0.3, "region": 0.3}
"""How much it tells that two projects share a value: methods most, a region least."""

Pairs = np.ndarray[tuple[int, ...], np.dtype[np.int64]]
Weights = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
Truths = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]


@dataclass(frozen=True, slots=True)
class Alike:
    """A project or owner by number, how like it is (0–1, where 1 is the same in everything), and what is shared."""

    number: int
    score: float
    shared: tuple[tuple[str, int], ...]


class Likeness:
    """Likeness within one index, computed from its columns."""

    def __init__(self, columns: Columns, owners: Pairs) -> None:
        self._columns, self._owners = columns, owners

    def projects(self, number: int, most: int) -> list[Alike]:
        """Return the projects most like a project, those that share a method first of all."""
        scores = np.zeros(self._columns.size, np.float64)
        full = 0.0
        for facet, weight in _WEIGHTS.items():
            projects, values = self._columns.values_of(facet)
            rare = self._rarity(facet)
            own = values[projects == number]
            shared = np.isin(values, own)
            np.add.at(scores, projects[shared], weight * rare[values[shared]])
            full += weight * float(rare[own].sum())
        methods = self._sharing("method", number)
        scores[~methods] = 0.0
        scores[number] = 0.0
        return [Alike(other, scores[other] / full, self._shared(number, other)) for other in _best(scores, most)]

    def owners(self, number: int, most: int) -> list[Alike]:
        """Return the owners whose projects use the same methods, the rarer the methods the better."""
        owners, methods = self._owner_methods
        own = methods[owners == number]
        if not len(own):
            return []
        rare = self._rarity("method")
        shared = np.isin(methods, own)
        scores = np.zeros(int(owners.max()) + 1, np.float64)
        np.add.at(scores, owners[shared], rare[methods[shared]])
        scores[number] = 0.0
        full = float(rare[own].sum())
        return [
            Alike(
                other,
                scores[other] / full,
                tuple(("method", int(m)) for m in np.intersect1d(own, methods[owners == other])),
            )
            for other in _best(scores, most)
        ]

    def _sharing(self, facet: str, number: int) -> Truths:
        projects, values = self._columns.values_of(facet)
        return self._columns.mask(facet, values[projects == number].tolist())

    def _shared(self, number: int, other: int) -> tuple[tuple[str, int], ...]:
        found: list[tuple[str, int]] = []
        for facet in _WEIGHTS:
            projects, values = self._columns.values_of(facet)
            common = np.intersect1d(values[projects == number], values[projects == other])
            rare = self._rarity(facet)
            found.extend((facet, int(value)) for value in sorted(common.tolist(), key=lambda value: -rare[value]))
        return tuple(found)

    def _rarity(self, facet: str) -> Weights:
        """Return, for each value, how much it tells to have it: the fewer projects have it, the more."""
        known = self._rare.get(facet)
        if known is None:
            _, values = self._columns.values_of(facet)
            numbers = np.bincount(values) if len(values) else np.zeros(1, np.int64)
            known = self._rare[facet] = np.log((self._columns.size + 1) / np.maximum(numbers, 1))
        return known

    @cached_property
    def _rare(self) -> dict[str, Weights]:
        return {}

    @cached_property
    def _owner_methods(self) -> tuple[Pairs, Pairs]:
        """Return each pair of an owner and a method that one of its projects has, as two columns."""
        projects, methods = self._columns.values_of("method")
        order = np.argsort(self._owners[:, 0], kind="stable")
        sorted_projects, sorted_owners = self._owners[order, 0], self._owners[order, 1]
        starts = np.searchsorted(sorted_projects, projects, "left")
        ends = np.searchsorted(sorted_projects, projects, "right")
        repeats = ends - starts
        offsets = np.arange(repeats.sum()) - np.repeat(np.cumsum(repeats) - repeats, repeats)
        owners = sorted_owners[np.repeat(starts, repeats) + offsets]
        pairs = np.unique(np.stack((owners, np.repeat(methods, repeats)), axis=1), axis=0)
        return pairs[:, 0], pairs[:, 1]


def _best(scores: Weights, most: int) -> list[int]:
    """Return the places of the highest scores above 0, the first of equals first."""
    order = np.lexsort((np.arange(len(scores)), -scores))[:most]
    return [int(place) for place in order if scores[place] > 0]
