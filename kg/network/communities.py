"""Groups of owners, projects or methods that belong together, named by what holds them together."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kg.counting import counted
from kg.network.matrices import EVERYTHING, Choice
from kg.network.projection import Projection, projection
from kg.network.reading import Facts, Node
from kg.network.weighing import Weighting

_SEED = 1
"""Louvain visits nodes in an order drawn by chance; with one seed it is always the same order."""
_NAMES = 3
_ALL_PAIRS_UP_TO, _HEAVIEST = 1_000, 10
"""Things up to which all pairs are looked at; of more, only the heaviest of each thing: there are too many others."""


@dataclass(frozen=True, slots=True)
class Community:
    """Things that share more with each other than with others.

    `name` lists what holds them together: the things most of them share and few others have. `density` is the share of
    pairs in the community that are linked (0–1).
    """

    name: str
    members: tuple[Node, ...]
    through: tuple[Node, ...]
    density: float


def communities(
    facts: Facts,
    kind: str = "owner",
    *,
    through: str = "method",
    weighting: Weighting = "idf",
    choice: Choice = EVERYTHING,
) -> list[Community]:
    """Return the communities of things of `kind` by the Louvain method, the largest first; single things are left out.

    Raises:
        UsageError: as `kg.network.projection.projection` does.
    """
    top = None if _size(facts, kind) <= _ALL_PAIRS_UP_TO else _HEAVIEST
    pairs = projection(facts, kind, through=through, weighting=weighting, top=top, choice=choice)
    linked = pairs.weight > 0
    ends = list(zip(pairs.first[linked].tolist(), pairs.second[linked].tolist(), strict=True))
    several = _groups(len(pairs.nodes), ends, pairs.weight[linked].tolist())
    group_of = {place: number for number, members in enumerate(several) for place in members}
    inside = Counter(group_of[one] for one, two in ends if group_of.get(one) == group_of.get(two))
    having = Counter(pairs.have.matrix.indices.tolist())
    made = [
        _community(facts, pairs, members, having, inside[number] / math.comb(len(members), 2))
        for number, members in enumerate(several)
    ]
    return sorted(made, key=lambda each: (-len(each.members), [member.id for member in each.members]))


def _size(facts: Facts, kind: str) -> int:
    return sum(node.kind == kind for node in facts.nodes.values())


def _groups(size: int, ends: Sequence[tuple[int, int]], weights: Sequence[float]) -> list[list[int]]:
    """Return the communities of two or more of the places below `size` that are linked by weighted pairs."""
    import networkx as nx

    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(size))
    graph.add_weighted_edges_from((*pair, weight) for pair, weight in zip(ends, weights, strict=True))
    found = nx.community.louvain_communities(graph, seed=_SEED) if ends else []
    return [sorted(members) for members in found if len(members) > 1]


def communities_sentence(found: Sequence[Community], kind: str, through: str) -> str:
    """Return what the communities say, in one sentence."""
    if not found:
        return f"No two things of the kind {kind} share a {through}."
    largest = found[0]
    groups = "One community" if len(found) == 1 else f"{len(found)} communities"
    return f"{groups}; the largest has {counted(len(largest.members), 'member')}, held together by {largest.name}."


def _community(
    facts: Facts, pairs: Projection, members: Sequence[int], everywhere: Mapping[int, int], density: float
) -> Community:
    """Name a community by the things that most of its members have and few others do."""
    inside = Counter(pairs.have.matrix[members].nonzero()[1].tolist())
    strength = {
        column: number / len(members) * math.log(1 + len(pairs.nodes) / everywhere[column])
        for column, number in inside.items()
        if number > 1
    }
    strongest = sorted(strength, key=lambda column: (-strength[column], pairs.have.columns[column]))[:_NAMES]
    through = tuple(facts.nodes[pairs.have.columns[column]] for column in strongest)
    return Community(
        name=", ".join(node.label for node in through),
        members=tuple(facts.nodes[pairs.nodes[member]] for member in members),
        through=through,
        density=density,
    )
