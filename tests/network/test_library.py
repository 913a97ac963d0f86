"""The network for Python: read once, asked many times."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kg.errors import UsageError
from kg.network import Network
from kg.network.reading import read
from kg.store import EmbeddedStore, open_build
from tests import two_currencies


@pytest.fixture(scope="module")
def found(seeds_store: EmbeddedStore) -> Network:
    return Network(seeds_store)


def test_facts_are_read_once(found: Network) -> None:
    assert found.facts is found.facts
    assert "project:22-014-S05" in found.graph()


def test_graphs_for_scripts(found: Network) -> None:
    assert found.bipartite("project", "method", roles=["uses"]).has_edge("project:22-014-S05", "method:service-design")
    owners = found.projection("owner", through="method", weighting="idf", region=None)
    assert "method:bip" in owners.edges["owner:2220002162", "owner:2220002485"]["shared"]
    assert found.projection("owner", through="method", period=(date(2030, 1, 1), None)).number_of_nodes() == 0
    assert found.projection("project", through="method", top=1).number_of_edges() == 2


def test_answers_with_reasons(found: Network) -> None:
    assert found.shared()[0].kind == "method"
    assert found.similar("22-012-S04")[0].project.label == "Lumena"
    assert found.similar(text="Vi erbjuder Supported Employment.")[0].project.label == "Lumena"
    assert [each.project.key for each in found.similar("22-012-S04", region="SE21")] == ["22-005-S01"]


def test_a_question_needs_one_of_the_two(found: Network) -> None:
    with pytest.raises(UsageError, match="one of the two"):
        found.similar()
    with pytest.raises(UsageError, match="one of the two"):
        found.similar("22-012-S04", text="idé")


def test_attributes_are_those_that_are_preferred_in_one_currency(tmp_path: Path) -> None:
    with open_build(two_currencies.built(tmp_path)) as store:
        nodes = read(store).nodes

    one, other = nodes["project:2018-00128"], nodes["project:2018-00129"]
    assert (one.label, one.attributes["endDate"]) == ("Vidga normen", "2021-12-31")
    assert {name: one.attributes.get(name) for name in ("currency", "totalBudget", "euContribution")} == {
        "currency": "SEK",
        "totalBudget": 15000000,
        "euContribution": None,
    }
    assert (other.attributes["currency"], other.attributes["totalBudget"]) == ("EUR", 2000000)
