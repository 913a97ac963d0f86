"""The library as `kg.open` gives it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from rdflib import Literal, URIRef

import kg
from tests.servers import free_port


def test_a_build_is_opened_and_asked(seeds_build: Path) -> None:
    with kg.open(seeds_build) as graph:
        rows = list(graph.query("shared-methods", region="SE11"))
        assert "Tjänstedesign" in {str(row["methodName"]) for row in rows}
        assert len(graph.construct("project-graph", project="22-014-S05")) > 20
        project = URIRef("https://w3id.org/esf-kg/id/project/22-014-S05")
        title = graph.dataset.value(project, URIRef("http://purl.org/dc/terms/title"))
        assert title == Literal("Lumena", lang="sv")
    with pytest.raises(kg.UsageError, match="the graph is closed"):
        graph.query("shared-methods")


def test_records_are_plain_values(seeds_build: Path) -> None:
    with kg.open(str(seeds_build)) as graph:
        (record,) = graph.query("participants-by-programme", programme="2014SE05M9OP001").records()

    assert record["participants"] == 130
    assert isinstance(record["programmeName"], str)


def test_a_server_is_opened_and_tells_its_base(seeds_server: str, seeds_build: Path) -> None:
    with kg.open(endpoint=seeds_server) as there, kg.open(seeds_build) as here:
        assert there.store.base == here.store.base
        assert there.query("owners-by-projects") == here.query("owners-by-projects")
        assert there.network().number_of_edges() == here.network().number_of_edges()


def test_the_network_has_the_projects(seeds_build: Path) -> None:
    with kg.open(seeds_build) as graph:
        network = graph.network()

    assert len([node for node in network if network.nodes[node]["kind"] == "project"]) == 5


def test_pairs_and_likeness_come_from_the_network(seeds_build: Path) -> None:
    with kg.open(seeds_build) as graph:
        owners = graph.projection("owner", through="method")
        pairs = graph.bipartite("project", "method")
        nearest = graph.similar("22-014-S05", top=1)

    assert owners.has_edge("owner:2220002162", "owner:2220002485")
    assert pairs.has_edge("project:22-014-S05", "method:bip")
    assert len(nearest) == 1
    with pytest.raises(kg.UsageError):
        graph.similar()


def test_a_server_of_another_base_is_found_out(seeds_build: Path, tmp_path: Path) -> None:
    from kg.build import build
    from kg.resources import folder
    from kg.store.push import push
    from tests.servers import oxigraph_server

    build([folder("seeds")], tmp_path / "build", base="https://other.example/kg/")
    with kg.open(tmp_path / "build") as here, oxigraph_server() as address:
        server = kg.graph.remote_store(f"{address}/query", base=here.store.base, update_endpoint=f"{address}/update")
        push(here.store.nquads, server)
        with kg.open(endpoint=f"{address}/query") as there:
            assert there.store.base == "https://other.example/kg/"
            assert there.query("shared-methods") == here.query("shared-methods")


def test_errors_are_of_the_package(tmp_path: Path) -> None:
    with pytest.raises(kg.BuildError):
        kg.open(tmp_path)
    with pytest.raises(kg.EndpointError):
        kg.open(endpoint=f"http://127.0.0.1:{free_port()}/")
    with pytest.raises(kg.UsageError, match="base= goes with endpoint="):
        kg.open(tmp_path, base="https://other.example/")
    with pytest.raises(kg.UsageError, match="base"):
        kg.open(endpoint="http://127.0.0.1:1/", base="no base")


def test_the_public_names_are_these() -> None:
    assert kg.__all__ == sorted(kg.__all__, key=lambda name: (name.islower(), name))
    assert {name for name in kg.__all__ if not hasattr(kg, name)} == set()
    assert issubclass(kg.UsageError, kg.KgError)
    assert kg.__version__.count(".") == 2
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        kg.nothing  # noqa: B018


def test_importing_the_package_imports_nothing_heavy() -> None:
    heavy = ("rdflib", "networkx", "pyshacl", "SPARQLWrapper", "scipy", "pyoxigraph", "oxrdflib", "importlib.metadata")
    code = f"import sys, kg, kg.store, kg.queries; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
