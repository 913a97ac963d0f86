"""Passages that two texts share."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.network import network
from kg.network.reuse import MOST_PAIRS, SHINGLE, Passage, add_passages, copied_shares, passages, shingles
from kg.network.texts import descriptions, lemma_counts
from kg.store import EmbeddedStore

TEXTS = st.lists(st.lists(st.sampled_from(["a", "b"]), max_size=24).map(" ".join), max_size=4)
COMMON = "Samverkan mellan kommunen och samordningsförbundet ger stöd till varje deltagare som vill arbeta."


def _words(text: str) -> list[str]:
    return [word.casefold() for word in re.findall(r"\w+", text)]


def _longest_runs(one: list[str], two: list[str]) -> set[tuple[int, int, int]]:
    """Return every run that cannot be made longer, found by comparing each word with each."""
    found = set()
    for i in range(len(one)):
        for j in range(len(two)):
            if one[i] == two[j] and not (i and j and one[i - 1] == two[j - 1]):
                length = 0
                while i + length < len(one) and j + length < len(two) and one[i + length] == two[j + length]:
                    length += 1
                if length >= SHINGLE:
                    found.add((i, j, length))
    return found


@settings(max_examples=150, deadline=None)
@given(TEXTS)
def test_exactly_the_longest_runs_are_found(texts: list[str]) -> None:
    named = {f"project:{place}": text for place, text in enumerate(texts)}

    found = {(each.first, each.second, each.first_start, each.second_start, each.words) for each in passages(named)}

    expected = {
        (f"project:{i}", f"project:{j}", 2 * one, 2 * two, length)
        for i in range(len(texts))
        for j in range(i + 1, len(texts))
        for one, two, length in _longest_runs(texts[i].split(), texts[j].split())
    }
    assert found == expected


def test_a_passage_is_quoted_with_its_place_in_both_texts() -> None:
    texts = {"project:1": f"Början. {COMMON} Slut.", "project:2": f"Något annat!\n{COMMON.upper()}"}

    (found,) = passages(texts)

    assert found.text == COMMON.rstrip(".")
    assert texts["project:1"][found.first_start : found.first_end] == found.text
    assert texts["project:2"][found.second_start : found.second_end] == found.text.upper()
    assert found.words == len(_words(COMMON))


def test_neighbouring_runs_at_other_distances_stay_apart() -> None:
    one = [f"ord{letter}" for letter in "abcdefghi"]
    texts = {"project:1": " ".join(one), "project:2": " ".join([*one[:8], "annat", *one[1:]])}

    found = [(each.words, each.first_start, each.second_start) for each in passages(texts)]

    assert found == [(8, 0, 0), (8, 5, 5 * 8 + 6)]


def test_short_phrases_do_not_count() -> None:
    phrase = "personer som står långt från arbetsmarknaden idag"

    assert passages({"project:1": f"Vi vill nå {phrase}.", "project:2": f"Stöd till {phrase}!"}) == []


def test_a_sentence_in_many_texts_is_found_in_each() -> None:
    texts = {f"project:{number:03}": f"Eget {number}. {COMMON}" for number in range(2 * MOST_PAIRS)}

    found = passages(texts)

    assert {each.second for each in found} == texts.keys() - {"project:000"}


def test_the_seeds_of_one_owner_share_text_and_no_others_do(seeds_store: EmbeddedStore) -> None:
    texts = descriptions(seeds_store)
    found = passages(texts)

    assert {(each.first, each.second) for each in found} == {("project:22-012-S04", "project:22-014-S05")}
    assert any("tjänstedesignmetoder" in each.text for each in found)
    assert copied_shares(found, texts) == {("project:22-012-S04", "project:22-014-S05"): pytest.approx(0.335, abs=0.02)}


def test_shared_text_is_a_relation_with_the_longest_passage(seeds_store: EmbeddedStore) -> None:
    graph = network(seeds_store)
    add_passages(graph, passages(descriptions(seeds_store)))

    edge = graph.edges["project:22-012-S04", "project:22-014-S05", "sharesText"]
    assert edge["relation"] == "sharesText"
    assert edge["passages"] == 6
    assert edge["passage"].startswith("Projektet blir också en möjlighet")


def test_an_overlap_is_counted_once() -> None:
    texts = {"project:1": "x" * 100, "project:2": "y" * 50}
    found = [Passage("project:1", "project:2", "", 8, start, start + 20, 0, 20) for start in (0, 10)]

    assert copied_shares(found, texts) == {("project:1", "project:2"): 0.4}


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.sampled_from("abc"), max_size=30), min_size=2, max_size=2))
def test_texts_share_a_passage_where_they_share_a_run_of_words(found: list[list[str]]) -> None:
    one, two = (" ".join(words) for words in found)

    assert bool(passages({"1": one, "2": two})) == bool(set(shingles(one)) & set(shingles(two)))


def test_words_are_brought_to_their_dictionary_form() -> None:
    assert list(lemma_counts("Deltagarnas 24 insatser; MÅLEN nås i AF.")) == ["deltagare", "insats", "mål", "nå"]
