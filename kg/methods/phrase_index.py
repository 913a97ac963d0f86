"""Finds many phrases at once in a sentence, by their first words.

What a word can begin, and which places of phrases it fits, is worked out once for each word. A phrase of several words
is tried only where each of its words, as far as they must be there, fits some word of the sentence.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import partial, reduce
from itertools import compress, count
from operator import attrgetter, or_
from typing import NamedTuple

from kg.methods.phrases import Found, Phrase, Step, match_at
from kg.methods.remembered import Remembered

# Places of phrases are made more often than anything else; this is how a named tuple makes itself.
_new = tuple.__new__
_FIRST = attrgetter("first")


class _Tried(NamedTuple):
    """A phrase that may stand where its first word does; `need` holds the bits of the places that must be filled."""

    number: int
    steps: Phrase
    need: int


class _Begun(NamedTuple):
    """Phrases that a word may begin whatever follows, and, by the second word, those that need that one."""

    whatever: tuple[_Tried, ...]
    by_second: dict[str, tuple[_Tried, ...]]


class _Known(NamedTuple):
    """What is known of a word: the numbers of the phrases that it is, and those of several words that it begins."""

    whole: tuple[int, ...]
    begun: _Begun | None


_WHOLE: Callable[[_Known], tuple[int, ...]] = attrgetter("whole")
_BEGUN: Callable[[_Known], _Begun | None] = attrgetter("begun")


class PhraseIndex:
    """Many phrases, found in a sentence by their first word, and by their second where that is one of a few."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self._phrases = tuple(phrases)
        self._anywhere, self._initial, self._places = _ByForm(), _ByForm(), _ByForm()
        self._bits: dict[Step, int] = {}
        for number, steps in enumerate(self._phrases):
            (self._initial if steps[0].initial else self._anywhere).add(number, steps[0])
            for step in steps[1:]:
                if step not in self._bits:
                    self._places.add(len(self._bits), step)
                    self._bits[step] = 1 << len(self._bits)
        self._known = Remembered(partial(self._of, self._anywhere))
        self._known_initially = Remembered(partial(self._of, self._initial))
        self._fitting = Remembered(self._fitted)

    def find(self, sentence: Sequence[str]) -> list[Found]:
        """Return every phrase found in `sentence`, in the order of the words."""
        if not sentence:
            return []
        missing = ~reduce(or_, filter(None, map(self._fitting.__getitem__, sentence)), 0)
        found = _find(self._known, sentence, sentence, missing)
        if self._known_initially[sentence[0]] != _NOTHING:
            return _find(self._known_initially, sentence[:1], sentence, missing) + found
        return found

    def _fitted(self, word: str) -> int:
        """Return the bits of the places that `word` fits."""
        return reduce(or_, (1 << number for number in self._places.of(word)), 0)

    def _of(self, steps: _ByForm, word: str) -> _Known:
        numbers = steps.of(word)
        if not numbers:
            return _NOTHING
        whole = tuple(number for number in numbers if len(self._phrases[number]) == 1)
        whatever: list[_Tried] = []
        by_second = defaultdict[str, list[_Tried]](list)
        for number in numbers:
            phrase = self._phrases[number]
            if len(phrase) == 1:
                continue
            must = (step for step in phrase[1:] if not (step.gap or step.optional))
            one = _Tried(number, phrase, reduce(or_, map(self._bits.__getitem__, must), 0))
            seconds = _second_words(phrase)
            for second in seconds:
                by_second[second].append(one)
            if not seconds:
                whatever.append(one)
        if not (whatever or by_second):
            return _Known(whole, None)
        return _Known(whole, _Begun(tuple(whatever), {second: tuple(some) for second, some in by_second.items()}))


_NOTHING = _Known((), None)


def _find(table: Remembered[_Known], firsts: Sequence[str], sentence: Sequence[str], missing: int) -> list[Found]:
    """Return the phrases that begin at one of the first words; none that needs a place that is `missing`."""
    known = [*map(table.__getitem__, firsts)]
    whole = [*map(_WHOLE, known)]
    found = [_new(Found, (number, at, at + 1)) for at in compress(count(), whole) for number in whole[at]]
    begun = [*map(_BEGUN, known)]
    several: list[Found] = []
    for at, (whatever, by_second) in zip(compress(count(), begun), filter(None, begun), strict=True):
        tried = whatever
        if by_second and at + 1 < len(sentence):
            tried += by_second.get(sentence[at + 1], ())
        for number, steps, need in tried:
            if not need & missing:
                last = match_at(steps, sentence, at + 1, 1)
                if last > 0:
                    several.append(_new(Found, (number, at, last)))
    if several:
        found += several
        found.sort(key=_FIRST)
    return found


class _ByForm:
    """Numbers by the words, beginnings and endings that a step takes."""

    def __init__(self) -> None:
        self._words: dict[str, list[int]] = {}
        self._beginnings: dict[str, list[int]] = {}
        self._endings: dict[str, list[int]] = {}
        self._lengths: tuple[frozenset[int], frozenset[int]] = frozenset(), frozenset()

    def add(self, number: int, step: Step) -> None:
        for forms, known in (
            (step.words, self._words),
            (step.beginnings, self._beginnings),
            (step.endings, self._endings),
        ):
            for form in forms:
                known.setdefault(form, []).append(number)
        self._lengths = (
            self._lengths[0].union(map(len, step.beginnings)),
            self._lengths[1].union(map(len, step.endings)),
        )

    def of(self, word: str) -> list[int]:
        """Return the numbers of the steps that `word` fits: first those that name it, then those with a part of it."""
        named, size = self._words.get(word, []), len(word)
        parts: set[int] = set()
        for length in self._lengths[0]:
            if length <= size:
                parts.update(self._beginnings.get(word[:length], ()))
        for length in self._lengths[1]:
            if length <= size:
                parts.update(self._endings.get(word[size - length :], ()))
        return [*named, *sorted(parts.difference(named))]


def _second_words(steps: Phrase) -> frozenset[str]:
    """Return the words of which one must come second, none where something else may."""
    if steps[1].optional or steps[1].gap or steps[1].beginnings or steps[1].endings:
        return frozenset()
    return steps[1].words
