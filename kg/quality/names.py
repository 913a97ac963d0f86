"""Finds names in a description that are nearly, and not quite, the name of its project or of its owner."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Literal

from kg.owners.names import name_key
from kg.quality.sentences import sentences

_TOKEN = re.compile(r"[^\W_]+(?:['’´`.:][^\W_]+)*")
_JOINING = frozenset("i för på av till och med mot inom hos vid from of for in and the den det en ett".split())
_FEWEST_LETTERS = 7
_ALIKE = 0.85
"""How alike the one word must be in which two names differ, as the share of letters in common."""
_BOTH_LONG = 5
_EARLIER = re.compile(
    r"\b(?:tidigare|fortsätt\w*|bygger|förprojekt\w*|föregångare\w*|systerprojekt\w*|previous|earlier)\b", re.I
)


@dataclass(frozen=True, slots=True)
class NearName:
    """A name in a text that differs from the expected one in a single word, and its sentence."""

    printed: str
    quote: str


def near_name(text: str, names: Iterable[str], others: frozenset[str] = frozenset()) -> NearName | None:
    """Return the first name in a text that is nearly one of `names`.

    Capitals, hyphens, quotation marks and the genitive make no difference. Two names are near when they differ in one
    word that is spelt otherwise, or in one word that joins ("i" for "för") where the text never has the name as it is.
    `others` are the keys (`name_key`) of names that are somebody else's.

    >>> near_name("Projektet Förskola i Framtiden tar form.", ["Förskola för Framtiden"]).printed
    'Förskola i Framtiden'
    """
    wanted = [words for name in names if len(name) >= _FEWEST_LETTERS and (words := _words(name))]
    if not wanted or not text:
        return None
    words_of_text = _folded_words(text)
    as_it_is: bool | None = None
    for words in wanted:
        for first, last, misspelt in _candidates(words_of_text, words):
            if not misspelt:
                if as_it_is is None:
                    as_it_is = any(_stands(words_of_text, each) for each in wanted)
                if as_it_is:
                    continue
            start, end = _places(text)[first][0], _places(text)[last][1]
            printed = text[start:end]
            if _is_name(printed) and name_key(printed) not in others:
                quote = next(text[each.start : each.end] for each in sentences(text) if each.start <= start < each.end)
                if not _EARLIER.search(quote):
                    return NearName(printed, quote)
    return None


@dataclass(frozen=True, slots=True)
class _Folded:
    """The words of a text in small letters, in their order and each once."""

    words: Sequence[str]
    each: frozenset[str]


@lru_cache(maxsize=2)
def _folded_words(text: str) -> _Folded:
    """Return the words of a text, which is asked for its project's name and for its owner's."""
    folded = text.casefold()
    plain = len(folded) == len(text) and "´" not in text and "`" not in text
    words = _TOKEN.findall(folded) if plain else [*map(_folded, _TOKEN.findall(text))]
    return _Folded(words, frozenset(words))


@lru_cache(maxsize=2)
def _places(text: str) -> tuple[tuple[int, int], ...]:
    """Return start and end of each word."""
    return tuple(match.span() for match in _TOKEN.finditer(text))


def _words(name: str) -> tuple[str, ...]:
    return tuple(_folded(match[0]) for match in _TOKEN.finditer(name))


@lru_cache(maxsize=65536)
def _folded(word: str) -> str:
    return word.casefold().replace("´", "").replace("`", "")


@lru_cache(maxsize=65536)
def _forms(word: str) -> frozenset[str]:
    """Return a word with the endings that make no other name of it."""
    return frozenset((word, f"{word}s", f"{word}en", f"{word}et", *((word[:-1],) if word.endswith("s") else ())))


def _same(one: str, other: str) -> bool:
    return one in _forms(other)


def _stands(text: _Folded, words: tuple[str, ...]) -> bool:
    size, first = len(words), _forms(words[0]) & text.each
    if not first:
        return False
    starts = (place for place, word in enumerate(text.words[: len(text.words) - size + 1]) if word in first)
    return any(all(map(_same, text.words[place : place + size], words)) for place in starts)


def _candidates(text: _Folded, words: tuple[str, ...]) -> Iterator[tuple[int, int, bool]]:
    """Yield first and last word of each stretch that differs from the name in one word, and if that is misspelt."""
    # A stretch that begins with another word of the name, or with a form of its first, differs in more than one word.
    initial = words[0][0]
    firsts = {word for word in words if _same(word, words[0])} & text.each
    firsts |= {word for word in text.each if word[0] == initial and _alike(word, words[0])}
    for place in [place for place, word in enumerate(text.words) if word in firsts] if firsts else ():
        for size in (len(words), len(words) - 1, len(words) + 1):
            stretch = tuple(text.words[place : place + size])
            difference = _difference(stretch, words) if len(stretch) == size >= 1 else None
            if difference:
                yield place, place + size - 1, difference == "spelling"


def _difference(one: tuple[str, ...], other: tuple[str, ...]) -> Literal["spelling", "joining"] | None:
    if not _may_differ_in_one(one, other):
        return None
    changes = [
        (one[a:b], other[c:d])
        for kind, a, b, c, d in SequenceMatcher(None, one, other, autojunk=False).get_opcodes()
        if kind != "equal" and not (b - a == d - c and all(map(_same, one[a:b], other[c:d])))
    ]
    if len(changes) != 1:
        return None
    left, right = changes[0]
    words = [*left, *right]
    if len(left) > 1 or len(right) > 1:
        return None
    if all(word in _JOINING for word in words):
        # A missing joining word at an edge is where the stretch was cut, not how the name is spelt.
        return "joining" if len(one) > 1 and one[0] == other[0] and one[-1] == other[-1] else None
    return "spelling" if len(words) == 2 and _alike(*words) else None


def _may_differ_in_one(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Return whether two stretches can differ in one word at all, which is seen faster than how they differ.

    Of as many words, one place differs. A word more or less is a joining word, with the same word at either edge.
    """
    if len(one) != len(other):
        return one[0] == other[0] and one[-1] == other[-1]
    return sum(word not in _forms(wanted) for word, wanted in zip(one, other, strict=True)) == 1


@lru_cache(maxsize=65536)
def _alike(one: str, other: str) -> bool:
    """Return whether a word is another with a slip of the pen: neither an ending nor a part of a compound differs."""
    if min(len(one), len(other)) < _BOTH_LONG or abs(len(one) - len(other)) > 2 or one[0] != other[0]:
        return False
    if one.startswith(other) or other.startswith(one) or one.isdecimal() or _same(one, other):
        return False
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return one[-1] == other[-1] and matcher.real_quick_ratio() >= _ALIKE and matcher.ratio() >= _ALIKE


def _is_name(printed: str) -> bool:
    """Return whether a stretch is written as a name: it begins with a capital, and so does another word of it."""
    words = printed.split()
    return words[0][:1].isupper() and (len(words) == 1 or any(word[:1].isupper() for word in words[1:]))
