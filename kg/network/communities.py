"""Groups of owners, projects or methods that belong together, named by what holds them together."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from kg.network.matrices import EVERYTHING, Choice
from kg.network.pair_graph import graph_of_pairs
from kg.network.projection import Projection, Weighting, projection
from kg.network.reading import Facts, Node

_SEED = 1
"""Louvain visits nodes in an order drawn by chance; with one seed it is always the same order."""
_NAMES = 3


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
    import networkx as nx

    pairs = projection(facts, kind, through=through, weighting=weighting, choice=choice)
    graph = graph_of_pairs(pairs, facts, choice=choice)
    graph.remove_edges_from([(one, two) for one, two, edge in graph.edges(data=True) if edge["weight"] <= 0])
    found = nx.community.louvain_communities(graph, seed=_SEED) if graph.number_of_edges() else []
    several = [sorted(members) for members in found if len(members) > 1]
    made = [_community(facts, pairs, members, nx.density(graph.subgraph(members))) for members in several]
    return sorted(made, key=lambda each: (-len(each.members), [member.id for member in each.members]))


def communities_sentence(found: Sequence[Community], kind: str, through: str) -> str:
    """Return what the communities say, in one sentence."""
    if not found:
        return f"No two things of the kind {kind} share a {through}."
    largest = found[0]
    groups = "One community" if len(found) == 1 else f"{len(found)} communities"
    return f"{groups}; the largest has {len(largest.members)} members, held together by {largest.name}."


def _community(facts: Facts, pairs: Projection, members: Sequence[str], density: float) -> Community:
    """Name a community by the things that most of its members have and few others do."""
    places = {node: place for place, node in enumerate(pairs.nodes)}
    matrix = pairs.have.matrix
    everywhere = Counter(matrix.nonzero()[1].tolist())
    inside = Counter(matrix[[places[member] for member in members]].nonzero()[1].tolist())
    strength = {
        column: number / len(members) * math.log(1 + len(pairs.nodes) / everywhere[column])
        for column, number in inside.items()
        if number > 1
    }
    strongest = sorted(strength, key=lambda column: (-strength[column], pairs.have.columns[column]))[:_NAMES]
    through = tuple(facts.nodes[pairs.have.columns[column]] for column in strongest)
    return Community(
        name=", ".join(node.label for node in through),
        members=tuple(facts.nodes[member] for member in members),
        through=through,
        density=density,
    )
