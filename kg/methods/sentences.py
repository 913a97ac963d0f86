"""Cuts normalised Swedish text into sentences, and knows which line introduces a list and which heading is in force."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

_BREAK = re.compile(r"\f|\n|[.!?…]+[\"”»’')\]]*(?=[ \n\f]|$)|(?<=[a-zåäö])\.(?=[A-ZÅÄÖ][a-zåäö])")
_BULLET = re.compile(r"[ ]*(?:[•▪●◦‣·*–—-]|\d{1,2}[.)]|[a-z]\))[ ]+(?=\S)|[ ]*[•▪●]")
_LAST_WORD = re.compile(r"[\w.]+$")
_NEVER_LAST = frozenset(
    """t.ex tex bl.a ca c:a cirka kl nr dnr d.v.s dvs s.k f.d fr.o.m t.o.m inkl exkl max min prof dr st resp ev ang
    avd kap fig tel jfr jmf förf fil övr div s.a.s p.g.a pga m.a.o o.dyl e.g i.e vs mr mrs nov dec jan feb aug sept
    okt""".split()
)
_SOMETIMES_LAST = frozenset("m.m m.fl osv o.s.v etc mm mfl kr mkr tkr mnkr".split())
_LONG_LINE = 60
_HEADING_WORDS = 6
_ENDS_SENTENCE = ".!?:;"


@dataclass(frozen=True, slots=True)
class Sentence:
    """The stretch `start` to `end` of a normalised text.

    `lead` is the sentence that introduces the list whose item this is ("Metoder:"), `heading` the last heading above.
    """

    start: int
    end: int
    item: bool = False
    lead: tuple[int, int] | None = None
    heading: tuple[int, int] | None = None


class Sentences:
    """The sentences of one normalised text, found by position."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.all = tuple(_with_context(text, tuple(_pieces(text))))
        self._starts = [sentence.start for sentence in self.all]

    def index(self, position: int) -> int:
        """Return the number of the sentence that holds `position`."""
        return max(bisect_right(self._starts, position) - 1, 0)


def _pieces(text: str) -> Iterator[Sentence]:
    start = 0
    for match in _BREAK.finditer(text):
        if match.start() >= start and _ends(text, start, match):
            yield from _trimmed(text, start, match.end())
            start = match.end()
    yield from _trimmed(text, start, len(text))


def _trimmed(text: str, start: int, end: int) -> Iterator[Sentence]:
    bullet = _BULLET.match(text, start, end)
    inner = bullet.end() if bullet else start
    while inner < end and text[inner].isspace():
        inner += 1
    while end > inner and text[end - 1].isspace():
        end -= 1
    if end > inner:
        yield Sentence(inner, end, item=bullet is not None)


def _ends(text: str, start: int, match: re.Match[str]) -> bool:
    mark = match.group()
    if mark == "\f":
        return True
    if mark == "\n":
        return _line_ends(text, start, match.start())
    following = text[match.end() :][:3].lstrip()[:1] if match.end() < len(text) else ""
    if not mark.startswith(".") or len(mark) > 1:
        return not following.islower()
    return _stop_ends(text, max(start, match.start() - 24), match.start(), following)


def _stop_ends(text: str, earliest: int, stop: int, following: str) -> bool:
    """Tell whether the full stop at `stop` ends a sentence: not after an abbreviation, an initial or an ordinal."""
    last = _LAST_WORD.search(text, earliest, stop)
    word = last.group().lower().strip(".") if last else ""
    if word in _NEVER_LAST:
        return False
    if word in _SOMETIMES_LAST:
        return following.isupper()
    if len(word) == 1 and word.isalpha() and following.isupper():
        return False
    if word.isdigit() and (len(word) < 3 and not _begins_line(text, stop - len(word))) and following.islower():
        return False
    if word.isdigit() and _begins_line(text, stop - len(word)):
        return False
    return not following.islower() or len(word) > 4


def _begins_line(text: str, position: int) -> bool:
    before = text[max(position - 2, 0) : position].rstrip(" ")
    return not before or before[-1] in "\n\f"


def _line_ends(text: str, start: int, at: int) -> bool:
    """Tell whether a single line break ends a sentence or only wraps a line."""
    rest = text[at + 1 : at + 8]
    if _BULLET.match(text, at + 1):
        return True
    before = text[start:at].rstrip()
    if not before:
        return False
    if before[-1] in _ENDS_SENTENCE:
        return True
    line = before.rpartition("\n")[2]
    follower = rest.lstrip()[:1]
    if follower.islower() or before[-1] in ",-(":
        return False
    return len(line) < _LONG_LINE


def _with_context(text: str, pieces: tuple[Sentence, ...]) -> Iterator[Sentence]:
    lead: tuple[int, int] | None = None
    heading: tuple[int, int] | None = None
    for number, piece in enumerate(pieces):
        span = (piece.start, piece.end)
        plain = not piece.item and not (lead and _continues_list(text, pieces[number - 1], piece))
        if plain:
            lead = None
        yield Sentence(piece.start, piece.end, piece.item, lead, heading)
        if plain and text[piece.end - 1] == ":":
            lead = span
        if plain and _is_heading(text, piece):
            heading = span
            lead = lead or (span if _followed_by_item(pieces, number) else None)
        elif plain and lead is None and _followed_by_item(pieces, number):
            lead = span


def _followed_by_item(pieces: tuple[Sentence, ...], number: int) -> bool:
    return number + 1 < len(pieces) and pieces[number + 1].item


def _continues_list(text: str, before: Sentence, piece: Sentence) -> bool:
    """Tell whether an item without a bullet goes on with a list that a line with a colon opened."""
    gap = text[before.end : piece.start]
    return "\n" in gap and "\f" not in gap and text[piece.end - 1] not in ".!?" and piece.end - piece.start < _LONG_LINE


def _is_heading(text: str, piece: Sentence) -> bool:
    body = text[piece.start : piece.end]
    ends_line = piece.end >= len(text) or text[piece.end] in "\n\f"
    begins_line = piece.start == 0 or text[piece.start - 1] in "\n\f "
    return ends_line and begins_line and body[-1] not in ".!?," and len(body.split()) <= _HEADING_WORDS
