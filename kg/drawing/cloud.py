"""A network as a cloud of labels with lines between them, its communities in colours."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.colours import BLUE, GREEN, GREY, ORANGE, PURPLE, SKY, VERMILION, YELLOW, Colour
from kg.drawing.svg import MUTED, Frame, box, document, group, number, text_line, width_of, wrapped

if TYPE_CHECKING:
    import networkx as nx

_COLOURS = (BLUE, VERMILION, GREEN, ORANGE, PURPLE, SKY, YELLOW)
_SIZE, _LINE, _WIDEST = 11.5, 14.0, 150.0
_MARGIN, _TOP = 30.0, 66.0
_SEED = 1
_ROUNDS, _TRIES = 120, 8
_APART = 8.0
_FULL = 0.45
"""How much of the area the labels may fill before it is made higher."""


@dataclass(slots=True)
class _Label:
    """A label on the page by its middle, its size measured once."""

    lines: tuple[str, ...]
    width: float
    height: float
    x: float = 0
    y: float = 0


def cloud_picture(
    graph: nx.Graph[str], communities: Mapping[str, Sequence[str]], *, title: str, description: str, source: str = ""
) -> str:
    """Return the SVG picture of the linked nodes of `graph`; `communities` maps names to their members.

    Meant for up to 150 nodes; it is 900 pixels wide, and as high as its labels need. Lines are wider the more weight
    an edge has.
    """
    linked = [node for node in graph if graph.degree(node)]
    labels = {
        node: _label(wrapped(str(graph.nodes[node].get("label", node)), _SIZE, _WIDEST) or (node,)) for node in linked
    }
    height = _place(graph, labels)
    colours = {member: _colour(place) for place, members in enumerate(communities.values()) for member in members}
    legend, bottom = _legend(communities, _TOP + height + 30)
    heaviest = max((float(edge.get("weight", 1)) for *_, edge in graph.edges(data=True)), default=1) or 1
    pieces = [_edge(labels[one], labels[two], edge, heaviest) for one, two, edge in graph.edges(data=True)]
    pieces += [_drawn(label, colours.get(node, GREY)) for node, label in labels.items()]
    return document(Frame(900, bottom + 40, title, description, source), [*pieces, *legend])


def _label(lines: tuple[str, ...]) -> _Label:
    return _Label(lines, max(width_of(line, _SIZE) for line in lines) + 14, _LINE * len(lines) + 8)


def _place(graph: nx.Graph[str], labels: Mapping[str, _Label]) -> float:
    """Give every label its place and return the height that all need: one area for each part of the graph."""
    import networkx as nx

    parts = sorted(nx.connected_components(graph.subgraph(labels)), key=lambda part: (-len(part), sorted(part)))
    x = y = row = 0.0
    width = 900 - 2 * _MARGIN
    for part in parts:
        members = [node for node in labels if node in part]
        across, down = _area(graph, members, labels, width)
        if x + across > width:
            x, y, row = 0.0, y + row + 24, 0.0
        for node in members:
            labels[node].x += _MARGIN + x
            labels[node].y += _TOP + y
        x, row = x + across + 24, max(row, down)
    if not y:
        for label in labels.values():
            label.x += (width - (x - 24)) / 2
    return y + row


def _area(graph: nx.Graph[str], members: list[str], labels: Mapping[str, _Label], width: float) -> tuple[float, float]:
    """Place the labels of one part from the corner 0, 0 and return its width and height."""
    import networkx as nx

    found = [labels[node] for node in members]
    surface = sum((label.width + _APART) * (label.height + _APART) for label in found)
    across = min(width, max(1.4 * math.sqrt(surface / _FULL), *(label.width for label in found)))
    down = max(surface / _FULL / across, *(label.height for label in found))
    # A view of the graph would have its nodes in an order that changes from run to run.
    part: nx.Graph[str] = nx.Graph()
    part.add_nodes_from(members)
    part.add_edges_from(ends for ends in graph.edges() if ends[0] in part)
    places = nx.spring_layout(part, seed=_SEED, weight=None, iterations=300)
    for label, x, y in zip(
        found, *(_spread([float(places[node][axis]) for node in members]) for axis in (0, 1)), strict=True
    ):
        label.x, label.y = x * across, y * down
    for _ in range(_TRIES):
        if _part(found, across, down):
            break
        down *= 1.15
    else:
        _settle(found)
    top = min(label.y - label.height / 2 for label in found)
    for label in found:
        label.y -= top
    return across, max(label.y + label.height / 2 for label in found)


def _spread(values: list[float]) -> list[float]:
    """Return places from 0 to 1, half by value and half by rank, so that the crowded middle has room."""
    low, high = min(values), max(values)
    order = {
        place: rank for rank, place in enumerate(sorted(range(len(values)), key=lambda place: (values[place], place)))
    }
    most = max(1, len(values) - 1)
    return [(value - low) / ((high - low) or 1) / 2 + order[place] / most / 2 for place, value in enumerate(values)]


def _part(labels: list[_Label], across: float, down: float) -> bool:
    """Push labels apart inside the area and return whether none covers another any more."""
    for _ in range(_ROUNDS):
        for label in labels:
            label.x = min(max(label.x, label.width / 2), across - label.width / 2)
            label.y = min(max(label.y, label.height / 2), down - label.height / 2)
        moved = False
        for place, one in enumerate(labels):
            for two in labels[place + 1 :]:
                moved |= _push(one, two)
        if not moved:
            return True
    return False


def _push(one: _Label, two: _Label) -> bool:
    """Push two labels apart along the side on which, for their size, they are farther apart already."""
    wide, high = (one.width + two.width) / 2 + _APART, (one.height + two.height) / 2 + _APART
    x, y = wide - abs(one.x - two.x), high - abs(one.y - two.y)
    if x <= 0.05 or y <= 0.05:
        return False
    if x / wide < y / high:
        step = x / 2 if one.x <= two.x else -x / 2
        one.x, two.x = one.x - step, two.x + step
    else:
        step = y / 2 if one.y <= two.y else -y / 2
        one.y, two.y = one.y - step, two.y + step
    return True


def _settle(labels: list[_Label]) -> None:
    """Go down the page and move each label below those above that it would cover."""
    done: list[_Label] = []
    for label in sorted(labels, key=lambda label: (label.y, label.x)):
        while covering := [other for other in done if _covers(label, other)]:
            label.y = max(other.y + (other.height + label.height) / 2 + 4 for other in covering)
        done.append(label)


def _covers(one: _Label, two: _Label) -> bool:
    return abs(one.x - two.x) < (one.width + two.width) / 2 and abs(one.y - two.y) < (one.height + two.height) / 2


def _edge(one: _Label, two: _Label, edge: Mapping[str, object], heaviest: float) -> str:
    weight = float(str(edge.get("weight", 1)))
    width = 0.8 + 2.4 * max(0.0, weight) / heaviest
    ends = f'x1="{number(one.x)}" y1="{number(one.y)}" x2="{number(two.x)}" y2="{number(two.y)}"'
    return f'<line {ends} stroke="#AEB5BF" stroke-width="{number(width)}"/>'


def _drawn(label: _Label, colour: Colour) -> str:
    left, top = label.x - label.width / 2, label.y - label.height / 2
    pieces = [box(left, top, label.width, label.height, fill=colour.tint, stroke=colour.strong, radius=8)]
    for place, line in enumerate(label.lines):
        y = top + 14.5 + place * _LINE
        pieces.append(text_line(label.x, y, line, size=_SIZE, fill=colour.ink, anchor="middle"))
    return group(pieces, title=" ".join(label.lines))


def _colour(place: int) -> Colour:
    """Return the colour of a community: more colours than these could not be told apart by all readers."""
    return _COLOURS[place] if place < len(_COLOURS) else GREY


def _legend(communities: Iterable[str], y: float) -> tuple[list[str], float]:
    pieces, x = [], 24.0
    names = list(communities)
    if len(names) > len(_COLOURS):
        names[len(_COLOURS) :] = [f"{len(names) - len(_COLOURS)} more"]
    for place, name in enumerate(names):
        colour = _colour(place)
        (shown, *_) = (*wrapped(name, 11, 380, most=1), "")
        if x > 24 and x + 34 + width_of(shown, 11) > 876:
            x, y = 24.0, y + 18
        pieces.append(box(x, y - 10, 14, 12, fill=colour.tint, stroke=colour.strong, radius=3))
        pieces.append(text_line(x + 20, y, shown, size=11, fill=MUTED))
        x += 40 + width_of(shown, 11)
    return pieces, y
