"""The picture of the data model, drawn from the ontology: its classes, their properties, and what links them.

Where a class stands is a matter of design and written here; what it holds is read from the ontology.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kg.colours import BLUE, GREEN, GREY, ORANGE, PURPLE, SKY, VERMILION, Colour
from kg.drawing.svg import (
    MUTED,
    PAPER,
    Frame,
    Point,
    box,
    curve,
    document,
    drop,
    group,
    text_line,
    width_of,
)
from kg.ontology import Ontology
from kg.statements import RDF_TYPE, descriptions, iri, triples

_COLUMNS = {"left": (24.0, 184.0), "middle": (340.0, 222.0), "right": (690.0, 186.0)}
_TOP, _GAP, _HEAD, _ROW = 66.0, 30.0, 26.0, 15.5


@dataclass(frozen=True, slots=True)
class _Class:
    """A class on the page: its name, column and colour, and properties of other vocabularies that it has."""

    name: str
    column: str
    colour: Colour
    borrowed: tuple[str, ...] = ()


_CLASSES = (
    _Class("Owner", "left", VERMILION, ("skos:prefLabel", "skos:altLabel")),
    _Class("OrganizationalUnit", "left", VERMILION, ("skos:prefLabel",)),
    _Class("Region", "left", PURPLE, ("skos:prefLabel", "skos:notation")),
    _Class("Source", "left", GREY, ("dcterms:source",)),
    _Class("Project", "middle", BLUE, ("dcterms:identifier", "dcterms:title", "dcterms:description")),
    _Class("MethodUse", "right", SKY),
    _Class("Method", "right", GREEN, ("skos:prefLabel", "skos:definition")),
    _Class("Concept", "right", GREY, ("skos:prefLabel", "skos:notation")),
    _Class("Programme", "right", SKY, ("skos:prefLabel",)),
    _Class("Fund", "right", ORANGE, ("skos:prefLabel",)),
)
_LINKED = frozenset(kind.name for kind in _CLASSES if kind.name != "Project")
_PREFIXED = {"OrganizationalUnit": "org:OrganizationalUnit", "Concept": "skos:Concept"}
_NOTES = {
    "en": {"Concept": ("(areas, objectives, fields)",)},
    "sv": {"Concept": ("(områden, mål, fält)",)},
}
_SOURCE = {
    "en": "Classes and properties of {} (prefix kg), unless another prefix is written.",
    "sv": "Klasser och egenskaper i {} (prefix kg), om inte ett annat prefix står skrivet.",
}
_TYPES = {
    "en": {"langString": "text, sv", "nonNegativeInteger": "integer", "string": "text"},
    "sv": {
        "boolean": "ja/nej",
        "date": "datum",
        "decimal": "decimaltal",
        "langString": "text, sv",
        "nonNegativeInteger": "heltal",
        "string": "text",
    },
}
_ALSO_HAS = {
    "Project": ("startDate", "endDate", "fund"),
    "Programme": ("startDate", "endDate", "fund"),
    "MethodUse": ("quote", "quoteStart", "quoteEnd", "matchedText", "matchRule"),
}
"""Properties without a domain in the ontology, because things of several classes have them."""
_ROWS = frozenset(("beneficiaryMunicipality",))
"""Links of projects that are rows and not lines: details, not what the graph is about."""
_STANDS_FOR = {"Organization": "Owner"}


@dataclass(frozen=True, slots=True)
class _Property:
    name: str
    domain: str
    range: str
    links: bool


@dataclass(slots=True)
class _Placed:
    """A class with its rows, at its place."""

    kind: _Class
    rows: tuple[tuple[str, str], ...]
    x: float
    width: float
    y: float = 0

    @property
    def height(self) -> float:
        return _HEAD + _ROW * len(self.rows) + (8 if self.rows else 0)

    @property
    def middle(self) -> float:
        return self.y + self.height / 2

    @property
    def bottom(self) -> float:
        return self.y + self.height


def model_picture(ontology: Ontology, language: str = "en") -> str:
    """Return the SVG picture of the classes and properties of the ontology, 900 pixels wide, in ``en`` or ``sv``."""
    properties = _properties(ontology)
    placed = {kind.name: _placed(kind, properties, language) for kind in _CLASSES}
    height = _stack(placed)
    links = _links(properties)
    frame = Frame(
        900,
        height + 50,
        "Datamodellen" if language == "sv" else "The data model",
        _described(links, language),
        _SOURCE[language].format(ontology.names.prefixes()["kg"]),
    )
    return document(
        frame,
        [
            *_drawn_links(links, placed),
            *_drops(placed),
            *[_drawn(each) for each in placed.values()],
        ],
    )


def _properties(ontology: Ontology) -> list[_Property]:
    """Return the properties of our classes, by name."""
    prefixes = ontology.names.prefixes()
    lines = (line for text in ontology.graphs.values() for line in text.decode().split("\n"))
    found = []
    for described in descriptions(triple for triple in triples(lines) if triple.startswith(f"<{prefixes['kg']}")):
        kinds = {_local(term) for term in described.values.get(RDF_TYPE, ())}
        if kinds & {"ObjectProperty", "DatatypeProperty"}:
            domains = described.values.get(f"<{prefixes['rdfs']}domain>", ())
            ranges = described.values.get(f"<{prefixes['rdfs']}range>", ())
            found.append(
                _Property(
                    name=_local(described.subject),
                    domain=_local(domains[0]) if domains else "",
                    range=_local(ranges[0]) if ranges else "",
                    links="ObjectProperty" in kinds,
                )
            )
    return found


def _local(term: str) -> str:
    return iri(term).replace("#", "/").rpartition("/")[2]


def _placed(kind: _Class, properties: Sequence[_Property], language: str) -> _Placed:
    x, width = _COLUMNS[kind.column]
    own = [each for each in properties if each.domain == kind.name or _also(kind.name, each)]
    rows = [*((name, "") for name in kind.borrowed), *((note, "") for note in _NOTES[language].get(kind.name, ()))]
    rows += [(each.name, _type(each, language)) for each in own if not each.links or not _is_line(kind.name, each)]
    return _Placed(kind, tuple(rows), x, width)


def _also(name: str, each: _Property) -> bool:
    return not each.domain and each.name in _ALSO_HAS.get(name, ())


def _is_line(name: str, each: _Property) -> bool:
    """Return whether a linking property is a line in the picture, and not a row of its class."""
    if name == "Project":
        return each.name not in _ROWS and _STANDS_FOR.get(each.range, each.range) in _LINKED
    return name in ("MethodUse", "Programme")


def _type(each: _Property, language: str) -> str:
    if not each.links:
        return _TYPES[language].get(each.range, each.range)
    code = "→ kod" if language == "sv" else "→ code"
    return {"Concept": code, "": "→ IRI"}.get(each.range, f"→ {each.range}")


def _stack(placed: Mapping[str, _Placed]) -> float:
    """Put the classes of each column below each other, the columns centred; return the lowest point."""
    columns = {name: [each for each in placed.values() if each.kind.column == name] for name in _COLUMNS}
    heights = {name: sum(each.height for each in column) + _GAP * (len(column) - 1) for name, column in columns.items()}
    tallest = max(heights.values())
    for name, column in columns.items():
        gap = _GAP + (tallest - heights[name]) / max(1, len(column) - 1) if len(column) > 1 else 0
        y = _TOP if len(column) > 1 else _TOP + (tallest - heights[name]) / 2
        for each in column:
            each.y = y
            y += each.height + gap
    return _TOP + tallest


def _links(properties: Sequence[_Property]) -> list[tuple[str, str, str]]:
    """Return the lines that leave a project: property, column, and the class it leads to."""
    columns = {kind.name: kind.column for kind in _CLASSES}
    found = [("prov:wasDerivedFrom", "left", "Source")]
    for each in properties:
        target = _STANDS_FOR.get(each.range, each.range)
        of_project = each.domain == "Project" or _also("Project", each)
        if each.links and of_project and _is_line("Project", each):
            found.append((each.name, columns[target], target))
    return found


def _drawn_links(links: Sequence[tuple[str, str, str]], placed: Mapping[str, _Placed]) -> list[str]:
    project = placed["Project"]
    pieces = []
    for side in ("left", "right"):
        here = sorted(
            (link for link in links if link[1] == side), key=lambda link: (placed[link[2]].middle, link[2], link[0])
        )
        near_x = project.x if side == "left" else project.x + project.width
        step = min(26.0, (project.height - 40) / max(1, len(here) - 1))
        for place, (name, _, target) in enumerate(here):
            other = placed[target]
            siblings = [link[0] for link in here if link[2] == target]
            far_y = other.middle + (siblings.index(name) - (len(siblings) - 1) / 2) * 20
            start = (near_x, project.middle + (place - (len(here) - 1) / 2) * step)
            end = (other.x + other.width if side == "left" else other.x, far_y)
            pieces.append(curve(start, end, stroke=other.kind.colour.strong, arrow=True))
            pieces.append(_label(name, ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)))
    return pieces


def _label(text: str, middle: Point) -> str:
    width = width_of(text, 11) + 6
    x, y = middle
    return box(x - width / 2, y - 8, width, 16, fill=PAPER, radius=3) + text_line(
        x, y + 4, text, size=11, anchor="middle"
    )


def _drops(placed: Mapping[str, _Placed]) -> list[str]:
    """Return the lines between classes of the same column."""
    pieces = []
    for name, upper, lower, down in (
        ("useOf", "MethodUse", "Method", True),
        ("fund", "Programme", "Fund", True),
        ("org:unitOf", "OrganizationalUnit", "Owner", False),
    ):
        first, second = placed[upper], placed[lower]
        x = first.x + first.width / 2
        start, end = ((x, first.bottom), (x, second.y)) if down else ((x, first.y), (x, second.bottom))
        pieces.append(drop(start, end, stroke=second.kind.colour.strong))
        pieces.append(text_line(x + 8, (start[1] + end[1]) / 2 + 4, name, size=11))
    return pieces


def _drawn(each: _Placed) -> str:
    colour = each.kind.colour
    name = _PREFIXED.get(each.kind.name, each.kind.name)
    pieces = [
        box(each.x, each.y, each.width, each.height, fill=PAPER, stroke=colour.strong),
        box(each.x + 0.5, each.y + 0.5, each.width - 1, _HEAD - 2, fill=colour.tint, radius=5.5),
        text_line(each.x + 10, each.y + 17, name, size=13, fill=colour.ink, weight=600),
    ]
    for place, (row, kind) in enumerate(each.rows):
        y = each.y + _HEAD + 12 + place * _ROW
        pieces.append(text_line(each.x + 10, y, row, size=11))
        if kind:
            pieces.append(text_line(each.x + each.width - 8, y, kind, size=10.5, fill=MUTED, anchor="end"))
    return group(pieces)


def _described(links: Iterable[tuple[str, str, str]], language: str) -> str:
    if language == "sv":
        listed = ", ".join(f"{name} till {target}" for name, _, target in links)
        return (
            f"Ett projekt har länkar till annat: {listed}. En metodanvändning leder till metoden med useOf, ett"
            " program till sin fond med fund, en enhet till sin ägare med org:unitOf."
        )
    listed = ", ".join(f"{name} to {target}" for name, _, target in links)
    return (
        f"A project has links to other things: {listed}. A use of a method leads to the method with useOf, a"
        " programme to its fund with fund, a unit to its owner with org:unitOf."
    )
