"""`kg network` and `kg export` as a user runs them."""

from __future__ import annotations

import csv
import json
from io import StringIO
from pathlib import Path

import networkx as nx
import pytest
import typer
from typer.testing import CliRunner, Result

from kg.cli import export, network
from kg.errors import BuildError, UsageError
from kg.store import open_build
from tests.network import built
from tests.servers import oxigraph_server


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("build")
    built.seeds_store(place).close()
    return place


def _run(*words: str | Path) -> Result:
    app = typer.Typer()
    network.register(app)
    export.register(app)
    return CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=True)


def test_shared_prints_a_table_and_a_sentence(build: Path) -> None:
    result = _run("network", "shared", "--build", build)

    assert result.exit_code == 0
    assert "Tjänstedesign" in result.stdout
    assert "same sentence" in result.stdout
    assert "link two or more projects." in result.stderr


def test_shared_as_json_holds_quotes_and_keys(build: Path) -> None:
    result = _run("network", "shared", "--build", build, "--json")

    rows = {row["key"]: row for row in json.loads(result.stdout)}
    assert rows["service-design"]["same_words"] is True
    assert "tjänstedesignmetoder" in rows["service-design"]["quotes"][0]
    assert rows["bip"]["projects"] == [
        {"key": "22-014-S05", "label": "Lumena"},
        {"key": "22-045-S01", "label": "Inkluderingslyftet"},
    ]
    assert result.stderr == ""


def test_shared_as_csv_has_one_row_each(build: Path) -> None:
    result = _run("network", "shared", "--build", build, "--format", "csv")

    rows = {row["key"]: row for row in csv.DictReader(StringIO(result.stdout))}
    assert rows["bip"]["project"] == "22-014-S05|22-045-S01"
    assert (rows["2220002162"]["kind"], rows["2220002162"]["projects"]) == ("owner", "2")


def test_an_unknown_format_is_a_usage_error(build: Path) -> None:
    result = _run("network", "shared", "--build", build, "--format", "xml")

    assert isinstance(result.exception, UsageError)
    assert result.exception.exit_code == 2


def test_a_missing_build_is_a_build_error(tmp_path: Path) -> None:
    result = _run("network", "shared", "--build", tmp_path / "nothing")

    assert isinstance(result.exception, BuildError)


def test_shared_can_be_drawn(build: Path, tmp_path: Path) -> None:
    result = _run("network", "shared", "--build", build, "--plot", tmp_path / "shared.svg")

    text = (tmp_path / "shared.svg").read_text(encoding="utf-8")
    assert result.exit_code == 0
    assert "Lumena" in text
    assert "VISA" not in text


def test_draw_writes_a_picture_of_chosen_projects(build: Path, tmp_path: Path) -> None:
    file = tmp_path / "picture.svg"

    result = _run("network", "draw", file, "--build", build, "--project", "22-014-S05", "--title", "Ett & annat")

    text = file.read_text(encoding="utf-8")
    assert result.stderr == f"wrote {file}\n"
    assert "Lumena" in text
    assert "Conecto" not in text
    assert "Ett &amp; annat" in text


def test_export_of_the_network_goes_by_the_suffix(build: Path, tmp_path: Path) -> None:
    result = _run("network", "export", tmp_path / "kg.graphml", "--build", build)

    assert result.exit_code == 0
    assert "project:22-014-S05" in nx.read_graphml(tmp_path / "kg.graphml", force_multigraph=True)
    assert "nodes and" in result.stderr


def test_export_writes_the_files_that_are_asked_for(build: Path, tmp_path: Path) -> None:
    result = _run("export", tmp_path / "out", "--build", build, "--format", "ttl", "-f", "csv")

    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == ["csv-metadata.json", "kg.ttl", "methods.csv", "owners.csv", "projects.csv", "uses.csv"]
    assert sorted(result.stdout.split()) == [str(tmp_path / "out" / name) for name in names]
    assert "writing kg.ttl" in result.stderr


def test_the_same_commands_ask_a_server(build: Path, tmp_path: Path) -> None:
    with oxigraph_server() as address, open_build(build) as store:
        built.push(store, f"{address}/store")
        options = ("--endpoint", f"{address}/query")
        remote = _run("network", "shared", *options, "--json")
        exported = _run("export", tmp_path / "remote", *options, "--format", "ttl")

    local = _run("network", "shared", "--build", build, "--json")
    _run("export", tmp_path / "local", "--build", build, "--format", "ttl")
    assert json.loads(remote.stdout) == json.loads(local.stdout)
    assert exported.exit_code == 0
    assert _triples(tmp_path / "remote" / "kg.ttl") == _triples(tmp_path / "local" / "kg.ttl")


def _triples(path: Path) -> set[tuple[object, ...]]:
    import rdflib

    # As a graph of rdflib: a server may give every whole number back as xsd:integer.
    graph = rdflib.Graph().parse(path, format="turtle")
    return {(s, p, getattr(o, "value", None) or o) for s, p, o in graph}


@pytest.mark.parametrize(
    "words", [("draw", "picture.png"), ("shared", "--plot", "picture.pdf"), ("bridges", "--plot", "picture.PNG")]
)
def test_a_picture_is_not_written_under_the_name_of_another_format(build: Path, words: tuple[str, ...]) -> None:
    result = _run("network", *words, "--build", build)

    assert isinstance(result.exception, UsageError)
    assert "pictures are SVG" in str(result.exception)
    assert not Path(words[-1]).exists()
