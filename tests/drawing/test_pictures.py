"""Pictures: well formed, complete, without overlaps, described for those who cannot see them, and always the same."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.colours import GREY, KIND_COLOURS, PURPLE, Colour
from kg.drawing import model_picture, projects_picture
from kg.drawing.svg import width_of, wrapped
from kg.network import Facts, Link, Node, Use, read
from kg.ontology import load
from tests.drawing.pictures import FOLDER, PICTURES
from tests.network import small

SVG = "{http://www.w3.org/2000/svg}"


@dataclass(frozen=True)
class Rectangle:
    x: float
    y: float
    width: float
    height: float

    def overlaps(self, other: Rectangle) -> bool:
        apart = (
            self.x + self.width <= other.x
            or other.x + other.width <= self.x
            or self.y + self.height <= other.y
            or other.y + other.height <= self.y
        )
        return not apart


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Facts:
    with small.store(tmp_path_factory.mktemp("small")) as store:
        return read(store)


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Facts:
    """Thirty projects with long names, on the methods and owners of the small graph."""
    chance = random.Random(5)
    pages = [
        replace(
            chance.choice(small.PAGES),
            identifier=f"23-{number:03}-S01",
            title=f"Projekt {number} med ett långt namn som inte får plats på en enda rad i en ruta",
            region=chance.choice(list(small.REGIONS)),
            owner=chance.choice(list(small.OWNERS)),
        )
        for number in range(30)
    ]
    with small.store(tmp_path_factory.mktemp("many"), tuple(pages)) as store:
        return read(store)


def _crowd(*, projects: int, owners: int, methods: int) -> Facts:
    """Projects with an owner each, many partners of the first, and methods in turn besides one that all have."""
    kinds = (("project", "Projekt", projects), ("owner", "Ägare", owners), ("method", "Metod", methods))
    nodes = [
        Node(f"{kind}:{number}", kind, str(number), "", f"{name} {number}", {})
        for kind, name, count in kinds
        for number in range(count)
    ]
    links = [Link(f"project:{number}", "owner", f"owner:{number % owners}") for number in range(projects)]
    links += [Link("project:0", "partner", f"owner:{number}") for number in range(projects, owners)]
    used = {(number, 0) for number in range(projects)} | {(number % projects, number) for number in range(methods)}
    uses = [Use(f"project:{one}", f"method:{other}", "uses", "", "", "", 1.0) for one, other in sorted(used)]
    links += [Link(use.project, "method", use.method) for use in uses]
    return Facts({node.id: node for node in nodes}, tuple(links), tuple(uses))


def boxes(picture: str) -> list[Rectangle]:
    """Return the boxes of things: rectangles high enough for text, with an edge, apart from the page itself."""
    found = []
    for shape in ElementTree.fromstring(picture).iter(f"{SVG}rect"):
        place = Rectangle(*(float(shape.attrib[name]) for name in ("x", "y", "width", "height")))
        if shape.attrib["stroke"] != "none" and place.height > 20 and place.width < 400:
            found.append(place)
    return found


def words(picture: str) -> str:
    return " ".join(text.text or "" for text in ElementTree.fromstring(picture).iter(f"{SVG}text"))


def test_a_picture_describes_itself(facts: Facts) -> None:
    root = ElementTree.fromstring(projects_picture(facts, title="Fem & projekt", source="Källa: <prov>"))

    assert root.attrib["role"] == "img"
    assert root.findtext(f"{SVG}title") == "Fem & projekt"
    about = root.findtext(f"{SVG}desc") or ""
    assert "Lumena uses Supported Employment" in about
    assert "VISA is run by Linköpings kommun" in about


def test_every_project_owner_and_linked_method_is_named(facts: Facts) -> None:
    shown = words(projects_picture(facts, title="Bild"))

    for label in ("Inkluderingslyftet", "VISA", "Conecto", "Lumena", "BIP", "Tjänstedesign", "Motala kommun"):
        assert label in shown
    assert "Småland med öarna · SE21" in shown
    assert "2 projects, same sentence" in shown


@pytest.mark.parametrize("name", ["facts", "many"])
def test_no_box_covers_another(name: str, request: pytest.FixtureRequest) -> None:
    found: Facts = request.getfixturevalue(name)
    found_boxes = boxes(projects_picture(found, title="Bild"))

    kinds = [node.kind for node in found.nodes.values() if node.kind in ("project", "owner")]
    assert len(found_boxes) >= len(kinds)
    assert [pair for pair in combinations(found_boxes, 2) if pair[0].overlaps(pair[1])] == []


def test_everything_stays_on_the_page(many: Facts) -> None:
    picture = projects_picture(many, title="Bild")
    height = float(ElementTree.fromstring(picture).attrib["height"])

    assert all(box.x >= 0 and box.x + box.width <= 900 and box.y >= 0 for box in boxes(picture))
    assert all(box.y + box.height <= height - 40 for box in boxes(picture))


def test_what_has_no_room_is_counted_in_the_picture() -> None:
    facts = _crowd(projects=200, owners=150, methods=90)
    picture = projects_picture(facts, title="Bild", first=["198", "199"])
    root = ElementTree.fromstring(picture)

    assert float(root.attrib["height"]) < 6000
    shown = words(picture)
    assert "… and 170 more projects" in shown
    assert "Projekt 198" in shown
    assert "Projekt 199" in shown
    assert "150 projects" not in shown
    assert "200 projects" in shown  # the method that all have counts those that are not drawn
    assert "… and 170 more projects" in (root.findtext(f"{SVG}desc") or "")
    assert [pair for pair in combinations(boxes(picture), 2) if pair[0].overlaps(pair[1])] == []


def test_boxes_beside_the_projects_are_capped_and_the_shared_ones_stay() -> None:
    picture = projects_picture(_crowd(projects=4, owners=150, methods=90), title="Bild")

    assert "… and 120 more owners and 60 more methods." in words(picture)
    assert "Metod 0" in words(picture)
    assert len(boxes(picture)) == 4 + 30 + 30


def test_nothing_is_left_out_of_a_picture_that_has_room(facts: Facts) -> None:
    assert "…" not in words(projects_picture(facts, title="Bild"))


def test_the_same_facts_give_the_same_picture(facts: Facts, tmp_path: Path) -> None:
    lines = list(small.lines())
    random.Random(11).shuffle(lines)

    with small.store_of(lines, tmp_path) as store:
        assert projects_picture(read(store), title="Bild") == projects_picture(facts, title="Bild")


def test_no_projects_give_an_empty_picture() -> None:
    root = ElementTree.fromstring(projects_picture(Facts({}, (), ()), title="Tomt"))

    assert root.findtext(f"{SVG}title") == "Tomt"


def test_the_model_shows_every_class_and_property_with_a_domain() -> None:
    shown = words(model_picture(load())).split()

    for name in ("Project", "Owner", "Region", "Method", "Fund", "Programme", "MethodUse", "Source"):
        assert name in shown
    for name in ("plannedParticipants", "organisationNumber", "quote", "methodUse", "useOf", "continues", "ownerType"):
        assert name in shown
    assert "fieldLabel" not in shown


def test_no_class_of_the_model_covers_another() -> None:
    found_boxes = boxes(model_picture(load()))

    assert len(found_boxes) == 10
    assert [pair for pair in combinations(found_boxes, 2) if pair[0].overlaps(pair[1])] == []


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_in_the_repository_is_the_one_that_is_drawn_now(name: str) -> None:
    stored = (FOLDER / name).read_text(encoding="utf-8")

    assert stored == PICTURES[name](), (
        f"draw it anew: python -m tests.drawing.pictures, and look at ontology/pictures/{name}"
    )


@given(st.text(st.characters(categories=["L", "N", "P", "Zs"]), max_size=80), st.floats(40, 300), st.booleans())
def test_wrapped_lines_fit(text: str, width: float, bold: bool) -> None:
    lines = wrapped(text, 12.5, width, most=2, bold=bold)

    assert len(lines) <= 2
    assert all(width_of(line, 12.5, bold=bold) <= width for line in lines)
    if text.split() and width_of(" ".join(text.split()), 12.5, bold=bold) <= width:
        assert lines == (" ".join(text.split()),)


def _luminance(colour: str) -> float:
    parts = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colour", [*KIND_COLOURS.values(), GREY, PURPLE])
def test_text_on_every_surface_has_enough_contrast(colour: Colour) -> None:
    """WCAG 2.2, success criterion 1.4.3, level AA."""
    assert _contrast(colour.ink, colour.tint) >= 4.5
    assert _contrast("#FFFFFF", colour.deep) >= 4.5
