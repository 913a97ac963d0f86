"""Who stands in the middle: owners and methods with many projects, and those that hold parts together."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from kg.counting import counted
from kg.network.betweenness import betweenness
from kg.network.matrices import EVERYTHING, Choice, chosen_projects, incidence
from kg.network.reading import Facts, Node

if TYPE_CHECKING:
    import networkx as nx

_EXACT_UP_TO = 3_000
"""Nodes up to which betweenness is exact; beyond it is estimated from `_SAMPLE` nodes."""
_SAMPLE = 256
_SEED = 1


@dataclass(frozen=True, slots=True)
class Central:
    """An owner or method, its number of projects, and the share of shortest ways between others that lead over it.

    `estimated` says that the share was judged from the ways that start at some of the nodes.
    """

    node: Node
    projects: int
    betweenness: float
    estimated: bool = False


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
    """Return all owners and methods, those over which most shortest ways lead first.

    In networks of more than some thousand nodes the shares are estimated, always from the same nodes.
    """
    from scipy import sparse

    owned, used = incidence(facts, "owner", choice), incidence(facts, "method", choice)
    things = (*owned.columns, *used.columns)
    having = sparse.hstack([owned.matrix, used.matrix], format="csr")
    graph = sparse.block_array([[None, having], [having.T, None]], format="csr") if having.nnz else having
    size = len(owned.rows) + len(things)
    sources = range(size) if size <= _EXACT_UP_TO else sorted(Random(_SEED).sample(range(size), _SAMPLE))
    between = betweenness(graph, sources)[len(owned.rows) :] if having.nnz else ()
    counts = having.sum(axis=0).tolist()
    found = (
        Central(facts.nodes[thing], int(count), float(share), size > _EXACT_UP_TO)
        for thing, count, share in zip(things, counts, between, strict=True)
    )
    return sorted(found, key=lambda each: (-round(each.betweenness, 9), -each.projects, each.node.id))


def central_sentence(found: Sequence[Central]) -> str:
    """Return what the middle of the network says, in one sentence."""
    if not found or not found[0].betweenness:
        return "No owner or method links two others."
    first = found[0]
    share = f"{'about ' if first.estimated else ''}{first.betweenness:.0%}"
    return (
        f"{first.node.label} links most: {share} of the shortest ways between others lead over it,"
        f" through {counted(first.projects, 'project')}."
    )


def bridges(facts: Facts, *, choice: Choice = EVERYTHING) -> list[Bridge]:
    """Return the owners and methods that hold two or more projects together which nothing else does."""
    graph = linked(facts, choice)
    found = []
    for node, parts in _parts_without(graph):
        if len(parts) > 1 and not node.startswith("project:"):
            projects = tuple(facts.nodes[project] for project in sorted(graph[node]))
            found.append(Bridge(facts.nodes[node], projects, tuple(sorted(parts, reverse=True))))
    return sorted(found, key=lambda each: (-sum(each.parts[1:]), each.node.id))


def bridges_sentence(found: Sequence[Bridge]) -> str:
    """Return what the bridges say, in one sentence."""
    if not found:
        return "Nothing falls apart when one owner or method is taken away."
    first = found[0]
    *others, last = (str(part) for part in first.parts)
    pieces = f"{', '.join(others)} and {last}"
    return f"Without {first.node.label} its part of the network falls into pieces of {pieces} projects."


def _parts_without(graph: nx.Graph[str]) -> Iterator[tuple[str, list[int]]]:
    """Yield each node with the numbers of projects in the parts that its component falls into without it."""
    entered: dict[str, int] = {}
    for start in graph:
        if start not in entered:
            below, hanging = _walk(graph, start, entered)
            for node in below:
                above = below[start] - node.startswith("project:") - sum(hanging.get(node, ()))
                yield node, [part for part in (*hanging.get(node, ()), above) if part]


def _walk(graph: nx.Graph[str], start: str, entered: dict[str, int]) -> tuple[Counter[str], dict[str, list[int]]]:
    """Walk a component in depth and note the order in which nodes are entered.

    Return the number of projects at and below each node, and for each node those of the parts below that hang on it
    alone: from them no link leads back above it (Tarjan).
    """
    below: Counter[str] = Counter()
    hanging: dict[str, list[int]] = defaultdict(list)
    highest: dict[str, int] = {}
    way = [(start, "", iter(graph[start]))]
    while way:
        node, above, ahead = way[-1]
        if node not in entered:
            entered[node] = highest[node] = len(entered)
            below[node] = int(node.startswith("project:"))
        for other in ahead:
            if other not in entered:
                way.append((other, node, iter(graph[other])))
                break
            if other != above:
                highest[node] = min(highest[node], entered[other])
        else:
            way.pop()
            if above:
                below[above] += below[node]
                highest[above] = min(highest[above], highest[node])
                if highest[node] >= entered[above]:
                    hanging[above].append(below[node])
    return below, hanging


def degree_counts(facts: Facts, relation: str, projects: frozenset[str]) -> Counter[str]:
    """Return how many of the projects have each thing by a relation."""
    return Counter(link.target for link in facts.links if link.relation == relation and link.source in projects)
