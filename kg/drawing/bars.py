"""Horizontal bars: how much of something each of a few things has."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kg.colours import BLUE, Colour, colour_of
from kg.drawing.svg import FAINT, MUTED, Frame, box, document, group, text_line, width_of, wrapped

_LABEL, _BAR, _END = (24.0, 300.0), 336.0, 740.0
_ROW, _TOP = 26.0, 64.0


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its label, its length in any unit (0 or more), the text at its end, and the kind that colours it."""

    label: str
    value: float
    shown: str
    kind: str = ""


def bars_picture(bars: Sequence[Bar], *, title: str, description: str, source: str = "") -> str:
    """Return the SVG picture of bars, the first on top, 900 pixels wide."""
    most = max((bar.value for bar in bars), default=0) or 1
    height = _TOP + _ROW * len(bars)
    kinds = dict.fromkeys(bar.kind for bar in bars if bar.kind)
    frame = Frame(900, height + (70 if len(kinds) > 1 else 48), title, description, source)
    axis = f'<path d="M{_BAR} {_TOP - 8}V{height}" stroke="{FAINT}"/>'
    legend = _legend(kinds, height + 20) if len(kinds) > 1 else []
    return document(frame, [axis, *(_bar(bar, place, most) for place, bar in enumerate(bars)), *legend])


def _legend(kinds: Iterable[str], y: float) -> list[str]:
    pieces, x = [], _BAR
    for kind in kinds:
        pieces.append(box(x, y - 10, 14, 12, fill=colour_of(kind).strong, radius=2))
        pieces.append(text_line(x + 20, y, kind, size=11, fill=MUTED))
        x += 44 + width_of(kind, 11)
    return pieces


def _bar(bar: Bar, place: int, most: float) -> str:
    y = _TOP + place * _ROW
    colour: Colour = colour_of(bar.kind) if bar.kind else BLUE
    length = (_END - _BAR) * bar.value / most
    (label, *_) = (*wrapped(bar.label, 12, _LABEL[1], most=1), "")
    pieces = [
        text_line(_LABEL[0] + _LABEL[1], y + 12, label, size=12, anchor="end"),
        box(_BAR, y, max(length, 1), 17, fill=colour.strong, radius=2),
        text_line(_BAR + length + 8, y + 12.5, bar.shown, size=11, fill=MUTED),
    ]
    return group(pieces, title=f"{bar.label}: {bar.shown}")
