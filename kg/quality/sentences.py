"""Cuts descriptions into the sentences that findings quote, and finds those that can hold a finding at all."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

_END = re.compile(r"[.!?]+[\"”’)]*(?=\s|$)|\.(?=[A-ZÅÄÖ][a-zåäö])|\n\s*\n|\n(?=\s*(?:[-•*–]|\d+[.)])\s)")
_SHORT = re.compile(
    r"(?:\b(?:t\.?\s?ex|bl\.?\s?a|ca|c:a|cirka|nr|dnr|d\.?v\.?s|s\.?k|f\.?d|fr\.?o\.?m|t\.?o\.?m|inkl|max|resp|ev|m\.?m|o\.?s\.?v"
    r"|e\.g|i\.e|approx|kl|st|jan|feb|aug|sept|okt|nov|dec)|\b\d{1,2})\.\Z",
    re.IGNORECASE,
)
COUNT, PEOPLE, FOREIGN, _BREAK = 1, 2, 4, 8
"""Kinds of signs, as bits: of a number, of people, of other people's numbers."""
_SIGNS: Mapping[int, str] = {
    COUNT: """0 1 2 3 4 5 6 7 8 9 två tre fyra fem sex sju åtta nio tio elva tolv fjorton arton nitton tjugo hundra
    tusen""",
    PEOPLE: """deltag particip person individ människ ungdom unga kvinn män tjej kill pojk flick barn elev student
    studer vuxna klient brukar invandr flykting migrant ukrain romer föräldr anhörig patient intagna senior varslad
    permitter nyanlän praktikant entrepren företagare tagare sökande arbetslös sjukskriv födda people individual women
    men youth youngst pupil seeker unemploy refugee medarbetar anställd ledare chefer lärare pedagog yrkesverk tjänste
    handläggare coach konsulent arbetar sköterskor biträde assistent rektor vägled sekreterare förtroendevald employee
    staff worker manager teacher professional""",
    FOREIGN: """enkät intervju respondent survey interview enligt statistik föregående avslutade förra förprojekt
    tidigare genomförandeprojekt earlier previous according invånare inhabitants befolkning""",
    _BREAK: ". ! ?",
}


_SHORT_ENDS = frozenset(
    """ex .a la ca :a ka nr .s vs .k sk .d fd .m om kl ax sp ev mm .v sv .g .e ox st an eb ug pt kt ov ec""".split()
) | {" a"}
"""How the words of `_SHORT` end, without the stop."""


class Marked(NamedTuple):
    """A sentence by its start and end in a text, and the kinds of signs in it."""

    start: int
    end: int
    kinds: int


class _Finder:
    """Finds all signs and all ends of sentences in one pass, many times faster than patterns would."""

    def __init__(self) -> None:
        # Imported here: most commands do without it.
        from ahocorasick_rs import AhoCorasick, Implementation

        kinds: dict[str, int] = {"\n": _BREAK}
        for kind, signs in _SIGNS.items():
            for sign in signs.split():
                kinds[sign] = kinds.get(sign, 0) | kind
        self._kinds = tuple(kinds.values())
        self._automaton = AhoCorasick(list(kinds), implementation=Implementation.DFA)

    def signs(self, folded: str) -> list[tuple[int, int]]:
        """Return where signs begin, and their kinds, in the order of their ends."""
        found = self._automaton.find_matches_as_indexes(folded, overlapping=True)
        return [(start, self._kinds[number]) for number, start, _ in found]


@lru_cache(maxsize=1)
def _finder() -> _Finder:
    return _Finder()


@lru_cache(maxsize=2)
def sentences(text: str) -> tuple[Marked, ...]:
    """Return the sentences of a text; a line break alone ends none, a blank line or a bullet does.

    >>> text = "Ca. 20 personer deltar.Start den 1. mars"
    >>> [text[each.start:each.end] for each in sentences(text)]
    ['Ca. 20 personer deltar.', 'Start den 1. mars']
    """
    # Several readers ask for the sentences of one text, one after the other.
    return tuple(_sentences(text))


def sentences_with(kinds: int, text: str) -> Iterator[str]:
    """Yield the sentences of a text that hold signs of all of some kinds.

    >>> [*sentences_with(COUNT | PEOPLE, "Ett möte. TIO möten. Etthundratio unga. Tio kvinnor.")]
    ['Etthundratio unga.', 'Tio kvinnor.']
    """
    return (text[each.start : each.end] for each in sentences(text) if each.kinds & kinds == kinds)


def _sentences(text: str) -> Iterator[Marked]:
    start = after = kinds = 0
    # No sign holds a stop or a line break, so none reaches over the end of a sentence.
    for place, kind in _finder().signs(_folded(text)):
        if not kind & _BREAK:
            kinds |= kind
        elif place >= after and (end := _end(text, place)):
            after = end
            if text[end - 1] == "." and _is_short(text, end):
                continue
            yield from _trimmed(text, start, end, kinds)
            start, kinds = end, 0
    yield from _trimmed(text, start, len(text), kinds)


def _end(text: str, place: int) -> int:
    """Return where the sentence ends whose stop or line break stands at `place`, 0 where none ends there."""
    # Most stops have a space after them.
    if text.startswith(". ", place):
        return place + 1
    match = _END.match(text, place)
    return match.end() if match else 0


def _is_short(text: str, end: int) -> bool:
    """Return whether a full stop belongs to an abbreviation or to the number of a day; few words need a closer look."""
    if end > 8 and text[end - 8 : end - 1].isalpha():
        return False
    tail = text[max(0, end - 3) : end - 1].lower()
    may_be = tail in _SHORT_ENDS or tail[-1:].isdigit()
    return may_be and bool(_SHORT.search(text, max(0, end - 12), end))


def _folded(text: str) -> str:
    """Return the text in small letters, each at its place."""
    lower = text.lower()
    return lower if len(lower) == len(text) else "".join(one.lower() if len(one.lower()) == 1 else one for one in text)


def _trimmed(text: str, start: int, end: int, kinds: int) -> Iterator[Marked]:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    if start < end:
        yield Marked(start, end, kinds)
