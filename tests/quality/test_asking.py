"""A quality report is data: it is asked together with the build it is about."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from kg.cli import app
from kg.cli.quality import pieces
from kg.quality import QualityReport

QUESTION = """
PREFIX sh: <http://www.w3.org/ns/shacl#> PREFIX kg: <https://w3id.org/esf-kg/ontology#>
PREFIX schema: <https://schema.org/> PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?owner ?found ?rank WHERE {
  ?finding sh:resultPath kg:plannedParticipants ; kg:matchedText ?found ; schema:about ?project ; schema:position ?rank .
  ?project kg:owner/skos:prefLabel ?owner .
} ORDER BY ?rank
"""
MEASURED = """
PREFIX dqv: <http://www.w3.org/ns/dqv#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?letter ?value WHERE {
  GRAPH <https://w3id.org/esf-kg/id/graph/quality> { ?m dqv:isMeasurementOf ?metric ; dqv:value ?value .
    ?metric skos:notation ?letter FILTER(?letter = "49(3)(h)") }
}
"""


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["query", *map(str, arguments)])


@pytest.mark.parametrize("fmt", ["turtle", "nquads"])
def test_findings_are_joined_with_the_projects(built: Path, report: QualityReport, tmp_path: Path, fmt: str) -> None:
    path = tmp_path / ("quality.ttl" if fmt == "turtle" else "quality.nq")
    path.write_text("".join(pieces(report, fmt, "en", 0)), encoding="utf-8")
    result = run(QUESTION, "--build", built, "--with", path, "--format", "csv")

    assert result.exit_code == 0, result.stderr
    assert result.stdout.splitlines() == [
        "owner,found,rank",
        "Samordningsförbundet Centrala Östergötland,minst 1650,1",
        "Linköpings kommun,150,2",
    ]


def test_measurements_stand_in_the_graph_of_the_report(built: Path, report: QualityReport, tmp_path: Path) -> None:
    path = tmp_path / "quality.nq"
    path.write_text("".join(pieces(report, "nquads", "en", 0)), encoding="utf-8")
    rows = json.loads(run(MEASURED, "--build", built, "--with", path, "--format", "json").stdout)["results"]["bindings"]

    assert [(row["letter"]["value"], float(row["value"]["value"])) for row in rows] == [("49(3)(h)", 0.0)]
    assert not json.loads(run(MEASURED, "--build", built, "--format", "json").stdout)["results"]["bindings"]


def test_named_queries_answer_the_same_beside_a_report(built: Path, tmp_path: Path) -> None:
    path = tmp_path / "more.ttl"
    path.write_text("<http://e/a> <http://e/b> 1 .")

    assert (
        run("shared-methods", "--build", built, "--with", path).stdout == run("shared-methods", "--build", built).stdout
    )


def test_what_cannot_be_asked_together_is_refused(built: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.ttl").write_text("no turtle")
    (tmp_path / "bad.doc").write_text("")

    assert "bad.ttl is not Turtle" in run("shared-methods", "--build", built, "--with", tmp_path / "bad.ttl").stderr
    assert "of no RDF format" in run("shared-methods", "--build", built, "--with", tmp_path / "bad.doc").stderr
    assert "cannot be read" in run("shared-methods", "--build", built, "--with", tmp_path / "none.ttl").stderr
    both = run("shared-methods", "--endpoint", "http://127.0.0.1:9", "--with", tmp_path / "bad.ttl")
    assert (both.exit_code, both.stderr) == (2, "kg: --with adds files to a build, not to a server\n")
