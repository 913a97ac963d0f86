"""Measures the network on graphs of the real shape: ``python -m tests.benchmarks.bench_network [SIZE…]``.

Sizes are numbers of projects, 10,000 and 100,000 by default; 1,000,000 takes some minutes and 8 GB. Seconds are
processor time, so that a busy machine counts little, and the peak is that of a process of its own for each size, up to
the end of the step. Up to 100,000 projects NetworkX, igraph and rustworkx (where installed) and SPARQL answer the same
on the same graph, each in a process of its own that is stopped after `_LIMIT` seconds or at 8 GB; so are all pairs of
ours. The table is printed, and written with the machine to `results/network.json`.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, replace

from kg.network.communities import communities
from kg.network.pair_graph import bipartite, graph_of_pairs
from kg.network.projection import joint, paired, projection
from kg.network.reuse import passages
from kg.network.shape import components
from kg.network.similar import Likeness
from kg.network.standing import bridges, central, linked
from tests.benchmarks import measure, network_peers
from tests.benchmarks.network_facts import Synthetic, synthetic

SIZES = (10_000, 100_000)
_PEERS_UP_TO, _EXPLAINED_UP_TO = 100_000, 10_000
_QUESTIONS = 20
_LIMIT = 60
_SOURCES = 256
_BETWEENNESS, _ALL = "betweenness of owners and methods", "projection, owners through methods, all pairs"
_BEST, _GROUPS = "projection, owners through methods, ten best", "communities of owners through methods"


def _row(what: str, size: int, call: Callable[[], object], **more: str) -> measure.Measured:
    """Return the row of one call, in processor time."""
    started = time.process_time()
    call()
    return _measured(what, size, (time.process_time() - started,), **more)


def _measured(what: str, size: int, runs: tuple[float, ...], **more: str) -> measure.Measured:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    found = measure.row(what, size, runs, peak=peak, **more)
    print(f"{what:<58}{size:>9}{found.seconds:>10.3f} s{peak:>8.0f} MB", file=sys.stderr)
    return found


def _beside(
    ours: measure.Measured, others: Mapping[str, Callable[[], object]], target: str = ""
) -> Iterator[measure.Measured]:
    """Yield our row beside each other's, which is a bound where it was stopped; the target is for the first."""
    for name, call in others.items():
        theirs = _bounded(name, ours.size, call)
        yield theirs
        ratio = round(ours.seconds / max(theirs.seconds, 0.0001), 4)
        yield replace(ours, peak=None, ratio=ratio, against=name, target=target)
        target = ""


def _bounded(what: str, size: int, call: Callable[[], object]) -> measure.Measured:
    """Return the row of a call in a process of its own, which is stopped where it takes too much."""
    took = network_peers.bounded(call, _LIMIT)
    found = measure.row(what, size, (took.seconds,), peak=took.peak, target=took.stopped)
    print(f"{what:<58}{size:>9}{found.seconds:>10.3f} s{took.peak:>8.0f} MB {took.stopped}", file=sys.stderr)
    return found


def _projections(graph: Synthetic, size: int) -> Iterator[measure.Measured]:
    facts = graph.facts
    yield _row("bipartite matrix, owners and methods", size, lambda: joint(facts, "owner", "method"))
    have = joint(facts, "owner", "method")
    best = _row(_BEST, size, lambda: paired(have, "owner", "method", weighting="idf", top=10))
    yield best
    if size > _PEERS_UP_TO:
        return
    yield _row("bipartite NetworkX graph, projects and methods", size, lambda: bipartite(facts, "project", "method"))
    # Where all pairs are too many for the bounds, the ten best stand beside the others' bounds.
    every = _bounded(_ALL, size, lambda: paired(have, "owner", "method"))
    yield every
    ours = best if every.target else every
    yield from _beside(ours, network_peers.projections(have), "<= 0.05")
    yield from _beside(ours, {"SPARQL on Oxigraph, all pairs": network_peers.sparql(graph)}, "<= 0.01")
    pairs = projection(facts, "owner", through="method", min_overlap=2, top=None if size <= _EXPLAINED_UP_TO else 10)
    explained = f"explained graph of {len(pairs.count):,} pairs that share two"
    yield _row(explained, size, lambda: graph_of_pairs(pairs, facts))


def _likenesses(graph: Synthetic, size: int) -> Iterator[measure.Measured]:
    likeness: list[Likeness] = []
    yield _row("likeness, made once", size, lambda: likeness.append(Likeness(graph.facts, graph.texts)))
    runs = []
    for number in range(_QUESTIONS):
        started = time.process_time()
        likeness[0].to_project(f"{number * (size // _QUESTIONS):07}")
        runs.append(time.process_time() - started)
    yield _measured("similar to one project", size, tuple(runs), target=f"<= 0.05 s; worst {max(runs):.3f} s")
    likeness.clear()
    if size <= _PEERS_UP_TO:
        yield _row("passages that texts share", size, lambda: passages(graph.texts))


def _answers(graph: Synthetic, size: int) -> Iterator[measure.Measured]:
    facts = graph.facts
    groups = _row(_GROUPS, size, lambda: communities(facts))
    yield groups
    middle = _row(_BETWEENNESS, size, lambda: central(facts))
    yield middle
    yield _row("bridges", size, lambda: bridges(facts))
    yield _row("separate parts", size, lambda: components(facts))
    if size <= _PEERS_UP_TO:
        others = network_peers.betweennesses(linked(facts), _SOURCES)
        yield from _beside(middle, others)
        pairs = projection(facts, "owner", through="method", weighting="idf", top=10)
        ends = list(zip(pairs.first.tolist(), pairs.second.tolist(), strict=True))
        yield from _beside(groups, network_peers.louvains(len(pairs.nodes), ends, pairs.weight.tolist()))


def rows(size: int) -> list[measure.Measured]:
    """Return the rows of one size."""
    graph = synthetic(size)
    return [*_projections(graph, size), *_likenesses(graph, size), *_answers(graph, size)]


def run(sizes: tuple[int, ...]) -> list[measure.Measured]:
    """Return the rows of all sizes, each measured in a process of its own."""
    found = []
    for size in sizes:
        command = [sys.executable, "-m", "tests.benchmarks.bench_network", "--alone", str(size)]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        found += [measure.Measured(**row) for row in json.loads(done.stdout)]
    return found


if __name__ == "__main__":
    if sys.argv[1:2] == ["--alone"]:
        print(json.dumps([asdict(row) for row in rows(int(sys.argv[2]))]))
    else:
        measure.write("network", run(tuple(map(int, sys.argv[1:])) or SIZES))
