"""The map of the eight regions, shaded by any count, each with its name and number."""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType

from kg.colours import BLUE
from kg.drawing.svg import INK, MUTED, PAPER, Frame, Point, box, document, group, number, text_line
from kg.places import Outline, outlines

_TOP, _LEFT, _HEIGHT = 64.0, 40.0, 560.0
_STEPS = ("#EEF4F9", "#C6DDEE", "#8FBDDF", "#4A93C5", "#0B5F97")
"""Lightest to darkest; as greys they are as far apart, so they do not need colour to be told apart."""
_LABEL_X = 420.0
_Parts = list[list[list[Point]]]


def regions_picture(
    counts: Mapping[str, float],
    names: Mapping[str, str],
    *,
    title: str,
    description: str,
    source: str = "",
    unit: str = "",
    note: str = "",
    absent: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """Return the SVG map with `counts` by NUTS code (absent is 0), labelled with `names` by NUTS code.

    `unit` is the noun after the numbers (methods), `note` a line for what has no region, and `absent` what is written
    instead of the number of regions that cannot have one, which stay white. The shading goes in five steps from 0
    to the largest count.

    Raises:
        InputError: the shapes of the installation are damaged.
    """
    shapes = outlines()
    most = max((counts.get(shape.code, 0) for shape in shapes), default=0)
    placed = _placed(shapes)
    middles = {code: _middle(parts) for code, parts in placed.items()}
    labels = _labels(middles)
    pieces = []
    shown = {shape.code: absent.get(shape.code) or _shown(counts.get(shape.code, 0), unit) for shape in shapes}
    for shape in shapes:
        fill = PAPER if shape.code in absent else _fill(counts.get(shape.code, 0), most)
        title_of = f"{names.get(shape.code, shape.code)}: {shown[shape.code]}"
        pieces.append(group([_path(placed[shape.code], fill, edge=shape.code in absent)], title=title_of))
    for code, y in labels.items():
        pieces.extend(_label(names.get(code, code), shown[code], middles[code], y))
    frame = Frame(700, _TOP + _HEIGHT + 80, title, description, source)
    return document(
        frame,
        [*pieces, *_legend(most, unit), *([text_line(_LABEL_X, _TOP + 4, note, size=12, fill=MUTED)] if note else [])],
    )


def _shown(count: float, unit: str) -> str:
    return f"{count:,.0f} {unit[:-1] if count == 1 else unit}".replace(",", " ").strip()


def _placed(shapes: tuple[Outline, ...]) -> dict[str, _Parts]:
    """Return the polygons of each region in pixels."""
    project = _Projection([point for shape in shapes for part in shape.polygons for ring in part for point in ring])
    return {
        shape.code: [[[project(point) for point in ring] for ring in part] for part in shape.polygons]
        for shape in shapes
    }


class _Projection:
    """Brings degrees to pixels: Mercator's y, which keeps shapes, scaled to the height of the map."""

    def __init__(self, points: list[Point]) -> None:
        self._west = min(x for x, _ in points)
        self._north = _mercator(max(y for _, y in points))
        south = _mercator(min(y for _, y in points))
        self._scale = _HEIGHT / (self._north - south)

    def __call__(self, point: Point) -> Point:
        longitude, latitude = point
        x = _LEFT + math.radians(longitude - self._west) * self._scale
        return x, _TOP + (self._north - _mercator(latitude)) * self._scale


def _mercator(latitude: float) -> float:
    return math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2))


def _path(parts: _Parts, fill: str, *, edge: bool) -> str:
    rings = ("M" + "L".join(f"{number(x)} {number(y)}" for x, y in ring) + "Z" for part in parts for ring in part)
    line = f'stroke="{MUTED}" stroke-width="0.8"' if edge else f'stroke="{PAPER}" stroke-width="1.5"'
    return f'<path d="{"".join(rings)}" fill="{fill}" {line} fill-rule="evenodd"/>'


def _fill(count: float, most: float) -> str:
    if not most or not count:
        return _STEPS[0]
    return _STEPS[min(len(_STEPS) - 1, math.ceil(count / most * (len(_STEPS) - 1)))]


def _middle(parts: _Parts) -> Point:
    """Return the centre of gravity of the largest polygon."""
    return max((_centroid(part[0]) for part in parts), key=lambda found: found[0])[1]


def _centroid(ring: list[Point]) -> tuple[float, Point]:
    area = x = y = 0.0
    for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True):
        cross = x1 * y2 - x2 * y1
        area += cross
        x += (x1 + x2) * cross
        y += (y1 + y2) * cross
    return abs(area) / 2, (x / (3 * area), y / (3 * area))


def _labels(middles: Mapping[str, Point]) -> dict[str, float]:
    """Return the height of each label, near its region and at least a line's height from the next."""
    heights: dict[str, float] = {}
    previous = -math.inf
    for code in sorted(middles, key=lambda code: middles[code][1]):
        previous = max(middles[code][1], previous + 40)
        heights[code] = previous
    return heights


def _label(name: str, shown: str, middle: Point, y: float) -> list[str]:
    x, height = middle
    line = f'<path d="M{number(x)} {number(height)}L{number(_LABEL_X - 22)} {number(y)}H{number(_LABEL_X - 8)}"'
    return [
        f'{line} fill="none" stroke="{MUTED}" stroke-width="0.8"/>',
        f'<circle cx="{number(x)}" cy="{number(height)}" r="2.5" fill="{INK}" stroke="{PAPER}"/>',
        text_line(_LABEL_X, y - 1, name, size=13, weight=600),
        text_line(_LABEL_X, y + 14, shown, size=12, fill=MUTED),
    ]


def _legend(most: float, unit: str) -> list[str]:
    y = _TOP + _HEIGHT + 22
    pieces = [text_line(24, y + 10, "0", size=11, fill=MUTED)]
    pieces += [box(40 + step * 30, y, 30, 12, fill=fill, stroke=BLUE.ink, radius=0) for step, fill in enumerate(_STEPS)]
    pieces.append(text_line(40 + len(_STEPS) * 30 + 8, y + 10, _shown(most, unit), size=11, fill=MUTED))
    return pieces
