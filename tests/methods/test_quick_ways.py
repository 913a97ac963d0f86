"""The quick ways of the recognition give what the plain ways give: each is tested against one that takes no short cut."""

from __future__ import annotations

import json
from itertools import chain
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from kg import ontology
from kg.methods import Extractor, Text, rulebook
from kg.methods.matcher import Match
from kg.methods.misspelling import Misspellings, one_mistake
from kg.methods.normalise import normalise
from kg.methods.phrase_fits import PhraseTests
from kg.methods.phrase_index import PhraseIndex
from kg.methods.phrases import Found, Phrase, Step, words
from kg.methods.reading import Reader, Reading
from kg.methods.remembered import Remembered
from kg.methods.sentences import Sentences

RULES = rulebook.installed()
READER = Reader(RULES)
INDEX, TESTS = PhraseIndex(RULES.phrases), PhraseTests(RULES.phrases)
GAP_WORDS = 4
SENTENCES = [
    json.loads(line)["text"]
    for line in (Path(__file__).parent / "sentences.jsonl").read_text(encoding="utf-8").splitlines()
]
SIGNS = st.sampled_from(" .,-:+?!…•–”’()/~|\n") | st.sampled_from(
    ("\n\n", "- ", "  ", "\r\n", "\u00a0", "\u00ad", "1. ")
)
WORDS = st.sampled_from(
    sorted({word for text in SENTENCES for word in text.split()} | {"Σ", "Ⅷ", "t.ex.", "SE-", "fo?r"})
)
TEXTS = st.lists(st.one_of(WORDS, WORDS, SIGNS, st.just(" "), st.sampled_from(SENTENCES)), max_size=20).map("".join)


def _fits(step: Step, word: str) -> bool:
    return word in step.words or word.startswith(step.beginnings) or word.endswith(step.endings)


def _end(steps: Phrase, sentence: list[str], at: int) -> int:
    if not steps:
        return at
    if steps[0].gap:
        for place in range(at, at + GAP_WORDS + 1):
            end = _end(steps[1:], sentence, place)
            if end >= 0 or place >= len(sentence) or not sentence[place][0].isalnum():
                return end
        return -1
    if at < len(sentence) and _fits(steps[0], sentence[at]):
        end = _end(steps[1:], sentence, at + 1)
        if end >= 0 or not steps[0].optional:
            return end
    return _end(steps[1:], sentence, at) if steps[0].optional else -1


def _plainly(sentence: list[str]) -> set[Found]:
    ends = (
        (number, at, _end(steps, sentence, at))
        for number, steps in enumerate(RULES.phrases)
        for at in range(1 if steps[0].initial else len(sentence))
        if sentence
    )
    return {Found(number, at, end) for number, at, end in ends if end > 0}


@given(TEXTS)
def test_the_index_finds_the_phrases_that_stand_in_the_sentence(text: str) -> None:
    sentence = list(words(text.lower()))[:60]
    found = INDEX.find(sentence)
    assert set(found) == _plainly(sentence)
    assert len(set(found)) == len(found)
    assert [one.first for one in found] == sorted(one.first for one in found)
    looked = TESTS.look(sentence)
    assert {one for number in range(len(RULES.phrases)) for one in TESTS.found(number, looked)} == set(found)


def test_the_index_finds_the_phrases_of_real_sentences() -> None:
    total = 0
    for text in SENTENCES:
        sentence = list(words(text.lower()))
        assert set(INDEX.find(sentence)) == _plainly(sentence)
        total += len(INDEX.find(sentence))
    assert total > len(SENTENCES)


@given(TEXTS)
def test_small_letters_are_those_of_the_normalised_text(text: str) -> None:
    found = normalise(text)
    assert found.lower == found.text.lower()
    assert found.scan == found.lower.replace("\n", " ")


@given(TEXTS)
def test_a_text_in_pieces_has_the_words_of_the_whole(text: str) -> None:
    pieces = chain.from_iterable(READER.words[piece] for piece in text.split())
    assert tuple(pieces) == words(text)


@given(TEXTS, st.data())
def test_sentences_are_the_same_in_whatever_order_they_are_asked_for(text: str, data: st.DataObject) -> None:
    normal = normalise(text).text
    at_once, by_one = Sentences(normal), Sentences(normal)
    places = [at for at, sign in enumerate(normal) if sign.isalpha()]
    in_order = {at: at_once.at(at) for at in places}
    for at in data.draw(st.permutations(places)):
        assert by_one.at(at) == in_order[at]


@given(TEXTS, st.integers(0, 200), st.integers(1, 30))
def test_a_name_covers_the_words_that_it_touches(text: str, start: int, size: int) -> None:
    lower = normalise(text).lower
    if start < len(lower) and not lower[start].isspace():
        name = Match(start, min(start + size, len(lower)), (), "label")
        reading = Reading(lower, (0, len(lower)), [name], READER)
        assert reading.place(name) == reading._touched(name.start, name.end)


NAMES = ("motiverande samtal", "samordnad individuell plan", "arbetsterapi", "tjänstedesign", "fallkoordinator")
MISSPELLINGS = Misspellings(NAMES, ())


@given(st.sampled_from(NAMES), st.integers(7, 40), st.sampled_from("aeintsö "), st.sampled_from(("", "Vi har ")))
def test_a_mistake_in_a_long_half_is_found_from_the_other_half(name: str, at: int, letter: str, before: str) -> None:
    place = at % len(name)
    wrong = name[:place] + letter + name[place + 1 :]
    expected = one_mistake(wrong, name)
    scan = f"{before.lower()}{wrong} i länet"
    found = {
        span
        for number, half in enumerate(MISSPELLINGS.texts)
        if half in scan
        for span in MISSPELLINGS.spans(scan, number, scan.index(half), scan.index(half) + len(half))
    }
    if expected and place:
        assert (len(before), len(before) + expected, name) in found
    assert all(known in NAMES for _, _, known in found)


def test_no_more_words_are_remembered_than_fit() -> None:
    sizes: Remembered[str, int] = Remembered(len)
    assert sizes["x" * 500] == 500
    assert not sizes
    for number in range(50_100):
        assert sizes[str(number)] == len(str(number))
    assert len(sizes) == 50_000


def test_texts_read_together_say_what_they_say_one_by_one() -> None:
    extractor = Extractor(ontology.load())
    texts = [Text(text, objective, text[:20]) for text in SENTENCES for objective in (None, "F1")]
    together = extractor.extract_all(texts)
    assert together == [extractor.extract(text, objective=objective, title=title) for text, objective, title in texts]
    assert sum(len(extraction.uses) for extraction in together) > len(SENTENCES)
    assert extractor.extract_all([]) == []
