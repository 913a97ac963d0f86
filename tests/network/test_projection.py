"""Projections agree with NetworkX's own and say what each pair shares."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date
from typing import cast

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import UsageError
from kg.network import Facts
from kg.network.excerpt import excerpt
from kg.network.matrices import Choice, filled, incidence
from kg.network.pair_graph import bipartite, graph_of_pairs
from kg.network.projection import Projection, paired, projection
from kg.network.weighing import Weighting

ROWS = tuple(f"project:{number}" for number in range(8))
COLUMNS = tuple(f"method:{number}" for number in range(6))
PAIRS = st.sets(st.tuples(st.sampled_from(ROWS), st.sampled_from(COLUMNS)), max_size=30)
THEIRS: dict[Weighting, Callable[..., nx.Graph[str]]] = {
    "count": nx.bipartite.weighted_projected_graph,
    "newman": nx.bipartite.collaboration_weighted_projected_graph,
    "jaccard": nx.bipartite.overlap_weighted_projected_graph,
}


def _weights(found: Projection) -> dict[frozenset[str], float]:
    return {
        frozenset((found.nodes[one], found.nodes[two])): weight
        for one, two, weight in zip(found.first, found.second, found.weight, strict=True)
    }


def _network(pairs: set[tuple[str, str]]) -> nx.Graph[str]:
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from((*ROWS, *COLUMNS))
    graph.add_edges_from(pairs)
    return graph


@pytest.mark.parametrize("weighting", THEIRS)
@settings(max_examples=60, deadline=None)
@given(pairs=PAIRS)
def test_weights_are_those_of_networkx(weighting: Weighting, pairs: set[tuple[str, str]]) -> None:
    found = paired(filled(ROWS, COLUMNS, pairs), "project", "method", weighting=weighting)

    theirs = THEIRS[weighting](_network(pairs), ROWS)
    expected = {frozenset(edge[:2]): edge[2]["weight"] for edge in theirs.edges(data=True)}
    assert _weights(found) == pytest.approx(expected)


@settings(max_examples=60, deadline=None)
@given(pairs=PAIRS)
def test_cosine_and_idf_are_what_their_formulas_say(pairs: set[tuple[str, str]]) -> None:
    have = filled(ROWS, COLUMNS, pairs)
    cosine = _weights(paired(have, "project", "method", weighting="cosine"))
    idf = _weights(paired(have, "project", "method", weighting="idf"))

    sets = {row: {column for one, column in pairs if one == row} for row in ROWS}
    having = {column: sum(column in found for found in sets.values()) for column in COLUMNS}
    for ends in cosine:
        one, two = sorted(ends)
        shared = sets[one] & sets[two]
        assert cosine[ends] == pytest.approx(len(shared) / math.sqrt(len(sets[one]) * len(sets[two])))
        assert idf[ends] == pytest.approx(sum(math.log(len(ROWS) / having[column]) for column in shared))


@settings(max_examples=60, deadline=None)
@given(pairs=PAIRS, least=st.integers(1, 4))
def test_only_pairs_with_enough_in_common_stay(pairs: set[tuple[str, str]], least: int) -> None:
    have = filled(ROWS, COLUMNS, pairs)
    every = paired(have, "project", "method")
    some = paired(have, "project", "method", min_overlap=least)

    assert sum(every.count >= least) == len(some.count)
    assert all(some.count >= least)


@settings(max_examples=60, deadline=None)
@given(pairs=PAIRS, top=st.integers(1, 3), weighting=st.sampled_from(["count", "jaccard", "cosine", "newman"]))
def test_the_best_pairs_of_each_side_stay(pairs: set[tuple[str, str]], top: int, weighting: Weighting) -> None:
    have = filled(ROWS, COLUMNS, pairs)
    every = _weights(paired(have, "project", "method", weighting=weighting))
    best = _weights(paired(have, "project", "method", weighting=weighting, top=top))

    assert best == pytest.approx({ends: every[ends] for ends in best})
    for row in ROWS:
        mine = sorted((weight for ends, weight in every.items() if row in ends), reverse=True)
        kept = sorted((weight for ends, weight in best.items() if row in ends), reverse=True)
        assert kept[:top] == pytest.approx(mine[:top])


def test_blocks_of_rows_make_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    pairs = {(row, column) for place, row in enumerate(ROWS) for column in COLUMNS[place % 3 :: 2]}
    have = filled(ROWS, COLUMNS, pairs)
    whole = paired(have, "project", "method", weighting="cosine")

    monkeypatch.setattr("kg.network.projection._BLOCK", 3)
    parts = paired(have, "project", "method", weighting="cosine")

    assert (whole.first.tolist(), whole.second.tolist()) == (parts.first.tolist(), parts.second.tolist())
    assert whole.weight.tolist() == parts.weight.tolist()
    assert sorted(zip(whole.first.tolist(), whole.second.tolist(), strict=True)) == list(
        zip(whole.first.tolist(), whole.second.tolist(), strict=True)
    )


def test_edges_say_what_is_shared_and_in_which_roles(small_facts: Facts) -> None:
    graph = graph_of_pairs(projection(small_facts, "project", through="method"), small_facts)

    assert graph.edges["project:22-014-S05", "project:22-045-S01"] == {
        "weight": 1.0,
        "count": 1,
        "shared": ("method:bip",),
        "same_words": (),
        "roles": ("builds-on – trains|builds-on",),
    }
    assert "project:2017-00082" in graph
    assert graph.nodes["project:22-014-S05"]["label"] == "Lumena"


def test_a_shared_sentence_counts_half(small_facts: Facts) -> None:
    graph = graph_of_pairs(projection(small_facts, "project", through="method"), small_facts)

    edge = graph.edges["project:22-012-S04", "project:22-014-S05"]
    assert (edge["count"], edge["weight"], edge["same_words"]) == (1, 0.5, ("method:service-design",))


def test_owners_are_linked_through_methods(small_facts: Facts) -> None:
    graph = graph_of_pairs(projection(small_facts, "owner", through="method"), small_facts)

    assert [(*edge[:2], edge[2]["shared"]) for edge in graph.edges(data=True)] == [
        ("owner:2220002162", "owner:2220002485", ("method:bip",))
    ]


@pytest.mark.parametrize(
    ("kind", "through"), [("method", "owner"), ("method", "region"), ("region", "method"), ("owner", "region")]
)
def test_every_sensible_pair_of_kinds_works(small_facts: Facts, kind: str, through: str) -> None:
    graph = graph_of_pairs(projection(small_facts, kind, through=through), small_facts)

    assert {attributes["kind"] for _, attributes in graph.nodes(data=True)} == {kind}
    assert all(node.startswith(f"{through}:") for *_, edge in graph.edges(data=True) for node in edge["shared"])


def test_roles_period_region_and_fund_choose(small_facts: Facts) -> None:
    def linked(choice: Choice) -> list[tuple[str, str]]:
        found = incidence(small_facts, "method", choice)
        cells = found.matrix.tocoo()
        return [(found.rows[i], found.columns[j]) for i, j in zip(cells.row, cells.col, strict=True)]

    assert linked(Choice(roles=["trains"])) == [
        ("project:22-045-S01", "method:bip"),
        ("project:22-045-S01", "method:vagen-till-arbetsgivarna"),
    ]
    assert linked(Choice(roles=["mentions"])) == [("project:22-012-S04", "method:supported-employment")]
    assert {project for project, _ in linked(Choice(region="SE11"))} == {"project:22-012-S04", "project:22-014-S05"}
    assert incidence(small_facts, "method", Choice(fund="ESF_PLUS")).rows == tuple(
        node for node in small_facts.nodes if node.startswith("project:22-")
    )


@pytest.mark.parametrize(
    ("period", "projects"),
    [
        ((date(2020, 10, 31), date(2020, 10, 31)), ["2017-00082"]),
        ((None, date(2017, 8, 31)), []),
        ((date(2026, 4, 1), None), ["22-045-S01"]),
        ((date(2025, 1, 1), date(2025, 12, 31)), ["22-005-S01", "22-014-S05", "22-045-S01"]),
    ],
)
def test_a_period_takes_projects_that_run_on_any_day_of_it(
    small_facts: Facts, period: tuple[date | None, date | None], projects: list[str]
) -> None:
    found = incidence(small_facts, "region", Choice(period=period))

    assert found.rows == tuple(f"project:{key}" for key in projects)


def test_a_bipartite_graph_has_two_sides_and_roles(small_facts: Facts) -> None:
    graph = bipartite(small_facts, "project", "method")

    assert nx.is_bipartite(graph)
    assert graph.nodes["project:2017-00082"]["bipartite"] == 0
    assert graph.nodes["method:bip"]["bipartite"] == 1
    assert graph.edges["project:22-045-S01", "method:bip"] == {"weight": 1, "roles": "trains|builds-on"}


def test_a_bipartite_graph_of_other_kinds_counts_projects(small_facts: Facts) -> None:
    graph = bipartite(small_facts, "owner", "region")

    assert graph.edges["owner:2220002162", "region:SE11"]["weight"] == 2


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda facts: projection(facts, "project", through="project"), "through their own kind"),
        (lambda facts: projection(facts, "colour", through="method"), "no things of the kind 'colour'"),
        (
            lambda facts: projection(facts, "owner", through="method", weighting=cast(Weighting, "best")),
            "unknown weighting 'best'",
        ),
        (lambda facts: bipartite(facts, "owner", "owner"), "of two kinds"),
        (lambda facts: incidence(facts, "method", Choice(region="SE99")), "no project has the region 'SE99'"),
        (lambda facts: Choice(roles=["likes"]), "unknown role 'likes'"),
    ],
)
def test_what_means_nothing_is_refused_by_name(small_facts: Facts, call: object, message: str) -> None:
    assert callable(call)

    with pytest.raises(UsageError, match=message):
        call(small_facts)


@given(pairs=PAIRS, things=st.integers(0, 6), each=st.integers(1, 2))
def test_an_excerpt_holds_the_heaviest_pairs_of_as_many_things(
    pairs: set[tuple[str, str]], things: int, each: int
) -> None:
    every = paired(filled(ROWS, COLUMNS, pairs), "project", "method", weighting="jaccard")
    groups = [every.nodes[:1], every.nodes[1:]]

    found = excerpt(every, groups, things=things, each=each)

    weights, kept = _weights(every), _weights(found)
    linked = {node for ends in kept for node in ends}
    assert len(linked) <= things
    assert kept.items() <= weights.items()
    for node in linked:
        best = max(weight for ends, weight in weights.items() if node in ends and ends <= linked)
        assert max(weight for ends, weight in kept.items() if node in ends) == best
    assert len(kept) <= each * len(linked)
