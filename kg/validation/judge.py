"""Judges a graph by shapes: the only module that knows pySHACL."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import rdflib
from rdflib import RDF, SH
from rdflib.term import BNode, Literal, Node, URIRef

from kg.errors import InputError
from kg.store.syntax import illegal_query
from kg.validation.copying import Copies
from kg.validation.files import ill_typed_literals_allowed, term
from kg.validation.outcomes import Result, read_results
from kg.validation.shapegraph import TARGETS, ShapesGraph

if TYPE_CHECKING:
    from rdflib.plugins.sparql.sparql import Query
    from rdflib.query import Result as Answer

    from kg.validation.facts import Term
    from kg.validation.screen import Screened

PORTION = 2000
"""How many nodes are judged at once: pySHACL's time for one report grows with the square of its results."""

_COMPONENT, _SHAPE, _SEVERITY, _FOCUS, _MESSAGE, _VALUE, _PATH, _CONSTRAINT, _DETAIL = (
    *(SH.sourceConstraintComponent, SH.sourceShape, SH.resultSeverity, SH.focusNode, SH.resultMessage),
    *(SH.value, SH.resultPath, SH.sourceConstraint, SH.detail),
)


def judgement(data: rdflib.Graph, shapes: rdflib.Graph) -> rdflib.Graph:
    """Return pySHACL's validation report on `data`, which stays as it is.

    `data` must hold plain strings as literals without a datatype, as `kg.validation.files` reads them.

    Raises:
        InputError: the shapes are not legal SHACL, or pySHACL cannot judge the data by them.
    """
    import pyshacl
    from pyshacl.errors import ReportableRuntimeError, ValidationFailure

    try:
        with _quiet():
            _, report, _ = pyshacl.validate(_WithPreparedQueries(data), shacl_graph=shapes)
    except (NotImplementedError, ReportableRuntimeError) as error:
        raise InputError(f"the shapes are not legal SHACL, or beyond pySHACL: {_first_line(error)}") from error
    except ArithmeticError as error:  # not a number, compared with a decimal
        raise InputError(f"pySHACL fails on a number in the data: {error!r}") from error
    if isinstance(report, ValidationFailure):
        raise InputError(f"the shapes are not legal SHACL: {_first_line(report)}")
    assert isinstance(report, rdflib.Graph)
    return report


def results_of(data: rdflib.Graph, shapes: ShapesGraph, screened: Screened) -> list[Result]:
    """Return the results for what was screened out of `data`: the same as `judgement` finds on all of it.

    Raises:
        InputError: as `judgement` does.
    """
    parts = portions(screened, PORTION)
    return [result for part in parts for result in read_results(judgement(data, selected(shapes, part)))]


def portions(screened: Screened, size: int) -> Iterator[Screened]:
    """Split nodes into portions of `size` at most; the shapes that keep their targets are in the first."""
    portion: dict[Node, Counter[Term]] = {}
    # Nodes may be left of some shapes only, but shapes that keep their targets are judged even without any.
    number, left = 0, screened.left
    for shape, nodes in screened.nodes.items():
        for node, times in nodes.items():
            portion.setdefault(shape, Counter())[node] = times
            number += 1
            if number == size:
                yield replace(screened, nodes=portion, left=left)
                portion, number, left = {}, 0, frozenset()
    if portion or left:
        yield replace(screened, nodes=portion, left=left)


def report_graph(results: Iterable[Result], data: rdflib.Graph, shapes: rdflib.Graph) -> rdflib.Graph:
    """Return the report that pySHACL would give of results, with the blank nodes that they name and all below them."""
    # A store that knows no contexts takes triples in half the time.
    report, top = rdflib.Graph("SimpleMemory"), BNode()
    known = {id(source): Copies(source, report) for source in (data, shapes)}

    def own(node: Node, source: rdflib.Graph) -> Node:
        return known[id(source)].named(node)

    def add(result: Result) -> Node:
        name = BNode()
        nodes = (
            (RDF.type, SH.ValidationResult),
            (_COMPONENT, own(result.component, shapes)),
            (_SHAPE, own(result.shape, shapes)),
            (_SEVERITY, result.severity),
            (_FOCUS, own(result.focus, data)),
            *((_MESSAGE, message) for message in result.messages),
            *((_VALUE, own(value, data)) for value in (result.value,) if value is not None),
            *((_PATH, own(path, shapes)) for path in (result.path,) if path is not None),
            *((_CONSTRAINT, own(one, shapes)) for one in (result.constraint,) if one is not None),
            *((_DETAIL, add(detail)) for detail in result.details),
        )
        for predicate, node in nodes:
            report.add((name, predicate, node))
        return name

    report.add((top, RDF.type, SH.ValidationReport))
    conforms = True
    for result in results:
        conforms = False
        report.add((top, SH.result, add(result)))
    report.add((top, SH.conforms, Literal(conforms)))
    return report


class Wording:
    """Words results as pySHACL does where a shape has no message of its own."""

    def __init__(self, data: rdflib.Graph, shapes: rdflib.Graph) -> None:
        self._data, self._graph = data, shapes
        self._component = lru_cache(maxsize=None)(self._made_component)

    def __call__(self, shape: Node, parameter: URIRef, focus: Node, value: Node | None) -> tuple[Node, ...]:
        """Return the messages of a result."""
        return tuple(self._component(shape, parameter).make_generic_messages(self._data, focus, value))

    @cached_property
    def _shapes(self) -> Any:
        from pyshacl.shapes_graph import ShapesGraph as OfPyshacl

        own = rdflib.Graph(identifier=self._graph.identifier)
        own += self._graph  # pySHACL puts triples of its own in
        found = OfPyshacl(own)
        assert found.shapes  # which makes it look for them
        return found

    def _made_component(self, shape: Node, parameter: URIRef) -> Any:
        from pyshacl.constraints import CONSTRAINT_PARAMETERS_MAP

        return CONSTRAINT_PARAMETERS_MAP[parameter](self._shapes.lookup_shape_from_node(shape))


def selected(shapes: ShapesGraph, screened: Screened) -> rdflib.Graph:
    """Return the shapes with the screened nodes as their only targets, so that the results are those of all targets."""
    graph = rdflib.Graph(identifier=shapes.graph.identifier)
    for triple in shapes.graph:
        if not _is_selection(triple, screened):
            graph.add(triple)
    for shape, kinds in shapes.implicit_classes.items():
        for kind in kinds if shape not in screened.left else ():
            graph.remove((shape, RDF.type, kind))
    for shape, nodes in screened.nodes.items():
        for node, times in nodes.items():
            for number in range(times):
                graph.add((_again(graph, shape, number), SH.targetNode, term(node)))
    return graph


def _is_selection(triple: tuple[Node, Node, Node], screened: Screened) -> bool:
    """Return whether a triple says what a shape looks at, and the screen has replaced it."""
    shape, predicate, _ = triple
    if predicate == SH.property:
        return shape in screened.apart
    return predicate in TARGETS and shape not in screened.left


def _again(graph: rdflib.Graph, shape: Node, number: int) -> Node:
    """Return the shape itself, and for a node that is reached in more than one way a shape that only refers to it."""
    # pySHACL's messages spell out nameless shapes, so that nothing may be added to one.
    if number == 0 and not (isinstance(shape, BNode) and (None, SH.property, shape) in graph):
        return shape
    name = rdflib.URIRef(f"urn:kg:again:{number}:{shape}")
    graph.add((name, RDF.type, SH.NodeShape))
    graph.add((name, SH.property, shape))
    return name


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep pySHACL from writing to stderr what it raises as well."""
    logger = logging.getLogger("pyshacl-validate")
    before = logger.disabled
    logger.disabled = True
    try:
        with ill_typed_literals_allowed():
            yield
    finally:
        logger.disabled = before


class _WithPreparedQueries(rdflib.Graph):
    """A view of a graph that parses each SPARQL text once.

    pySHACL asks the same text for every focus node, and rdflib's parser takes up to 80 ms for one of ours.
    """

    def __init__(self, graph: rdflib.Graph) -> None:
        super().__init__(store=graph.store, identifier=graph.identifier)
        self._prefixes = tuple((name, str(iri)) for name, iri in self.namespaces())

    def items(self, list: Node) -> Generator[Node, None, None]:
        """Yield the members of a list; one that bites its own tail ends there, of which pySHACL can make no report."""
        seen = set[Node]()
        cell: Node | None = list
        while cell is not None and cell not in seen:
            seen.add(cell)
            member = self.value(cell, RDF.first)
            if member is not None:
                yield member
            cell = self.value(cell, RDF.rest)

    def query(self, query_object: str | Query, *args: Any, **kwargs: Any) -> Answer:
        """Answer a query as `rdflib.Graph.query` does, always with rdflib's own engine, and at once.

        Raises:
            InputError: the query is not legal, or rdflib fails on the data.
        """
        prepared = _prepared(query_object, self._prefixes) if isinstance(query_object, str) else query_object
        result = super().query(
            prepared, initBindings=kwargs.get("initBindings") or (args[3] if len(args) > 3 else None)
        )
        try:
            len(result)
        except (ArithmeticError, AttributeError, TypeError, ValueError) as error:
            raise InputError(f"rdflib fails ({error}) on the SPARQL constraint: {_shown(query_object)}") from error
        return result


@lru_cache(maxsize=1024)
def _prepared(text: str, prefixes: tuple[tuple[str, str], ...]) -> Query:
    from rdflib.plugins.sparql import prepareQuery  # which most checks can do without, and takes long to import

    try:
        # rdflib raises bare exceptions, so that Oxigraph is asked first; nothing is read from the store.
        ox.Store().query(text, prefixes=dict(prefixes))
    except SyntaxError as error:
        raise InputError(f"a SPARQL constraint of the shapes: {illegal_query(text, error)}") from error
    return prepareQuery(text, initNs=dict(prefixes))


def _shown(query: object) -> str:
    lines = [line for line in str(query).splitlines() if line.strip() and not line.startswith("PREFIX ")]
    return " ".join(" ".join(lines).split())[:200]


def _first_line(error: Exception) -> str:
    return str(getattr(error, "message", error)).splitlines()[0]
