"""Measures the network on graphs of the real shape: ``python -m tests.benchmarks.bench_network [SIZE…]``.

Sizes are numbers of projects, 10,000 by default. The graphs are made in memory, with the skew of real ones: few owners
have many projects, few methods are in most. All pairs are measured up to 10,000 projects; beyond, the ten best of each
owner. NetworkX's own projection stands beside ours on the same graph.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import networkx as nx

from kg.network import Facts, Link, Node, Use
from kg.network.communities import communities
from kg.network.pair_graph import graph_of_pairs
from kg.network.projection import joint, paired, projection
from kg.network.reuse import passages
from kg.network.similar import Likeness
from kg.network.standing import central
from tests.benchmarks import measure

SIZES = (10_000,)
_ALL_PAIRS_UP_TO = 10_000
_METHODS, _WORDS, _TEXT = 128, 8_000, 150
_QUESTIONS = 20


@dataclass(frozen=True)
class Synthetic:
    facts: Facts
    texts: dict[str, str]


def synthetic(size: int) -> Synthetic:
    """Return a graph of `size` projects, a third as many owners, 128 methods, and texts of 150 words."""
    chance = random.Random(size)
    nodes = {f"method:{n}": _node("method", str(n)) for n in range(_METHODS)}
    links: list[Link] = []
    uses: list[Use] = []
    texts: dict[str, str] = {}
    for number in range(size):
        year = 2008 + number % 18
        node = _node("project", f"{number:07}", startDate=f"{year}-03-01", endDate=f"{year + 2}-12-31")
        nodes[node.id] = node
        for relation, kind, key in _things(chance, number, size):
            links.append(Link(node.id, relation, f"{kind}:{key}"))
            nodes.setdefault(f"{kind}:{key}", _node(kind, key))
        for method in {_skewed(chance, _METHODS) for _ in range(chance.randrange(4))}:
            quote = f"Vi arbetar med {method} i {number}."
            uses.append(Use(node.id, f"method:{method}", "uses", quote, "", "", 0.9))
        texts[node.id] = " ".join(f"ord{_skewed(chance, _WORDS)}" for _ in range(_TEXT))
    return Synthetic(Facts(nodes, tuple(links), tuple(uses)), texts)


def _node(kind: str, key: str, **attributes: str) -> Node:
    return Node(f"{kind}:{key}", kind, key, f"https://example.org/{kind}/{key}", f"{kind} {key}", attributes)


def _things(chance: random.Random, number: int, size: int) -> Iterator[tuple[str, str, str]]:
    yield "owner", "owner", str(_skewed(chance, max(10, size // 3)))
    yield "region", "region", f"SE{number % 8}"
    yield "specificObjective", "specific-objective", str(number % 12)


def _skewed(chance: random.Random, most: int) -> int:
    """Return a number below `most`; half of the draws fall on a small part of the numbers."""
    return min(int(most * chance.random() ** 3), most - 1)


def _projections(graph: Synthetic, size: int) -> list[measure.Measured]:
    facts = graph.facts
    rows = [
        measure.row(
            "bipartite matrix, owners and methods", size, measure.function(lambda: joint(facts, "owner", "method"))
        )
    ]
    have = joint(facts, "owner", "method")
    best = measure.function(lambda: paired(have, "owner", "method", weighting="idf", top=10), 1)
    rows.append(measure.row("projection, owners through methods, ten best", size, best))
    if size > _ALL_PAIRS_UP_TO:
        return rows
    ours, theirs = "projection, owners through methods, all pairs", "NetworkX, weighted_projected_graph"
    rows.append(measure.row(ours, size, measure.function(lambda: paired(have, "owner", "method"))))
    both: nx.Graph[str] = nx.Graph()
    both.add_nodes_from((*have.rows, *have.columns))
    cells = have.matrix.tocoo()
    both.add_edges_from((have.rows[i], have.columns[j]) for i, j in zip(cells.row, cells.col, strict=True))
    project = nx.bipartite.weighted_projected_graph
    rows.append(measure.row(theirs, size, measure.function(lambda: project(both, have.rows), 1)))
    rows[-2] = measure.against(rows, ours, theirs, size, "<= 0.05")
    pairs = projection(facts, "owner", through="method", min_overlap=2)
    explained = measure.function(lambda: graph_of_pairs(pairs, facts), 1)
    rows.append(measure.row(f"explained graph of {len(pairs.count):,} pairs that share two", size, explained))
    return rows


def _answers(graph: Synthetic, size: int) -> list[measure.Measured]:
    facts, texts = graph.facts, graph.texts
    likeness: list[Likeness] = []
    made = measure.function(lambda: likeness.append(Likeness(facts, texts)), 1)
    asked = [f"{number * (size // _QUESTIONS):07}" for number in range(_QUESTIONS)]
    similar = tuple(measure.function(lambda key=key: likeness[0].to_project(key), 1)[0] for key in asked)  # type: ignore[misc]
    rows = [
        measure.row("likeness, made once", size, made),
        measure.row("similar to one project", size, similar, target="<= 0.05 s"),
        measure.row("passages that texts share", size, measure.function(lambda: passages(texts), 1)),
    ]
    if size <= _ALL_PAIRS_UP_TO:
        rows.append(measure.row("betweenness, sampled", size, measure.function(lambda: central(facts), 1)))
        rows.append(
            measure.row(
                "communities of methods through owners",
                size,
                measure.function(lambda: communities(facts, "method", through="owner"), 1),
            )
        )
    return rows


def run(sizes: tuple[int, ...]) -> list[measure.Measured]:
    """Return the rows of all sizes."""
    rows: list[measure.Measured] = []
    for size in sizes:
        graph = synthetic(size)
        rows += _projections(graph, size)
        rows += _answers(graph, size)
    return rows


if __name__ == "__main__":
    measure.write("network", run(tuple(map(int, sys.argv[1:])) or SIZES))
