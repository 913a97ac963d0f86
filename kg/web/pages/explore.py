"""The graph explorer: the neighbourhood of one or more things, drawn with links, and the same as a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from kg.search import Thing
from kg.web.answers import Content
from kg.web.refusal import Refusal
from kg.web.rendering import page
from kg.web.views import DOCUMENT_KINDS, ThingLink, View

TAKES = frozenset(("and",))
MOST_FOCUSED = 6
MOST_PROJECTS = 14
MOST_IN_COLUMN = 18
WIDTH = 960
_COLUMNS = {"left": (0, 250), "middle": (355, 250), "right": (710, 250)}
_LINE, _PAD, _GAP, _TOP = 17, 9, 12, 34
_LEFT = ("owner", "ownerUnit", "partner")
_LEFT_KINDS = frozenset(("owner", "unit", "owner-type"))
_RIGHT = ("method",)
_RELATIVES = ("broader", "related", "unitOf", "ownerType", "isPartOf")
"""Links between things none of which is a project."""
_MOST_RELATIVES = 6
_CODES = ("region", "programme", "fund", "programmeArea", "specificObjective", "interventionField")


_Triple = tuple[Thing, str, Thing]


@dataclass(frozen=True, slots=True)
class Box:
    """A thing in the picture: its place in pixels, its label in lines, and the address that adds its neighbours."""

    thing: Thing
    link: ThingLink
    x: float
    y: float
    width: float
    height: float
    lines: tuple[str, ...]
    focused: bool
    expand: str | None

    @property
    def middle(self) -> float:
        """The height at which lines end."""
        return self.y + self.height / 2


@dataclass(frozen=True, slots=True)
class Edge:
    """A line between two boxes: its path, and what it says."""

    path: str
    relation: str
    source: ThingLink
    target: ThingLink
    strong: bool


@dataclass(frozen=True, slots=True)
class _Net:
    """What is drawn: projects in the middle, the things that they lead to on both sides, and the links between.

    A thing without projects stands in the middle itself, between its relatives.
    """

    middle: Sequence[Thing]
    left: Sequence[Thing]
    right: Sequence[Thing]
    links: Sequence[_Triple]
    left_out: int

    @property
    def columns(self) -> Mapping[str, Sequence[Thing]]:
        """The things of each column."""
        return {"left": self.left, "middle": self.middle, "right": self.right}


def explore_start(view: View, form: str) -> Content:
    """Return the page from which to begin: the methods and owners with most projects."""
    return page(
        view.asked,
        "explore_start.html",
        methods=view.links(view.index.things("method", used=True, limit=24)),
        owners=view.links(view.index.things("owner", used=True, limit=24)),
        regions=view.links(view.index.valued("region", limit=12)),
    )


def explore_page(view: View, form: str) -> Content | Refusal:
    """Return the neighbourhood of the thing in the path and of those that were added."""
    first = view.index.thing_of(view.asked.parameters["kind"], view.asked.parameters["key"])
    if first is None:
        return Refusal(404, "the graph has no such thing")
    focused = [first, *_added(view, first)]
    net = _net(view, focused)
    boxes = _boxes(view, net, {thing.id for thing in focused}, focused)
    edges = [_edge(view, boxes, link, {thing.id for thing in focused}) for link in net.links]
    height = max((box.y + box.height for box in boxes.values()), default=0) + 8
    return page(
        view.asked,
        "explore.html",
        thing=first,
        link=view.link(first),
        focused=[
            (view.link(thing), _address(view, first, [t for t in focused[1:] if t is not thing])) for thing in focused
        ],
        boxes=list(boxes.values()),
        edges=sorted(edges, key=lambda edge: (edge.source.label, edge.relation, edge.target.label)),
        width=WIDTH,
        height=height,
        columns=_headings(net),
        left_out=net.left_out,
        more=view.all_projects(first),
    )


def _headings(net: _Net) -> list[tuple[float, str]]:
    """Return where each column begins, and what kind of things it holds most of."""
    kinds = {name: Counter(thing.kind for thing in things) for name, things in net.columns.items() if things}
    return [(_COLUMNS[name][0], found.most_common(1)[0][0]) for name, found in kinds.items()]


def _added(view: View, first: Thing) -> list[Thing]:
    found = []
    for name in view.asked.all("and")[: MOST_FOCUSED - 1]:
        kind, _, key = name.partition("/")
        thing = view.index.thing_of(kind, key) if kind in DOCUMENT_KINDS else None
        if thing and thing.id != first.id:
            found.append(thing)
    return list({thing.id: thing for thing in found}.values())


def _address(view: View, first: Thing, added: Sequence[Thing]) -> str:
    pairs = [("and", f"{thing.kind}/{thing.key}") for thing in added]
    return view.asked.href(f"explore/{first.kind}/{first.key}") + (f"?{urlencode(pairs)}" if pairs else "")


def _net(view: View, focused: Sequence[Thing]) -> _Net:
    numbers: list[int] = []
    left_out = 0
    for thing in focused:
        found = _projects_of(view, thing)
        numbers.extend(found[:MOST_PROJECTS])
        left_out += max(0, len(found) - MOST_PROJECTS)
    projects = [view.index.thing(number) for number in dict.fromkeys(numbers)]
    wanted = {thing.id for thing in focused}
    linked = view.index.targets([thing.id for thing in projects], *_LEFT, *_RIGHT, *_CODES, "continues")
    links = [
        (view.index.thing(source), relation, target) for source, found in linked.items() for relation, target in found
    ]
    left, right = (_beside(side, projects, links) for side in _sides(links, wanted))
    lone = [thing for thing in focused if thing.id not in {each.id for each in (*projects, *left, *right)}]
    for link in _relatives(view, focused, _MOST_RELATIVES if projects else 2 * MOST_IN_COLUMN):
        other = link[2] if link[0].id in wanted else link[0]
        side = left if other.kind in _LEFT_KINDS else right
        if len(side) < MOST_IN_COLUMN and other.id not in {thing.id for thing in (*lone, *left, *right)}:
            side.append(other)
        links.append(link)
    shown = {thing.id for thing in (*left, *right, *projects, *lone)}
    kept = [link for link in links if {link[0].id, link[2].id} <= shown and link[2].id != link[0].id]
    return _Net([*projects, *lone], left, right, list(dict.fromkeys(kept)), left_out)


def _relatives(view: View, focused: Sequence[Thing], most: int) -> list[_Triple]:
    """Return the links between the things in focus and others that are no projects, so many for each."""
    found = []
    for thing in focused:
        out = [(thing, name, other) for name, other in view.index.targets([thing.id], *_RELATIVES)[thing.id]]
        back = [
            (other, name, thing)
            for name in _RELATIVES
            for other in view.index.sources(thing.id, name, limit=10 * MOST_IN_COLUMN)
        ]
        back.sort(key=lambda link: -link[0].projects)
        found.extend([*out, *back][:most])
    return found


def _beside(side: Sequence[Thing], projects: Sequence[Thing], links: Sequence[_Triple]) -> list[Thing]:
    """Return things in the order of the middle of their projects, so that few lines cross."""
    place = {project.id: number for number, project in enumerate(projects)}
    ends: dict[int, list[int]] = {thing.id: [] for thing in side}
    for source, _, target in links:
        if target.id in ends:
            ends[target.id].append(place[source.id])
    return sorted(side, key=lambda thing: sum(ends[thing.id]) / max(1, len(ends[thing.id])))


def _projects_of(view: View, thing: Thing) -> list[int]:
    """Return the projects to draw for a thing; for a project itself and those most like it."""
    if thing.kind == "owner-type":  # its neighbours are the owners
        return []
    if thing.kind != "project":
        return view.index.projects_of(thing.id)
    related = [other.id for _, other in view.index.targets([thing.id], "continues")[thing.id]]
    related += [other.id for other in view.index.sources(thing.id, "continues")]
    return [thing.id, *related, *(alike.number for alike in view.index.likeness.projects(thing.id, 4))]


def _sides(links: Sequence[_Triple], wanted: set[int]) -> tuple[list[Thing], list[Thing]]:
    """Return the things on the left and on the right, those that link most projects first; codes only if focused."""
    counts: dict[str, dict[int, int]] = {"left": {}, "right": {}}
    things: dict[int, Thing] = {}
    for _, relation, target in links:
        side = "left" if relation in _LEFT else "right" if relation in _RIGHT or target.id in wanted else ""
        if side and relation != "continues":
            counts[side][target.id] = counts[side].get(target.id, 0) + 1
            things[target.id] = target
    sides = []
    for side in ("left", "right"):
        order = sorted(counts[side], key=lambda number: (number not in wanted, -counts[side][number], number))
        sides.append([things[number] for number in order[:MOST_IN_COLUMN]])
    return sides[0], sides[1]


def _boxes(view: View, net: _Net, wanted: set[int], focused: Sequence[Thing]) -> dict[int, Box]:
    # Drawing brings modules for other pictures, for which the start of the site would wait.
    from kg.drawing.svg import wrapped

    found: dict[int, Box] = {}
    tallest = 0.0
    placed: dict[str, list[Box]] = {}
    for name, things in net.columns.items():
        x, width = _COLUMNS[name]
        y = float(_TOP)
        placed[name] = []
        for thing in things:
            link = view.link(thing)
            lines = wrapped(link.label, 13, width - 2 * _PAD - 8, most=2, bold=True)
            height = 2 * _PAD + _LINE * len(lines)
            expand = None if thing.id in wanted else _address(view, focused[0], [*focused[1:], thing])
            placed[name].append(Box(thing, link, x, y, width, height, lines, thing.id in wanted, expand))
            y += height + _GAP
        tallest = max(tallest, y)
    for boxes in placed.values():
        used = sum(box.height + _GAP for box in boxes)
        space = (tallest - _TOP - used) / (len(boxes) + 1) if boxes else 0.0
        for place, box in enumerate(boxes, start=1):
            found[box.thing.id] = _moved(box, space * place)
    return found


def _moved(box: Box, down: float) -> Box:
    return replace(box, y=round(box.y + down, 1))


def _edge(view: View, boxes: Mapping[int, Box], link: _Triple, wanted: set[int]) -> Edge:
    source, relation, target = link
    one, two = boxes[source.id], boxes[target.id]
    if one.x == two.x:
        at_edge = one.x == _COLUMNS["right"][0]
        start, bend = (one.x, one.x - 70) if at_edge else (one.x + one.width, one.x + one.width + 70)
        path = f"M{start} {one.middle}C{bend} {one.middle} {bend} {two.middle} {start} {two.middle}"
    else:
        first, second = (two, one) if two.x < one.x else (one, two)
        start, end = first.x + first.width, second.x
        bend = (end - start) / 2
        path = (
            f"M{start} {first.middle}C{start + bend} {first.middle} {end - bend} {second.middle} {end} {second.middle}"
        )
    return Edge(path, relation, one.link, two.link, bool({source.id, target.id} & wanted))
