"""The heaviest cells of a row are those that sorting gives; the best pairs are found with copied sentences discounted."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from kg.network import Facts, Node, Use
from kg.network.heaviest import alike, heaviest, members, sums
from kg.network.matrices import filled
from kg.network.projection import Projection, projection
from kg.network.weighing import Weighting

WEIGHTINGS: tuple[Weighting, ...] = ("count", "jaccard", "cosine", "idf", "newman")
SENTENCES = st.sampled_from(["Vi gör det.", "Så gör vi.", ""])
USES = st.dictionaries(st.tuples(st.integers(0, 6), st.integers(0, 4)), SENTENCES, max_size=30)


@settings(max_examples=100, deadline=None)
@given(
    cells=st.lists(st.lists(st.integers(-1, 4), min_size=11, max_size=11), min_size=1, max_size=4),
    most=st.integers(1, 5),
    stretch=st.sampled_from([1, 2, 4, 256]),
)
def test_the_largest_cells_are_those_that_sorting_gives(cells: list[list[int]], most: int, stretch: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("kg.network.heaviest._STRETCH", stretch)
        places, weights = heaviest(np.array(cells, dtype=np.float64), most)

    for row, found, values in zip(cells, places.tolist(), weights.tolist(), strict=True):
        expected = [column for column in sorted(range(11), key=lambda column: -row[column]) if row[column] > 0][:most]
        assert found == expected + [-1] * (most - len(expected))
        assert values == [row[column] for column in expected] + [0.0] * (most - len(expected))


@settings(max_examples=60, deadline=None)
@given(sets=st.lists(st.lists(st.integers(0, 5), unique=True, max_size=5), max_size=8))
def test_sums_that_share_beginnings_are_the_same_sums(sets: list[list[int]]) -> None:
    table = np.arange(18, dtype=np.float64).reshape(6, 3) ** 2

    found = sums(sets, table)

    assert found.tolist() == [table[numbers].sum(axis=0).tolist() for numbers in sets]


@settings(max_examples=80, deadline=None)
@given(kinds=st.lists(st.integers(0, 4), min_size=1, max_size=12), weights=st.lists(st.integers(0, 2), min_size=5))
def test_the_heaviest_members_are_those_that_weighing_all_members_gives(kinds: list[int], weights: list[int]) -> None:
    numbers = list(dict.fromkeys(kinds))
    kind = np.array([numbers.index(each) for each in kinds])
    order = np.argsort(kind, kind="stable")
    bounds = np.searchsorted(kind[order], np.arange(len(numbers) + 1))
    table = np.array([weights[: len(numbers)]], dtype=np.float64)

    found = members(*heaviest(table, 3), order, bounds)

    expected = heaviest(table[:, kind], 3)
    assert [part.tolist() for part in found] == [part.tolist() for part in expected]


def test_rows_are_alike_when_they_have_the_same_in_the_same_words() -> None:
    have = filled(tuple("abcd"), tuple("xy"), [("a", "x"), ("b", "x"), ("c", "y"), ("d", "x")]).matrix
    words = sparse.csr_array(np.array([[1.0], [0.0], [0.0], [1.0]]))

    assert [found.tolist() for found in alike(have)] == [[0, 2], [0, 0, 1, 0]]
    assert [found.tolist() for found in alike(have, words)] == [[0, 1, 2], [0, 1, 2, 0]]


@pytest.mark.parametrize("weighting", WEIGHTINGS)
@settings(max_examples=40, deadline=None)
@given(uses=USES, top=st.integers(1, 3), least=st.integers(1, 2), few=st.booleans())
def test_the_best_pairs_are_chosen_with_copies_discounted(
    weighting: Weighting, uses: dict[tuple[int, int], str], top: int, least: int, few: bool
) -> None:
    facts = _facts(uses)
    every = _weights(projection(facts, "project", through="method", weighting=weighting, min_overlap=least))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("kg.network.weighing._ROWS_CELLS", 14 if few else 1000)
        patch.setattr("kg.network.weighing._CELLS", 0 if few else 1000)
        found = projection(facts, "project", through="method", weighting=weighting, min_overlap=least, top=top)

    best = _weights(found)
    assert best == pytest.approx({ends: every[ends] for ends in best})
    for row in found.nodes:
        mine = sorted((weight for ends, weight in every.items() if row in ends and weight > 0), reverse=True)
        kept = sorted((weight for ends, weight in best.items() if row in ends), reverse=True)
        assert kept[:top] == pytest.approx(mine[:top])


def test_a_pair_in_other_words_is_better_than_one_in_copied_words() -> None:
    facts = _facts({(0, 0): "Samma mening.", (1, 0): "Samma mening.", (2, 0): "En annan mening."})

    found = projection(facts, "project", through="method", top=1)

    assert _weights(found) == {
        frozenset(("project:0", "project:2")): 1.0,
        frozenset(("project:1", "project:2")): 1.0,
    }


def _facts(uses: dict[tuple[int, int], str]) -> Facts:
    names = [*(("project", str(number)) for number in range(7)), *(("method", str(number)) for number in range(5))]
    nodes = {f"{kind}:{key}": Node(f"{kind}:{key}", kind, key, "", key, {}) for kind, key in names}
    ordered = sorted(uses.items())
    return Facts(nodes, (), tuple(Use(f"project:{i}", f"method:{j}", "uses", q, "", "", 1.0) for (i, j), q in ordered))


def _weights(found: Projection) -> dict[frozenset[str], float]:
    ends = zip(found.first.tolist(), found.second.tolist(), found.weight.tolist(), strict=True)
    return {frozenset((found.nodes[one], found.nodes[two])): weight for one, two, weight in ends}
