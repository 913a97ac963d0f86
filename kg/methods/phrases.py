"""The small pattern language of the rule file: phrases over the words of a sentence, and where a name stands to them.

A phrase is words separated by spaces. ``ord`` is that word, ``ord*`` any word that begins so, ``*ord`` any word that
ends so, ``a|b`` one or the other, ``word?`` a word that may be missing, ``…`` up to four words of any kind, and
``<staff>`` any word of the list of that name. ``^`` at the beginning says that the sentence begins there. ``~`` at the
end or the beginning is the name of a method: right there, or with ``…`` before or after it further on in the clause.
Case does not matter.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from kg.errors import InputError

Side = Literal["before", "after", "anywhere"]
GAP = "…"
NAME = "~"
START = "^"
_GAP_WORDS = 4
_TOKEN = re.compile(r"\w+(?:[-:]\w+)*[-+]?|[^\w\s]")


def words(text: str, start: int, end: int) -> tuple[list[str], list[tuple[int, int]]]:
    """Return the words and marks of `text[start:end]` (text in small letters), and where each stands.

    >>> words("se- och ips-insatser.", 0, 21)[0]
    ['se-', 'och', 'ips-insatser', '.']
    """
    found = list(_TOKEN.finditer(text, start, end))
    return [match.group() for match in found], [match.span() for match in found]


@dataclass(frozen=True, slots=True)
class Step:
    """One place of a phrase: words, beginnings and endings that fit there; a gap has none of them.

    `initial` is said of a first step that stands only at the beginning of a sentence.
    """

    words: frozenset[str]
    beginnings: tuple[str, ...]
    endings: tuple[str, ...]
    optional: bool
    gap: bool = False
    initial: bool = False

    def fits(self, word: str) -> bool:
        """Tell whether `word` fits this place."""
        if word in self.words:
            return True
        return bool(self.beginnings and word.startswith(self.beginnings)) or bool(
            self.endings and word.endswith(self.endings)
        )


Phrase = tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """The phrase `number` of a book, and on which side of it the name of the method stands.

    `side` is where the phrase stands: ``before`` the name, ``after`` it, or ``anywhere`` in the sentence; `loose` means
    that the name need not stand right there.
    """

    number: int
    side: Side
    loose: bool


def placed(written: str) -> tuple[str, Side, bool]:
    """Return the phrase without the name, the side on which it stands, and whether it stands loosely.

    >>> placed("utbildas i ~"), placed("~ … används")
    (('utbildas i', 'before', False), ('används', 'after', True))
    """
    words = written.split()
    if words and words[-1] == NAME:
        loose = words[-2:-1] == [GAP]
        return " ".join(words[: -2 if loose else -1]), "before", loose
    if words and words[0] == NAME:
        loose = words[1:2] == [GAP]
        return " ".join(words[2 if loose else 1 :]), "after", loose
    return " ".join(words), "anywhere", False


def phrase(written: str, lists: Mapping[str, Sequence[str]]) -> Phrase:
    """Return the phrase `written`, which holds no name.

    Raises:
        InputError: a list is not known, or the phrase is empty or begins or ends with words that may be missing.
    """
    parts = written.split()
    initial = parts[:1] == [START]
    steps = tuple(_step(part, lists) for part in parts[initial:])
    if initial and steps:
        steps = (replace(steps[0], initial=True), *steps[1:])
    if not steps or steps[0].gap or steps[0].optional or steps[-1].gap or NAME in written:
        raise InputError(f"the phrase {written!r} is empty, or holds a name or a gap where none can be")
    return steps


def _step(part: str, lists: Mapping[str, Sequence[str]]) -> Step:
    if part == GAP:
        return Step(frozenset(), (), (), optional=False, gap=True)
    optional = part.endswith("?") and len(part) > 1
    alternatives = list(_alternatives(part.removesuffix("?") if optional else part, lists))
    return Step(
        frozenset(one for one in alternatives if "*" not in one),
        tuple(one[:-1] for one in alternatives if one.endswith("*")),
        tuple(one[1:] for one in alternatives if one.startswith("*")),
        optional,
    )


def _alternatives(part: str, lists: Mapping[str, Sequence[str]]) -> Iterator[str]:
    for one in part.split("|"):
        if one.startswith("<") and one.endswith(">"):
            if one[1:-1] not in lists:
                raise InputError(f"the phrase part {part!r} names the list {one}, which the rules do not have")
            yield from (word.lower() for word in lists[one[1:-1]])
        else:
            yield one.lower()


def match_at(steps: Phrase, sentence: Sequence[str], at: int, step: int = 0) -> int:
    """Return the number of the word after the phrase whose step `step` begins at word `at`, or -1."""
    while step < len(steps):
        current = steps[step]
        if current.gap:
            return _match_gap(steps, sentence, at, step)
        if at < len(sentence) and current.fits(sentence[at]):
            if current.optional:
                taken = match_at(steps, sentence, at + 1, step + 1)
                return taken if taken >= 0 else match_at(steps, sentence, at, step + 1)
            at += 1
        elif not current.optional:
            return -1
        step += 1
    return at


def _match_gap(steps: Phrase, sentence: Sequence[str], at: int, step: int) -> int:
    following, size = steps[step + 1], len(sentence)
    plain = not (following.gap or following.optional)
    for place in range(at, at + _GAP_WORDS + 1):
        if place >= size:
            return -1 if plain else match_at(steps, sentence, place, step + 1)
        word = sentence[place]
        if not plain or following.fits(word):
            end = match_at(steps, sentence, place + plain, step + 1 + plain)
            if end >= 0:
                return end
        if not word[0].isalnum():
            return -1
    return -1


class Found(NamedTuple):
    """The phrase `number`, over the words `first` to `last` (exclusive)."""

    number: int
    first: int
    last: int


Numbered = tuple[tuple[int, Phrase], ...]
Beginnings = tuple[tuple[int, ...], Numbered, Mapping[str, Numbered]]
"""Phrases that a word is, those it may begin whatever follows, and, by the second word, those that need that one."""


class PhraseIndex:
    """Many phrases, found in a sentence by their first word, and by their second where that is one of a few.

    What a word can begin is remembered, because a language has few different words.
    """

    _REMEMBERED = 50_000

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self._anywhere = _ByFirstWord()
        self._initial = _ByFirstWord()
        for number, steps in enumerate(phrases):
            (self._initial if steps[0].initial else self._anywhere).add(number, steps)
        self._known: dict[str, Beginnings] = {}
        self._known_initial: dict[str, Beginnings] = {}

    def find(self, sentence: Sequence[str]) -> list[Found]:
        """Return every phrase found in `sentence`, in the order of the words."""
        found: list[Found] = []
        if sentence:
            _find_at(0, sentence, self._beginnings(sentence[0], self._initial, self._known_initial), found)
        known = self._known
        for at, word in enumerate(sentence):
            beginnings = known.get(word)
            if beginnings is None:
                beginnings = self._beginnings(word, self._anywhere, known)
            if beginnings is not _NOTHING:
                _find_at(at, sentence, beginnings, found)
        return found

    def _beginnings(self, word: str, phrases: _ByFirstWord, known: dict[str, Beginnings]) -> Beginnings:
        beginnings = known.get(word)
        if beginnings is None:
            beginnings = phrases.of(word)
            if len(known) < self._REMEMBERED:
                known[word] = beginnings
        return beginnings


_NOTHING: Beginnings = ((), (), {})


class _ByFirstWord:
    """Numbered phrases by the words, or parts of words, that their first step takes."""

    def __init__(self) -> None:
        self._words: dict[str, list[tuple[int, Phrase]]] = {}
        self._parts: list[tuple[Step, int, Phrase]] = []

    def add(self, number: int, steps: Phrase) -> None:
        for word in steps[0].words:
            self._words.setdefault(word, []).append((number, steps))
        if steps[0].beginnings or steps[0].endings:
            self._parts.append((steps[0], number, steps))

    def of(self, word: str) -> Beginnings:
        parts = ((number, steps) for step, number, steps in self._parts if step.fits(word))
        every = {number: (number, steps) for number, steps in (*self._words.get(word, ()), *parts)}
        if not every:
            return _NOTHING
        whole = tuple(number for number, steps in every.values() if len(steps) == 1)
        open_, by_second = [], defaultdict[str, list[tuple[int, Phrase]]](list)
        for one in every.values():
            if len(one[1]) == 1:
                continue
            words = _second_words(one[1])
            for second in words:
                by_second[second].append(one)
            if not words:
                open_.append(one)
        return whole, tuple(open_), {second: tuple(some) for second, some in by_second.items()}


def _second_words(steps: Phrase) -> frozenset[str]:
    """Return the words of which one must come second, none where something else may."""
    if steps[1].optional or steps[1].gap or steps[1].beginnings or steps[1].endings:
        return frozenset()
    return steps[1].words


def _find_at(at: int, sentence: Sequence[str], beginnings: Beginnings, found: list[Found]) -> None:
    """Append the phrases that begin at word `at`."""
    whole, whatever, by_second = beginnings
    for number in whole:
        found.append(Found(number, at, at + 1))
    for number, steps in whatever:
        last = match_at(steps, sentence, at + 1, 1)
        if last > 0:
            found.append(Found(number, at, last))
    if by_second and at + 1 < len(sentence):
        for number, steps in by_second.get(sentence[at + 1], ()):
            last = at + 2 if len(steps) == 2 else match_at(steps, sentence, at + 2, 2)
            if last > 0:
                found.append(Found(number, at, last))
