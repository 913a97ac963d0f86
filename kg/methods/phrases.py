"""The small pattern language of the rule file: phrases over the words of a sentence, and where a name stands to them.

A phrase is words separated by spaces. ``ord`` is that word, ``ord*`` any word that begins so, ``*ord`` any word that
ends so, ``a|b`` one or the other, ``word?`` a word that may be missing, ``…`` up to four words of any kind, and
``<staff>`` any word of the list of that name. ``^`` at the beginning says that the sentence begins there. ``~`` at the
end or the beginning is the name of a method: right there, or with ``…`` before or after it further on in the clause.
Case does not matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from kg.errors import InputError

Side = Literal["before", "after", "anywhere"]
GAP = "…"
NAME = "~"
START = "^"
GAP_WORDS = 4
_TOKEN = re.compile(r"\w+(?:[-:]\w+)*[-+]?|[^\w\s]")


def words(text: str) -> tuple[str, ...]:
    """Return the words and marks of `text`, which is in small letters.

    >>> words("se- och ips-insatser.")
    ('se-', 'och', 'ips-insatser', '.')
    """
    return tuple(_TOKEN.findall(text))


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


class Found(NamedTuple):
    """The phrase `number`, over the words `first` to `last` (exclusive)."""

    number: int
    first: int
    last: int
