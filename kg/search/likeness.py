"""Projects like a project and owners like an owner, with the reasons: what they share, the rarer the better."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from kg.search.facets import Columns

_WEIGHTS = {"method": 1.0, "specific-objective": 0.5, "owner-type": 0.3, "region": 0.3}
"""How much it tells that two projects share a value: methods most, a region least."""

Pairs = np.ndarray[tuple[int, ...], np.dtype[np.int64]]
Values = np.ndarray[tuple[int, ...], np.dtype[np.integer]]
Weights = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


@dataclass(frozen=True, slots=True)
class Alike:
    """A project or owner by number, how like it is (0–1, where 1 is the same in everything), and what is shared."""

    number: int
    score: float
    shared: tuple[tuple[str, int], ...]


class Likeness:
    """Likeness within one index, computed from its columns."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns

    def projects(self, number: int, most: int) -> list[Alike]:
        """Return the projects most like a project, those that share a method first of all."""
        columns = self._columns
        scores = np.zeros(columns.size, np.float64)
        sharing = np.zeros(columns.size, np.bool_)
        full = 0.0
        for facet, weight in _WEIGHTS.items():
            for value in columns.of(facet, number).tolist():
                told = weight * self._rarity(facet, value)
                others = columns.having(facet, value)
                scores[others] += told
                full += told
                if facet == "method":
                    sharing[others] = True
        scores[~sharing] = 0.0
        scores[number] = 0.0
        return [Alike(other, scores[other] / full, self._shared(number, other)) for other in _best(scores, most)]

    def owners(self, number: int, most: int) -> list[Alike]:
        """Return the owners whose projects use the same methods, the rarer the methods the better, the rarest first."""
        owners, methods = self._owner_methods
        own = methods[owners == number]
        if not len(own):
            return []
        rare = np.zeros(int(methods.max()) + 1, np.float64)
        rare[own] = [self._rarity("method", value) for value in own.tolist()]
        scores = np.bincount(owners, rare[methods]).astype(np.float64)
        scores[number] = 0.0
        full = float(rare[own].sum())
        return [
            Alike(other, scores[other] / full, self._by_rarity("method", np.intersect1d(own, methods[owners == other])))
            for other in _best(scores, most)
        ]

    def _shared(self, number: int, other: int) -> tuple[tuple[str, int], ...]:
        columns = self._columns
        found: list[tuple[str, int]] = []
        for facet in _WEIGHTS:
            found.extend(self._by_rarity(facet, np.intersect1d(columns.of(facet, number), columns.of(facet, other))))
        return tuple(found)

    def _by_rarity(self, facet: str, values: Values) -> tuple[tuple[str, int], ...]:
        """Return values of a facet, those that tell most first."""
        ordered = sorted(values.tolist(), key=lambda value: (-self._rarity(facet, value), value))
        return tuple((facet, value) for value in ordered)

    def _rarity(self, facet: str, value: int) -> float:
        """Return how much it tells to have a value: the fewer projects have it, the more."""
        known = self._rare.get(facet)
        if known is None:
            values, numbers = self._columns.spread(facet)
            told = np.log((self._columns.size + 1) / numbers)
            known = self._rare[facet] = dict(zip(values.tolist(), told.tolist(), strict=True))
        return known[value]

    @cached_property
    def _rare(self) -> dict[str, dict[int, float]]:
        return {}

    @cached_property
    def _owner_methods(self) -> tuple[Pairs, Pairs]:
        """Return each pair of an owner and a method that one of its projects has, as two columns."""
        projects, methods = self._columns.pairs("method")
        owned, owners = self._columns.pairs("owner")
        order = np.argsort(owned, kind="stable")
        sorted_projects, sorted_owners = owned[order], owners[order]
        starts = np.searchsorted(sorted_projects, projects, "left")
        ends = np.searchsorted(sorted_projects, projects, "right")
        repeats = ends - starts
        offsets = np.arange(repeats.sum()) - np.repeat(np.cumsum(repeats) - repeats, repeats)
        owners = sorted_owners[np.repeat(starts, repeats) + offsets]
        pairs = np.unique(np.stack((owners, np.repeat(methods, repeats)), axis=1), axis=0)
        return pairs[:, 0], pairs[:, 1]


def _best(scores: Weights, most: int) -> list[int]:
    """Return the places of the highest scores above 0, the first of equals first."""
    places = np.flatnonzero(scores)
    if len(places) > most:
        least = np.partition(scores[places], -most)[-most]
        places = places[scores[places] >= least]
    order = np.lexsort((places, -scores[places]))[:most]
    return [int(place) for place in places[order]]
