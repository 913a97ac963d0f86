"""The map of the eight regions, shaded by a count, with the same numbers as a table."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from kg.errors import UsageError
from kg.places import outlines
from kg.search import Thing
from kg.web.answers import Content
from kg.web.breakdown import BarRow
from kg.web.rendering import page
from kg.web.views import ThingLink, Total, View

TAKES = frozenset(("count", "method"))
COUNTS = ("projects", "participants", "owners", "methods")
STEPS = 5
_HEIGHT = 560.0
_DIGIT = 11.0
_WEST_COAST = 45.0
_MARGIN = 70


@dataclass(frozen=True, slots=True)
class Shape:
    """The outline of a region as the path of an SVG, its middle, and how far it reaches on the height of the middle."""

    code: str
    path: str
    x: float
    y: float
    width: float
    right: float


@dataclass(frozen=True, slots=True)
class MapRow:
    """A region: its shape (None for the country), its count, its shade from 0 to 5, and the address of its projects."""

    link: ThingLink
    shape: Shape | None
    count: int
    step: int
    share: float
    href: str

    @property
    def beside(self) -> bool:
        """Whether the number is too long for the region and is written beside it."""
        return self.shape is not None and len(str(self.count)) * _DIGIT > 0.75 * self.shape.width

    @property
    def label_x(self) -> float:
        """Where the number stands: in the middle of the region, or where it begins or ends in the sea beside it."""
        if self.shape is None or not self.beside:
            return self.shape.x if self.shape else 0.0
        return self.shape.right - self.shape.width - 5 if self.west else self.shape.right + 5

    @property
    def west(self) -> bool:
        """Whether the region has the sea to its west and land to its east."""
        return self.shape is not None and self.shape.x < _WEST_COAST


@dataclass(frozen=True, slots=True)
class Shade:
    """A region on a small map: its outline, its shade from 0 to 5, its label and its count."""

    path: str
    step: int
    label: str
    count: int


def shades(view: View, rows: Sequence[BarRow]) -> list[Shade]:
    """Return the regions of the map shaded by the counts of some rows; a region without a row counts nothing."""
    counts = {row.key: row.projects for row in rows}
    shown = [(shape, counts.get(shape.code, 0)) for shape in map_shapes()]
    most = max(count for _, count in shown) or 1
    regions = (view.index.thing_of("region", shape.code) for shape, _ in shown)
    return [
        Shade(shape.path, _step(count, most), region.label(view.asked.language) if region else shape.code, count)
        for (shape, count), region in zip(shown, regions, strict=True)
    ]


def map_page(view: View, form: str) -> Content:
    """Return the map.

    Raises:
        UsageError: the count is not one of `COUNTS`, or there is no such method.
    """
    chosen = view.asked.value("count", "projects")
    if chosen not in COUNTS:
        raise UsageError(f"the count {chosen!r} is not one of {', '.join(COUNTS)}")
    key = view.asked.value("method")
    method = view.index.thing_of("method", key) if key else None
    if key and method is None:
        raise UsageError(f"there is no method {key!r}")
    rows = _rows(view, chosen, method)
    return page(
        view.asked,
        "map.html",
        rows=rows,
        shapes=[row for row in rows if row.shape],
        width=map_width(),
        margin=_MARGIN if any(row.beside and row.west for row in rows) else 4,
        height=_HEIGHT,
        chosen=chosen,
        unknown=_unknown(view, method) if chosen == "participants" else None,
        counts=COUNTS,
        method=view.link(method) if method else None,
        methods=view.links(view.index.things("method", used=True)),
    )


def _rows(view: View, chosen: str, method: Thing | None) -> list[MapRow]:
    shapes = {shape.code: shape for shape in map_shapes()}
    columns = view.index.columns
    users = columns.mask("method", [method.id]) if method else None
    found = []
    for region in view.index.valued("region"):
        projects = columns.having("region", region.id)
        inside = projects if users is None else projects[users[projects]]
        found.append((region, _count(view, chosen, inside.tolist())))
    for code in shapes.keys() - {region.key for region, _ in found}:
        missing = view.index.thing_of("region", code)
        if missing:
            found.append((missing, 0))
    most = max((count for _, count in found), default=0) or 1
    more = {"method": method.key} if method else {}
    rows = [
        MapRow(
            link=view.link(region),
            shape=shapes.get(region.key),
            count=count,
            step=_step(count, most),
            share=100 * count / most,
            href=view.asked.href("search", region=region.key, **more),
        )
        for region, count in found
    ]
    return sorted(rows, key=lambda row: (-row.count, row.link.label))


def _unknown(view: View, method: Thing | None) -> Total:
    """Return for how many projects the number of participants is known and unknown."""
    return view.totals(view.index.source_numbers(method.id, "method") if method else None)[0]


def _step(count: int, most: int) -> int:
    return math.ceil(STEPS * count / most)


def _count(view: View, chosen: str, projects: Sequence[int]) -> int:
    if chosen == "projects":
        return len(projects)
    if chosen == "participants":
        return round(view.index.figures.totals(projects)["participants"][0].value)
    if chosen == "methods":
        columns = view.index.columns
        return len(columns.counts("method", columns.listed(projects), ()))
    return len(view.index.targets_of_all(projects, "owner"))


@lru_cache(maxsize=1)
def map_shapes() -> tuple[Shape, ...]:
    """Return the outlines of the regions in pixels, north up (Mercator)."""
    shapes = outlines()
    points = [point for shape in shapes for part in shape.polygons for ring in part for point in ring]
    west, north, south = min(x for x, _ in points), max(y for _, y in points), min(y for _, y in points)
    scale = _HEIGHT / (_mercator(north) - _mercator(south))

    def placed(point: tuple[float, float]) -> tuple[float, float]:
        return math.radians(point[0] - west) * scale, (_mercator(north) - _mercator(point[1])) * scale

    found = []
    for shape in shapes:
        rings = [[placed(point) for point in ring] for part in shape.polygons for ring in part]
        path = "".join("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in ring) + "Z" for ring in rings)
        largest = max(rings, key=lambda ring: abs(_area(ring)))
        x, y = _middle(largest)
        right = max(across for across, _ in largest)
        width = right - min(across for across, _ in largest)
        found.append(Shape(shape.code, path, round(x, 1), round(y, 1), round(width, 1), round(right, 1)))
    return tuple(found)


def map_width() -> float:
    """Return the width of the map in pixels."""
    numbers = [float(pair.split()[0]) for shape in map_shapes() for pair in _pairs(shape.path)]
    return math.ceil(max(numbers))


def _pairs(path: str) -> list[str]:
    return [pair for ring in path.split("M") if ring for pair in ring.rstrip("Z").split("L")]


def _mercator(latitude: float) -> float:
    return math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2))


def _area(ring: Sequence[tuple[float, float]]) -> float:
    following = [*ring[1:], ring[0]]
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(ring, following, strict=True)) / 2


def _middle(ring: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Return the centre of gravity."""
    area = _area(ring)
    x = y = 0.0
    for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True):
        cross = x1 * y2 - x2 * y1
        x += (x1 + x2) * cross
        y += (y1 + y2) * cross
    return x / (6 * area), y / (6 * area)
