"""The cases beside this file: small graphs that our shapes must accept, and graphs that break one constraint each."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import rdflib
from rdflib import RDF, SH, SKOS
from rdflib.term import Node, URIRef

from kg import ontology
from kg.validation.files import read_graph, read_text
from kg.validation.judge import judgement
from kg.validation.shapes import own_shapes
from kg.vocabulary import Names

FOLDER = Path(__file__).parent
VALID = sorted((FOLDER / "valid").glob("*.ttl"))
INVALID = sorted((FOLDER / "invalid").glob("*.ttl"))

# Following these from one code would bring in whole code lists.
_DOWNWARDS = frozenset((SKOS.hasTopConcept, SKOS.narrower, SKOS.related))


def results(path: Path) -> list[tuple[str, str]]:
    """Return shape and component, and severity, of each result for a case, sorted."""
    shapes = own_shapes().graph
    report = judgement(surrounded(read_graph(path)), shapes)
    found = list(report.objects(None, SH.result))
    return sorted(
        (f"{_of(report, one, SH.sourceShape)}.{_component(report, one)}", _of(report, one, SH.resultSeverity))
        for one in found
    )


def surrounded(case: rdflib.Graph) -> rdflib.Graph:
    """Return the case with what `context.ttl` and the ontology say of the programmes and of the things that it names."""
    graph = rdflib.Graph()
    graph += case
    seen: set[Node] = set()
    programme = URIRef(Names(str(own_shapes().base)).term("Programme"))
    todo = [*graph.all_nodes(), *_known().subjects(RDF.type, programme)]
    while todo:
        node = todo.pop()
        if node in seen or not isinstance(node, URIRef):
            continue
        seen.add(node)
        for predicate, value in _known().predicate_objects(node):
            if predicate not in _DOWNWARDS:
                graph.add((node, predicate, value))
                todo.append(value)
    return graph


@lru_cache(maxsize=1)
def _known() -> rdflib.Graph:
    graph = read_graph(FOLDER / "context.ttl")
    for lines in ontology.load().graphs.values():
        graph += read_text(lines, Path("ontology.nq"))
    return graph


def _component(report: rdflib.Graph, result: Node) -> str:
    return _of(report, result, SH.sourceConstraintComponent).removesuffix("ConstraintComponent")


def _of(report: rdflib.Graph, result: Node, predicate: URIRef) -> str:
    value = str(report.value(result, predicate))
    return value.replace("#", "/").rpartition("/")[2]
