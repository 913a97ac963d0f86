"""Cuts descriptions into the sentences that findings quote."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

_END = re.compile(r"[.!?]+[\"”’)]*(?=\s|$)|\.(?=[A-ZÅÄÖ][a-zåäö])|\n\s*\n|\n(?=\s*(?:[-•*–]|\d+[.)])\s)")
_SHORT = re.compile(
    r"(?:\b(?:t\.?\s?ex|bl\.?\s?a|ca|c:a|cirka|nr|dnr|d\.?v\.?s|s\.?k|f\.?d|fr\.?o\.?m|t\.?o\.?m|inkl|max|resp|ev|m\.?m|o\.?s\.?v"
    r"|e\.g|i\.e|approx|kl|st|jan|feb|aug|sept|okt|nov|dec)|\b\d{1,2})\.\Z",
    re.IGNORECASE,
)


@lru_cache(maxsize=2)
def sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Return start and end of each sentence of a text; a line break alone ends none, a blank line or a bullet does.

    >>> text = "Ca. 20 personer deltar.Start den 1. mars"
    >>> [text[start:end] for start, end in sentences(text)]
    ['Ca. 20 personer deltar.', 'Start den 1. mars']
    """
    # Several readers ask for the sentences of one text, one after the other.
    return tuple(_sentences(text))


def sentences_with(sign: re.Pattern[str], text: str) -> Iterator[str]:
    """Yield the sentences in which a pattern for small letters has a match that begins and ends in them.

    >>> [*sentences_with(re.compile("tio"), "Ett möte. TIO möten. Etthundratio.")]
    ['TIO möten.', 'Etthundratio.']
    """
    low = text.lower()
    if len(low) != len(text):  # some letters have no small one of one character
        yield from (text[start:end] for start, end in sentences(text) if sign.search(text[start:end].lower()))
        return
    found = sign.search(low)
    for start, end in sentences(text) if found else ():
        if found and found.start() < start:
            found = sign.search(low, start)
        if not found:
            return
        # A match that goes beyond its sentence may hide one in the next.
        if found.end() <= end or (found.start() < end and sign.search(low[start:end])):
            yield text[start:end]


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _END.finditer(text):
        end = match.end()
        if text[end - 1] == "." and _SHORT.search(text, max(0, end - 12), end):
            continue
        yield from _trimmed(text, start, end)
        start = end
    yield from _trimmed(text, start, len(text))


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    piece = text[start:end]
    inner = piece.strip()
    if inner:
        begin = start + piece.index(inner)
        yield begin, begin + len(inner)
