"""Holds a report against an earlier one, so that only what is new is told: for data that cannot be mended at once."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from kg.errors import InputError
from kg.validation.model import Finding, Report

if TYPE_CHECKING:
    import rdflib
    from rdflib.term import Node


class Key(NamedTuple):
    """What makes a finding the same in two reports; blank nodes, which have no lasting name, are all ``_:``."""

    shape: str
    component: str
    focus: str
    path: str
    value: str


@dataclass(frozen=True, slots=True)
class Compared:
    """The report of what is new, how many findings the earlier report knew, and how many of it are gone."""

    new: Report
    known: int
    gone: int


def read_baseline(path: Path) -> Counter[Key]:
    """Return how often each finding stands in a report that `kg check` wrote as JSON or Turtle.

    Any RDF file with a SHACL validation report will do.

    Raises:
        InputError: the file cannot be read, or is no such report.
    """
    if path.suffix.lower() == ".json":
        return _from_json(path)
    from rdflib import RDF, SH

    from kg.validation.files import read_graph

    graph = read_graph(path)
    if (None, RDF.type, SH.ValidationReport) not in graph:
        raise InputError(f"{path} is no report of kg check: it holds no sh:ValidationReport")
    return Counter(_key_of_result(graph, result) for result in graph.objects(None, SH.result))


def compared(report: Report, baseline: Mapping[Key, int]) -> Compared:
    """Return what of a report is new against the findings of an earlier one; each of those excuses one alike."""
    left = Counter(baseline)
    findings = tuple(each for each in report.findings if not _taken(left, key_of(each)))
    known = len(report.findings) - len(findings)
    fresh = Report(findings, lambda: _graph_of_new(report.graph, Counter(baseline)), report.screening)
    return Compared(fresh, known, left.total())


def _taken(left: Counter[Key], key: Key) -> bool:
    if left[key] <= 0:
        return False
    left[key] -= 1
    return True


def _graph_of_new(graph: rdflib.Graph, left: Counter[Key]) -> rdflib.Graph:
    import rdflib
    from rdflib import RDF, SH

    fresh = rdflib.Graph()
    fresh += graph
    (whole,) = fresh.subjects(RDF.type, SH.ValidationReport)
    for result in sorted(graph.objects(whole, SH.result), key=str):
        if _taken(left, _key_of_result(graph, result)):
            fresh.remove((whole, SH.result, result))
            fresh.remove((result, None, None))
    fresh.set((whole, SH.conforms, rdflib.Literal((whole, SH.result, None) not in fresh)))
    return fresh


def key_of(found: Finding) -> Key:
    """Return what makes a finding the same in another report."""
    return Key(*map(_named, (found.shape, found.component, found.focus, found.path or "", found.value or "")))


def _named(text: str) -> str:
    return "_:" if text.startswith("_:") else text


def _key_of_result(graph: rdflib.Graph, result: Node) -> Key:
    from rdflib import SH

    from kg.validation.results import component_name, node_name, property_path

    def named(predicate: Node, name: Callable[[Node], str] = node_name) -> str:
        found = graph.value(result, predicate)
        return "" if found is None else _named(name(found))

    return Key(
        named(SH.sourceShape),
        named(SH.sourceConstraintComponent, component_name),
        named(SH.focusNode),
        named(SH.resultPath, lambda path: property_path(graph, path)),
        named(SH.value),
    )


def _from_json(path: Path) -> Counter[Key]:
    try:
        report = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be read as JSON: {error}") from error
    entries = report.get("findings") if isinstance(report, dict) else None
    if not isinstance(entries, list):
        raise InputError(f"{path} is no report of kg check: it holds no list of findings")
    return Counter(_key_of_entry(entry, path) for entry in entries)


def _key_of_entry(entry: Any, path: Path) -> Key:
    if not isinstance(entry, dict) or any(not isinstance(entry.get(name), str) for name in ("shape", "focus")):
        raise InputError(f"{path} is no report of kg check: a finding names no shape or no focus")
    return Key(*(_named(str(entry.get(name) or "")) for name in Key._fields))
