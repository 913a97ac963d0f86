"""The few shapes that our pictures are made of, as SVG text.

A picture brings its own background, so that it reads the same on light and dark pages, and its own description.
Coordinates and sizes are in pixels; y grows downwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kg.markup import attribute, content

PAPER, INK, MUTED, FAINT = "#FFFFFF", "#1F2328", "#59626D", "#D5D9DF"
_FONTS = "system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif"

# Widths in parts of the font size, those of the widest of the usual sans-serif faces, so that text always fits.
_WIDTHS = {
    **dict.fromkeys("ijlI|!.,:;'’ ", 0.32),
    **dict.fromkeys('frt()[]-–/"“”·*', 0.42),
    **dict.fromkeys("mwMW@%—…", 0.95),
    **dict.fromkeys("ABCDEFGHJKLNOPQRSTUVXYZÅÄÖÉ&+", 0.72),
}
_ORDINARY = 0.63


Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Frame:
    """What a picture says about itself: size, title, source line, and the text for those who cannot see it."""

    width: float
    height: float
    title: str
    description: str
    source: str = ""


def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """Return an upper estimate of the width of a line of text of font size `size`.

    >>> width_of("VISA", 10) < width_of("Inkluderingslyftet", 10)
    True
    """
    return sum(_WIDTHS.get(char, _ORDINARY) for char in text) * size * (1.13 if bold else 1.0)


def wrapped(text: str, size: float, width: float, *, most: int = 2, bold: bool = False) -> tuple[str, ...]:
    """Return `text` broken into at most `most` lines that fit `width`; what is left over is cut with an ellipsis.

    >>> wrapped("Kommunförbundet Kalmar län", 10, 120)
    ('Kommunförbundet', 'Kalmar län')
    """
    lines: list[str] = []
    words = text.split()
    while words and len(lines) < most:
        line = words.pop(0)
        while words and width_of(f"{line} {words[0]}", size, bold=bold) <= width:
            line = f"{line} {words.pop(0)}"
        lines.append(line)
    if words:
        lines[-1] = f"{lines[-1]} {words[0]}"
    return tuple(_cut(line, size, width, bold=bold) for line in lines)


def _cut(line: str, size: float, width: float, *, bold: bool) -> str:
    if width_of(line, size, bold=bold) <= width:
        return line
    while line and width_of(f"{line}…", size, bold=bold) > width:
        line = line[:-1]
    return f"{line.rstrip(' -–,')}…"


def document(frame: Frame, pieces: Iterable[str]) -> str:
    """Return a whole SVG document with background, title line, source line and description."""
    title, about = content(frame.title, "a title"), content(frame.description, "a description")
    width, height = number(frame.width), number(frame.height)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        ' role="img" aria-labelledby="title description">',
        f'<title id="title">{title}</title>',
        f'<desc id="description">{about}</desc>',
        f'<g font-family="{_FONTS}" fill="{INK}">',
        f'<rect x="0.5" y="0.5" width="{number(frame.width - 1)}" height="{number(frame.height - 1)}" rx="10"'
        f' fill="{PAPER}" stroke="{FAINT}"/>',
        text_line(24, 36, frame.title, size=18, weight=600),
        *pieces,
        *([text_line(24, frame.height - 18, frame.source, size=11, fill=MUTED)] if frame.source else []),
        "</g>",
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def text_line(
    x: float, y: float, text: str, *, size: float, fill: str = INK, weight: int = 400, anchor: str = "start"
) -> str:
    """Return one line of text; `y` is its base line."""
    bold = f' font-weight="{weight}"' if weight != 400 else ""
    side = f' text-anchor="{anchor}"' if anchor != "start" else ""
    colour = f' fill="{fill}"' if fill != INK else ""
    place = f'x="{number(x)}" y="{number(y)}"'
    return f'<text {place} font-size="{number(size)}"{bold}{side}{colour}>{content(text, "a label")}</text>'


def box(
    x: float, y: float, width: float, height: float, *, fill: str, stroke: str = "none", radius: float = 6,
    dashed: bool = False,
) -> str:  # fmt: skip
    """Return a rectangle with round corners."""
    dashes = ' stroke-dasharray="3 4"' if dashed else ""
    place = f'x="{number(x)}" y="{number(y)}" width="{number(width)}" height="{number(height)}"'
    return f'<rect {place} rx="{number(radius)}" fill="{fill}" stroke="{stroke}"{dashes}/>'


def curve(start: Point, end: Point, *, stroke: str, width: float = 1.5, dashes: str = "", arrow: bool = False) -> str:
    """Return a line that leaves `start` and reaches `end` level, bending between, with an arrow's head if asked."""
    (x1, y1), (x2, y2) = start, end
    bend = (x2 - x1) * 0.5
    path = (
        f"M{number(x1)} {number(y1)}C{number(x1 + bend)} {number(y1)} {number(x2 - bend)} {number(y2)}"
        f" {number(x2)} {number(y2)}"
    )
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    head = _head(end, 4 if x2 > x1 else -4, stroke) if arrow else ""
    return f'<path d="{path}" fill="none" stroke="{stroke}" stroke-width="{number(width)}"{dashed}/>{head}'


def _head(tip: Point, back: float, fill: str) -> str:
    x, y = tip
    corners = f"{number(x)},{number(y)} {number(x - 2 * back)},{number(y - 4)} {number(x - 2 * back)},{number(y + 4)}"
    return f'<polygon points="{corners}" fill="{fill}"/>'


def drop(start: Point, end: Point, *, stroke: str) -> str:
    """Return a straight line down or up with an arrow's head at `end`; both ends have the same x."""
    (x, y1), (_, y2) = start, end
    back = 8 if y2 > y1 else -8
    corners = f"{number(x)},{number(y2)} {number(x - 4)},{number(y2 - back)} {number(x + 4)},{number(y2 - back)}"
    line = f'<path d="M{number(x)} {number(y1)}V{number(y2)}" fill="none" stroke="{stroke}" stroke-width="1.5"/>'
    return f'{line}<polygon points="{corners}" fill="{stroke}"/>'


def group(pieces: Sequence[str], *, title: str = "", identity: str = "") -> str:
    """Return pieces as one group; `title` is shown when a pointer rests on it."""
    named = f' id="{attribute(identity, "an id")}"' if identity else ""
    tip = f"<title>{content(title, 'a title')}</title>" if title else ""
    return f"<g{named}>{tip}\n" + "\n".join(pieces) + "\n</g>"


def number(value: float) -> str:
    """Return a coordinate with at most one decimal, so that the same picture is the same text everywhere.

    >>> number(3.0), number(2.25), number(-0.01)
    ('3', '2.2', '0')
    """
    short = f"{value:.1f}".removesuffix(".0")
    return "0" if short == "-0" else short
