"""Weighs the words around a name: how much each speaks for each role, learnt from sentences that people have read."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, partial, reduce
from itertools import compress, pairwise, zip_longest
from operator import attrgetter, or_
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
from kg.methods.rules import Rules
from kg.model import ROLES, Role

FILE = "role-clues.csv"
BIAS = "~"
"""The clue that stands beside every name: how common each role is."""
FRAMED = "@frame"
LIST = "list-"
"""What stands before the name of a rule that spoke in the line above a list."""
RULES = ("@rule ", "@role ")
WEAK = "@rule weak"
"""The clues of a rule that speaks: its name and its role, and one for all that say nothing about the role."""
_STEM_LETTERS = 6
_WINDOW = 12
_NEXT = (1, 2)
_WITHIN = "@sentence "
_BEFORE, _AFTER = f" {GAP} {NAME}", f"{NAME} {GAP} "

Weights = Mapping[str, tuple[float, ...]]
"""How much each clue speaks for each role, in the order of `kg.model.ROLES`."""
Said = tuple[Role, str]
"""A role, and the rule that says that a name has it."""


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

    def __init__(self, weights: Weights, rules: Rules) -> None:
        self._weights = {clue: packed(numbers) for clue, numbers in weights.items()}
        self._before, self._after = _Side(self._weights, "", _BEFORE), _Side(self._weights, _AFTER, "")
        self._names, self._weak = rules.clues.lists, rules.clues.weak
        self._lists = ByForm()
        for number, name in enumerate(self._names):
            self._lists.add(number, phrase(f"<{name}>", rules.words)[0])
        self._on = Remembered(self._lists.of)
        self._forms = Remembered(self._forms_of)
        self._words_before = Remembered(partial(self._word, self._before))
        self._words_after = Remembered(partial(self._word, self._after))
        self._words_above = Remembered(self._above)
        anywhere = self._beginning(_WITHIN)
        self._anywhere = [
            (1 << at, anywhere[f"<{name}>"]) for at, name in enumerate(self._names) if f"<{name}>" in anywhere
        ]
        self._words_lists = Remembered(self._lists_of)
        self._words_just_before, self._words_just_after = (
            [Remembered(partial(self._form, self._beginning(f"@{side}{at} "))) for at in _NEXT] for side in "-+"
        )
        self._rules = Remembered(self._rule)

    def shares(self, asked: Sequence[tuple[Document, Spot, Said | None]]) -> list[Mapping[Role, float]]:
        """Return how probable each role of each name is, given what a rule says of it; the shares make 1."""
        sentences: dict[Reading, int] = {}
        shares: list[Mapping[Role, float]] = []
        for document, spot, said in asked:
            whole = sentences.get(spot.reading)
            if whole is None:
                lists = reduce(or_, map(self._words_lists.__getitem__, spot.reading.words), 0)
                whole = sentences[spot.reading] = sum([weight for bit, weight in self._anywhere if lists & bit])
            total = whole + self._beside(document, spot) + (self._rules[said] if said else 0)
            powers = [*map(math.exp, differences(total))]
            every = sum(powers)
            shares.append(dict(zip(ROLES, [power / every for power in powers], strict=True)))
        return shares

    def _beside(self, document: Document, spot: Spot) -> int:
        """Return what speaks for each role beside the name, packed."""
        before, after = _around(spot)
        lead, known = document.lead(spot), self._weights
        total = sum([known[clue] for clue in _others(document, spot, before) if clue in known])
        total += sum(map(self._words_above.__getitem__, lead.words)) if lead else 0
        total += _weigh([*map(self._words_before.__getitem__, before)])
        total += _weigh([*map(self._words_after.__getitem__, after)])
        total += sum([known[word] for known, word in zip(self._words_just_before, reversed(before), strict=False)])
        return total + sum([known[word] for known, word in zip(self._words_just_after, after, strict=False)])

    def _above(self, word: str) -> int:
        return self._weights.get(_led(word), 0)

    def _beginning(self, sign: str) -> Mapping[str, int]:
        """Return the weights of the clues that begin with a sign, by what follows it."""
        return {clue[len(sign) :]: weight for clue, weight in self._weights.items() if clue.startswith(sign)}

    def _lists_of(self, word: str) -> int:
        """Return the lists that a word is on, as bits."""
        return sum([1 << number for number in {*self._on[word]}])

    def _form(self, weights: Mapping[str, int], word: str) -> int:
        return sum([weights[form] for form in self._forms[word] if form in weights])

    def _rule(self, said: Said) -> int:
        return sum(self._weights.get(clue, 0) for clue in self._of_rule(said))

    def _of_rule(self, said: Said) -> tuple[str, ...]:
        """Return the clues of a rule that speaks: one for the rule, and one for its role, which new rules have too."""
        role, rule = said
        name = rule.removeprefix(LIST)
        return (WEAK,) if name in self._weak else tuple(map(str.__add__, RULES, (name, role)))

    def _word(self, side: _Side, word: str) -> _Word:
        forms = self._forms[word]
        own = sum([side.single[form] for form in forms if form in side.single])
        return _Word(own, forms[0], side.pairs.get(forms[0], {}))

    def of(self, document: Document, spot: Spot, said: Said | None) -> Iterator[str]:
        """Yield the clues to the role of the name at `spot`.

        They are words and pairs of words on each side, what stands above, lists of which the sentence holds a word, and
        what a rule says.
        """
        before, after = _around(spot)
        yield from _others(document, spot, before)
        lead = document.lead(spot)
        yield from map(_led, lead.words if lead else ())
        yield from self._side(before, "", _BEFORE)
        yield from self._side(after, _AFTER, "")
        for at, one, other in zip_longest(_NEXT, before[: -len(_NEXT) - 1 : -1], after[: len(_NEXT)]):
            yield from (f"@-{at} {form}" for form in (self._forms[one] if one else ()))
            yield from (f"@+{at} {form}" for form in (self._forms[other] if other else ()))
        yield from {_WITHIN + form for word in spot.reading.words for form in self._forms[word][1:]}
        yield from self._of_rule(said) if said else ()

    def _side(self, words: Sequence[str], first: str, last: str) -> Iterator[str]:
        for word in words:
            for form in self._forms[word]:
                yield f"{first}{form}{last}"
        for one, following in pairwise(words):
            yield f"{first}{stem(one)} {stem(following)}{last}"

    def _forms_of(self, word: str) -> tuple[str, ...]:
        """Return the word as a clue, and the lists that it is on."""
        lists = self._on[word]
        return (stem(word), *[f"<{self._names[number]}>" for number in sorted(lists)]) if lists else (stem(word),)


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
