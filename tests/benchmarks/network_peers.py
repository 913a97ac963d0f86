"""The same questions asked of others: NetworkX, igraph and rustworkx where they are installed, and SPARQL."""

from __future__ import annotations

import os
import pickle
import resource
import signal
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any, NoReturn

import networkx as nx
import pyoxigraph

from kg.network.matrices import Incidence
from tests.benchmarks.network_facts import Synthetic

_MEMORY = 8 << 30
_OUT_OF_MEMORY = 3
SHARED = """
PREFIX e: <https://example.org/>
SELECT ?one ?other (COUNT(DISTINCT ?method) AS ?shared) WHERE {
  ?project e:owner ?one ; e:method ?method .
  ?another e:method ?method ; e:owner ?other .
  FILTER(STR(?one) < STR(?other))
} GROUP BY ?one ?other
"""


@dataclass(frozen=True, slots=True)
class Bounded:
    """What a call took: processor seconds and the peak of memory in MB; `stopped` says which bound ended it, if any."""

    seconds: float
    peak: float
    stopped: str = ""


def bounded(call: Callable[[], object], limit: int) -> Bounded:
    """Run a call in a process of its own, for at most `limit` processor seconds and `_MEMORY` bytes.

    Raises:
        RuntimeError: the call fails otherwise.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        _answer(call, limit, writing)
    os.close(writing)
    with os.fdopen(reading, "rb") as stream:
        answer = stream.read()
    _, status, used = os.wait4(child, 0)
    ended = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    taken, peak = used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
    if ended in (signal.SIGXCPU, signal.SIGKILL):
        return Bounded(limit, peak, f"stopped at {limit} s")
    if ended == signal.SIGABRT or (os.WIFEXITED(status) and os.WEXITSTATUS(status) == _OUT_OF_MEMORY):
        return Bounded(taken, peak, f"stopped at {_MEMORY >> 30} GB")
    if status:
        raise RuntimeError(f"a peer ended with status {status}")
    return Bounded(pickle.loads(answer), peak)


def _answer(call: Callable[[], object], limit: int, writing: int) -> NoReturn:
    """Run the call in this process within its bounds, write the seconds that it took, and end."""
    resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 5))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    started = time.process_time()
    try:
        call()
    except MemoryError:
        os._exit(_OUT_OF_MEMORY)
    os.write(writing, pickle.dumps(time.process_time() - started))
    os._exit(0)


def projections(have: Incidence) -> Mapping[str, Callable[[], object]]:
    """Return who else can project owners through methods, all pairs, each on a graph of its own kind made before."""
    edges = list(zip(*(part.tolist() for part in have.matrix.nonzero()), strict=True))
    owners = len(have.rows)
    both: nx.Graph[int] = nx.Graph()
    both.add_nodes_from(range(owners + len(have.columns)))
    both.add_edges_from((one, owners + other) for one, other in edges)
    found: dict[str, Callable[[], object]] = {
        "NetworkX, weighted_projected_graph": lambda: nx.bipartite.weighted_projected_graph(both, range(owners))
    }
    igraph = _installed("igraph")
    if igraph is not None:
        sides = [False] * owners + [True] * len(have.columns)
        graph = igraph.Graph.Bipartite(sides, [(one, owners + other) for one, other in edges])
        found["igraph, bipartite_projection"] = lambda: graph.bipartite_projection(which=0)
    return found


def betweennesses(links: nx.Graph[str], sources: int) -> Mapping[str, Callable[[], object]]:
    """Return who else can judge betweenness, from as many sources where they can choose them."""
    places = {node: place for place, node in enumerate(links)}
    edges = [(places[one], places[other]) for one, other in links.edges()]
    found: dict[str, Callable[[], object]] = {
        f"NetworkX, betweenness from {sources} sources": lambda: nx.betweenness_centrality(links, k=sources, seed=1)
    }
    igraph, rustworkx = _installed("igraph"), _installed("rustworkx")
    if igraph is not None:
        graph = igraph.Graph(n=len(places), edges=edges)
        chosen = list(range(0, len(places), max(1, len(places) // sources)))[:sources]
        found[f"igraph, betweenness from {sources} sources"] = lambda: graph.betweenness(sources=chosen)
    if rustworkx is not None:
        other = rustworkx.PyGraph()
        other.add_nodes_from(range(len(places)))
        other.extend_from_edge_list(edges)
        found["rustworkx, betweenness from all sources"] = lambda: rustworkx.graph_betweenness_centrality(other)
    return found


def louvains(size: int, pairs: list[tuple[int, int]], weights: list[float]) -> Mapping[str, Callable[[], object]]:
    """Return who else can find communities in the same weighted pairs."""
    igraph = _installed("igraph")
    if igraph is None:
        return {}
    graph = igraph.Graph(n=size, edges=pairs)
    return {"igraph, community_multilevel on these pairs": lambda: graph.community_multilevel(weights=weights)}


def sparql(graph: Synthetic) -> Callable[[], object]:
    """Return the question which owners share how many methods, asked of Oxigraph."""
    store = pyoxigraph.Store()
    lines = [
        *(f"<{_iri(k.source)}> <https://example.org/owner> <{_iri(k.target)}> ." for k in graph.facts.links
          if k.relation == "owner"),
        *(f"<{_iri(u.project)}> <https://example.org/method> <{_iri(u.method)}> ." for u in graph.facts.uses),
    ]  # fmt: skip
    store.bulk_load("\n".join(lines).encode(), format=pyoxigraph.RdfFormat.N_TRIPLES)
    store.optimize()

    def ask() -> int:
        answer = store.query(SHARED)
        assert isinstance(answer, pyoxigraph.QuerySolutions)
        return sum(1 for _ in answer)

    return ask


def _iri(node: str) -> str:
    return f"https://example.org/{node.replace(':', '/')}"


def _installed(name: str) -> Any:
    if find_spec(name) is None:
        print(f"!! {name} is not installed: its rows are left out", file=sys.stderr)
        return None
    return import_module(name)
