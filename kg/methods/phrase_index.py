"""Finds many phrases at once in a sentence, by their first words.

What a word can begin, and which places of phrases it fits, is worked out once for each word. A phrase of several words
is tried only where each of its words, as far as they must be there, fits some word of the sentence.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import partial, reduce
from itertools import compress, count, repeat
from operator import and_, attrgetter, not_, or_
from typing import NamedTuple

from kg.methods.forms import ByForm
from kg.methods.phrase_fits import MARK, PLAIN, Fits, Places, bits_of, end_of, needed
from kg.methods.phrases import Found, Phrase
from kg.methods.remembered import Remembered, once

# Places of phrases are made more often than anything else; this is how a named tuple makes itself.
_new = tuple.__new__
_FIRST = attrgetter("first")


class _Tried(NamedTuple):
    """A phrase that may stand where its first word does.

    `need` holds the bits of the places that must be filled; where each place after the first takes one word, `bits` are
    theirs, one after the other.
    """

    number: int
    need: int
    bits: tuple[int, ...]
    places: Places


class _Begun:
    """The phrases that a word may begin; only what may stand in some sentence is sorted out further."""

    def __init__(self, phrases: Sequence[tuple[_Tried, frozenset[str]]]) -> None:
        self._phrases = phrases

    @once
    def whatever(self) -> tuple[_Tried, ...]:
        """The phrases that may stand there whatever follows."""
        return tuple([one for one, seconds in self._phrases if not seconds])

    @once
    def by_second(self) -> dict[str, tuple[_Tried, ...]]:
        """The others by each of the second words of which they need one."""
        found = defaultdict[str, list[_Tried]](list)
        for one, seconds in self._phrases:
            for second in seconds:
                found[second].append(one)
        return {second: tuple(some) for second, some in found.items()}


class _Known(NamedTuple):
    """What is known of a word: the phrases that it is, those of several words that it begins, the places that it fits.

    The phrases are told by their numbers, the places by their bits; `need` holds those that all phrases need that the
    word begins, every bit where it begins none.
    """

    whole: tuple[int, ...]
    begun: _Begun
    need: int
    fits: int


_WHOLE: Callable[[_Known], tuple[int, ...]] = attrgetter("whole")
_NEED: Callable[[_Known], int] = attrgetter("need")
_FITS: Callable[[_Known], int] = attrgetter("fits")
_EVERY = -1


class PhraseIndex:
    """Many phrases, found in a sentence by their first word, and by their second where that is one of a few."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        every = tuple(phrases)
        # One look at a word tells the phrases that it begins and, by numbers above those, the places that it fits.
        self._anywhere, self._initial = ByForm(), ByForm()
        fits = Fits(self._anywhere, len(every))
        self._tries: list[tuple[_Tried, frozenset[str]]] = []
        for number, steps in enumerate(every):
            (self._initial if steps[0].initial else self._anywhere).add(number, steps[0])
            self._tries.append((_tried(number, fits.places(steps[1:])), _second_words(steps)))
        self._begun = Remembered(self._begun_of)
        self._known = Remembered(partial(self._of, self._anywhere))
        self._known_initially = Remembered(partial(self._of, self._initial))

    def find(self, sentence: Sequence[str]) -> list[Found]:
        """Return every phrase found in `sentence`, in the order of the words."""
        if not sentence:
            return []
        known = [*map(self._known.__getitem__, sentence)]
        fits = [*map(_FITS, known), 0]
        missing = ~reduce(or_, filter(None, fits), 0)
        found = _found(known, sentence, fits, missing)
        initially = self._known_initially[sentence[0]]
        return _found([initially], sentence, fits, missing) + found if initially is not _NOTHING else found

    def _of(self, forms: ByForm, word: str) -> _Known:
        numbers, size = forms.of(word), len(self._tries)
        if not numbers:
            return _NOTHING if word[0].isalnum() else _MARK
        fits = bits_of(word, [number - size for number in numbers if number >= size])
        return _Known(*self._begun[tuple([number for number in numbers if number < size])], fits)

    def _begun_of(self, numbers: tuple[int, ...]) -> tuple[tuple[int, ...], _Begun, int]:
        """Return what a word begins that is the first of phrases, and needs: many words are the first of the same."""
        phrases = [*map(self._tries.__getitem__, numbers)]
        longer = [each for each in phrases if each[0].places]
        whole = tuple([one.number for one, _ in phrases if not one.places]) if len(longer) < len(phrases) else ()
        return whole, _Begun(longer), reduce(and_, [one.need for one, _ in longer], _EVERY)


_NO_PHRASE = _Begun(())
_NOTHING, _MARK = (_Known((), _NO_PHRASE, _EVERY, fits) for fits in (0, MARK))


def _tried(number: int, places: Places) -> _Tried:
    plain = all(kind == PLAIN for _, kind in places)
    return _Tried(number, needed(places), tuple(bit for bit, _ in places) if plain else (), places)


def _found(known: Sequence[_Known], sentence: Sequence[str], fits: Sequence[int], missing: int) -> list[Found]:
    """Return the phrases that begin at one of the `known` first words; none that needs a place that is `missing`.

    `fits` are the bits of the places that the words fit, and a nought after them.
    """
    whole = [*map(_WHOLE, known)]
    found = [_new(Found, (number, at, at + 1)) for at in compress(count(), whole) for number in whole[at]]
    several: list[Found] = []
    for at in compress(count(), map(not_, map(and_, map(_NEED, known), repeat(missing)))):
        begun = known[at].begun
        tried, by_second = begun.whatever, begun.by_second
        if by_second and at + 1 < len(sentence):
            tried += by_second.get(sentence[at + 1], ())
        for number, need, bits, places in tried:
            if need & missing:
                continue
            last = at + 1
            for bit in bits:
                if not fits[last] & bit:
                    break
                last += 1
            else:
                last = last if bits else end_of(places, fits, last)
                if last > 0:
                    several.append(_new(Found, (number, at, last)))
    if several:
        found += several
        found.sort(key=_FIRST)
    return found


def _second_words(steps: Phrase) -> frozenset[str]:
    """Return the words of which one must come second, none where something else may."""
    if len(steps) == 1 or steps[1].optional or steps[1].gap or steps[1].beginnings or steps[1].endings:
        return frozenset()
    return steps[1].words
