"""Compares what the screen and the judge find together with what the judge finds alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import pyoxigraph as ox
import rdflib
from rdflib import RDF, SH
from rdflib.term import BNode, Node

from kg.validation.facts import Facts, loaded
from kg.validation.files import ill_typed_literals_allowed
from kg.validation.judge import judgement, judgement_of
from kg.validation.results import property_path
from kg.validation.screen import Screen, Screened
from kg.validation.shapegraph import ShapesGraph


def both(quads: Iterable[ox.Quad], shapes: rdflib.Graph) -> tuple[Counter[object], Counter[object], Screened]:
    """Return the results of the judge alone, those of screen and judge, and what the screen left."""
    facts = loaded(quads, ox.Store())
    rules = ShapesGraph(shapes)
    with ill_typed_literals_allowed():
        screened = Screen(facts, rules).screened(samples=True)
        alone = results(judgement(in_memory(facts), shapes))
        return alone, results(judgement_of(facts.graph(), rules, screened)), screened


def in_memory(facts: Facts) -> rdflib.Graph:
    """Return the facts as a graph that rdflib holds itself."""
    graph = rdflib.Graph()
    for found in facts.graph():
        graph.add(found)
    return graph


def results(report: rdflib.Graph) -> Counter[object]:
    """Return every result of a report as a value that can be compared, with how often it stands there."""
    (top,) = report.subjects(RDF.type, SH.ValidationReport)
    return Counter(_result(report, result) for result in report.objects(top, SH.result))


def _result(report: rdflib.Graph, result: Node) -> object:
    found: list[tuple[str, object]] = []
    for predicate, value in report.predicate_objects(result):
        if predicate == SH.resultPath and isinstance(value, BNode):
            found.append((str(predicate), property_path(report, value)))
        elif predicate == SH.detail:
            found.append((str(predicate), _result(report, value)))
        elif predicate != SH.resultMessage:  # where a shape has no message, pySHACL's own is in no fixed order
            found.append((str(predicate), value.n3()))
    return frozenset(Counter(found).items())
