"""Weighs the words around a name: how much each speaks for each role, learnt from sentences that people have read."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, partial
from itertools import compress, pairwise
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

from kg import resources
from kg.errors import InputError
from kg.methods.document import Document, Spot
from kg.methods.forms import ByForm
from kg.methods.packed import differences, packed
from kg.methods.phrases import GAP, NAME, START, phrase
from kg.methods.reading import Reading
from kg.methods.remembered import Remembered
from kg.model import ROLES, Role

FILE = "role-clues.csv"
LISTS = ("staff", "participants", "own", "others", "past_tense", "sources", "make", "artefact", "outcome")
"""The word lists of the rule file that are clues as a whole."""
BIAS = "~"
"""The clue that stands beside every name: how common each role is."""
FRAMED = "@frame"
_STEM_LETTERS = 6
_WINDOW = 12
_BEFORE, _AFTER = f" {GAP} {NAME}", f"{NAME} {GAP} "

Weights = Mapping[str, tuple[float, ...]]
"""How much each clue speaks for each role, in the order of `kg.model.ROLES`."""


def read(path: Path) -> Weights:
    """Return the weights in the file `path`.

    Raises:
        InputError: the file is missing, or is no table of a clue and a number for each role.
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            head, *rows = csv.reader(file)
            if head != ["clue", *ROLES]:
                raise InputError(f"{path.name} does not begin with the line clue,{','.join(ROLES)}")
            return {clue: _numbers(weights) for clue, *weights in rows}
    except (OSError, ValueError) as error:
        raise InputError(f"{path.name} cannot be read as clues: {error}") from error


@cache
def installed() -> Weights:
    """Return the weights that travel with the package."""
    return read(resources.folder("ontology") / FILE)


def _numbers(weights: Sequence[str]) -> tuple[float, ...]:
    if len(weights) != len(ROLES):
        raise ValueError(f"{','.join(weights)!r} is not {len(ROLES)} numbers")
    return tuple(map(float, weights))


def stem(word: str) -> str:
    """Return what the forms of a word share, in the notation of the rule file.

    >>> stem("utbildningen"), stem("ska")
    ('utbild*', 'ska')
    """
    return word[:_STEM_LETTERS] + "*" if len(word) > _STEM_LETTERS else word


class _Side:
    """The weights of the words on one side of a name, each with the lists it is on, and of pairs of words."""

    def __init__(self, weights: Mapping[str, int], first: str, last: str) -> None:
        self.single: dict[str, int] = {}
        self.pairs: dict[str, dict[str, int]] = {}
        for clue, numbers in weights.items():
            if clue.startswith(first) and clue.endswith(last) and clue[0] not in (START, "@"):
                one, _, following = clue[len(first) : len(clue) - len(last)].partition(" ")
                if following:
                    self.pairs.setdefault(one, {})[following] = numbers
                else:
                    self.single[one] = numbers


class _Word(NamedTuple):
    """What a word on one side of a name says: the weights of its clues, its stem, and of pairs that it begins."""

    own: int
    stem: str
    pairs: Mapping[str, int]


_OWN: Callable[[_Word], int] = attrgetter("own")
_PAIRS: Callable[[_Word], Mapping[str, int]] = attrgetter("pairs")


class Clues:
    """The clues around names, and their weights, which are packed (`kg.methods.packed`)."""

    def __init__(self, weights: Weights, lists: Mapping[str, Sequence[str]]) -> None:
        self._weights = {clue: packed(numbers) for clue, numbers in weights.items()}
        self._before, self._after = _Side(self._weights, "", _BEFORE), _Side(self._weights, _AFTER, "")
        self._lists = ByForm()
        for number, name in enumerate(LISTS):
            self._lists.add(number, phrase(f"<{name}>", lists)[0])
        self._forms = Remembered(self._forms_of)
        self._words_before = Remembered(partial(self._word, self._before))
        self._words_after = Remembered(partial(self._word, self._after))
        self._words_above = Remembered(self._above)

    def shares(self, document: Document, spot: Spot) -> Mapping[Role, float]:
        """Return how probable each role is by the clues alone; the shares make 1."""
        before, after = _around(spot)
        lead, known = document.lead(spot), self._weights
        total = sum([known[clue] for clue in _others(document, spot, before) if clue in known])
        total += sum(map(self._words_above.__getitem__, lead.words)) if lead else 0
        total += _weigh([*map(self._words_before.__getitem__, before)])
        total += _weigh([*map(self._words_after.__getitem__, after)])
        powers = [*map(math.exp, differences(total))]
        whole = sum(powers)
        return dict(zip(ROLES, [power / whole for power in powers], strict=True))

    def _above(self, word: str) -> int:
        return self._weights.get(_led(word), 0)

    def _word(self, side: _Side, word: str) -> _Word:
        forms = self._forms[word]
        own = sum([side.single[form] for form in forms if form in side.single])
        return _Word(own, forms[0], side.pairs.get(forms[0], {}))

    def of(self, document: Document, spot: Spot) -> Iterator[str]:
        """Yield the clues beside the name at `spot`: words and pairs of words on each side, and what stands above."""
        before, after = _around(spot)
        yield from _others(document, spot, before)
        lead = document.lead(spot)
        yield from map(_led, lead.words if lead else ())
        yield from self._side(before, "", _BEFORE)
        yield from self._side(after, _AFTER, "")

    def _side(self, words: Sequence[str], first: str, last: str) -> Iterator[str]:
        for word in words:
            for form in self._forms[word]:
                yield f"{first}{form}{last}"
        for one, following in pairwise(words):
            yield f"{first}{stem(one)} {stem(following)}{last}"

    def _forms_of(self, word: str) -> tuple[str, ...]:
        """Return the word as a clue, and the lists that it is on."""
        lists = self._lists.of(word)
        return (stem(word), *[f"<{LISTS[number]}>" for number in sorted(lists)]) if lists else (stem(word),)


def _weigh(words: Sequence[_Word]) -> int:
    """Return the weights of the words on one side, and of the pairs among them, which few words begin."""
    pairs = compress(pairwise(words), map(_PAIRS, words))
    return sum(map(_OWN, words)) + sum([one.pairs.get(following.stem, 0) for one, following in pairs])


def _others(document: Document, spot: Spot, before: Sequence[str]) -> list[str]:
    """Return the clues that are not words on one side or above: how the sentence begins, and what comes right after."""
    first = stem(before[0]) if before else NAME
    clues = [BIAS, f"{START} {first}"]
    if len(before) > 1:
        clues.append(f"{START} {first} {stem(before[1])}")
    if document.framed(spot):
        clues.append(FRAMED)
    head = document.head(spot)
    if head:
        clues.append(f"{NAME}-{stem(head)}")
    return clues


def _led(word: str) -> str:
    return f"@lead {stem(word)}"


def _around(spot: Spot) -> tuple[list[str], list[str]]:
    """Return the words before and after the name that are near enough to say something of it."""
    reading, place = spot.reading, spot.place
    if len(reading.places) == 1:
        return reading.words[: place.first][-_WINDOW:], reading.words[place.last :][:_WINDOW]
    before = _without_names(reading, 0, place.first)[-_WINDOW:]
    return before, _without_names(reading, place.last, len(reading.words))[:_WINDOW]


def _without_names(reading: Reading, first: int, last: int) -> list[str]:
    """Return the words from `first` to `last`, where each name is one mark."""
    words: list[str] = []
    for start, end in reading.places:
        if start < end and first < end and start < last:
            words += reading.words[first:start]
            if not words or words[-1] != NAME:
                words.append(NAME)
            first = end
    return words + reading.words[first:last]
