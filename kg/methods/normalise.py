"""Makes a text fit for matching and keeps the way back: every position leads to an offset in the text as it came.

Layout that splits words is undone (soft hyphens, hyphens at line ends, stray accents, lost dots, ligatures, runs of
spaces); everything else keeps its place, so most texts come through with no more than a paragraph mark or two changed.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass

PARAGRAPH = "\f"
"""Stands for an empty line; a single line break stays a line break."""

_ALIKE = (
    ("\u00a0", " "),
    ("\u202f", " "),
    ("\u2007", " "),
    ("\u2009", " "),
    ("\t", " "),
    ("\r", "\n"),
    ("\u2028", "\n"),
    ("\u2029", "\f"),
    ("\u2010", "-"),
    ("\u2011", "-"),
    ("\u0130", "I"),  # the only letter whose lower case is longer than itself
)
_IRREGULAR = re.compile(
    "[\u00ad\u200b-\u200d\u2060\ufeff]+"  # soft hyphens and marks of no width
    "|-[ \n]+"  # a hyphen before a break
    "|[ \n\f][ \n\f]+"
    "|[\u00b4`\u0300-\u036f]"
    "|[\ufb00-\ufb04]"  # ff, fi, fl, ffi, ffl in one letter
    "|\\?"
)
_CONJUNCTIONS = frozenset("och eller samt respektive resp till och/eller and or og".split())
_WORD = re.compile(r"[^\W\d_]+(?:/[^\W\d_]+)?")
_LOST_DOTS = {"o": "ö", "a": "ä"}


@dataclass(frozen=True, slots=True)
class Normalised:
    """A text ready for matching: `text` keeps the case, `lower` does not; both have the same length.

    `scan` is `lower` with line breaks as spaces, so that a name broken over two lines is found, while a paragraph
    mark (`PARAGRAPH`) keeps names apart.
    """

    text: str
    lower: str
    scan: str
    _marks: tuple[int, ...]
    _pieces: tuple[tuple[int, int], ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the offsets in the original text of the normalised positions `start` to `end` (end exclusive)."""
        return self._start(start), self._end(end - 1)

    def _start(self, position: int) -> int:
        piece = bisect_right(self._marks, position) - 1
        offset, width = self._pieces[piece]
        return offset if width else offset + position - self._marks[piece]

    def _end(self, last: int) -> int:
        piece = bisect_right(self._marks, last) - 1
        offset, width = self._pieces[piece]
        return offset + width if width else offset + last - self._marks[piece] + 1


def normalise(text: str) -> Normalised:
    r"""Return `text` normalised, with the way back to its offsets.

    >>> found = normalise("Supported Em-\nployment")
    >>> found.text
    'Supported Employment'
    >>> found.span(10, 20)
    (10, 22)
    """
    alike = text.replace("\r\n", " \n")
    for before, after in _ALIKE:
        if before in alike:
            alike = alike.replace(before, after)
    pieces: list[str] = []
    marks: list[int] = [0]
    origins: list[tuple[int, int]] = [(0, 0)]
    done = length = 0
    for match in _IRREGULAR.finditer(alike):
        start, end = match.span()
        replacement = _replacement(alike, start, end)
        if replacement is None or start < done:
            continue
        first = start - 1 if unicodedata.combining(alike[start]) or alike[start] == "?" else start
        if first < done:
            continue
        pieces += (alike[done:first], replacement)
        length += first - done
        if replacement:
            marks.append(length)
            origins.append((first, end - first))
            length += len(replacement)
        marks.append(length)
        origins.append((end, 0))
        done = end
    pieces.append(alike[done:])
    whole = "".join(pieces)
    lower = whole.lower()
    return Normalised(whole, lower, lower.replace("\n", " "), tuple(marks), tuple(origins))


def _replacement(text: str, start: int, end: int) -> str | None:
    """Return what stands in for `text[start:end]` (for marks on a letter: with that letter), None to leave it."""
    first = text[start]
    before = text[start - 1] if start else ""
    after = text[end] if end < len(text) else ""
    if first in " \n\f":
        return _break(text[start:end])
    if first == "-":
        return _hyphen(text, start, end, before, after)
    if first == "?":
        lost = before.islower() and after.islower()
        return _LOST_DOTS.get(before) if lost else None
    if first in "\u00b4`":
        return "" if before.isalpha() and (after.isalpha() or after == "-") else None
    if unicodedata.combining(first):
        composed = unicodedata.normalize("NFC", before + first)
        return composed if len(composed) == 1 else None
    if "\ufb00" <= first <= "\ufb04":
        return unicodedata.normalize("NFKC", first)
    return ""


def _break(run: str) -> str:
    if "\f" in run or run.count("\n") > 1:
        return PARAGRAPH
    return "\n" if "\n" in run else " "


def _hyphen(text: str, start: int, end: int, before: str, after: str) -> str | None:
    """Return what a hyphen with a break after it stands for.

    Between small letters it is a word broken at a line end ("Em-/ployment", also with the line end lost: "grund-
    läggande"), unless a conjunction follows ("bas- och fortsättningskurs"); after or before a capital the hyphen
    belongs to the word ("SE-/metoden").
    """
    if not (before.isalpha() and after.isalpha()):
        return None
    word = _WORD.match(text, end)
    line_end = "\n" in text[start:end]
    if text[start:end].count("\n") > 1 or (word and word.group().lower() in _CONJUNCTIONS):
        return "- " if end - start > 2 or line_end else None
    if before.islower() and after.islower():
        return ""
    return "-" if line_end or (before.isupper() and after.islower()) else None
