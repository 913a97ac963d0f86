"""A worked example: from a built graph to a finding about owners and methods, as a script would do it."""

from __future__ import annotations

from pathlib import Path

import networkx as nx

import kg
from tests.network import built


def test_from_a_build_to_whom_to_call(tmp_path: Path) -> None:
    built.pages_store(tmp_path).close()

    with kg.open(tmp_path) as graph:
        # 1. Who is there? The whole network is one NetworkX graph of typed nodes.
        network = graph.network()
        kinds = nx.get_node_attributes(network, "kind")
        projects = [node for node, kind in kinds.items() if kind == "project"]
        assert len(projects) == 44

        # 2. Which owners share a method, weighted so that a method everyone uses counts little?
        owners = graph.projection("owner", through="method", weighting="idf")
        label = nx.get_node_attributes(owners, "label")
        pairs = sorted(owners.edges(data=True), key=lambda edge: -edge[2]["weight"])
        shared = {frozenset((label[one], label[two])): edge for one, two, edge in pairs}

        # 3. Two coordination associations in different regions both build on BIP, and have no project in common.
        ends = frozenset(("Samordningsförbundet Östra Södertörn", "Samordningsförbundet Centrala Östergötland"))
        edge = shared[ends]
        assert "method:bip" in edge["shared"]
        assert edge["same_words"] == ()

        # 4. In which words do they say so? The evidence is on the edges of the network.
        words = {
            network.nodes[project]["label"]: network.edges[project, "method:bip", "method"]["quote"]
            for project in network.predecessors("method:bip")
            if kinds[project] == "project"
        }
        assert words.keys() == {"Inkluderingslyftet", "Lumena"}
        assert all("BIP" in quote for quote in words.values())

        # 5. And who is most like Inkluderingslyftet among projects elsewhere?
        found = graph.similar("22-045-S01", region="SE11")
        assert found[0].project.label in ("Conecto", "Lumena")
        assert [owner.label for owner in found[0].owners] == ["Samordningsförbundet Östra Södertörn"]
