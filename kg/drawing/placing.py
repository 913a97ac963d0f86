"""Where the boxes and lines of a picture in columns stand: projects in the middle, owners and methods beside them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

TOP = 92.0
"""Where the columns begin, below title and headings; this and all sizes are in pixels."""
PAD, LINE_HEIGHT, SMALL_LINE_HEIGHT, GAP = 8.0, 15.5, 15.0, 10.0
PORT = 8.0
"""Distance between the ends of lines on one side of a box."""


@dataclass(slots=True)
class Box:
    """A thing on the page; `lines` are its label, `small` the line under it; `y` is its top."""

    id: str
    lines: tuple[str, ...]
    small: str
    title: str
    ends: list[str] = field(default_factory=list)
    y: float = 0

    @property
    def text_height(self) -> float:
        """The height of its lines of text."""
        return LINE_HEIGHT * len(self.lines) + (SMALL_LINE_HEIGHT if self.small else 0) - 2

    @property
    def height(self) -> float:
        """High enough for the text and for the lines that end here."""
        return max(2 * PAD + self.text_height, PORT * len(self.ends) + 8)

    @property
    def middle(self) -> float:
        """The height of its middle on the page."""
        return self.y + self.height / 2


@dataclass(frozen=True, slots=True)
class Line:
    """A line between a project and an owner or method; `style` is a role or relation."""

    project: str
    other: str
    style: str
    title: str


@dataclass(slots=True)
class Region:
    """The projects of one region, in order; `y` is the top of the surface behind them."""

    label: str
    projects: list[Box]
    y: float = 0

    @property
    def height(self) -> float:
        """High enough for its name and its projects."""
        return 30 + sum(project.height + GAP for project in self.projects)


def order(regions: list[Region], lines: Sequence[Line]) -> None:
    """Bring projects that share owners and methods near each other, to keep lines from crossing."""
    others: dict[str, list[str]] = {}
    for line in lines:
        others.setdefault(line.project, []).append(line.other)
    for _ in range(12):
        rank = {project.id: float(index) for index, project in enumerate(_in_order(regions))}
        ends: dict[str, list[float]] = {}
        for line in lines:
            ends.setdefault(line.other, []).append(rank[line.project])
        height = {other: sum(ranks) / len(ranks) for other, ranks in ends.items()}
        pull = {
            project: _mean([height[other] for other in others.get(project, ())], own) for project, own in rank.items()
        }
        for region in regions:
            region.projects.sort(key=lambda project: (pull[project.id], project.id))
        regions.sort(key=lambda region: (_mean([pull[p.id] for p in region.projects], 0), region.label))


def _in_order(regions: Sequence[Region]) -> list[Box]:
    return [project for region in regions for project in region.projects]


def _mean(values: Sequence[float], default: float) -> float:
    return sum(values) / len(values) if values else default


def place(regions: Sequence[Region], owners: Mapping[str, Box], methods: Mapping[str, Box]) -> float:
    """Give every box its place and return the lowest point."""
    tallest = max((sum(b.height + GAP for b in column.values()) for column in (owners, methods)), default=0)
    needed = sum(region.height + 14 for region in regions)
    slack = max(0.0, tallest - needed) / max(1, len(regions) - 1)
    y = float(TOP)
    for region in regions:
        region.y = y
        inside = y + 28
        for project in region.projects:
            project.y = inside
            inside += project.height + GAP
        y += region.height + 14 + slack
    y -= slack if regions else 0
    middles = {project.id: project.middle for project in _in_order(regions)}
    for column in (owners, methods):
        _settle(list(column.values()), middles, TOP, max(y - 14, TOP + tallest))
    return max([y - 14, *(b.y + b.height for column in (owners, methods) for b in column.values())])


def _settle(boxes: list[Box], middles: Mapping[str, float], top: float, bottom: float) -> None:
    """Put each box beside the middle of its projects, then push boxes apart and back into the page."""
    for placed in boxes:
        placed.y = _mean([middles[project] for project in placed.ends], top) - placed.height / 2
    boxes.sort(key=lambda placed: (placed.middle, placed.id))
    for _ in range(60):
        for above, below in pairwise(boxes):
            overlap = above.y + above.height + GAP - below.y
            if overlap > 0:
                above.y -= overlap / 2
                below.y += overlap / 2
        for placed in boxes:
            placed.y = min(max(placed.y, top), bottom - placed.height)
    for above, below in pairwise(boxes):
        below.y = max(below.y, above.y + above.height + GAP)


def ports(
    lines: Sequence[Line], projects: Mapping[str, Box], others: Mapping[str, Box]
) -> Callable[[Line], tuple[float, float]]:
    """Return where each line leaves its project and reaches its other end, spread so that lines do not join."""
    near = _spread({id_: [line for line in lines if line.project == id_] for id_ in projects}, projects,
                   lambda line: others[line.other].middle)  # fmt: skip
    far = _spread({id_: [line for line in lines if line.other == id_] for id_ in others}, others,
                  lambda line: projects[line.project].middle)  # fmt: skip
    return lambda line: (near[line], far[line])


def _spread(
    grouped: Mapping[str, list[Line]], boxes: Mapping[str, Box], height: Callable[[Line], float]
) -> dict[Line, float]:
    found: dict[Line, float] = {}
    for id_, lines in grouped.items():
        step = min(PORT, (boxes[id_].height - 12) / max(1, len(lines) - 1))
        ordered = sorted(lines, key=lambda line: (height(line), line.other, line.project))
        for index, line in enumerate(ordered):
            found[line] = boxes[id_].middle + (index - (len(ordered) - 1) / 2) * step
    return found
