"""Shows a text with every method found in it, and what was taken for none and why."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.methods import Extraction


def explained(text: str, found: Extraction) -> str:
    """Return the text with matches in brackets, then a line for each match and each rejected look-alike."""
    return "\n".join((_marked(text, found), "", *_lines(found)))


def _marked(text: str, found: Extraction) -> str:
    """Put ``[1: …]`` round the matches and ``[x: …]`` round what was rejected."""
    marks = [(use.start, use.end, str(number)) for number, use in enumerate(found.uses, start=1)]
    marks += [(one.start, one.end, "x") for one in found.rejected]
    pieces: list[str] = []
    done = 0
    for start, end, name in sorted(marks):
        if start >= done:
            pieces += (text[done:start], f"[{name}: {text[start:end]}]")
            done = end
    return "".join((*pieces, text[done:]))


def _lines(found: Extraction) -> Iterator[str]:
    for number, use in enumerate(found.uses, start=1):
        rule = f"by rule {use.rule}, confidence {use.confidence:.2f}"
        yield f"{number}. {use.matched!r} is {use.method}: {use.role}, {rule}"
    for one in found.rejected:
        method = f" ({one.method})" if one.method else ""
        yield f"x. {one.matched!r}{method} was rejected: {one.reason}"
    if not found.uses and not found.rejected:
        yield "No name of a method was found."
