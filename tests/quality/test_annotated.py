"""The issues as SARIF: what the standard's own schema demands of the parts that are used, and each at its line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import jsonschema
import pytest

from kg.cli.quality import pieces
from kg.quality import QualityReport
from kg.resources import folder

PAGES = Path(__file__).parent.parent / "pages"
TEXT = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string", "minLength": 1}}}
LEVEL = {"enum": ["none", "note", "warning", "error"]}
LOCATION = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "physicalLocation": {
            "type": "object",
            "required": ["artifactLocation", "region"],
            "properties": {
                "artifactLocation": {"required": ["uri"], "properties": {"uri": {"pattern": r"^[^\s\\]+$"}}},
                "region": {"required": ["startLine"], "properties": {"startLine": {"type": "integer", "minimum": 1}}},
            },
        },
        "logicalLocations": {"type": "array", "minItems": 1, "uniqueItems": True},
    },
}
RULE = {
    "type": "object",
    "required": ["id"],
    "additionalProperties": False,
    "properties": {
        "id": {"type": "string", "minLength": 1},
        "shortDescription": TEXT,
        "defaultConfiguration": {"additionalProperties": False, "properties": {"level": LEVEL}},
    },
}
RESULT = {
    "type": "object",
    "required": ["message", "ruleId", "ruleIndex"],
    "additionalProperties": False,
    "properties": {
        "ruleId": {"type": "string"},
        "ruleIndex": {"type": "integer", "minimum": 0},
        "level": LEVEL,
        "message": TEXT,
        "locations": {"type": "array", "items": LOCATION},
        "partialFingerprints": {"type": "object", "additionalProperties": {"type": "string"}},
    },
}
DRIVER = {
    "type": "object",
    "required": ["name"],
    "properties": {"rules": {"type": "array", "uniqueItems": True, "items": RULE}},
}
RUN = {
    "type": "object",
    "required": ["tool", "results"],
    "properties": {
        "tool": {"required": ["driver"], "properties": {"driver": DRIVER}},
        "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
        "results": {"type": "array", "items": RESULT},
    },
}
LOG = {
    "type": "object",
    "required": ["version", "runs"],
    "additionalProperties": False,
    "properties": {
        "$schema": {"type": "string", "pattern": r"sarif-2\.1\.0"},
        "version": {"const": "2.1.0"},
        "runs": {"type": "array", "minItems": 1, "items": RUN},
    },
}
"""What the schema of SARIF 2.1.0 demands of the parts that are written here; parts that are not written are refused."""


@pytest.fixture(scope="module")
def log(report: QualityReport) -> Any:
    return json.loads("".join(pieces(report, "sarif", "sv", 0, [folder("seeds"), PAGES])))


def _placed(log: Any) -> Iterator[tuple[Any, Path, int]]:
    for result in log["runs"][0]["results"]:
        for location in result["locations"]:
            if physical := location.get("physicalLocation"):
                path = unquote(urlsplit(physical["artifactLocation"]["uri"]).path)
                yield result, Path(path), physical["region"]["startLine"]


def test_the_log_is_of_the_form_that_the_standard_demands(log: Any, report: QualityReport) -> None:
    jsonschema.validate(log, LOG)
    (run,) = log["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]

    assert len(run["results"]) == len(report.issues)
    assert len(set(rules)) == len(rules)
    assert all(rules[result["ruleIndex"]] == result["ruleId"] for result in run["results"])
    assert len({result["partialFingerprints"]["kg/v1"] for result in run["results"]}) == len(report.issues)


def test_every_place_is_a_line_that_exists(log: Any) -> None:
    places = list(_placed(log))

    assert len(places) > 20
    for result, path, line in places:
        assert 1 <= line <= path.read_text(encoding="utf-8").count("\n") + 1, result["ruleId"]


def test_an_issue_of_a_text_stands_where_its_sentence_begins(log: Any, report: QualityReport) -> None:
    quotes = {issue.id: issue for issue in report.issues if issue.quote}
    keyed = {(issue.rule, issue.about.identifier): issue for issue in quotes.values()}
    found = 0
    for result, path, line in _placed(log):
        issue = keyed.get((result["ruleId"], result["message"]["text"].split()[0]))
        if issue:
            printed = path.read_text(encoding="utf-8").split("\n")[line - 1]
            assert " ".join(issue.quote.split()[:4]) in re.sub(r"\s+", " ", printed)
            found += 1

    assert found >= 5
