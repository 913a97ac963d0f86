"""Compares what the screen and the judge find together with what the judge finds alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import pyoxigraph as ox
import rdflib
from rdflib import RDF, SH
from rdflib.term import BNode, Node

from kg.validation.certain import Certain
from kg.validation.facts import Facts
from kg.validation.files import ill_typed_literals_allowed
from kg.validation.judge import Wording, judgement, report_graph, results_of
from kg.validation.loading import loaded
from kg.validation.outcomes import Result
from kg.validation.results import property_path
from kg.validation.screen import Screen, Screened
from kg.validation.shapegraph import ShapesGraph


def both(quads: Iterable[ox.Quad], shapes: rdflib.Graph) -> tuple[Counter[object], Counter[object], Screened]:
    """Return the results of the judge alone, those of screen, certainty and judge, and what the screen left."""
    alone, together, screened, _ = reports(quads, shapes)
    return results(alone), results(together), screened


def reports(
    quads: Iterable[ox.Quad], shapes: rdflib.Graph
) -> tuple[rdflib.Graph, rdflib.Graph, Screened, tuple[Result, ...]]:
    """Return the judge's report, the one that is put together, what the screen left, and what was certain."""
    facts = loaded(quads, ox.Store())
    rules, graph = ShapesGraph(shapes), facts.graph()
    with ill_typed_literals_allowed():
        screened = Screen(facts, rules).screened(samples=True)
        alone = judgement(in_memory(facts), shapes)
        sure, rest = Certain(facts, rules, Wording(graph, shapes)).settled(screened, samples=False)
        together = report_graph((*sure, *results_of(graph, rules, rest)), graph, shapes)
    return alone, together, screened, tuple(sure)


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
