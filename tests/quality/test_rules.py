"""Every rule that the reading of sources can name has a line among the rules of the report."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import kg
from kg.quality import QualityReport
from kg.quality.rulebook import rules

PACKAGE = Path(kg.__file__).parent
READERS = (
    *("values.py", "dates.py", "codes.py", "places.py", "conflicts.py"),
    *("sources", "owners", "joining", "columns", "methods"),
)
SPOKEN = frozenset(("Notice", "ValueProblem", "UnreadableTable", "Problem", "OwnerProblem", "Doubt", "Stretch"))
"""The calls that a rule is an argument of, besides the methods below."""
METHODS = frozenset(("add", "_notice", "_report"))
RULE = re.compile(r"[a-z]+(?:-[a-z]+)+")
OWN = frozenset(("sources-disagree",))


def _named() -> Iterator[tuple[str, str]]:
    """Yield each rule that a call names, with the module."""
    for name in READERS:
        for path in (PACKAGE / name).rglob("*.py") if (PACKAGE / name).is_dir() else [PACKAGE / name]:
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and _is_notice(node.func):
                    yield from ((each, path.name) for each in _rules_in(node))


def _is_notice(function: ast.expr) -> bool:
    if isinstance(function, ast.Name):
        return function.id in SPOKEN
    return isinstance(function, ast.Attribute) and function.attr in METHODS


def _rules_in(call: ast.Call) -> Iterator[str]:
    for argument in call.args:
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str) and RULE.fullmatch(argument.value):
            yield argument.value


def test_every_rule_of_the_reading_has_a_label_in_both_languages() -> None:
    named = dict(_named())
    listed = {name.removeprefix("reading.") for name in rules() if name.startswith("reading.")}

    assert len(named) > 50
    assert not {rule: module for rule, module in named.items() if rule not in listed | OWN}
    for name in listed:
        label = rules()[f"reading.{name}"].label
        assert label["sv"] != label["en"], name


def test_every_issue_is_of_a_rule_that_is_described(report: QualityReport) -> None:
    for issue in report.issues:
        assert issue.rule in rules() or f"reading.{issue.rule}" in rules() or issue.kind == "shape", issue.rule
