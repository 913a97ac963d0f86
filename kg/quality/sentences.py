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


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _END.finditer(text):
        if _SHORT.search(text, max(0, match.end() - 12), match.end()):
            continue
        yield from _trimmed(text, start, match.end())
        start = match.end()
    yield from _trimmed(text, start, len(text))


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    piece = text[start:end]
    inner = piece.strip()
    if inner:
        begin = start + piece.index(inner)
        yield begin, begin + len(inner)
