"""Betweenness is that of NetworkX, exact or from some sources; bridges are what falls apart when they are taken away."""

from __future__ import annotations

from random import Random

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from kg.network import Facts, Link, Node, Use
from kg.network.betweenness import betweenness
from kg.network.standing import bridges, central, central_sentence, linked

SIZE = 9
EDGES = st.sets(st.tuples(st.integers(0, SIZE - 1), st.integers(0, SIZE - 1)).filter(lambda ends: ends[0] < ends[1]))
LINKS = st.sets(st.tuples(st.integers(0, 6), st.sampled_from("abcde")), max_size=14)


def _graph(edges: set[tuple[int, int]]) -> nx.Graph[int]:
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(SIZE))
    graph.add_edges_from(edges)
    return graph


def _matrix(graph: nx.Graph[int]) -> sparse.csr_array:
    return sparse.csr_array(nx.to_scipy_sparse_array(graph, weight=None), dtype=np.float64)


@settings(max_examples=100, deadline=None)
@given(edges=EDGES)
def test_exact_betweenness_is_that_of_networkx(edges: set[tuple[int, int]]) -> None:
    graph = _graph(edges)

    found = betweenness(_matrix(graph), range(SIZE))

    assert dict(enumerate(found.tolist())) == pytest.approx(nx.betweenness_centrality(graph))


@settings(max_examples=100, deadline=None)
@given(edges=EDGES, seed=st.integers(0, 99), number=st.integers(2, SIZE - 1))
def test_estimates_from_the_same_sources_are_those_of_networkx(
    edges: set[tuple[int, int]], seed: int, number: int
) -> None:
    graph = _graph(edges)

    found = betweenness(_matrix(graph), Random(seed).sample(list(graph), number))

    assert dict(enumerate(found.tolist())) == pytest.approx(nx.betweenness_centrality(graph, k=number, seed=seed))


def test_sources_can_be_followed_in_any_numbers_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    graph = nx.karate_club_graph()
    whole = betweenness(_matrix(graph), range(len(graph)))

    monkeypatch.setattr("kg.network.betweenness._AT_ONCE", 5)

    assert betweenness(_matrix(graph), range(len(graph))) == pytest.approx(whole)


@pytest.mark.parametrize("size", [0, 1, 2])
def test_no_way_leads_over_anything_in_the_smallest_graphs(size: int) -> None:
    assert betweenness(sparse.csr_array((size, size)), range(size)).tolist() == [0.0] * size


def test_a_large_network_is_judged_from_some_ways_and_says_so(
    pages_facts: Facts, monkeypatch: pytest.MonkeyPatch
) -> None:
    exact = {each.node.id: each.betweenness for each in central(pages_facts)}
    monkeypatch.setattr("kg.network.standing._EXACT_UP_TO", 10)
    monkeypatch.setattr("kg.network.standing._SAMPLE", 60)

    found = central(pages_facts)

    assert found == central(pages_facts)
    assert all(each.estimated for each in found)
    assert {each.node.id: each.betweenness for each in found} == pytest.approx(exact, abs=0.05)
    assert "links most: about " in central_sentence(found)


@settings(max_examples=100, deadline=None)
@given(links=LINKS)
def test_a_bridge_is_what_leaves_several_parts_with_projects(links: set[tuple[int, str]]) -> None:
    facts = _facts(links)
    graph = linked(facts)

    expected = {}
    for node in [node for node in graph if not node.startswith("project:")]:
        (component,) = (part for part in nx.connected_components(graph) if node in part)
        parts = nx.connected_components(graph.subgraph(component - {node}))
        counts = sorted((sum(one.startswith("project:") for one in part) for part in parts), reverse=True)
        if len([count for count in counts if count]) > 1:
            expected[node] = tuple(count for count in counts if count)

    assert {bridge.node.id: bridge.parts for bridge in bridges(facts)} == expected


def _facts(links: set[tuple[int, str]]) -> Facts:
    """Return projects with owners (a, b) and methods (c, d, e)."""
    kinds = {letter: "owner" if letter in "ab" else "method" for letter in "abcde"}
    names = [*(("project", str(number)) for number in range(7)), *((kind, letter) for letter, kind in kinds.items())]
    nodes = {f"{kind}:{key}": Node(f"{kind}:{key}", kind, key, "", key, {}) for kind, key in names}
    ordered = sorted(links)
    return Facts(
        nodes,
        tuple(Link(f"project:{n}", "owner", f"owner:{letter}") for n, letter in ordered if letter in "ab"),
        tuple(Use(f"project:{n}", f"method:{x}", "uses", "", "", "", 1.0) for n, x in ordered if x not in "ab"),
    )
