"""Results of SHACL as values, read from a report graph; how they are found and written is others' business."""

from __future__ import annotations

from dataclasses import dataclass

import rdflib
from rdflib import RDF, SH
from rdflib.term import Node, URIRef


@dataclass(frozen=True, slots=True)
class Result:
    """One validation result; `focus` and `value` are nodes of the data, the others of the shapes.

    `constraint` is that of a SPARQL constraint, `details` are results of shapes that `shape` refers to.
    """

    focus: Node
    shape: Node
    component: Node
    severity: Node
    messages: tuple[Node, ...]
    path: Node | None = None
    value: Node | None = None
    constraint: Node | None = None
    details: tuple[Result, ...] = ()


def read_results(report: rdflib.Graph) -> tuple[Result, ...]:
    """Return the results of a report graph in no fixed order."""
    return tuple(
        _result(report, node)
        for top in report.subjects(RDF.type, SH.ValidationReport)
        for node in report.objects(top, SH.result)
    )


def _result(report: rdflib.Graph, node: Node) -> Result:
    said: dict[Node, list[Node]] = {}
    for predicate, value in report.predicate_objects(node):
        said.setdefault(predicate, []).append(value)

    def some(predicate: URIRef) -> Node | None:
        return said.get(predicate, [None])[0]

    def one(predicate: URIRef) -> Node:
        found = some(predicate)
        assert found is not None, f"a SHACL result without {predicate}"
        return found

    return Result(
        focus=one(SH.focusNode),
        shape=one(SH.sourceShape),
        component=one(SH.sourceConstraintComponent),
        severity=one(SH.resultSeverity),
        messages=tuple(said.get(SH.resultMessage, ())),
        path=some(SH.resultPath),
        value=some(SH.value),
        constraint=some(SH.sourceConstraint),
        details=tuple(_result(report, detail) for detail in said.get(SH.detail, ())),
    )
