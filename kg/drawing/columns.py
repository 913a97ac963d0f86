"""The picture of a small graph: projects in the middle, grouped by region, owners on the left, methods on the right.

Columns and not a cloud: every label is read from left to right, none covers another, and lines show who shares what.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from kg.colours import BLUE, GREEN, PURPLE, VERMILION, Colour
from kg.drawing.svg import FAINT, MUTED, PAPER, Frame, Point, box, curve, document, group, text_line, width_of, wrapped
from kg.network.reading import Facts, Node
from kg.network.sharing import Shared, shared_of

WIDTH = 900
_TOP, _BOTTOM = 92, 74
_OWNER, _PROJECT, _METHOD = (24, 212), (327, 264), (682, 194)
"""Left edge and width of each column."""
_ROW, _PAD, _LINE, _SIZE = 15, 8, 15.5, 12.5
_GAP = 10
_PORT = 8.0
"""Distance between the ends of lines on one side of a box."""
_DASHES = {"owner": "", "partner": "2 4", "develops": "", "trains": "", "uses": "", "builds-on": "7 4"}
_ROLE_WORDS = {"develops": "develops", "trains": "trains staff in", "builds-on": "builds on", "uses": "uses"}


@dataclass(slots=True)
class _Box:
    """A thing on the page; `lines` are its label, `small` the line under it; `y` is its top."""

    id: str
    lines: tuple[str, ...]
    small: str
    title: str
    ends: list[str] = field(default_factory=list)
    y: float = 0

    @property
    def text_height(self) -> float:
        return _LINE * len(self.lines) + (_ROW if self.small else 0) - 2

    @property
    def height(self) -> float:
        """High enough for the text and for the lines that end here."""
        return max(2 * _PAD + self.text_height, _PORT * len(self.ends) + 8)

    @property
    def middle(self) -> float:
        return self.y + self.height / 2


@dataclass(frozen=True, slots=True)
class _Line:
    """A line between a project and an owner or method; `style` is a role or relation."""

    project: str
    other: str
    style: str
    title: str


@dataclass(slots=True)
class _Region:
    """The projects of one region, in order; `y` is the top of the surface behind them."""

    label: str
    projects: list[_Box]
    y: float = 0

    @property
    def height(self) -> float:
        return 30 + sum(project.height + _GAP for project in self.projects)


def projects_picture(facts: Facts, *, title: str, source: str = "") -> str:
    """Return the SVG picture of the projects of `facts` with their owners, methods and regions.

    Meant for up to some thirty projects; it grows downwards with their number, and is 900 pixels wide.
    """
    lines = [*_owner_lines(facts), *_method_lines(facts)]
    regions = _regions(facts)
    owners = _boxes(facts, {line.other for line in lines if line.other.startswith("owner:")}, _OWNER[1])
    methods = _boxes(facts, {line.other for line in lines if line.other.startswith("method:")}, _METHOD[1])
    for found in shared_of(facts):
        (owners if found.kind == "owner" else methods)[found.node.id].small = _sharing(found)
    projects = {project.id: project for region in regions for project in region.projects}
    for line in lines:
        (owners.get(line.other) or methods[line.other]).ends.append(line.project)
        if line.other in methods:
            projects[line.project].ends.append(line.other)
    _order(regions, lines)
    bottom = _place(regions, owners, methods)
    frame = Frame(WIDTH, bottom + _BOTTOM, title, _described(facts, lines), source)
    return document(
        frame,
        [
            *_headings(),
            *[_surface(region) for region in regions],
            *_drawn_lines(lines, projects, owners, methods),
            *[_drawn(owner, _OWNER, _surface_of(owner, VERMILION)) for owner in owners.values()],
            *[_drawn(project, _PROJECT, (PAPER, BLUE.strong, BLUE.ink, MUTED)) for project in projects.values()],
            *[_drawn(method, _METHOD, _surface_of(method, GREEN)) for method in methods.values()],
            *_legend(bottom + 28, {line.style for line in lines}),
        ],
    )


def _owner_lines(facts: Facts) -> list[_Line]:
    names = {"owner": "is run by", "partner": "has as partner"}
    return [
        _Line(
            link.source,
            link.target,
            link.relation,
            f"{facts.nodes[link.source].label} {names[link.relation]} {facts.nodes[link.target].label}",
        )
        for link in facts.links
        if link.relation in names and link.target.startswith("owner:")
    ]


def _method_lines(facts: Facts) -> list[_Line]:
    strongest = {(use.project, use.method): use for use in reversed(tuple(facts.linking_uses()))}
    return [
        _Line(
            project,
            method,
            use.role,
            f"{facts.nodes[project].label} {_ROLE_WORDS[use.role]} {facts.nodes[method].label}: “{use.quote}”",
        )
        for (project, method), use in sorted(strongest.items())
        if method in facts.nodes
    ]


def _regions(facts: Facts) -> list[_Region]:
    of_project = {link.source: link.target for link in reversed(facts.links) if link.relation == "region"}
    grouped: dict[str, list[_Box]] = {}
    for node in facts.nodes.values():
        if node.kind == "project":
            grouped.setdefault(of_project.get(node.id, ""), []).append(_project(node))
    return [_Region(_region_label(facts, region), boxes) for region, boxes in sorted(grouped.items())]


def _region_label(facts: Facts, region: str) -> str:
    if not region:
        return "no region known"
    node = facts.nodes[region]
    return f"{node.label} · {node.key}"


def _sharing(found: Shared) -> str:
    count = f"{len(found.projects)} projects"
    if found.kind == "owner":
        return count
    owners = "1 owner" if len(found.owners) == 1 else f"{len(found.owners)} owners"
    return f"{count}, same sentence" if found.same_words else f"{count}, {owners}"


def _project(node: Node) -> _Box:
    years = "–".join(dict.fromkeys(str(node.attributes.get(name, ""))[:4] for name in ("startDate", "endDate")))
    participants = node.attributes.get("plannedParticipants")
    small = [
        str(node.attributes.get("identifier", "")),
        years.strip("–"),
        f"{participants:,} participants".replace(",", " ") if participants is not None else "",
    ]
    lines = wrapped(node.label, _SIZE, _PROJECT[1] - 2 * _PAD, bold=True, most=3)
    return _Box(node.id, lines, " · ".join(part for part in small if part), node.label)


def _boxes(facts: Facts, ids: set[str], width: float) -> dict[str, _Box]:
    return {
        id_: _Box(id_, wrapped(facts.nodes[id_].label, _SIZE, width - 2 * _PAD, bold=True), "", facts.nodes[id_].label)
        for id_ in sorted(ids)
    }


def _order(regions: list[_Region], lines: Sequence[_Line]) -> None:
    """Bring projects that share owners and methods near each other, to keep lines from crossing."""
    others: dict[str, list[str]] = {}
    for line in lines:
        others.setdefault(line.project, []).append(line.other)
    for _ in range(12):
        rank = {project.id: float(place) for place, project in enumerate(_in_order(regions))}
        ends: dict[str, list[float]] = {}
        for line in lines:
            ends.setdefault(line.other, []).append(rank[line.project])
        height = {other: sum(ranks) / len(ranks) for other, ranks in ends.items()}
        pull = {
            project: _mean([height[other] for other in others.get(project, ())], place)
            for project, place in rank.items()
        }
        for region in regions:
            region.projects.sort(key=lambda project: (pull[project.id], project.id))
        regions.sort(key=lambda region: (_mean([pull[p.id] for p in region.projects], 0), region.label))


def _in_order(regions: Sequence[_Region]) -> list[_Box]:
    return [project for region in regions for project in region.projects]


def _mean(values: Sequence[float], default: float) -> float:
    return sum(values) / len(values) if values else default


def _place(regions: Sequence[_Region], owners: Mapping[str, _Box], methods: Mapping[str, _Box]) -> float:
    """Give every box its place and return the lowest point."""
    tallest = max((sum(b.height + _GAP for b in column.values()) for column in (owners, methods)), default=0)
    needed = sum(region.height + 14 for region in regions)
    slack = max(0.0, tallest - needed) / max(1, len(regions) - 1)
    y = float(_TOP)
    for region in regions:
        region.y = y
        inside = y + 28
        for project in region.projects:
            project.y = inside
            inside += project.height + _GAP
        y += region.height + 14 + slack
    middles = {project.id: project.middle for project in _in_order(regions)}
    for column in (owners, methods):
        _settle(list(column.values()), middles, _TOP, max(y - 14, _TOP + tallest))
    return max([y - 14, *(b.y + b.height for column in (owners, methods) for b in column.values())])


def _settle(boxes: list[_Box], middles: Mapping[str, float], top: float, bottom: float) -> None:
    """Put each box beside the middle of its projects, then push boxes apart and back into the page."""
    for placed in boxes:
        placed.y = _mean([middles[project] for project in placed.ends], top) - placed.height / 2
    boxes.sort(key=lambda placed: (placed.middle, placed.id))
    for _ in range(60):
        for above, below in pairwise(boxes):
            overlap = above.y + above.height + _GAP - below.y
            if overlap > 0:
                above.y -= overlap / 2
                below.y += overlap / 2
        for placed in boxes:
            placed.y = min(max(placed.y, top), bottom - placed.height)
    for above, below in pairwise(boxes):
        below.y = max(below.y, above.y + above.height + _GAP)


def _headings() -> list[str]:
    columns = ((_OWNER, "Owners"), (_PROJECT, "Projects, by region"), (_METHOD, "Methods"))
    return [text_line(left, 72, text, size=12, fill=MUTED, weight=600) for (left, _), text in columns]


def _surface(region: _Region) -> str:
    left, width = _PROJECT[0] - 12, _PROJECT[1] + 24
    label = text_line(left + 12, region.y + 18, region.label, size=11.5, fill=PURPLE.ink, weight=600)
    return group([box(left, region.y, width, region.height, fill=PURPLE.tint, radius=10), label], title=region.label)


def _surface_of(thing: _Box, colour: Colour) -> tuple[str, str, str, str]:
    """Return fill, edge, text and small text: deep where projects share the thing."""
    if _is_shared(thing):
        return colour.deep, colour.deep, PAPER, PAPER
    return colour.tint, colour.strong, colour.ink, MUTED


def _is_shared(thing: _Box) -> bool:
    return len(set(thing.ends)) > 1


def _drawn(thing: _Box, column: tuple[float, float], look: tuple[str, str, str, str]) -> str:
    left, width = column
    fill, edge, ink, small_ink = look
    pieces = [box(left, thing.y, width, thing.height, fill=fill, stroke=edge)]
    y = thing.middle - thing.text_height / 2 + 11
    for line in thing.lines:
        pieces.append(text_line(left + _PAD, y, line, size=_SIZE, fill=ink, weight=600))
        y += _LINE
    if thing.small:
        pieces.append(text_line(left + _PAD, y, thing.small, size=11, fill=small_ink))
    return group(pieces, title=thing.title)


def _drawn_lines(
    lines: Sequence[_Line], projects: Mapping[str, _Box], owners: Mapping[str, _Box], methods: Mapping[str, _Box]
) -> list[str]:
    to_owner = [line for line in lines if line.other in owners]
    to_method = [line for line in lines if line.other in methods]
    left_ports = _ports(to_owner, projects, owners)
    right_ports = _ports(to_method, projects, methods)
    drawn = []
    for line in to_owner:
        near, far = left_ports(line)
        ends = (_OWNER[0] + _OWNER[1], far), (_PROJECT[0], near)
        drawn.append(_drawn_line(line, ends, VERMILION, shared=_is_shared(owners[line.other])))
    for line in to_method:
        near, far = right_ports(line)
        ends = (_PROJECT[0] + _PROJECT[1], near), (_METHOD[0], far)
        drawn.append(_drawn_line(line, ends, GREEN, shared=_is_shared(methods[line.other])))
    return drawn


def _drawn_line(line: _Line, ends: tuple[Point, Point], colour: Colour, *, shared: bool) -> str:
    path = curve(*ends, stroke=colour.strong, width=2.2 if shared else 1.3, dashes=_DASHES[line.style])
    return group([path], title=line.title)


def _ports(
    lines: Sequence[_Line], projects: Mapping[str, _Box], others: Mapping[str, _Box]
) -> Callable[[_Line], tuple[float, float]]:
    """Return where each line leaves its project and reaches its other end, spread so that lines do not join."""
    near = _spread({id_: [line for line in lines if line.project == id_] for id_ in projects}, projects,
                   lambda line: others[line.other].middle)  # fmt: skip
    far = _spread({id_: [line for line in lines if line.other == id_] for id_ in others}, others,
                  lambda line: projects[line.project].middle)  # fmt: skip
    return lambda line: (near[line], far[line])


def _spread(
    grouped: Mapping[str, list[_Line]], boxes: Mapping[str, _Box], height: Callable[[_Line], float]
) -> dict[_Line, float]:
    found: dict[_Line, float] = {}
    for id_, lines in grouped.items():
        step = min(_PORT, (boxes[id_].height - 12) / max(1, len(lines) - 1))
        ordered = sorted(lines, key=lambda line: (height(line), line.other, line.project))
        for place, line in enumerate(ordered):
            found[line] = boxes[id_].middle + (place - (len(ordered) - 1) / 2) * step
    return found


def _legend(y: float, styles: set[str]) -> list[str]:
    entries = [
        (VERMILION, "owner"),
        (BLUE, "project"),
        (GREEN, "method"),
    ]
    pieces, x = [], 24.0
    for colour, text in entries:
        pieces.append(
            box(x, y - 10, 14, 12, fill=PAPER if colour is BLUE else colour.tint, stroke=colour.strong, radius=3)
        )
        pieces.append(text_line(x + 20, y, text, size=11, fill=MUTED))
        x += 34 + width_of(text, 11)
    pieces.append(box(x, y - 10, 14, 12, fill=VERMILION.deep, radius=3))
    pieces.append(box(x + 18, y - 10, 14, 12, fill=GREEN.deep, radius=3))
    pieces.append(text_line(x + 38, y, "in two or more projects", size=11, fill=MUTED))
    x += 58 + width_of("in two or more projects", 11)
    for style, text in (("uses", "uses, trains or develops"), ("builds-on", "builds on"), ("partner", "partner")):
        if style == "uses" or style in styles:
            pieces.append(curve((x, y - 4), (x + 30, y - 4), stroke=MUTED, dashes=_DASHES[style]))
            pieces.append(text_line(x + 36, y, text, size=11, fill=MUTED))
            x += 50 + width_of(text, 11)
    return [f'<path d="M24 {y - 24:.0f}H{WIDTH - 24}" stroke="{FAINT}"/>', *pieces]


def _described(facts: Facts, lines: Sequence[_Line]) -> str:
    """Return the picture in words, for those who cannot see it."""
    sentences = []
    for node in facts.nodes.values():
        if node.kind == "project":
            found = [line.title.partition(":")[0] for line in lines if line.project == node.id]
            sentences.append("; ".join(found) + ".")
    return " ".join(sentence for sentence in sentences if sentence != ".")
