"""The small pattern language of the rule file: phrases over the words of a sentence.

A phrase is words separated by spaces. ``ord`` is that word, ``ord*`` any word that begins so, ``*ord`` any word that
ends so, ``a|b`` one or the other, ``word?`` a word that may be missing, ``…`` up to four words of any kind, and
``<staff>`` any word of the list of that name. Case does not matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kg.errors import InputError

GAP = "…"
_GAP_WORDS = 4
_TOKEN = re.compile(r"\w+(?:[-:]\w+)*[-+]?|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Token:
    """A word or a mark of a sentence in small letters, with its place in the normalised text."""

    text: str
    start: int
    end: int


def tokens(text: str, start: int, end: int) -> list[Token]:
    """Return the words and marks of `text[start:end]` (text in small letters).

    >>> [token.text for token in tokens("se- och ips-insatser.", 0, 21)]
    ['se-', 'och', 'ips-insatser', '.']
    """
    return [Token(match.group(), match.start(), match.end()) for match in _TOKEN.finditer(text, start, end)]


@dataclass(frozen=True, slots=True)
class Step:
    """One place of a phrase: words, beginnings and endings that fit there; a gap has none of them."""

    words: frozenset[str]
    beginnings: tuple[str, ...]
    endings: tuple[str, ...]
    optional: bool
    gap: bool = False

    def fits(self, word: str) -> bool:
        """Tell whether `word` fits this place."""
        if word in self.words:
            return True
        return bool(
            (self.beginnings and word.startswith(self.beginnings)) or (self.endings and word.endswith(self.endings))
        )


Phrase = tuple[Step, ...]


def phrase(written: str, classes: Mapping[str, Sequence[str]]) -> Phrase:
    """Return the phrase `written` in the language of this module.

    Raises:
        InputError: a list is not known, or the phrase is empty or begins with something that may be missing.
    """
    steps = tuple(_step(part, classes) for part in written.split())
    if not steps or steps[0].gap or steps[0].optional or steps[-1].gap:
        raise InputError(f"the phrase {written!r} is empty, or begins or ends with words that may be missing")
    return steps


def _step(part: str, classes: Mapping[str, Sequence[str]]) -> Step:
    if part == GAP:
        return Step(frozenset(), (), (), optional=False, gap=True)
    optional = part.endswith("?") and len(part) > 1
    alternatives = list(_alternatives(part.removesuffix("?") if optional else part, classes))
    return Step(
        frozenset(one for one in alternatives if "*" not in one),
        tuple(one[:-1] for one in alternatives if one.endswith("*")),
        tuple(one[1:] for one in alternatives if one.startswith("*")),
        optional,
    )


def _alternatives(part: str, classes: Mapping[str, Sequence[str]]) -> Iterator[str]:
    for one in part.split("|"):
        if one.startswith("<") and one.endswith(">"):
            if one[1:-1] not in classes:
                raise InputError(f"the phrase part {part!r} names the list {one}, which the rules do not have")
            yield from (word.lower() for word in classes[one[1:-1]])
        else:
            yield one.lower()


def match_at(steps: Phrase, words: Sequence[Token], at: int, step: int = 0) -> int:
    """Return the number of the word after the phrase that begins at word `at`, or -1."""
    while step < len(steps):
        current = steps[step]
        if current.gap:
            return _match_gap(steps, words, at, step)
        if at < len(words) and current.fits(words[at].text):
            if current.optional:
                taken = match_at(steps, words, at + 1, step + 1)
                return taken if taken >= 0 else match_at(steps, words, at, step + 1)
            at += 1
        elif not current.optional:
            return -1
        step += 1
    return at


def _match_gap(steps: Phrase, words: Sequence[Token], at: int, step: int) -> int:
    for skipped in range(_GAP_WORDS + 1):
        end = match_at(steps, words, at + skipped, step + 1)
        if end >= 0:
            return end
        if at + skipped >= len(words) or not words[at + skipped].text[0].isalnum():
            return -1
    return -1


@dataclass(frozen=True, slots=True)
class Found:
    """The phrase number `number` of an index, over the words `first` to `last` (exclusive)."""

    number: int
    first: int
    last: int


class PhraseIndex:
    """Many phrases, found in a sentence by their first word.

    What a word can begin is remembered, because a language has few different words.
    """

    _REMEMBERED = 50_000

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self._phrases = tuple(phrases)
        self._words: dict[str, list[int]] = {}
        self._parts: list[tuple[Step, int]] = []
        for number, steps in enumerate(self._phrases):
            for word in steps[0].words:
                self._words.setdefault(word, []).append(number)
            if steps[0].beginnings or steps[0].endings:
                self._parts.append((steps[0], number))
        self._known: dict[str, tuple[int, ...]] = {}

    def _beginning_with(self, word: str) -> tuple[int, ...]:
        found = (*self._words.get(word, ()), *(number for step, number in self._parts if step.fits(word)))
        result = tuple(dict.fromkeys(found))
        if len(self._known) < self._REMEMBERED:
            self._known[word] = result
        return result

    def find(self, words: Sequence[Token]) -> list[Found]:
        """Return every phrase found in `words`, in the order of the words."""
        found = []
        known = self._known
        for at, token in enumerate(words):
            numbers = known.get(token.text)
            if numbers is None:
                numbers = self._beginning_with(token.text)
            for number in numbers:
                last = match_at(self._phrases[number], words, at)
                if last > at:
                    found.append(Found(number, at, last))
        return found
