"""The small pattern language of the rule file: phrases over the words of a sentence, and where a name stands to them.

A phrase is words separated by spaces. ``ord`` is that word, ``ord*`` any word that begins so, ``*ord`` any word that
ends so, ``a|b`` one or the other, ``word?`` a word that may be missing, ``…`` up to four words of any kind, and
``<staff>`` any word of the list of that name. ``^`` at the beginning says that the sentence begins there. ``~`` at the
end or the beginning is the name of a method: right there, or with ``…`` before or after it further on in the clause.
Case does not matter.
"""

from __future__ import annotations

import re
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
        return word in self.words or word.startswith(self.beginnings) or word.endswith(self.endings)


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
    for skipped in range(_GAP_WORDS + 1):
        end = match_at(steps, sentence, at + skipped, step + 1)
        if end >= 0:
            return end
        if at + skipped >= len(sentence) or not sentence[at + skipped][0].isalnum():
            return -1
    return -1


class Found(NamedTuple):
    """The phrase `number`, over the words `first` to `last` (exclusive)."""

    number: int
    first: int
    last: int


class PhraseIndex:
    """Many phrases, found in a sentence by their first word.

    What a word can begin is remembered, because a language has few different words.
    """

    _REMEMBERED = 50_000

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self._words: dict[str, list[tuple[int, Phrase]]] = {}
        self._parts: list[tuple[Step, int, Phrase]] = []
        self._initial: list[tuple[int, Phrase]] = []
        for number, steps in enumerate(phrases):
            if steps[0].initial:
                self._initial.append((number, steps))
                continue
            for word in steps[0].words:
                self._words.setdefault(word, []).append((number, steps))
            if steps[0].beginnings or steps[0].endings:
                self._parts.append((steps[0], number, steps))
        self._known: dict[str, tuple[tuple[int, Phrase], ...]] = {}

    def _beginning_with(self, word: str) -> tuple[tuple[int, Phrase], ...]:
        parts = ((number, steps) for step, number, steps in self._parts if step.fits(word))
        result = tuple({number: (number, steps) for number, steps in (*self._words.get(word, ()), *parts)}.values())
        if len(self._known) < self._REMEMBERED:
            self._known[word] = result
        return result

    def find(self, sentence: Sequence[str]) -> list[Found]:
        """Return every phrase found in `sentence`, in the order of the words."""
        found = [
            Found(number, 0, last)
            for number, steps in self._initial
            if sentence and steps[0].fits(sentence[0]) and (last := match_at(steps, sentence, 0)) > 0
        ]
        known = self._known
        ending = ("",)
        for at, (word, following) in enumerate(zip(sentence, (*sentence[1:], *ending), strict=True)):
            beginning = known.get(word)
            if beginning is None:
                beginning = self._beginning_with(word)
            for number, steps in beginning:
                if len(steps) == 1:
                    found.append(Found(number, at, at + 1))
                elif steps[1].optional or steps[1].gap or steps[1].fits(following):
                    last = match_at(steps, sentence, at + 1, 1)
                    if last > 0:
                        found.append(Found(number, at, last))
        return found
