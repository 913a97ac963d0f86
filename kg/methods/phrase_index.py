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
_EDGE = 3


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
    """What is known of a word: the phrases that it is, those of several words that it begins, the places that it fits.

    The phrases are told by their numbers, the places by their bits.
    """

    whole: tuple[int, ...]
    begun: _Begun | None
    fits: int


_WHOLE: Callable[[_Known], tuple[int, ...]] = attrgetter("whole")
_BEGUN: Callable[[_Known], _Begun | None] = attrgetter("begun")
_FITS: Callable[[_Known], int] = attrgetter("fits")


class PhraseIndex:
    """Many phrases, found in a sentence by their first word, and by their second where that is one of a few."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self._phrases = tuple(phrases)
        # One look at a word tells the phrases that it begins and, by numbers above those, the places that it fits.
        self._anywhere, self._initial = _ByForm(), _ByForm()
        self._bits: dict[Step, int] = {}
        for number, steps in enumerate(self._phrases):
            (self._initial if steps[0].initial else self._anywhere).add(number, steps[0])
            for step in steps[1:]:
                if step not in self._bits:
                    self._anywhere.add(len(self._phrases) + len(self._bits), step)
                    self._bits[step] = 1 << len(self._bits)
        self._tries: dict[int, tuple[_Tried, frozenset[str]]] = {}
        self._known = Remembered(partial(self._of, self._anywhere))
        self._known_initially = Remembered(partial(self._of, self._initial))

    def find(self, sentence: Sequence[str]) -> list[Found]:
        """Return every phrase found in `sentence`, in the order of the words."""
        if not sentence:
            return []
        known = [*map(self._known.__getitem__, sentence)]
        missing = ~reduce(or_, filter(None, map(_FITS, known)), 0)
        found = _found(known, sentence, missing)
        initially = self._known_initially[sentence[0]]
        return _found([initially], sentence, missing) + found if initially is not _NOTHING else found

    def _try(self, number: int) -> tuple[_Tried, frozenset[str]]:
        """Return a phrase with the bits of the places after the first that must be filled, and its second words."""
        known = self._tries.get(number)
        if known is None:
            phrase = self._phrases[number]
            must = (step for step in phrase[1:] if not (step.gap or step.optional))
            need = reduce(or_, map(self._bits.__getitem__, must), 0)
            known = self._tries[number] = _Tried(number, phrase, need), _second_words(phrase)
        return known

    def _of(self, steps: _ByForm, word: str) -> _Known:
        numbers = steps.of(word)
        if not numbers:
            return _NOTHING
        size = len(self._phrases)
        fits = reduce(or_, (1 << number - size for number in numbers if number >= size), 0)
        whole: list[int] = []
        whatever: list[_Tried] = []
        by_second = defaultdict[str, list[_Tried]](list)
        for one, seconds in (self._try(number) for number in numbers if number < size):
            if len(one.steps) == 1:
                whole.append(one.number)
            elif seconds:
                for second in seconds:
                    by_second[second].append(one)
            else:
                whatever.append(one)
        begun = _Begun(tuple(whatever), {second: tuple(some) for second, some in by_second.items()})
        return _Known(tuple(whole), begun if whatever or by_second else None, fits)


_NOTHING = _Known((), None, 0)


def _found(known: Sequence[_Known], sentence: Sequence[str], missing: int) -> list[Found]:
    """Return the phrases that begin at one of the `known` first words; none that needs a place that is `missing`."""
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
        self._beginnings, self._endings = _Parts(), _Parts()

    def add(self, number: int, step: Step) -> None:
        for word in step.words:
            self._words.setdefault(word, []).append(number)
        for form in step.beginnings:
            self._beginnings.add(form[:_EDGE], form, number)
        for form in step.endings:
            self._endings.add(form[-_EDGE:], form, number)

    def of(self, word: str) -> Sequence[int]:
        """Return the numbers of the steps that `word` fits: first those that name it, then those with a part of it."""
        named = self._words.get(word, ())
        parts: set[int] = set()
        for length in self._beginnings.lengths(word[:_EDGE]):
            parts.update(self._beginnings.get(word[:length], ()))
        for length in self._endings.lengths(word[-_EDGE:]):
            parts.update(self._endings.get(word[-length:], ()))
        return [*named, *sorted(parts.difference(named))] if parts else named


class _Parts(dict[str, list[int]]):
    """Numbers by a beginning or an ending, and how long those are that share their first or last letters.

    Few words share two letters with any: the others are told by one look.
    """

    def __init__(self) -> None:
        super().__init__()
        self._lengths: dict[str, frozenset[int]] = {}
        self._always: frozenset[int] = frozenset()

    def add(self, edge: str, form: str, number: int) -> None:
        """Note that the beginning or ending `form`, whose outermost letters are `edge`, belongs to `number`."""
        self.setdefault(form, []).append(number)
        if len(form) < _EDGE:
            self._always |= {len(form)}
            self._lengths = {known: lengths | self._always for known, lengths in self._lengths.items()}
        else:
            self._lengths[edge] = self._lengths.get(edge, self._always) | {len(form)}

    def lengths(self, edge: str) -> frozenset[int]:
        """Return how long the beginnings or endings are that a word with these outermost letters may have."""
        return self._lengths.get(edge, self._always)


def _second_words(steps: Phrase) -> frozenset[str]:
    """Return the words of which one must come second, none where something else may."""
    if len(steps) == 1 or steps[1].optional or steps[1].gap or steps[1].beginnings or steps[1].endings:
        return frozenset()
    return steps[1].words
