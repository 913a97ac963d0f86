"""Cuts normalised Swedish text into sentences, and knows which line introduces a list and which heading is in force.

The text is cut as far as it is asked for: into lines and paragraphs, and of these only some into sentences.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

_STOP = re.compile(r"[.!?…]+[\"”»’')\]]*")
_OTHER_STOPS = "!?…"
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
_LONG_WORD = 1 + max(map(len, _NEVER_LAST | _SOMETIMES_LAST))
_LOOK_BACK = 24
_LONGEST = 1500


class Block(NamedTuple):
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
        self._blocks: list[Block] = []
        self._starts: list[int] = []
        self._more_blocks = _blocks(text)
        self._cut: dict[int, tuple[list[Sentence], Iterator[Sentence]]] = {}
        self._last: Sentence | None = None

    def at(self, position: int) -> Sentence:
        """Return the sentence that holds `position`."""
        last = self._last
        if last is None or not last.start <= position < last.end:
            last = self._last = self._at(position)
        return last

    def _at(self, position: int) -> Sentence:
        number = self._block(position)
        cut = self._cut.get(number)
        if cut is None:
            cut = self._cut[number] = ([], _sentences(self._text, self._blocks[number]))
        known, more = cut
        while not known or known[-1].end <= position:
            following = next(more, None)
            if following is None:
                break
            known.append(following)
        return next((sentence for sentence in reversed(known) if sentence.start <= position), known[0])

    def _block(self, position: int) -> int:
        """Return the number of the block that holds `position`."""
        starts = self._starts
        while not starts or starts[-1] <= position:
            block = next(self._more_blocks, None)
            if block is None:
                break
            self._blocks.append(block)
            starts.append(block.start)
        return max(bisect_right(starts, position) - 1, 0)


def _blocks(text: str) -> Iterator[Block]:
    lead: tuple[int, int] | None = None
    heading: tuple[int, int] | None = None
    before, listed = (0, 0), True
    for start, end, item in _lines(text):
        if not listed:
            last = text[before[1] - 1]
            if last == ":" or (item and last not in ".!?"):
                lead = before
            if _is_heading(text, *before) and not (heading and _in_table(text, heading, before)):
                heading = before
        listed = item or (lead is not None and _continues_list(text, before, (start, end)))
        if not listed:
            lead = None
        yield Block(start, end, item, lead, heading)
        before = (start, end)


def _lines(text: str) -> Iterator[tuple[int, int, bool]]:
    """Yield the blocks as start, end and whether a bullet or number opens them."""
    start, size = 0, len(text)
    while start < size:
        end = text.find("\n", start)
        while end >= 0 and not _breaks(text, start, end):
            end = text.find("\n", end + 1)
        if end < 0:
            end = size
        # No bullet begins with a capital.
        bullet = None if text[start].isupper() else _BULLET.match(text, start, end)
        inner = bullet.end() if bullet else start
        stripped = text[inner:end].strip()
        if stripped:
            first = text.index(stripped, inner)
            yield first, first + len(stripped), bullet is not None
        start = end + 1


def _breaks(text: str, start: int, at: int) -> bool:
    """Tell whether the line break at `at` ends a block or only wraps a line."""
    following = text[at + 1 : at + 2]
    if following in ("\n", "") or (at > start and text[at - 1] in ".!?:;"):
        return True
    if not following.isupper() and _BULLET.match(text, at + 1):
        return True
    before = text[start:at].rstrip()
    if not before or before[-1] in ".!?:;":
        return True
    if following.islower() or before[-1] in ",-(":
        return False
    return len(before.rpartition("\n")[2]) < _LONG_LINE


def _continues_list(text: str, before: tuple[int, int], piece: tuple[int, int]) -> bool:
    """Tell whether a line without a bullet goes on with a list that a line with a colon opened."""
    gap = text[before[1] : piece[0]]
    return gap.count("\n") == 1 and text[piece[1] - 1] not in ".!?" and piece[1] - piece[0] < _LONG_LINE


def _is_heading(text: str, start: int, end: int) -> bool:
    return end - start < _LONG_LINE and text[end - 1] not in ".!?," and text.count(" ", start, end) < _HEADING_WORDS


def _in_table(text: str, heading: tuple[int, int], line: tuple[int, int]) -> bool:
    """Tell whether both a line and the heading above it are lines of a table."""
    return text.find("|", *heading) >= 0 and text.find("|", *line) >= 0


def _sentences(text: str, block: Block) -> Iterator[Sentence]:
    start, last = block.start, block.end
    for stop, end in _stops(text, start, last):
        if _ends(text, start, stop, end):
            if end - start > _LONGEST:
                yield from _of_bounded_length(text, start, end, block)
            else:
                yield Sentence(start, end, block)
            start = end
            while start < last and text[start] in " \n":
                start += 1
    if start < last:
        yield from _of_bounded_length(text, start, last, block)


def _stops(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the places where a sentence may end: stops and what closes quotations and brackets after them."""
    if any(text.find(sign, start, end) >= 0 for sign in _OTHER_STOPS):
        yield from (match.span() for match in _STOP.finditer(text, start, end))
        return
    # One sign is found much faster than one of several, and mostly a space follows.
    at = text.find(".", start, end)
    while at >= 0:
        after = at + 1
        if after < end and text[after] not in " \n":
            match = _STOP.match(text, at, end)
            after = match.end() if match else after
        yield at, after
        at = text.find(".", after, end)


def _of_bounded_length(text: str, start: int, end: int, block: Block) -> Iterator[Sentence]:
    """Yield the sentence, cut at spaces where it is longer than any real one: a text without full stops stays quick."""
    while end - start > _LONGEST:
        cut = text.find(" ", start + _LONGEST, end)
        if cut < 0:
            break
        yield Sentence(start, cut, block)
        start = cut + 1
    yield Sentence(start, end, block)


def _ends(text: str, start: int, stop: int, end: int) -> bool:
    """Tell whether a sentence ends at `end`, with a stop from `stop` on."""
    after = text[end : end + 1]
    if after not in (" ", "\n", ""):
        # A space left out: "arbete.Projektet", but not "merit.nu", "t.ex." or "AB.Se".
        following = text[end + 1 : end + 2]
        return text[stop:end] == "." and after.isupper() and following.islower() and text[stop - 1].islower()
    if end - stop > 1 or text[stop] != ".":
        return not text[end : end + 3].lstrip()[:1].islower()
    # Most full stops come after a word that no abbreviation is as long as.
    if stop - _LONG_WORD >= start and text[stop - _LONG_WORD : stop].isalpha():
        return True
    return _stop_ends(text, max(start, stop - _LOOK_BACK), stop, text[end : end + 3].lstrip()[:1])


def _stop_ends(text: str, earliest: int, stop: int, following: str) -> bool:
    """Tell whether the full stop at `stop` ends a sentence: not after an abbreviation, an initial or an ordinal."""
    words = text[earliest:stop].split()
    word = words[-1].lower().strip(".(\"”“»'") if words and not text[stop - 1].isspace() else ""
    if word in _NEVER_LAST:
        return False
    if word in _SOMETIMES_LAST or (len(word) == 1 and word.isalpha()):
        return following.isupper() and len(word) > 1
    return not following.islower() or (len(word) > _SHORT_WORD and not word.isdigit())
