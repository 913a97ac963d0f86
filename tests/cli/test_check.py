"""`kg check`: what it prints, in which format and language, and with which exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import rdflib
from rdflib import SH
from typer.testing import CliRunner, Result

from kg.build import build
from kg.cli import app
from kg.resources import folder
from tests.validation.graphs import HEAD, SOURCE, parsed, project

RIGHT = project(1)
WRONG_MONEY = 'kg:totalBudget 100.0 ; kg:grantedSupport 250.5 ; kg:currency "SEK"'
WRONG = project(2, WRONG_MONEY)


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("check") / "build"
    build([folder("seeds")], out)
    return out


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["check", *map(str, arguments)])


def turtle(path: Path, *projects: str) -> Path:
    """Write projects whose programme and source the ontology or the file describes."""
    path.write_text(parsed(*projects).serialize(format="turtle"), encoding="utf-8")
    return path


@pytest.fixture
def shapes() -> Path:
    return folder("ontology") / "shapes.ttl"


def test_a_build_without_violations_exits_0_and_lists_what_is_owed(seeds: Path) -> None:
    result = run(seeds)
    lines = result.stdout.splitlines()

    assert result.exit_code == 0
    assert lines[0] == "Warnings (4)"
    assert lines[1].startswith("  22-005-S01 Samverkan, inkludering och anställningsbarhet")
    assert lines[1].endswith(
        "Article 49(3)(h): the total cost is missing. (004_03dc92fa27c0c321.txt) [Project-owed-cost]"
    )
    assert lines[-1] == "No violations. Violations: 0, Warnings: 4, Info: 2."


def test_violations_exit_1(tmp_path: Path, shapes: Path) -> None:
    result = run(turtle(tmp_path / "data.ttl", RIGHT, WRONG), "--shapes", shapes)

    assert result.exit_code == 1
    assert result.stdout.startswith("Violations (1)\n  2017/00002 Prov 2: The granted support is larger")
    assert result.stdout.endswith("There are violations. Violations: 1, Warnings: 0, Info: 0.\n")


@pytest.mark.parametrize(
    ("language", "more"),
    [
        ("en", "  … and 2 more by the rule {}; --all shows every one"),
        ("sv", "  … och 2 till enligt regeln {}; --all visar alla"),
    ],
)
def test_of_a_rule_that_many_break_some_findings_are_shown_unless_all_are_asked_for(
    language: str, more: str, tmp_path: Path, shapes: Path
) -> None:
    wrong = [project(number, WRONG_MONEY) for number in range(10, 22)]
    path = turtle(tmp_path / "data.ttl", *wrong)
    some = run(path, "--shapes", shapes, "--lang", language).stdout.splitlines()
    every = run(path, "--shapes", shapes, "--lang", language, "--all").stdout.splitlines()
    found = [line for line in every if line.startswith("  2017/000")]
    rule = found[0].rpartition("[")[2].rstrip("]")

    assert len(found) == len(wrong)
    assert some[0] == every[0]
    assert some[0].endswith("(12)")
    assert some[1:12] == [*found[:10], more.format(rule)]
    assert some[12:] == every[13:]
    assert len(json.loads(run(path, "--shapes", shapes, "--format", "json").stdout)["findings"]) == len(wrong)


def test_a_file_without_findings_says_so(tmp_path: Path, shapes: Path) -> None:
    result = run(turtle(tmp_path / "data.ttl", RIGHT), "--shapes", shapes)

    assert (result.exit_code, result.stdout) == (0, "Nothing found: everything is as it should be.\n")


def test_our_shapes_are_the_default_and_bring_the_code_lists_along(tmp_path: Path) -> None:
    path = tmp_path / "data.ttl"
    own = SOURCE.partition("<id/scheme")[0].partition("<id/programme")[0]
    path.write_text(HEAD + own + project(1, "kg:interventionField <id/intervention-field/151>"), encoding="utf-8")
    result = run(path, "--severity", "violation")

    assert result.exit_code == 1
    assert "code list of another period" in result.stdout


def test_swedish(tmp_path: Path, shapes: Path) -> None:
    result = run(turtle(tmp_path / "data.ttl", WRONG), "--shapes", shapes, "--lang", "sv")

    assert result.stdout.startswith("Fel (1)\n  2017/00002 Prov 2: Beviljat stöd är större")
    assert "Efter regel" in result.stdout
    assert result.stdout.endswith("Det finns fel. Fel: 1, Varningar: 0, Råd: 0.\n")


def test_severity_hides_what_is_below_but_not_the_counts(seeds: Path) -> None:
    warnings, violations = run(seeds, "--severity", "warning").stdout, run(seeds, "--severity", "violation").stdout

    assert "Concept-confirmed" not in warnings
    assert "Project-owed-cost" in warnings
    assert violations == "No violations. Violations: 0, Warnings: 4, Info: 2.\n"


def test_json_holds_everything_that_a_program_needs(seeds: Path) -> None:
    result = run(seeds, "--format", "json")
    report = json.loads(result.stdout)
    first = report["findings"][0]

    assert report["conforms"] is True
    assert report["counts"] == {"Violation": 0, "Warning": 4, "Info": 2}
    assert report["rules"][0] == {"severity": "Warning", "rule": "Project-owed-cost", "findings": 4}
    assert first["identifier"] == "22-005-S01"
    assert first["component"] == "MinCount"
    assert first["messages"].keys() == {"en", "sv"}
    assert first["sources"] == ["004_03dc92fa27c0c321.txt"]
    assert len(report["findings"]) == 6


def test_it_says_which_constraints_were_not_screened(tmp_path: Path) -> None:
    shapes = tmp_path / "shapes.ttl"
    shapes.write_text(
        "PREFIX sh: <http://www.w3.org/ns/shacl#> <http://e/S> a sh:NodeShape ; sh:targetSubjectsOf <http://e/p> ;"
        ' sh:sparql [ sh:select "SELECT $this { { $this <http://e/p> 1 } UNION { $this <http://e/q> 1 } }" ] .'
    )
    data = tmp_path / "data.ttl"
    data.write_text("<http://e/a> <http://e/p> 1 . <http://e/b> <http://e/p> 2 .")
    result = run(data, "--shapes", shapes, "--format", "json")

    assert result.exit_code == 1
    assert result.stderr == "kg: slow, because not screened but judged node by node: S.sparql\n"
    assert json.loads(result.stdout)["screening"] == {"by_query": 0, "by_value": 0, "unscreened": ["S.sparql"]}


def test_turtle_is_the_shacl_report_and_the_same_each_time(seeds: Path) -> None:
    first, second = run(seeds, "--format", "turtle").stdout, run(seeds, "--format", "turtle").stdout
    graph = rdflib.Graph().parse(data=first, format="turtle")

    assert first == second
    assert len(list(graph.objects(None, SH.result))) == 6


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--format", "xml"], 2, "unknown format 'xml'; there are text, json, turtle"),
        (["--lang", "fi"], 2, "unknown language 'fi'; there are en, sv"),
        (["--severity", "bad"], 2, "unknown severity 'bad'; there are violation, warning, info"),
        (["nowhere"], 3, "nowhere holds no build; make one with: kg build --out nowhere"),
        (["nowhere", "--shapes", "x.ttl"], 2, "--shapes is for RDF files; the build nowhere is checked with its own"),
        (["one", "two"], 2, "one is no file: check one build, or one or more RDF files"),
    ],
)
def test_wrong_use_is_one_line_with_an_exit_code(arguments: list[str], code: int, message: str) -> None:
    result = run(*arguments)

    assert result.exit_code == code
    assert result.stderr.startswith(f"kg: {message}")
    assert result.stderr.count("\n") == 1


def test_a_file_that_is_not_rdf_exits_3(tmp_path: Path) -> None:
    path = tmp_path / "data.ttl"
    path.write_text("no turtle")
    result = run(path)

    assert result.exit_code == 3
    assert result.stderr.startswith(f"kg: {path} is not Turtle:")


def test_another_base_needs_to_be_said(tmp_path: Path) -> None:
    path = turtle(tmp_path / "data.ttl", project(1, "kg:region <id/fund/ESF>"))
    other = tmp_path / "other.ttl"
    other.write_text(path.read_text(encoding="utf-8").replace("https://w3id.org/esf-kg/", "https://example.org/"))

    assert "Project-region" in run(other, "--base", "https://example.org/").stdout
    assert "Project-region" not in run(other).stdout
