"""Makes a text fit for matching and keeps the way back: every position leads to an offset in the text as it came.

Layout that splits words is undone (soft hyphens, hyphens at line ends, stray accents, lost dots, ligatures, runs of
spaces); everything else keeps its place, and most texts need nothing undone at all.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

_ALIKE = (
    ("\r\n", " \n"),
    ("\r", "\n"),
    ("\t", " "),
    ("\u00a0", " "),
    ("\u202f", " "),
    ("\u2007", " "),
    ("\u2009", " "),
    ("\f", "\n"),
    ("\u2028", "\n"),
    ("\u2029", "\n"),
    ("\u2010", "-"),
    ("\u2011", "-"),
    ("\u0130", "I"),  # the only letter whose lower case is longer than itself
)
_UNUSUAL_SIGNS = "\r\t\f\u00a0\u202f\u2007\u2009\u2028\u2029\u2010\u2011\u0130"
_MARKS = "\u00ad\u200b-\u200d\u2060\ufeff\u00b4`\u0300-\u036f\ufb00-\ufb04?"
_UNUSUAL = re.compile(f"[{_UNUSUAL_SIGNS}{_MARKS}]")
# A table of bytes makes small letters of a text of Latin letters, and finds what is unusual in it, in one go; dashes,
# bullets and quotation marks are put back where they stood.
_SEEN, _ELSEWHERE = "\0", "?"
_SMALL = "".join(
    _SEEN if _UNUSUAL.match(letter) and letter != _ELSEWHERE else letter.lower() for letter in map(chr, range(256))
).encode("latin-1")
_IRREGULAR = re.compile(
    "[\u00ad\u200b-\u200d\u2060\ufeff]+"  # soft hyphens and marks of no width
    "|-[ \n]+"  # a hyphen before a break
    "|[ \n]{2,}"
    "|[\u00b4`\u0300-\u036f]"
    "|[\ufb00-\ufb04]"  # ff, fi, fl, ffi, ffl in one letter
    "|\\?"
)
_BROKEN_WORD = re.compile("-[ \n]+")
_CONJUNCTIONS = frozenset("och eller samt respektive resp till och/eller and or og".split())
_WORD = re.compile(r"[^\W\d_]+(?:/[^\W\d_]+)?")
_LOST_DOTS = {"o": "ö", "a": "ä"}


class Normalised(NamedTuple):
    """A text ready for matching: `text` keeps the case, `lower` does not; both have the same length.

    `scan` is `lower` with line breaks as spaces, so that a name broken over two lines is found; an empty line leaves
    two spaces and keeps names apart. `marks` are the positions from which on a piece of the original is told by the
    piece of the same number: the offset there, and how wide it is where other letters stand for it, 0 where not.
    """

    text: str
    lower: str
    scan: str
    marks: tuple[int, ...] = (0,)
    pieces: tuple[tuple[int, int], ...] = ((0, 0),)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the offsets in the original text of the normalised positions `start` to `end` (end exclusive)."""
        if len(self.marks) == 1:
            return start, end
        return self._start(start), self._end(end - 1)

    def _start(self, position: int) -> int:
        piece = bisect_right(self.marks, position) - 1
        offset, width = self.pieces[piece]
        return offset if width else offset + position - self.marks[piece]

    def _end(self, last: int) -> int:
        piece = bisect_right(self.marks, last) - 1
        offset, width = self.pieces[piece]
        return offset + width if width else offset + last - self.marks[piece] + 1


def normalise(text: str) -> Normalised:
    r"""Return `text` normalised, with the way back to its offsets.

    >>> found = normalise("Supported Em-\nployment")
    >>> found.text
    'Supported Employment'
    >>> found.span(10, 20)
    (10, 22)
    """
    lower = _small_letters(text)
    unusual = lower is None
    alike = _with_ordinary_signs(text) if unusual else text
    marks: list[int] = [0]
    origins: list[tuple[int, int]] = [(0, 0)]
    uneven = unusual or _is_uneven(alike)
    if uneven or "- " in alike or "-\n" in alike:
        mended = _mended(alike, _IRREGULAR if uneven else _BROKEN_WORD, marks, origins)
        lower = lower if mended == text else None
        alike = mended
    if lower is None:
        lower = alike.lower()
    return Normalised(alike, lower, lower.replace("\n", " "), tuple(marks), tuple(origins))


def _small_letters(text: str) -> str | None:
    """Return the text in small letters, None if it holds what must be undone first."""
    small = text.encode("latin-1", "replace").translate(_SMALL).decode("latin-1")
    if _SEEN in small:
        return None
    return small if _ELSEWHERE not in small else _with_other_signs(small, text)


def _with_other_signs(small: str, text: str) -> str | None:
    """Put back the signs of `text` that are not Latin; None if one of them is unusual."""
    pieces: list[str] = []
    done, at = 0, small.find(_ELSEWHERE)
    while at >= 0:
        sign = text[at]
        if _loses_dots(text, at) if sign == _ELSEWHERE else _UNUSUAL.match(sign):
            return None
        if sign.lower() != sign:
            return None if _UNUSUAL.search(text) else text.lower()
        pieces += (small[done:at], sign)
        done = at + 1
        at = small.find(_ELSEWHERE, done)
    pieces.append(small[done:])
    return "".join(pieces)


def _loses_dots(text: str, at: int) -> bool:
    """Tell whether the question mark at `at` stands for the dots of the letter before it."""
    return text[at + 1 : at + 2].islower() and text[max(at - 1, 0) : at] in _LOST_DOTS


def _is_uneven(text: str) -> bool:
    """Tell whether the text holds runs of spaces, spaces beside line breaks, or more than one empty line."""
    return "  " in text or ("\n" in text and any(run in text for run in (" \n", "\n ", "\n\n\n")))


def _with_ordinary_signs(text: str) -> str:
    for before, after in _ALIKE:
        if before in text:
            text = text.replace(before, after)
    return text


def _mended(text: str, irregular: re.Pattern[str], marks: list[int], origins: list[tuple[int, int]]) -> str:
    """Return `text` without what splits words, and note in `marks` and `origins` where positions shift."""
    pieces: list[str] = []
    done = length = 0
    for start, end, replacement in _changes(text, irregular):
        if start < done:
            continue
        pieces += (text[done:start], replacement)
        length += start - done
        if replacement:
            marks.append(length)
            origins.append((start, end - start))
            length += len(replacement)
        marks.append(length)
        origins.append((end, 0))
        done = end
    pieces.append(text[done:])
    return "".join(pieces)


def _changes(text: str, irregular: re.Pattern[str]) -> Iterator[tuple[int, int, str]]:
    for match in irregular.finditer(text):
        start, end = match.span()
        replacement = _replacement(text, start, end)
        if replacement is not None and replacement != match.group():
            on_letter = text[start] == "?" or unicodedata.combining(text[start])
            yield start - 1 if on_letter else start, end, replacement


def _replacement(text: str, start: int, end: int) -> str | None:
    """Return what stands in for `text[start:end]` (for a mark on a letter: with that letter), None to leave it."""
    first = text[start]
    if first in " \n":
        return _break(text[start:end])
    before = text[start - 1] if start else ""
    after = text[end] if end < len(text) else ""
    if first == "-":
        return _hyphen(text, start, end)
    if first == "?":
        return _LOST_DOTS[before] if _loses_dots(text, start) else None
    if first in "\u00b4`":
        return "" if before.isalpha() and (after.isalpha() or after == "-") else None
    if unicodedata.combining(first):
        composed = unicodedata.normalize("NFC", before + first)
        return composed if len(composed) == 1 else None
    if "\ufb00" <= first <= "\ufb04":
        return unicodedata.normalize("NFKC", first)
    return ""


def _break(run: str) -> str:
    lines = run.count("\n")
    return "\n\n" if lines > 1 else "\n" if lines else " "


def _hyphen(text: str, start: int, end: int) -> str | None:
    """Return what a hyphen with a break after it stands for.

    Between small letters it is a word broken at a line end ("Em-/ployment", also with the line end lost: "grund-
    läggande"), unless a conjunction follows ("bas- och fortsättningskurs"); after or before a capital the hyphen
    belongs to the word ("SE-/metoden").
    """
    before, after = text[start - 1 : start], text[end : end + 1]
    if not (before.isalpha() and after.isalpha()) or text.count("\n", start, end) > 1:
        return None
    word = _WORD.match(text, end)
    if word and word.group().lower() in _CONJUNCTIONS:
        return "- "
    if before.islower() and after.islower():
        return ""
    line_end = "\n" in text[start:end]
    return "-" if line_end or (before.isupper() and after.islower()) else None
