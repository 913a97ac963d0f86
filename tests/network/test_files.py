"""Files of the network for other programs: NetworkX reads them back, and the same graph gives the same text."""

from __future__ import annotations

import csv
import json
import pickle
from io import BytesIO, StringIO

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import InputError, UsageError
from kg.network import network
from kg.network.files import WRITERS, graph_file
from kg.store import EmbeddedStore


@pytest.fixture(scope="module")
def graph(seeds_store: EmbeddedStore) -> nx.MultiDiGraph[str]:
    return network(seeds_store)


def _text(graph: nx.MultiDiGraph[str], suffix: str) -> str:
    return "".join(graph_file(graph, suffix))


def _edges(graph: nx.Graph[str]) -> set[tuple[str, str, str, str]]:
    return {(s, t, data["relation"], data.get("quote", "")) for s, t, data in graph.edges(data=True)}


def test_graphml_reads_back(graph: nx.MultiDiGraph[str]) -> None:
    back = nx.read_graphml(BytesIO(_text(graph, ".graphml").encode()), force_multigraph=True)

    assert {node: back.nodes[node] for node in back} == {node: graph.nodes[node] for node in graph}
    assert _edges(back) == _edges(graph)


def test_gexf_reads_back_with_colours_and_positions(graph: nx.MultiDiGraph[str]) -> None:
    back = nx.read_gexf(BytesIO(_text(graph, ".gexf").encode()), version="1.2draft")

    for node, attributes in graph.nodes(data=True):
        found = dict(back.nodes[node])
        look = found.pop("viz")
        assert found == attributes
        assert {"color", "position", "size"} <= look.keys()
    assert {(s, t) for s, t in back.edges()} == {(s, t) for s, t in graph.edges()}
    places = {tuple(back.nodes[node]["viz"]["position"].values()) for node in back}
    assert len(places) == len(back)


def test_gexf_has_no_date(graph: nx.MultiDiGraph[str]) -> None:
    assert "lastmodifieddate" not in _text(graph, ".gexf")


def test_node_link_json_reads_back_whole(graph: nx.MultiDiGraph[str]) -> None:
    back = nx.node_link_graph(json.loads(_text(graph, ".json")), edges="edges")

    assert nx.utils.graphs_equal(back, graph)


def test_cytoscape_json_reads_back(graph: nx.MultiDiGraph[str]) -> None:
    elements = json.loads(_text(graph, ".cyjs"))["elements"]

    assert [item["data"]["id"] for item in elements["nodes"]] == list(graph.nodes)
    assert len({item["data"]["id"] for item in elements["edges"]}) == graph.number_of_edges()
    assert all(item["data"]["name"] == item["data"]["label"] for item in elements["nodes"])


def test_the_list_of_edges_has_one_line_an_edge(graph: nx.MultiDiGraph[str]) -> None:
    rows = list(csv.DictReader(StringIO(_text(graph, ".csv"))))

    assert len(rows) == graph.number_of_edges()
    (row,) = (r for r in rows if r["source"] == "project:22-014-S05" and r["target"] == "method:bip")
    assert (row["relation"], row["sourceLabel"], row["role"]) == ("method", "Lumena", "builds-on")


@pytest.mark.parametrize("suffix", WRITERS)
def test_the_same_graph_gives_the_same_text(graph: nx.MultiDiGraph[str], suffix: str) -> None:
    assert _text(graph, suffix) == _text(graph.copy(), suffix)


@pytest.mark.parametrize("suffix", WRITERS)
def test_an_empty_graph_can_be_written(suffix: str) -> None:
    assert _text(nx.MultiDiGraph(), suffix)


# What XML 1.0 can carry, with the signs that it writes in a way of its own, and line ends.
TEXTS = st.text(st.sampled_from("aö<>&\"'|,; \n\t–😀"), max_size=12)
ATTRIBUTES = st.fixed_dictionaries(
    {"label": TEXTS},
    optional={"plannedParticipants": st.integers(0, 9999), "totalBudget": st.floats(0, 1e9), "flag": st.booleans()},
)


@st.composite
def graphs(draw: st.DrawFn) -> nx.MultiDiGraph[str]:
    """Return graphs as `network` gives them: edges have their relation as key and, to methods, a quote."""
    nodes = draw(st.lists(st.sampled_from("abcd"), min_size=1, unique=True))
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(name="ESF-KG")
    for node in nodes:
        graph.add_node(f"owner:{node}", kind="owner", key=node, **draw(ATTRIBUTES))
    ends = st.tuples(st.sampled_from(nodes), st.sampled_from(nodes), st.sampled_from(["partner", "method"]))
    for one, other, relation in draw(st.lists(ends, unique=True, max_size=6)):
        quoted = {"role": "uses", "quote": draw(TEXTS)} if relation == "method" else {}
        graph.add_edge(f"owner:{one}", f"owner:{other}", key=relation, relation=relation, **quoted)
    return graph


EDGE_EXTRAS = ("id", "label", "source", "target", "key")
"""What formats add to edges."""


def _plain(graph: nx.Graph[str], *left_out: str) -> tuple[object, object]:
    nodes = {node: {k: v for k, v in data.items() if k not in left_out} for node, data in graph.nodes(data=True)}
    edges = sorted(
        (s, t, sorted((k, v) for k, v in data.items() if k not in EDGE_EXTRAS)) for s, t, data in graph.edges(data=True)
    )
    return nodes, edges


@settings(max_examples=60, deadline=None)
@given(graph=graphs())
def test_any_network_reads_back_from_every_format(graph: nx.MultiDiGraph[str]) -> None:
    from_graphml = nx.read_graphml(BytesIO(_text(graph, ".graphml").encode()), force_multigraph=True)
    from_gexf = nx.read_gexf(BytesIO(_text(graph, ".gexf").encode()), version="1.2draft")
    from_json = nx.node_link_graph(json.loads(_text(graph, ".json")), edges="edges")
    from_cytoscape = nx.cytoscape_graph(json.loads(_text(graph, ".cyjs")))
    from_pickle = pickle.loads(pickle.dumps(graph))

    assert _plain(from_graphml) == _plain(graph)
    assert _plain(from_gexf, "viz") == _plain(graph)
    assert nx.utils.graphs_equal(from_json, graph)
    assert _plain(from_cytoscape, "id", "name", "value") == _plain(graph)
    assert nx.utils.graphs_equal(from_pickle, graph)


@settings(max_examples=60, deadline=None)
@given(graph=graphs())
def test_the_list_of_edges_reads_back(graph: nx.MultiDiGraph[str]) -> None:
    rows = csv.DictReader(StringIO(_text(graph, ".csv"), newline=""))

    found = [(row["source"], row["target"], row["relation"], row["quote"], row["sourceLabel"]) for row in rows]
    assert found == [
        (s, t, data["relation"], data.get("quote", ""), graph.nodes[s]["label"])
        for s, t, data in graph.edges(data=True)
    ]


def test_an_unknown_suffix_is_refused_by_name(graph: nx.MultiDiGraph[str]) -> None:
    with pytest.raises(UsageError, match=r"'\.xlsx'; there are \.graphml, \.gexf"):
        graph_file(graph, ".xlsx")


def test_a_character_that_xml_cannot_carry_is_refused_by_name() -> None:
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    graph.add_node("project:1", kind="project", label="a\x01")

    with pytest.raises(InputError, match=r"project:1 holds the character U\+0001"):
        _text(graph, ".graphml")
