"""Every pair of pages that the build gives one owner has one owner in truth, and few true pairs are missed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

from kg import ontology
from kg.model import OwnerMention, Source
from kg.owners import join_owners
from kg.owners.reading import Context, read_owner
from kg.owners.reviewed import read
from kg.resources import folder
from kg.sources.page import PageReader

PAGES = Path(__file__).parent.parent / "pages"
GOLD: dict[str, Any] = json.loads((Path(__file__).parent / "gold.json").read_text("utf-8"))


@dataclass(frozen=True)
class Score:
    precision: float
    recall: float
    wrong: list[tuple[str, str]]
    missed: list[tuple[str, str]]
    true_pairs: int


def _score(truth: Mapping[str, str | None], mentions: Mapping[str, OwnerMention | None]) -> Score:
    index = join_owners((mention for mention in mentions.values() if mention), read())
    found = {}
    for key, mention in mentions.items():
        owner = index.owner_of(mention) if mention else None
        found[key] = owner.key if owner else None
    pairs = list(combinations(sorted(truth), 2))
    same = {pair for pair in pairs if truth[pair[0]] and truth[pair[0]] == truth[pair[1]]}
    joined = {pair for pair in pairs if found[pair[0]] and found[pair[0]] == found[pair[1]]}
    hits = len(same & joined)
    return Score(hits / len(joined), hits / len(same), sorted(joined - same), sorted(same - joined), len(same))


def _page_mentions() -> dict[str, OwnerMention | None]:
    reader = PageReader(ontology.load())
    mentions: dict[str, OwnerMention | None] = {}
    for name in GOLD["pages"]:
        path = next(place / name for place in (PAGES, folder("seeds")) if (place / name).exists())
        project = reader.read(path.read_text("utf-8"), Source("key", name, "0" * 64)).project
        assert project
        mentions[name] = project.owner
    return mentions


def _further_mentions() -> dict[str, OwnerMention | None]:
    return {
        case["id"]: read_owner(
            case["printed"], case.get("number"), Context(title=case.get("title", ""), text=case.get("text", ""))
        ).mention
        for case in GOLD["further"]
    }


def test_the_pages_and_seeds_are_joined_without_an_error() -> None:
    score = _score(GOLD["pages"], _page_mentions())

    assert len(GOLD["pages"]) == 44
    assert score.true_pairs == 7
    assert score.wrong == []
    assert score.missed == []


def test_further_cases_of_the_same_kinds_are_never_joined_wrongly_and_seldom_missed() -> None:
    score = _score({case["id"]: case["is"] for case in GOLD["further"]}, _further_mentions())

    assert score.true_pairs > 25
    assert score.wrong == []
    assert score.recall >= 0.9, score.missed


def test_who_owns_nothing_has_no_owner() -> None:
    mentions = {**_page_mentions(), **_further_mentions()}
    nobody = [key for key, owner in GOLD["pages"].items() if not owner]
    nobody += [case["id"] for case in GOLD["further"] if not case["is"]]

    assert nobody
    assert [key for key in nobody if mentions[key]] == []
