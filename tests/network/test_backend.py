"""The graphs that are handed out work with another backend of NetworkX: rustworkx, which the tests install."""

from __future__ import annotations

from collections.abc import Iterator

import networkx as nx
import pytest

from kg.network import Facts
from kg.network.communities import communities
from kg.network.graph import graph_of
from kg.network.pair_graph import bipartite, graph_of_pairs
from kg.network.projection import projection
from kg.network.shape import components

BACKEND = "rustworkx"


@pytest.fixture(autouse=True)
def _fresh_conversions() -> Iterator[None]:
    # NetworkX warns whenever it takes a conversion from its cache; the backend takes graphs however small.
    with nx.config(cache_converted_graphs=False), nx.config.backends[BACKEND](min_nodes=0, min_edges=0):
        yield


@pytest.fixture
def owners(pages_facts: Facts) -> nx.Graph[str]:
    return graph_of_pairs(projection(pages_facts, "owner", through="method", weighting="idf"), pages_facts)


def test_a_projection_can_be_ranked_by_a_backend(owners: nx.Graph[str]) -> None:
    ranks = nx.pagerank(owners, backend=BACKEND)

    assert ranks == pytest.approx(nx.pagerank(owners, backend="networkx"), abs=1e-5)


def test_a_bipartite_graph_can_be_measured_by_a_backend(pages_facts: Facts) -> None:
    graph = bipartite(pages_facts, "project", "method")

    between = nx.betweenness_centrality(graph, backend=BACKEND)

    assert between == pytest.approx(nx.betweenness_centrality(graph, backend="networkx"))
    assert max(between, key=lambda node: between[node]) == "project:22-014-S05"


def test_the_whole_network_can_be_searched_by_a_backend(pages_facts: Facts) -> None:
    graph = graph_of(pages_facts)

    reached = nx.descendants(nx.DiGraph(graph), "project:22-014-S05", backend=BACKEND)

    assert reached == nx.descendants(graph, "project:22-014-S05", backend="networkx")
    assert "method:bip" in reached


def test_a_backend_as_the_first_choice_changes_no_answer(pages_facts: Facts) -> None:
    def answers() -> object:
        return communities(pages_facts), components(pages_facts)

    usual = answers()
    with nx.config(backend_priority=[BACKEND]):
        assert answers() == usual
