"""Writes findings as places in files: SARIF 2.1.0 for code scanning, and annotations of GitHub Actions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {"Violation": "error", "Warning": "warning", "Info": "note"}
_GITHUB = {"error": "error", "warning": "warning", "note": "notice"}


@dataclass(frozen=True, slots=True)
class Annotation:
    """A finding at its place; `path` is None where no file is known, `line` counts from 1.

    `about` is what the finding is about, `key` what makes it the same in the next report.
    """

    severity: str
    rule: str
    label: str
    message: str
    about: str
    key: str
    path: PurePath | None = None
    line: int = 1

    @property
    def level(self) -> str:
        """``error``, ``warning`` or ``note``."""
        return _LEVELS.get(self.severity, "note")


def sarif(found: Iterable[Annotation], *, tool: str, version: str) -> dict[str, Any]:
    """Return annotations as a SARIF log with one run of `tool`."""
    annotations = list(found)
    rules: dict[str, Annotation] = {}
    for each in annotations:
        rules.setdefault(each.rule, each)
    places = {rule: place for place, rule in enumerate(rules)}
    driver = {"name": tool, "semanticVersion": version, "rules": [_rule(each) for each in rules.values()]}
    results = [_result(each, places[each.rule]) for each in annotations]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def github(found: Sequence[Annotation]) -> Iterator[str]:
    """Yield annotations as workflow commands of GitHub Actions, one a line."""
    for each in found:
        place = {} if each.path is None else {"file": each.path.as_posix(), "line": str(each.line)}
        given = {**place, "title": each.rule}
        properties = ",".join(f"{name}={_property(value)}" for name, value in given.items())
        yield f"::{_GITHUB[each.level]} {properties}::{_data(f'{each.about}: {each.message}')}\n"


def _rule(each: Annotation) -> dict[str, Any]:
    return {
        "id": each.rule,
        "shortDescription": {"text": each.label},
        "defaultConfiguration": {"level": each.level},
    }


def _result(each: Annotation, rule: int) -> dict[str, Any]:
    result = {
        "ruleId": each.rule,
        "ruleIndex": rule,
        "level": each.level,
        "message": {"text": f"{each.about}: {each.message}"},
        "partialFingerprints": {"kg/v1": sha256(each.key.encode()).hexdigest()[:32]},
    }
    if each.path is None:
        return {**result, "locations": [{"logicalLocations": [{"fullyQualifiedName": each.about}]}]}
    physical = {"artifactLocation": {"uri": _uri(each.path)}, "region": {"startLine": each.line}}
    return {**result, "locations": [{"physicalLocation": physical}]}


def _uri(path: PurePath) -> str:
    """Return a path as a reference, relative if the path is.

    >>> _uri(PurePath("sidor/Vägen hit.txt"))
    'sidor/V%C3%A4gen%20hit.txt'
    """
    text = quote(path.as_posix())
    return f"file://{text}" if path.is_absolute() else text


def _data(text: str) -> str:
    """Return a text as it may stand in a workflow command.

    >>> _data("50 %\\nmore")
    '50 %25%0Amore'
    """
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
