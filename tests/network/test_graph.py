"""The NetworkX graph: typed, labelled, complete, in a stable order."""

from __future__ import annotations

import pickle
import random
from pathlib import Path

import networkx as nx
import pytest

from kg.errors import InputError, UsageError
from kg.network import Facts, network, read, selected
from kg.network.reading import KINDS, RELATIONS
from kg.store import EmbeddedStore
from tests.network import small


@pytest.fixture(scope="module")
def graph(small_store: EmbeddedStore) -> nx.MultiDiGraph[str]:
    return network(small_store)


def test_every_node_is_typed_labelled_and_named_by_kind_and_key(graph: nx.MultiDiGraph[str]) -> None:
    for node, attributes in graph.nodes(data=True):
        assert node == f"{attributes['kind']}:{attributes['key']}"
        assert attributes["kind"] in KINDS
        assert attributes["label"]
        assert attributes["iri"].startswith(small.NAMES.base)


def test_a_project_has_its_facts_as_plain_values(graph: nx.MultiDiGraph[str]) -> None:
    assert graph.nodes["project:2017-00082"] == {
        "kind": "project",
        "key": "2017-00082",
        "iri": "https://example.org/kg/id/project/2017-00082",
        "label": "VISA",
        "currency": "SEK",
        "endDate": "2020-10-31",
        "grantedSupport": 7528536.0,
        "identifier": "2017/00082",
        "plannedParticipants": 130,
        "startDate": "2017-09-01",
        "totalBudget": 15935467.0,
    }


def test_labels_are_swedish_with_english_beside_them(graph: nx.MultiDiGraph[str]) -> None:
    method = graph.nodes["method:service-design"]

    assert (method["label"], method["labelEn"]) == ("Tjänstedesign", "Service design")
    assert graph.nodes["intervention-field:140"]["label"] == "140"


def test_edges_have_their_relation_as_key(graph: nx.MultiDiGraph[str]) -> None:
    for _, _, key, attributes in graph.edges(keys=True, data=True):
        assert attributes["relation"] == key
        assert key in RELATIONS
    assert graph.has_edge("project:2017-00082", "owner:motala-kommun", "partner")
    assert graph.has_edge("region:SE12", "region:SE", "broader")


def test_a_method_edge_has_the_strongest_role_and_its_words(graph: nx.MultiDiGraph[str]) -> None:
    edge = graph.edges["project:22-045-S01", "method:bip", "method"]

    assert (edge["role"], edge["roles"]) == ("trains", "trains|builds-on")
    assert edge["quote"].startswith("Projektet ska omvandla")
    assert (edge["matched"], edge["confidence"]) == ("BIP", 0.9)


def test_a_mention_is_no_edge(graph: nx.MultiDiGraph[str]) -> None:
    assert not graph.has_edge("project:22-012-S04", "method:supported-employment")


def test_a_project_without_any_link_is_a_node(tmp_path: Path) -> None:
    alone = f"<{small.NAMES.thing('project', 'alone')}>"
    line = f"{alone} {small.RDF_TYPE} <{small.NAMES.term('Project')}> <{small.NAMES.thing('source', '1')}> .\n"

    with small.store_of([line], tmp_path) as store:
        graph = network(store)

    assert {node: attributes["label"] for node, attributes in graph.nodes(data=True)} == {"project:alone": "alone"}


def test_the_order_does_not_depend_on_the_order_of_statements(small_facts: Facts, tmp_path: Path) -> None:
    lines = list(small.lines())
    random.Random(3).shuffle(lines)

    with small.store_of(lines, tmp_path) as store:
        shuffled = read(store)

    assert list(shuffled.nodes.items()) == list(small_facts.nodes.items())
    assert shuffled.links == small_facts.links
    assert shuffled.uses == small_facts.uses


def test_the_graph_pickles(graph: nx.MultiDiGraph[str]) -> None:
    back = pickle.loads(pickle.dumps(graph))

    assert nx.utils.graphs_equal(back, graph)


def test_a_number_that_is_none_is_an_input_error(tmp_path: Path) -> None:
    project = f"<{small.NAMES.thing('project', '1')}>"
    graph = f"<{small.NAMES.thing('source', '1')}>"
    lines = [
        f"{project} {small.RDF_TYPE} <{small.NAMES.term('Project')}> {graph} .\n",
        f'{project} <{small.NAMES.term("plannedParticipants")}> "många" {graph} .\n',
    ]

    with small.store_of(lines, tmp_path) as store, pytest.raises(InputError, match=r"'många'.*plannedParticipants"):
        network(store)


def test_some_projects_can_be_taken_out_with_what_they_lead_to(small_facts: Facts) -> None:
    found = selected(small_facts, ["2017/00082", "22-005-S01"])

    assert [node for node in found.nodes if node.startswith("project:")] == ["project:2017-00082", "project:22-005-S01"]
    assert "method:motivational-interviewing" in found.nodes
    assert "method:bip" not in found.nodes
    assert {use.project for use in found.uses} == {"project:22-005-S01"}
    assert all(link.source in found.nodes and link.target in found.nodes for link in found.links)


def test_a_project_that_is_not_there_is_named(small_facts: Facts) -> None:
    with pytest.raises(UsageError, match="no project '99-999-S99'"):
        selected(small_facts, ["22-005-S01", "99-999-S99"])
