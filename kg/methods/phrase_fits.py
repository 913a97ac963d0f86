"""Tells with the bits of a number which places of phrases a word fits, and follows a phrase over words told so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce
from operator import or_

from kg.methods.forms import ByForm
from kg.methods.phrases import GAP_WORDS, Found, Phrase, Step
from kg.methods.remembered import Remembered

PLAIN, OPTIONAL, ANY = range(3)
"""What a place takes: one word, a word that may be missing, a few words of any kind."""
MARK = 1
"""The bit of what is no word: over a mark such as a comma no gap reaches."""

Places = tuple[tuple[int, int], ...]
"""The places of a phrase: the bit of what fits there, and what it takes."""


class Fits:
    """Gives each place of phrases its bit, and notes in `forms` which words fit it, by numbers from `base` on."""

    def __init__(self, forms: ByForm, base: int = 0) -> None:
        self._forms, self._base = forms, base
        self._bits: dict[tuple[object, ...], int] = {}

    def places(self, steps: Phrase) -> Places:
        """Return the places of a phrase."""
        return tuple(
            (0, ANY) if step.gap else (self._bit(step), OPTIONAL if step.optional else PLAIN) for step in steps
        )

    def _bit(self, step: Step) -> int:
        key = (step.words, step.beginnings, step.endings)
        bit = self._bits.get(key)
        if bit is None:
            self._forms.add(self._base + len(self._bits), step)
            bit = self._bits[key] = 2 << len(self._bits)
        return bit


def bits_of(word: str, numbers: Iterable[int]) -> int:
    """Return the bits of the places that a word fits, whose numbers are given."""
    bits = 0 if word[0].isalnum() else MARK
    for number in numbers:
        bits |= 2 << number
    return bits


def needed(places: Places) -> int:
    """Return the bits of the places that must be filled."""
    return reduce(or_, (bit for bit, kind in places if kind == PLAIN), 0)


def end_of(places: Places, fits: Sequence[int], at: int, step: int = 0) -> int:
    """Return the number of the word after the phrase whose place `step` is at word `at`, or -1.

    `fits` are the bits of the words of the sentence, and a nought after them.
    """
    while step < len(places):
        bit, kind = places[step]
        if kind == ANY:
            return _after_gap(places, fits, at, step + 1)
        if fits[at] & bit:
            if kind == OPTIONAL:
                taken = end_of(places, fits, at + 1, step + 1)
                return taken if taken >= 0 else end_of(places, fits, at, step + 1)
            at += 1
        elif kind == PLAIN:
            return -1
        step += 1
    return at


def _after_gap(places: Places, fits: Sequence[int], at: int, step: int) -> int:
    """Return the same for a phrase whose place `step` follows a gap that begins at word `at`."""
    (bit, kind), size = places[step], len(fits) - 1
    if kind != PLAIN:
        return _after_any(places, fits, at, step)
    for place in range(at, min(at + GAP_WORDS + 1, size)):
        here = fits[place]
        if here & bit:
            end = end_of(places, fits, place + 1, step + 1)
            if end >= 0:
                return end
        if here & MARK:
            break
    return -1


def _after_any(places: Places, fits: Sequence[int], at: int, step: int) -> int:
    """Return the same where the place after the gap need not be filled."""
    for place in range(at, at + GAP_WORDS + 1):
        end = end_of(places, fits, place, step)
        if end >= 0 or place >= len(fits) - 1:
            return end
        if fits[place] & MARK:
            break
    return -1


class Looked:
    """A sentence as `PhraseTests` sees it: the places that each word fits, and those that any word does."""

    __slots__ = ("fits", "present")

    def __init__(self, fits: list[int]) -> None:
        self.present = reduce(or_, fits, 0)
        fits.append(0)
        self.fits = fits


class PhraseTests:
    """Phrases of which only a few are asked for in a sentence: most are ruled out by what no word of it fits."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self._forms = ByForm()
        fits = Fits(self._forms)
        every = [(phrase[0].initial, fits.places(phrase)) for phrase in phrases]
        self._phrases = [(initial, places, needed(places)) for initial, places in every]
        self._fits = Remembered(self._of)

    def _of(self, word: str) -> int:
        return bits_of(word, self._forms.of(word))

    def look(self, sentence: Sequence[str]) -> Looked:
        """Return what is asked about a sentence."""
        return Looked([*map(self._fits.__getitem__, sentence)])

    def found(self, number: int, looked: Looked) -> Sequence[Found]:
        """Return where the phrase `number` stands in a sentence."""
        initial, places, need = self._phrases[number]
        if need & ~looked.present:
            return ()
        fits, first = looked.fits, places[0][0]
        starts = (at for at in range(1 if initial else len(fits) - 1) if fits[at] & first)
        return [Found(number, at, end) for at in starts if (end := end_of(places, fits, at)) > 0]
