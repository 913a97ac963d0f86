"""Finds the results of a shape for a focus node without the judge, where what the judge would say is certain.

Built from the same three-valued tests as the screen: False is what pySHACL would say. Whatever is not known, such as a
SPARQL constraint or a condition that fails, leaves the whole focus node to the judge.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice

import pyoxigraph as ox
from rdflib import RDF, RDFS, SH
from rdflib.term import BNode, Literal, Node, URIRef

from kg.validation.evaluator import NO_CONSTRAINT, Evaluator
from kg.validation.facts import Facts, Term
from kg.validation.files import term
from kg.validation.outcomes import Result
from kg.validation.screen import Screened
from kg.validation.shapegraph import Shape, ShapesGraph
from kg.validation.verdicts import in_order

Broken = tuple[Node | None, Node | None]
"""Value and path of a result; no path means that of the shape."""
Wording = Callable[[Node, URIRef, Node, Node | None], tuple[Node, ...]]
"""Gives the messages for shape, parameter, focus node and value where the shape has none."""
_NOWHERE: tuple[Broken, ...] = ((None, None),)


@dataclass(frozen=True, slots=True)
class _Frame:
    """What all results of a shape share."""

    path: Node | None
    severity: Node
    messages: tuple[Node, ...]


class Certain:
    """Finds certain results in facts by one shapes graph."""

    def __init__(self, facts: Facts, shapes: ShapesGraph, wording: Wording) -> None:
        self._facts, self._shapes, self._wording = facts, shapes, wording
        self._evaluator = Evaluator(facts, shapes)
        self._frame = lru_cache(maxsize=None)(self._frame_of)

    def results(self, shape: Shape, focus: Term, *, whole: bool) -> tuple[Result, ...] | None:
        """Return the results for a focus node; None if they are not certain.

        `whole` says that the property shapes of the shape are judged with it.
        """
        frame = self._frame(shape.node)
        values = self._evaluator.values(shape.path, focus)
        if frame is None or values is None:
            return None
        # To rdflib some literals are one that are two here.
        case = _Case(shape, focus, {term(value): value for value in values})
        found: list[Result] = []
        for parameter in shape.constraints:
            if str(parameter) in NO_CONSTRAINT or (parameter == SH.property and not whole):
                continue
            broken = self._broken(case, parameter)
            if broken is None:
                return None
            found += [self._result(case, parameter, frame, each) for each in broken]
        return tuple(found)

    def _broken(self, case: _Case, parameter: URIRef) -> Iterable[Broken] | None:
        if parameter not in self._shapes.custom_parameters:
            arguments = case.shape.constraints[parameter]
            judge = _OF_ALL_VALUES.get(str(parameter))
            if judge:
                return judge(self, case, arguments)
            if str(parameter) in _OF_ONE_VALUE and len(arguments) == 1:
                return self._of_one_value(case, parameter)
        holds = self._evaluator.holds(case.shape, parameter, case.focus, list(case.values.values()))
        return () if holds is True else None

    def _of_one_value(self, case: _Case, parameter: URIRef) -> Iterable[Broken] | None:
        test = self._evaluator.test(case.shape, parameter)
        if test is None:
            return None
        verdicts = {node: test(value) for node, value in case.values.items()}
        return None if None in verdicts.values() else [(node, None) for node, holds in verdicts.items() if not holds]

    def _result(self, case: _Case, parameter: URIRef, frame: _Frame, broken: Broken) -> Result:
        focus, (value, path) = term(case.focus), broken
        name = str(parameter).removeprefix(str(SH))
        return Result(
            focus=focus,
            shape=case.shape.node,
            component=SH[f"{name[0].upper()}{name[1:]}ConstraintComponent"],
            severity=frame.severity,
            messages=frame.messages or self._wording(case.shape.node, parameter, focus, value),
            path=path or frame.path,
            value=value,
        )

    def _frame_of(self, node: Node) -> _Frame | None:
        graph = self._shapes.graph
        severities = list(graph.objects(node, SH.severity)) or [SH.Violation]
        if len(severities) > 1 or not isinstance(severities[0], URIRef):
            return None
        return _Frame(graph.value(node, SH.path), severities[0], tuple(graph.objects(node, SH.message)))

    def settled(self, screened: Screened, *, samples: bool) -> tuple[list[Result], Screened]:
        """Return the results that are certain, and what is left to the judge.

        With `samples` one node of each shape is left, so that faulty shapes show: where possible one without blank
        nodes, because pySHACL's time for a report grows with the square of the lists below them.
        """
        found: list[Result] = []
        rest: dict[Node, Counter[Term]] = {}
        for name, nodes in screened.nodes.items():
            shape, whole = self._shapes.shape(name), name not in screened.apart
            settled = {node: self.results(shape, node, whole=whole) for node in nodes}
            left = {node for node, results in settled.items() if results is None}
            if samples and not left:
                left.update(islice((node for node, results in settled.items() if _is_plain(node, results or ())), 1))
            if left:
                rest[name] = Counter({node: nodes[node] for node in settled if node in left})
            for node, results in settled.items():
                found.extend((results or ()) * nodes[node] if node not in left else ())
        return found, replace(screened, nodes=rest)

    # -- constraints on all value nodes together

    def _min_count(self, case: _Case, arguments: tuple[Node, ...]) -> Iterable[Broken] | None:
        limit = _limit(arguments)
        return None if limit is None else _NOWHERE * (len(case.values) < limit)

    def _max_count(self, case: _Case, arguments: tuple[Node, ...]) -> Iterable[Broken] | None:
        limit = _limit(arguments)
        return None if limit is None else _NOWHERE * (len(case.values) > limit)

    def _has_value(self, case: _Case, arguments: tuple[Node, ...]) -> Iterable[Broken]:
        return _NOWHERE * sum(wanted not in case.values for wanted in arguments)

    def _unique_lang(self, case: _Case, arguments: tuple[Node, ...]) -> Iterable[Broken] | None:
        if len(arguments) != 1 or not isinstance(arguments[0], Literal) or not isinstance(arguments[0].value, bool):
            return None
        texts = (node for node in case.values if isinstance(node, Literal) and node.language)
        languages = Counter(str(text.language).lower() for text in texts)
        return _NOWHERE * (sum(number > 1 for number in languages.values()) if arguments[0].value else 0)

    def _equals(self, case: _Case, arguments: tuple[Node, ...]) -> Iterable[Broken]:
        others = (self._others(case, other).keys() for other in arguments)
        return [(node, None) for found in others for node in found ^ case.values.keys()]

    def _disjoint(self, case: _Case, arguments: tuple[Node, ...]) -> Iterable[Broken]:
        others = (self._others(case, other).keys() for other in arguments)
        return [(node, None) for found in others for node in found & case.values.keys()]

    def _less_than(self, case: _Case, arguments: tuple[Node, ...]) -> Iterable[Broken] | None:
        return self._ordered(case, arguments, SH.maxExclusive)

    def _less_than_or_equals(self, case: _Case, arguments: tuple[Node, ...]) -> Iterable[Broken] | None:
        return self._ordered(case, arguments, SH.maxInclusive)

    def _ordered(self, case: _Case, arguments: tuple[Node, ...], order: URIRef) -> Iterable[Broken] | None:
        pairs = [
            (node, in_order(order, other)(value))
            for name in arguments
            for other in self._others(case, name)
            for node, value in case.values.items()
        ]
        if any(verdict is None or not isinstance(node, Literal) for node, verdict in pairs):
            return None
        return [(node, None) for node, verdict in pairs if not verdict]

    def _closed(self, case: _Case, arguments: tuple[Node, ...]) -> Iterable[Broken] | None:
        if [str(value) for value in arguments] != ["true"]:
            return None
        allowed = self._evaluator.allowed(case.shape)
        stated = (pair for value in case.values.values() for pair in self._facts.statements(value))
        return [
            (value, predicate)
            for predicate, value in stated
            if str(predicate) not in allowed and (predicate, value) != (RDF.type, RDFS.Resource)
        ]

    def _others(self, case: _Case, predicate: Node) -> Mapping[Node, Term]:
        return {term(value): value for value in self._facts.objects(case.focus, str(predicate))}


@dataclass(frozen=True, slots=True)
class _Case:
    """A focus node of a shape with its value nodes, each as rdflib has it and as the facts have it."""

    shape: Shape
    focus: Term
    values: Mapping[Node, Term]


_OF_ALL_VALUES: Mapping[str, Callable[[Certain, _Case, tuple[Node, ...]], Iterable[Broken] | None]] = {
    str(SH.minCount): Certain._min_count,
    str(SH.maxCount): Certain._max_count,
    str(SH.hasValue): Certain._has_value,
    str(SH.uniqueLang): Certain._unique_lang,
    str(SH.equals): Certain._equals,
    str(SH.disjoint): Certain._disjoint,
    str(SH.lessThan): Certain._less_than,
    str(SH.lessThanOrEquals): Certain._less_than_or_equals,
    str(SH.closed): Certain._closed,
}
_OF_ONE_VALUE = frozenset(
    str(SH[name])
    for name in (
        *("class", "datatype", "nodeKind", "languageIn", "pattern", "minLength", "maxLength", "in"),
        *("minInclusive", "minExclusive", "maxInclusive", "maxExclusive", "not", "and", "or", "xone"),
    )
)
"""Constraints of which each value that breaks them is one result; with several arguments they are left to the judge."""


def _is_plain(focus: Term, results: Iterable[Result]) -> bool:
    return not isinstance(focus, ox.BlankNode) and not any(isinstance(each.value, BNode) for each in results)


def _limit(arguments: Sequence[Node]) -> int | None:
    return int(str(arguments[0])) if len(arguments) == 1 and str(arguments[0]).isdecimal() else None
