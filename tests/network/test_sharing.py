"""What projects share, as people ask for it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kg.network import Shared, indexed, shared
from kg.network.indexed import Brief
from kg.network.sharing import shared_of
from kg.search import Index, create
from kg.store import EmbeddedStore


def _named(found: list[Shared]) -> list[tuple[str, str, list[str]]]:
    return [(each.kind, each.node.key, [project.key for project in each.projects]) for each in found]


def test_methods_come_before_owners_with_their_projects(small_store: EmbeddedStore) -> None:
    assert _named(shared(small_store)) == [
        ("method", "bip", ["22-014-S05", "22-045-S01"]),
        ("method", "service-design", ["22-012-S04", "22-014-S05"]),
        ("owner", "2220002162", ["22-012-S04", "22-014-S05"]),
    ]


def test_the_same_sentence_in_two_projects_is_told(small_store: EmbeddedStore) -> None:
    bip, design, owner = shared(small_store)

    assert (bip.same_words, design.same_words, owner.same_words) == (False, True, None)
    assert len(bip.quotes) == 3
    assert len(design.quotes) == 1


def test_owners_of_a_shared_method_are_listed(small_store: EmbeddedStore) -> None:
    bip, design, _ = shared(small_store)

    assert [owner.key for owner in bip.owners] == ["2220002162", "2220002485"]
    assert [owner.key for owner in design.owners] == ["2220002162"]


def test_more_projects_can_be_asked_for(small_store: EmbeddedStore) -> None:
    assert shared(small_store, at_least=3) == []


def test_the_seeds_share_bip_and_service_design(seeds_store: EmbeddedStore) -> None:
    found = {each.node.key: each for each in shared(seeds_store)}

    bip, design = found["bip"], found["service-design"]
    assert [project.key for project in bip.projects] == ["22-014-S05", "22-045-S01"]
    assert len(bip.owners) == 2
    assert [project.key for project in design.projects] == ["22-012-S04", "22-014-S05"]
    assert len(design.owners) == 1
    assert design.same_words is True
    assert [project.label for project in found["2220002162"].projects] == ["Conecto", "Lumena"]


@pytest.mark.parametrize("name", ["small_store", "seeds_store", "pages_store"])
def test_the_search_index_tells_the_same_as_the_store(
    name: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    store: EmbeddedStore = request.getfixturevalue(name)
    create(store.nquads(), store.base, tmp_path / "index")

    with Index(tmp_path / "index") as index:
        told = list(shared_of(indexed.facts(index)))
        briefly, total = indexed.briefly_shared(index, 2, 3)
        all_briefly, _ = indexed.briefly_shared(index, 1000, 1000)

    assert told == shared(store) != []
    assert total == len(told)
    for each, brief in zip(told, all_briefly, strict=True):
        labels = tuple(project.label for project in each.projects)
        assert brief == Brief(each.kind, each.node.label, len(labels), len(each.owners), labels)
    assert briefly == [replace(each, first=each.first[:3]) for each in all_briefly[:2]]
