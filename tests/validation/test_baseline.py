"""`kg check --baseline`: only what is new is told, and only that decides the exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import rdflib
from rdflib import SH
from typer.testing import CliRunner, Result

from kg.cli import app

SHAPES = """
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX ex: <http://e/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
ex:S a sh:NodeShape ; sh:targetSubjectsOf ex:p, ex:q ;
    sh:property [ sh:path ex:p ; sh:datatype xsd:integer ; sh:message "must be a number"@en ] ;
    sh:property ex:Q .
ex:Q sh:path ( ex:q [ sh:inversePath ex:p ] ) ; sh:maxCount 0 ; sh:severity sh:Warning ; sh:message "none"@en .
"""
OLD = '<http://e/a> <http://e/p> "x" . _:b <http://e/p> "y" . <http://e/c> <http://e/q> "x" .\n'
NEW = '<http://e/d> <http://e/p> "z" . _:e <http://e/p> "y" .\n'


def run(folder: Path, data: str, *arguments: object) -> Result:
    (folder / "shapes.ttl").write_text(SHAPES)
    (folder / "data.ttl").write_text(data)
    return CliRunner().invoke(
        app, ["check", str(folder / "data.ttl"), "--shapes", str(folder / "shapes.ttl"), *map(str, arguments)]
    )


@pytest.fixture(params=["json", "turtle"])
def earlier(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    path = tmp_path / f"earlier.{'json' if request.param == 'json' else 'ttl'}"
    path.write_text(run(tmp_path, OLD, "--format", request.param).stdout)
    return path


def test_a_report_knows_all_of_itself(tmp_path: Path, earlier: Path) -> None:
    result = run(tmp_path, OLD, "--baseline", earlier)

    assert result.exit_code == 0
    assert result.stdout == "Nothing found: everything is as it should be.\n"
    assert result.stderr == f"kg: {earlier} knows 3 of the findings; 0 of its own are gone\n"


def test_only_what_is_new_is_told_in_every_format(tmp_path: Path, earlier: Path) -> None:
    told = json.loads(run(tmp_path, OLD + NEW, "--baseline", earlier, "--format", "json").stdout)
    turtle = run(tmp_path, OLD + NEW, "--baseline", earlier, "--format", "turtle")
    graph = rdflib.Graph().parse(data=turtle.stdout, format="turtle")

    assert turtle.exit_code == 1
    assert told["counts"] == {"Violation": 2, "Warning": 0, "Info": 0}
    # One of the two blank nodes with the same value is excused: they have no names to tell them apart by.
    assert sorted(finding["value"] for finding in told["findings"]) == ["y", "z"]
    assert sorted(map(str, graph.objects(None, SH.value))) == ["y", "z"]


def test_what_is_gone_is_counted(tmp_path: Path, earlier: Path) -> None:
    result = run(tmp_path, NEW, "--baseline", earlier)

    assert result.exit_code == 1
    assert result.stderr.endswith("knows 1 of the findings; 2 of its own are gone\n")


def test_a_new_warning_is_told_and_exits_0(tmp_path: Path, earlier: Path) -> None:
    result = run(tmp_path, OLD + '<http://e/f> <http://e/q> "x" .', "--baseline", earlier)

    assert result.exit_code == 0
    assert "http://e/f: none" in result.stdout


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("x.json", "{}", "is no report of kg check: it holds no list of findings"),
        ("x.json", '{"findings": [1]}', "is no report of kg check: a finding names no shape or no focus"),
        ("x.json", "no", "cannot be read as JSON"),
        ("x.ttl", "<http://e/a> <http://e/b> 1 .", "it holds no sh:ValidationReport"),
        ("x.doc", "", "the ending '.doc' is of no RDF format"),
    ],
)
def test_what_is_no_report_is_refused_before_anything_is_checked(
    tmp_path: Path, name: str, text: str, says: str
) -> None:
    (tmp_path / name).write_text(text)
    result = run(tmp_path, OLD, "--baseline", tmp_path / name)

    assert (result.exit_code, result.stdout) == (3, "")
    assert says in result.stderr
    assert name in result.stderr
