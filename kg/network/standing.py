"""Who stands in the middle: owners and methods with many projects, and those that hold parts together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.network.matrices import EVERYTHING, Choice, chosen_projects
from kg.network.reading import Facts, Node

if TYPE_CHECKING:
    import networkx as nx

_EXACT_UP_TO = 3_000
"""Nodes up to which betweenness is exact; beyond it is estimated from `_SAMPLE` nodes."""
_SAMPLE = 128
_SEED = 1


@dataclass(frozen=True, slots=True)
class Central:
    """An owner or method, its number of projects, and the share of shortest ways between others that lead over it."""

    node: Node
    projects: int
    betweenness: float


@dataclass(frozen=True, slots=True)
class Bridge:
    """An owner or method without which a part of the network falls apart.

    `parts` are the numbers of projects in the parts that its removal leaves of its component, the largest first.
    """

    node: Node
    projects: tuple[Node, ...]
    parts: tuple[int, ...]


def linked(facts: Facts, choice: Choice = EVERYTHING) -> nx.Graph[str]:
    """Return the graph of the chosen projects, their owners and their methods; regions and funds join too much."""
    import networkx as nx

    projects = chosen_projects(facts, choice)
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(node for node in facts.nodes if node in projects)
    graph.add_edges_from((k.source, k.target) for k in facts.links if k.relation == "owner" and k.source in projects)
    graph.add_edges_from((u.project, u.method) for u in facts.uses if u.role in choice.roles and u.project in projects)
    return graph


def central(facts: Facts, *, choice: Choice = EVERYTHING) -> list[Central]:
    """Return all owners and methods, those over which most shortest ways lead first."""
    import networkx as nx

    graph = linked(facts, choice)
    sample = None if len(graph) <= _EXACT_UP_TO else _SAMPLE
    between = nx.betweenness_centrality(graph, k=sample, seed=_SEED)
    found = [
        Central(facts.nodes[node], graph.degree(node), between[node])
        for node in graph
        if not node.startswith("project:")
    ]
    return sorted(found, key=lambda each: (-round(each.betweenness, 9), -each.projects, each.node.id))


def central_sentence(found: Sequence[Central]) -> str:
    """Return what the middle of the network says, in one sentence."""
    if not found or not found[0].betweenness:
        return "No owner or method links two others."
    first = found[0]
    return (
        f"{first.node.label} links most: {first.betweenness:.0%} of the shortest ways between others lead over it,"
        f" through {first.projects} projects."
    )


def bridges(facts: Facts, *, choice: Choice = EVERYTHING) -> list[Bridge]:
    """Return the owners and methods that hold two or more projects together which nothing else does."""
    import networkx as nx

    graph = linked(facts, choice)
    found = []
    for node in nx.articulation_points(graph):
        if node.startswith("project:"):
            continue
        parts = sorted(_projects_of_parts(graph, node), reverse=True)
        if len(parts) > 1:
            projects = tuple(facts.nodes[project] for project in sorted(graph[node]))
            found.append(Bridge(facts.nodes[node], projects, tuple(parts)))
    return sorted(found, key=lambda each: (-sum(each.parts[1:]), each.node.id))


def bridges_sentence(found: Sequence[Bridge]) -> str:
    """Return what the bridges say, in one sentence."""
    if not found:
        return "Nothing falls apart when one owner or method is taken away."
    first = found[0]
    parts = ", ".join(str(part) for part in first.parts)
    return f"Without {first.node.label} its part of the network falls into pieces of {parts} projects."


def _projects_of_parts(graph: nx.Graph[str], node: str) -> list[int]:
    """Return the number of projects in each part that stays of a node's component without it."""
    seen = {node}
    parts = []
    for start in sorted(graph[node]):
        ahead, count = [start], 0
        while ahead:
            here = ahead.pop()
            if here not in seen:
                seen.add(here)
                count += here.startswith("project:")
                ahead.extend(graph[here])
        if count:
            parts.append(count)
    return parts


def degree_counts(facts: Facts, relation: str, projects: frozenset[str]) -> Counter[str]:
    """Return how many of the projects have each thing by a relation."""
    return Counter(link.target for link in facts.links if link.relation == relation and link.source in projects)
