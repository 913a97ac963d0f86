"""Cuts normalised Swedish text into sentences, and knows which line introduces a list and which heading is in force.

The text is cut into lines and paragraphs at once; only those that are asked for are cut into sentences.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

_STOP = re.compile(r"[.!?…]+[\"”»’')\]]*")
_BULLET = re.compile(r"[ ]*(?:[•▪●◦‣·*–—-]|\d{1,2}[.)]|[a-z]\))[ ]+(?=\S)|[ ]*[•▪●]")
_NEVER_LAST = frozenset(
    """t.ex tex bl.a ca c:a cirka kl nr dnr d.v.s dvs s.k f.d fr.o.m t.o.m inkl exkl max min prof dr st resp ev ang
    avd kap fig tel jfr jmf förf fil övr div s.a.s p.g.a pga m.a.o o.dyl e.g i.e vs mr mrs nov dec jan feb aug sept
    okt""".split()
)
_SOMETIMES_LAST = frozenset("m.m m.fl osv o.s.v etc mm mfl kr mkr tkr mnkr".split())
_LONG_LINE = 60
_HEADING_WORDS = 6
_SHORT_WORD = 4
_LOOK_BACK = 24
_LONGEST = 1500


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a line or an item of a list: `start` to `end` of a normalised text.

    `lead` is the block that introduces the list whose item this is ("Metoder:"), `heading` the last heading above.
    """

    start: int
    end: int
    item: bool
    lead: tuple[int, int] | None
    heading: tuple[int, int] | None


class Sentence(NamedTuple):
    """The stretch `start` to `end` of a normalised text, and the block that holds it."""

    start: int
    end: int
    block: Block


class Sentences:
    """The sentences of one normalised text, found by position."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._blocks = tuple(_blocks(text))
        self._starts = [block.start for block in self._blocks]
        self._cut: dict[int, tuple[list[Sentence], Iterator[Sentence]]] = {}

    def at(self, position: int) -> Sentence:
        """Return the sentence that holds `position`."""
        number = max(bisect_right(self._starts, position) - 1, 0)
        if number not in self._cut:
            self._cut[number] = ([], _sentences(self._text, self._blocks[number]))
        known, more = self._cut[number]
        while not known or known[-1].end <= position:
            following = next(more, None)
            if following is None:
                break
            known.append(following)
        return next((sentence for sentence in reversed(known) if sentence.start <= position), known[0])


def _blocks(text: str) -> Iterator[Block]:
    lead: tuple[int, int] | None = None
    heading: tuple[int, int] | None = None
    pieces = list(_lines(text))
    for number, (start, end, item) in enumerate(pieces):
        listed = item or (lead is not None and _continues_list(text, pieces[number - 1], (start, end)))
        if not listed:
            lead = None
        yield Block(start, end, item, lead, heading)
        if listed:
            continue
        before_item = number + 1 < len(pieces) and pieces[number + 1][2]
        if text[end - 1] == ":" or (before_item and text[end - 1] not in ".!?"):
            lead = (start, end)
        in_table = heading is not None and "|" in text[slice(*heading)] and "|" in text[start:end]
        if _is_heading(text, start, end) and not in_table:
            heading = (start, end)


def _lines(text: str) -> Iterator[tuple[int, int, bool]]:
    """Yield the blocks as start, end and whether a bullet or number opens them."""
    start = 0
    while start < len(text):
        end = _line_end(text, start)
        bullet = _BULLET.match(text, start, end)
        inner = bullet.end() if bullet else start
        stripped = text[inner:end].strip()
        if stripped:
            first = text.index(stripped, inner)
            yield first, first + len(stripped), bullet is not None
        start = end + 1


def _line_end(text: str, start: int) -> int:
    """Return where the block that begins at `start` ends: lines that only wrap belong together."""
    at = text.find("\n", start)
    while at >= 0 and not _breaks(text, start, at):
        at = text.find("\n", at + 1)
    return at if at >= 0 else len(text)


def _breaks(text: str, start: int, at: int) -> bool:
    """Tell whether the line break at `at` ends a block or only wraps a line."""
    following = text[at + 1 : at + 2]
    if following in ("\n", "") or _BULLET.match(text, at + 1):
        return True
    before = text[start:at].rstrip()
    if not before or before[-1] in ".!?:;":
        return True
    if following.islower() or before[-1] in ",-(":
        return False
    return len(before.rpartition("\n")[2]) < _LONG_LINE


def _continues_list(text: str, before: tuple[int, int, bool], piece: tuple[int, int]) -> bool:
    """Tell whether a line without a bullet goes on with a list that a line with a colon opened."""
    gap = text[before[1] : piece[0]]
    return gap.count("\n") == 1 and text[piece[1] - 1] not in ".!?" and piece[1] - piece[0] < _LONG_LINE


def _is_heading(text: str, start: int, end: int) -> bool:
    return end - start < _LONG_LINE and text[end - 1] not in ".!?," and text.count(" ", start, end) < _HEADING_WORDS


def _sentences(text: str, block: Block) -> Iterator[Sentence]:
    start = block.start
    for match in _STOP.finditer(text, block.start, block.end):
        if _ends(text, start, match):
            yield from _of_bounded_length(text, start, match.end(), block)
            start = match.end()
            while start < block.end and text[start] in " \n":
                start += 1
    if start < block.end:
        yield from _of_bounded_length(text, start, block.end, block)


def _of_bounded_length(text: str, start: int, end: int, block: Block) -> Iterator[Sentence]:
    """Yield the sentence, cut at spaces where it is longer than any real one: a text without full stops stays quick."""
    while end - start > _LONGEST:
        cut = text.find(" ", start + _LONGEST, end)
        if cut < 0:
            break
        yield Sentence(start, cut, block)
        start = cut + 1
    yield Sentence(start, end, block)


def _ends(text: str, start: int, match: re.Match[str]) -> bool:
    after = text[match.end() : match.end() + 3]
    following = after.lstrip()[:1]
    if after[:1] not in (" ", "\n", ""):
        # A space left out: "arbete.Projektet", but not "merit.nu", "t.ex." or "AB.Se".
        return (
            match.group() == "." and after[:1].isupper() and after[1:2].islower() and text[match.start() - 1].islower()
        )
    if match.group()[0] != "." or len(match.group()) > 1:
        return not following.islower()
    return _stop_ends(text, max(start, match.start() - _LOOK_BACK), match.start(), following)


def _stop_ends(text: str, earliest: int, stop: int, following: str) -> bool:
    """Tell whether the full stop at `stop` ends a sentence: not after an abbreviation, an initial or an ordinal."""
    words = text[earliest:stop].split()
    word = words[-1].lower().strip(".(\"”“»'") if words and not text[stop - 1].isspace() else ""
    if word in _NEVER_LAST:
        return False
    if word in _SOMETIMES_LAST or (len(word) == 1 and word.isalpha()):
        return following.isupper() and len(word) > 1
    return not following.islower() or (len(word) > _SHORT_WORD and not word.isdigit())
