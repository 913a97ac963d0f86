"""Pictures of answers: clouds, timelines, maps and bars."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from dataclasses import replace
from itertools import combinations, pairwise
from xml.etree import ElementTree

import networkx as nx
import pytest

from kg.colours import GREY
from kg.drawing.bars import Bar, bars_picture
from kg.drawing.cloud import cloud_picture
from kg.drawing.regions import regions_picture
from kg.drawing.timeline import timeline_picture
from kg.network import Node
from kg.network.spread import Step
from tests.drawing.test_pictures import SVG, boxes, words

REGIONS = ("SE11", "SE12", "SE21", "SE22", "SE23", "SE31", "SE32", "SE33")


def _graph(nodes: int, edges: int) -> nx.Graph[str]:
    chance = random.Random(nodes)
    graph: nx.Graph[str] = nx.Graph()
    for number in range(nodes):
        graph.add_node(
            f"owner:{number}", label=f"Organisation {number} med ett ganska långt namn i länet"[: 12 + number % 40]
        )
    for _ in range(edges):
        one, two = chance.sample(range(nodes), 2)
        graph.add_edge(f"owner:{one}", f"owner:{two}", weight=chance.random())
    return graph


def _node(kind: str, key: str, label: str, **attributes: str) -> Node:
    return Node(f"{kind}:{key}", kind, key, f"https://example.org/{key}", label, attributes)


def _steps() -> list[Step]:
    first = Step(
        project=_node("project", "1", "Första <projektet>", startDate="2019-03-01", endDate="2021-12-31"),
        start="2019-03-01",
        owners=(_node("owner", "a", "Ägare A"),),
        regions=(_node("region", "SE12", "Östra Mellansverige"),),
        roles=("trains", "builds-on"),
        new_region=True,
        new_owner=True,
    )
    late = replace(first, project=_node("project", "2", "Andra", startDate="2023-06-01"), start="2023-06-01")
    return [first, late, replace(first, project=_node("project", "3", "Odaterat"), start="", regions=())]


@pytest.mark.parametrize(("nodes", "edges"), [(2, 1), (12, 20), (60, 90), (150, 260)])
def test_no_label_of_a_cloud_covers_another(nodes: int, edges: int) -> None:
    graph = _graph(nodes, edges)
    picture = cloud_picture(graph, {}, title="Moln", description="")

    found = boxes(picture)
    assert len(found) == sum(degree > 0 for _, degree in graph.degree())
    assert [pair for pair in combinations(found, 2) if pair[0].overlaps(pair[1])] == []
    assert all(box.x >= 0 and box.x + box.width <= 900 for box in found)


@pytest.mark.parametrize("seed", range(12))
def test_no_label_of_a_small_part_covers_another(seed: int) -> None:
    graph: nx.Graph[str] = nx.relabel_nodes(nx.gnm_random_graph(6, 7, seed=seed), str)
    for node in graph:
        graph.nodes[node]["label"] = "Samverkan och anställningsbarhet i hela länet"[: 8 + 7 * int(node)]

    found = boxes(cloud_picture(graph, {}, title="Moln", description=""))

    assert [pair for pair in combinations(found, 2) if pair[0].overlaps(pair[1])] == []


def test_a_cloud_does_not_depend_on_the_order_of_sets() -> None:
    code = (
        "import networkx as nx; from kg.drawing.cloud import cloud_picture;"
        "graph = nx.relabel_nodes(nx.disjoint_union(nx.path_graph(5), nx.cycle_graph(20)), str);"
        "print(cloud_picture(graph, {}, title='Moln', description=''))"
    )
    found = [
        subprocess.run(
            [sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    ]

    assert found[0] == found[1]
    assert found[0]


def test_bars_of_several_kinds_have_a_legend() -> None:
    bars = [Bar("BIP", 2, "2 projects", "method"), Bar("Motala kommun", 1, "1 project", "owner")]

    assert "method owner" in words(bars_picture(bars, title="Staplar", description=""))
    assert "method" not in words(bars_picture(bars[:1], title="Staplar", description=""))


def test_a_cloud_has_its_communities_in_colours_and_in_the_legend() -> None:
    graph = _graph(6, 8)
    linked = [node for node, degree in graph.degree() if degree]
    communities = {"BIP": linked[:2], "Tjänstedesign": linked[2:]}
    root = ElementTree.fromstring(cloud_picture(graph, communities, title="Moln", description="Två grupper."))

    strokes = [shape.attrib["stroke"] for shape in root.iter(f"{SVG}rect")]
    assert strokes.count("#0072B2") == 1 + 2
    assert strokes.count("#D55E00") == 1 + len(linked) - 2
    assert {"BIP", "Tjänstedesign"} <= {text.text for text in root.iter(f"{SVG}text")}
    assert root.findtext(f"{SVG}desc") == "Två grupper."


def test_communities_beyond_the_colours_are_grey_and_counted() -> None:
    graph: nx.Graph[str] = nx.relabel_nodes(nx.path_graph(10), str)
    picture = cloud_picture(graph, {f"Grupp {node}": [node] for node in graph}, title="Moln", description="")

    assert "Grupp 6 3 more" in words(picture)
    assert picture.count(f'stroke="{GREY.strong}"') == 1 + 3


def test_the_same_graph_gives_the_same_cloud() -> None:
    assert cloud_picture(_graph(30, 40), {}, title="", description="") == cloud_picture(
        _graph(30, 40), {}, title="", description=""
    )


def test_an_empty_graph_gives_an_empty_cloud() -> None:
    assert "<svg" in cloud_picture(nx.Graph(), {}, title="Tomt", description="")


def test_a_timeline_has_a_bar_a_dated_project_in_the_order_of_time() -> None:
    picture = timeline_picture(_steps(), title="BIP i tid", description="")

    shown = words(picture)
    assert "Första <projektet>" in shown
    assert "first day unknown · trains, builds-on" in shown
    bars = [box for box in boxes(picture) if box.height == 22]
    assert len(bars) == 2
    assert bars[0].x < bars[1].x
    assert bars[0].width == pytest.approx((870 - 290) * (2 + 306 / 365.25) / 5, abs=4)


def test_a_map_shades_every_region_and_says_its_number() -> None:
    counts = {"SE12": 1200.0, "SE33": 300.0}
    picture = regions_picture(
        counts, {"SE12": "Östra Mellansverige"}, title="Karta", description="", unit="projects", note="and 5 elsewhere"
    )
    root = ElementTree.fromstring(picture)

    titles = [found.text for found in root.iter(f"{SVG}title")]
    assert "Östra Mellansverige: 1 200 projects" in titles
    assert "SE21: 0 projects" in titles
    shapes = [path.attrib["fill"] for path in root.iter(f"{SVG}path") if path.attrib["fill"] != "none"]
    assert len(shapes) == len(REGIONS)
    assert len(set(shapes)) == 3
    assert "and 5 elsewhere" in words(picture)


def test_one_of_something_is_singular_and_a_region_that_cannot_have_any_says_so() -> None:
    picture = regions_picture(
        {"SE12": 1.0}, {}, title="Karta", description="", unit="methods", absent={"SE33": "no project"}
    )

    titles = [found.text for found in ElementTree.fromstring(picture).iter(f"{SVG}title")]
    assert {"SE12: 1 method", "SE11: 0 methods", "SE33: no project"} <= set(titles)
    assert "no project" in words(picture)


def test_a_long_timeline_holds_the_first_projects_and_the_first_of_each_region() -> None:
    first, late, _ = _steps()
    steps = [replace(first, new_region=False)] * 99 + [replace(late, new_region=True)]
    picture = timeline_picture(steps, title="BIP i tid", description="", source="Källa.")

    assert words(picture).count("Första") == 39
    assert "Andra" in words(picture)
    assert "60 more are not drawn. Källa." in words(picture)


def test_names_on_the_map_do_not_touch() -> None:
    root = ElementTree.fromstring(regions_picture({}, {}, title="Karta", description=""))

    lines = sorted(float(text.attrib["y"]) for text in root.iter(f"{SVG}text") if text.attrib["x"] == "420")
    assert len(lines) == 2 * len(REGIONS)
    assert all(later - earlier > 12 for earlier, later in pairwise(lines))


def test_bars_are_as_long_as_their_values() -> None:
    picture = bars_picture(
        [Bar("Ägare A", 10, "10 projects", "owner"), Bar("Ägare B", 5, "5 projects", "owner"), Bar("C", 0, "none")],
        title="Staplar",
        description="",
    )

    root = ElementTree.fromstring(picture)
    lengths = [float(shape.attrib["width"]) for shape in root.iter(f"{SVG}rect") if shape.attrib["height"] == "17"]
    assert lengths[0] == pytest.approx(2 * lengths[1], abs=0.1)
    assert lengths[2] == 1
    assert "10 projects" in words(picture)
