"""SARIF and GitHub annotations: every finding at the line of the page or the file that it is about."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from kg.build import build
from kg.cli import app
from kg.resources import folder

SHAPES = """
PREFIX sh: <http://www.w3.org/ns/shacl#>
<http://e/S> sh:targetSubjectsOf <http://e/p> ; sh:path <http://e/p> ; sh:maxLength 1 ;
    sh:message "50 % too long,\\nsay: shorter"@en .
"""
DATA = """PREFIX ex: <http://e/>
BASE <http://e/>
# ex:b is below
ex:a ex:p "1" .
ex:b ex:p "22" .
<things/c>
    ex:p "33" .
<http://e/d> ex:p "44" .
"""


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [*map(str, arguments)])


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of pages as somebody keeps it in git, and a build of it."""
    found = tmp_path_factory.mktemp("kept")
    for page in folder("seeds").glob("*.txt"):
        (found / "sidor").mkdir(exist_ok=True)
        text = page.read_text(encoding="utf-8")
        (found / "sidor" / f"å {page.name}").write_text(text.replace("\n58220\n", "\n5822\n"), encoding="utf-8")
    build([found / "sidor"], found / "build", workers=1)
    return found


def test_findings_in_files_stand_where_the_thing_is_described(tmp_path: Path) -> None:
    (tmp_path / "shapes.ttl").write_text(SHAPES)
    (tmp_path / "data.ttl").write_text(DATA)
    result = run("check", tmp_path / "data.ttl", "--shapes", tmp_path / "shapes.ttl", "--format", "github")

    assert result.exit_code == 1
    assert re.findall(r"line=(\d+),title=(\w+)::(\S+):", result.stdout) == [
        ("5", "S", "http://e/b"),
        ("8", "S", "http://e/d"),
        ("6", "S", "http://e/things/c"),
    ]
    assert "50 %25 too long,%0Asay: shorter" in result.stdout
    assert result.stdout.count("\n") == 3


def test_issues_stand_at_their_sentence_or_field(pages: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(pages)
    log = json.loads(run("quality", "build", "--format", "sarif").stdout)
    (run_,) = log["runs"]
    rules = [rule["id"] for rule in run_["tool"]["driver"]["rules"]]
    places = {}
    for result in run_["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
        assert result["level"] in ("error", "warning", "note")
        (location,) = result["locations"]
        physical = location.get("physicalLocation")
        if physical:
            key = (result["ruleId"], physical["artifactLocation"]["uri"])
            places[key] = physical["region"]["startLine"]

    assert log["version"] == "2.1.0"
    assert places["text-participants", "sidor/%C3%A5%20000_164de868b5d109e4.txt"] == 48
    assert places["text-participants", "sidor/%C3%A5%20001_34e8efa4cf7d6957.txt"] == 35
    assert places["wrong-postcode", "sidor/%C3%A5%20000_164de868b5d109e4.txt"] == 33
    assert len({result["partialFingerprints"]["kg/v1"] for result in run_["results"]}) == len(run_["results"])


def test_findings_of_a_build_stand_in_its_pages(pages: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(pages.parent)
    shown = run("check", pages / "build", "--format", "github", "--pages", pages / "sidor").stdout

    assert shown.startswith(
        f"::warning file={pages.name}/sidor/å 004_03dc92fa27c0c321.txt,line=1,title=Project-owed-cost"
    )
    assert "::notice title=Concept-confirmed::" in shown
    assert "personal" not in shown.casefold()
