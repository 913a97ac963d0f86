"""The picture of a small graph: projects in the middle, grouped by region, owners on the left, methods on the right.

Columns and not a cloud: every label is read from left to right, none covers another, and lines show who shares what.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kg.colours import BLUE, GREEN, PURPLE, VERMILION, Colour
from kg.drawing.choosing import Left, beside, roomy
from kg.drawing.placing import LINE_HEIGHT, PAD, Box, Line, Region, order, place, ports
from kg.drawing.svg import FAINT, MUTED, PAPER, Frame, Point, box, curve, document, group, text_line, width_of, wrapped
from kg.network.reading import Facts, Node
from kg.network.sharing import Shared, shared_of

WIDTH = 900
_BOTTOM = 74
_OWNER, _PROJECT, _METHOD = (24, 212), (314, 264), (656, 220)
"""Left edge and width of each column; the longest words of methods fit the last."""
_SIZE = 12.5
_DASHES = {"owner": "", "partner": "2 4", "develops": "", "trains": "", "uses": "", "builds-on": "7 4"}
_ROLE_WORDS = {"develops": "develops", "trains": "trains staff in", "builds-on": "builds on", "uses": "uses"}


def projects_picture(facts: Facts, *, title: str, source: str = "", first: Sequence[str] = ()) -> str:
    """Return the SVG picture of the projects of `facts` with their owners, methods and regions.

    It is 900 pixels wide and grows downwards with its projects, up to those that `kg.drawing.choosing` has room for,
    the ones named `first` (keys) before others; a line in the picture says how many are left out.
    """
    drawn, projects_left = roomy(facts, first)
    to_owner, owners_left = beside(_owner_lines(drawn), "owner")
    to_method, methods_left = beside(_method_lines(drawn), "method")
    lines, left = [*to_owner, *to_method], str(Left(projects_left, owners_left, methods_left))
    regions = _regions(drawn)
    owners = _boxes(facts, {line.other for line in to_owner}, _OWNER[1])
    methods = _boxes(facts, {line.other for line in to_method}, _METHOD[1])
    for found in shared_of(facts):
        if found.node.id in (column := owners if found.kind == "owner" else methods):
            column[found.node.id].small = _sharing(found)
    projects = {project.id: project for region in regions for project in region.projects}
    for line in lines:
        (owners.get(line.other) or methods[line.other]).ends.append(line.project)
        if line.other in methods:
            projects[line.project].ends.append(line.other)
    order(regions, lines)
    bottom = place(regions, owners, methods)
    described = " ".join(filter(None, (_described(drawn, lines), left)))
    return document(
        Frame(WIDTH, bottom + _BOTTOM, title, described, source),
        [
            *([text_line(24, 54, left, size=11.5, fill=MUTED)] if left else []),
            *_headings(),
            *[_surface(region) for region in regions],
            *_drawn_lines(lines, projects, owners, methods),
            *[_drawn(owner, _OWNER, _surface_of(owner, VERMILION)) for owner in owners.values()],
            *[_drawn(project, _PROJECT, (PAPER, BLUE.strong, BLUE.ink, MUTED)) for project in projects.values()],
            *[_drawn(method, _METHOD, _surface_of(method, GREEN)) for method in methods.values()],
            *_legend(bottom + 28, {line.style for line in lines}),
        ],
    )


def _owner_lines(facts: Facts) -> list[Line]:
    names = {"owner": "is run by", "partner": "has as partner"}
    return [
        Line(
            link.source,
            link.target,
            link.relation,
            f"{facts.nodes[link.source].label} {names[link.relation]} {facts.nodes[link.target].label}",
        )
        for link in facts.links
        if link.relation in names and link.target.startswith("owner:")
    ]


def _method_lines(facts: Facts) -> list[Line]:
    strongest = {(use.project, use.method): use for use in reversed(tuple(facts.linking_uses()))}
    return [
        Line(
            project,
            method,
            use.role,
            f"{facts.nodes[project].label} {_ROLE_WORDS[use.role]} {facts.nodes[method].label}: “{use.quote}”",
        )
        for (project, method), use in sorted(strongest.items())
        if method in facts.nodes
    ]


def _regions(facts: Facts) -> list[Region]:
    of_project = {link.source: link.target for link in reversed(facts.links) if link.relation == "region"}
    grouped: dict[str, list[Box]] = {}
    for node in facts.nodes.values():
        if node.kind == "project":
            grouped.setdefault(of_project.get(node.id, ""), []).append(_project(node))
    return [Region(_region_label(facts, region), boxes) for region, boxes in sorted(grouped.items())]


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


def _project(node: Node) -> Box:
    years = "–".join(dict.fromkeys(str(node.attributes.get(name, ""))[:4] for name in ("startDate", "endDate")))
    participants = node.attributes.get("plannedParticipants")
    small = [
        str(node.attributes.get("identifier", "")),
        years.strip("–"),
        f"{participants:,} participants".replace(",", " ") if participants is not None else "",
    ]
    lines = wrapped(node.label, _SIZE, _PROJECT[1] - 2 * PAD, bold=True, most=3)
    return Box(node.id, lines, " · ".join(part for part in small if part), node.label)


def _boxes(facts: Facts, ids: set[str], width: float) -> dict[str, Box]:
    return {
        id_: Box(id_, wrapped(facts.nodes[id_].label, _SIZE, width - 2 * PAD, bold=True), "", facts.nodes[id_].label)
        for id_ in sorted(ids)
    }


def _headings() -> list[str]:
    columns = ((_OWNER, "Owners"), (_PROJECT, "Projects, by region"), (_METHOD, "Methods"))
    return [text_line(left, 72, text, size=12, fill=MUTED, weight=600) for (left, _), text in columns]


def _surface(region: Region) -> str:
    left, width = _PROJECT[0] - 12, _PROJECT[1] + 24
    label = text_line(left + 12, region.y + 18, region.label, size=11.5, fill=PURPLE.ink, weight=600)
    return group([box(left, region.y, width, region.height, fill=PURPLE.tint, radius=10), label], title=region.label)


def _surface_of(thing: Box, colour: Colour) -> tuple[str, str, str, str]:
    """Return fill, edge, text and small text: deep where projects share the thing."""
    if _is_shared(thing):
        return colour.deep, colour.deep, PAPER, PAPER
    return colour.tint, colour.strong, colour.ink, MUTED


def _is_shared(thing: Box) -> bool:
    # What is left out of the picture counts too.
    return bool(thing.small) or len(set(thing.ends)) > 1


def _drawn(thing: Box, column: tuple[float, float], look: tuple[str, str, str, str]) -> str:
    left, width = column
    fill, edge, ink, small_ink = look
    pieces = [box(left, thing.y, width, thing.height, fill=fill, stroke=edge)]
    y = thing.middle - thing.text_height / 2 + 11
    for line in thing.lines:
        pieces.append(text_line(left + PAD, y, line, size=_SIZE, fill=ink, weight=600))
        y += LINE_HEIGHT
    if thing.small:
        size = 11 if width_of(thing.small, 11) <= width else 10
        pieces.append(text_line(left + PAD, y, thing.small, size=size, fill=small_ink))
    return group(pieces, title=thing.title)


def _drawn_lines(
    lines: Sequence[Line], projects: Mapping[str, Box], owners: Mapping[str, Box], methods: Mapping[str, Box]
) -> list[str]:
    to_owner = [line for line in lines if line.other in owners]
    to_method = [line for line in lines if line.other in methods]
    left_ports = ports(to_owner, projects, owners)
    right_ports = ports(to_method, projects, methods)
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


def _drawn_line(line: Line, ends: tuple[Point, Point], colour: Colour, *, shared: bool) -> str:
    path = curve(*ends, stroke=colour.strong, width=2.2 if shared else 1.3, dashes=_DASHES[line.style])
    return group([path], title=line.title)


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


def _described(facts: Facts, lines: Sequence[Line]) -> str:
    """Return the picture in words, for those who cannot see it."""
    sentences = []
    for node in facts.nodes.values():
        if node.kind == "project":
            found = [line.title.partition(":")[0] for line in lines if line.project == node.id]
            sentences.append("; ".join(found) + ".")
    return " ".join(sentence for sentence in sentences if sentence != ".")
