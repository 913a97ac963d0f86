"""The same questions asked of others: NetworkX, igraph and rustworkx where they are installed, and SPARQL."""

from __future__ import annotations

import os
import pickle
import resource
import signal
import sys
import time
from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import networkx as nx
import pyoxigraph

from kg.network.matrices import Incidence
from tests.benchmarks.network_facts import Synthetic

SHARED = """
PREFIX e: <https://example.org/>
SELECT ?one ?other (COUNT(DISTINCT ?method) AS ?shared) WHERE {
  ?project e:owner ?one ; e:method ?method .
  ?another e:method ?method ; e:owner ?other .
  FILTER(STR(?one) < STR(?other))
} GROUP BY ?one ?other
"""


def bounded(call: Callable[[], object], limit: int) -> float | None:
    """Return the processor seconds of a call in a process of its own, or None if it takes more than `limit`.

    Raises:
        RuntimeError: the call fails otherwise.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 5))
        started = time.process_time()
        call()
        os.write(writing, pickle.dumps(time.process_time() - started))
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as stream:
        answer = stream.read()
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) in (signal.SIGXCPU, signal.SIGKILL):
        return None
    if status:
        raise RuntimeError(f"a peer ended with status {status}")
    seconds: float = pickle.loads(answer)
    return seconds


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
