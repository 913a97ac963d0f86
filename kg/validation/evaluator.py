"""Judges shapes that stand as conditions in others, value by value, as far as that is certain.

True and False are what pySHACL would say; None is not known and must be treated as either.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

import pyoxigraph as ox
from rdflib import RDF, RDFS, SH
from rdflib.term import Literal, Node, URIRef

from kg.validation.facts import Facts, Term
from kg.validation.shapegraph import Path, Shape, ShapesGraph
from kg.validation.verdicts import Test, Verdict, equal, value_test

NO_CONSTRAINT = frozenset(
    str(SH[name])
    for name in (
        *(
            "path",
            "message",
            "severity",
            "name",
            "description",
            "order",
            "group",
            "defaultValue",
            "deactivated",
            "flags",
        ),
        *("targetClass", "targetNode", "targetObjectsOf", "targetSubjectsOf", "target", "rule", "prefixes"),
        *("ignoredProperties", "qualifiedMinCount", "qualifiedMaxCount", "qualifiedValueShapesDisjoint", "entailment"),
    )
)
"""Predicates of shapes that constrain nothing by themselves."""
_Values = tuple[Node, ...]


class Evaluator:
    """Judges single nodes by the shapes of one graph, each pair once."""

    def __init__(self, facts: Facts, shapes: ShapesGraph) -> None:
        self._facts, self._shapes = facts, shapes
        self._known: dict[tuple[Node, Term], Verdict] = {}
        self._tests: dict[tuple[Node, URIRef], Test | None] = {}
        self._classes: dict[str, frozenset[str]] = {}

    def verdict(self, node: Node, value: Term) -> Verdict:
        """Return whether `value` conforms to the shape `node`."""
        key = (node, value)
        if key not in self._known:
            self._known[key] = None  # what a recursive shape means is left to the judge
            self._known[key] = self._verdict(self._shapes.shape(node), value)
        return self._known[key]

    def holds(self, shape: Shape, parameter: URIRef, focus: Term, values: list[Term] | None) -> Verdict:
        """Return whether a constraint holds for a focus node with its value nodes (None: they are not known)."""
        if str(parameter) in NO_CONSTRAINT:
            return True
        arguments = shape.constraints[parameter]
        if values is None:
            return None
        test = self.test(shape, parameter)
        if test is not None:
            return _all(test(value) for value in values)
        judge = _OF_ALL_VALUES.get(str(parameter))
        return judge(self, shape, arguments, focus, values) if judge else None

    def knows(self, parameter: URIRef) -> bool:
        """Return whether `holds` may ever be certain about a constraint."""
        return str(parameter) in _OF_ALL_VALUES or str(parameter) in _OF_ONE_VALUE

    def test(self, shape: Shape, parameter: URIRef) -> Test | None:
        """Return the test that a constraint puts to each value node by itself; None if it is not of that kind."""
        key = (shape.node, parameter)
        if key not in self._tests:
            self._tests[key] = self._made_test(shape, parameter)
        return self._tests[key]

    def values(self, path: Path | None, focus: Term) -> list[Term] | None:
        """Return the value nodes of a focus node, each once; None where the path is not certain."""
        return [focus] if path is None else _distinct(self._reached(path, [focus], inverse=False))

    def subclasses(self, name: str) -> frozenset[str]:
        """Return a class with all classes below it in the data."""
        if name not in self._classes:
            found, todo = {name}, [name]
            while todo:
                for below in self._facts.subjects(str(RDFS.subClassOf), ox.NamedNode(todo.pop())):
                    if isinstance(below, ox.NamedNode) and below.value not in found:
                        found.add(below.value)
                        todo.append(below.value)
            self._classes[name] = frozenset(found)
        return self._classes[name]

    def _verdict(self, shape: Shape, value: Term) -> Verdict:
        if shape.deactivated:
            return True
        if self._shapes.recursive(shape.node):
            return None
        values = self.values(shape.path, value)
        return _all(self.holds(shape, parameter, value, values) for parameter in shape.constraints)

    def _made_test(self, shape: Shape, parameter: URIRef) -> Test | None:
        arguments = shape.constraints[parameter]
        single = _OF_ONE_VALUE.get(str(parameter))
        if single:
            return lambda value: single(self, arguments, value)
        if parameter in self._shapes.custom_parameters:
            return None
        return value_test(self._shapes.graph, parameter, arguments, shape.constraints.get(SH.flags, ()))

    def _reached(self, path: Path, starts: Iterable[Term], *, inverse: bool) -> list[Term] | None:
        match path.kind:
            case "iri":
                step = self._facts.subjects if inverse else None
                return [
                    found
                    for start in starts
                    for found in (step(path.iri, start) if step else self._facts.objects(start, path.iri))
                ]
            case "inverse" if (
                not inverse and path.steps[0].kind == "iri" and path.predicates.isdisjoint(self._facts.altered)
            ):
                return self._reached(path.steps[0], starts, inverse=True)
            case "sequence" if len(path.steps) > 1:
                return self._along(path.steps, list(starts))
            case "alternative" if len(path.steps) > 1:
                known = list(starts)
                found_by = [self._reached(step, known, inverse=False) for step in path.steps]
                return None if None in found_by else [one for found in found_by if found for one in found]
            case "*" | "+" | "?":
                return self._closure(path, list(starts))
            case _:
                return None

    def _along(self, steps: tuple[Path, ...], starts: list[Term]) -> list[Term] | None:
        found: list[Term] | None = starts
        for step in steps:
            found = None if found is None else _distinct(self._reached(step, found, inverse=False))
        return found

    def _closure(self, path: Path, starts: list[Term]) -> list[Term] | None:
        first = self._reached(path.steps[0], starts, inverse=False)
        if first is None:
            return None
        if path.kind == "?":
            return [*starts, *first]
        found, todo = dict.fromkeys(starts if path.kind == "*" else ()), list(first)
        while todo:
            node = todo.pop()
            if node not in found:
                found[node] = None
                todo.extend(self._reached(path.steps[0], [node], inverse=False) or ())
        return list(found)

    # -- constraints on each value node by itself

    def _conforms(self, shapes: _Values, value: Term) -> Verdict:
        return _all(self.verdict(shape, value) for shape in shapes)

    def _conforms_to_none(self, shapes: _Values, value: Term) -> Verdict:
        return _all(_negated(self.verdict(shape, value)) for shape in shapes)

    def _conforms_to_all(self, lists: _Values, value: Term) -> Verdict:
        return _all(self.verdict(shape, value) for start in lists for shape in self._shapes.members(start))

    def _conforms_to_any(self, lists: _Values, value: Term) -> Verdict:
        members = (self._shapes.members(start) for start in lists)
        return _all(_any(self.verdict(shape, value) for shape in shapes) for shapes in members)

    def _conforms_to_one(self, lists: _Values, value: Term) -> Verdict:
        members = (self._shapes.members(start) for start in lists)
        return _all(_one(self.verdict(shape, value) for shape in shapes) for shapes in members)

    def _is_a(self, classes: _Values, value: Term) -> Verdict:
        if isinstance(value, ox.Literal):
            return False
        kinds = {kind.value for kind in self._facts.objects(value, str(RDF.type)) if isinstance(kind, ox.NamedNode)}
        return all(kinds & self.subclasses(str(name)) for name in classes)

    # -- constraints on all value nodes together

    def _counted(self, arguments: _Values, values: list[Term], *, most: bool) -> Verdict:
        if len(arguments) != 1 or not str(arguments[0]).isdecimal():
            return None
        limit, certain = int(str(arguments[0])), sum(map(_stays_apart, values))
        if most:
            return True if len(values) <= limit else (False if certain > limit else None)
        return True if certain >= limit or (values and limit == 1) else (False if len(values) < limit else None)

    def _has(self, arguments: _Values, values: list[Term]) -> Verdict:
        return all(any(equal(value, wanted) for value in values) for wanted in arguments)

    def _qualified(self, shape: Shape, arguments: _Values, values: list[Term]) -> Verdict:
        disjoint = any(str(value) == "true" for value in shape.constraints.get(SH.qualifiedValueShapesDisjoint, ()))
        limits = (shape.constraints.get(SH.qualifiedMinCount, ()), shape.constraints.get(SH.qualifiedMaxCount, ()))
        if disjoint or len(arguments) != 1 or any(len(limit) > 1 for limit in limits) or not any(limits):
            return None
        least, most = ((int(str(limit[0])) if limit and str(limit[0]).isdecimal() else None) for limit in limits)
        verdicts = [self.verdict(arguments[0], value) for value in values]
        surely, perhaps = verdicts.count(True), verdicts.count(True) + verdicts.count(None)
        low = True if least is None or surely >= least else (False if perhaps < least else None)
        high = True if most is None or perhaps <= most else (False if surely > most else None)
        certain = all(map(_stays_apart, values)) or (len(values) <= 1)
        return _all((low, high)) if certain else None

    def _children(self, shapes: _Values, values: list[Term]) -> Verdict:
        return _all(self.verdict(shape, value) for shape in shapes for value in values)

    def _closed(self, shape: Shape, arguments: _Values, values: list[Term]) -> Verdict:
        if not any(str(value) == "true" for value in arguments):
            return True
        allowed = self.allowed(shape)
        stated = (pair for value in values for pair in self._facts.predicates(value))
        return all(name in allowed or _is_resource(name, value) for name, value in stated)

    def allowed(self, shape: Shape) -> frozenset[str]:
        """Return the predicates that a closed shape allows."""
        graph = self._shapes.graph
        ignored = {
            str(name) for start in shape.constraints.get(SH.ignoredProperties, ()) for name in graph.items(start)
        }
        paths = (self._shapes.shape(child).path for child in shape.constraints.get(SH.property, ()))
        return frozenset(ignored | {path.iri for path in paths if path is not None and path.kind == "iri"})


_OF_ONE_VALUE: Mapping[str, Callable[[Evaluator, _Values, Term], Verdict]] = {
    str(SH.node): Evaluator._conforms,
    str(SH["not"]): Evaluator._conforms_to_none,
    str(SH["and"]): Evaluator._conforms_to_all,
    str(SH["or"]): Evaluator._conforms_to_any,
    str(SH.xone): Evaluator._conforms_to_one,
    str(SH["class"]): Evaluator._is_a,
}
_OF_ALL_VALUES: Mapping[str, Callable[[Evaluator, Shape, _Values, Term, list[Term]], Verdict]] = {
    str(SH.minCount): lambda self, shape, arguments, focus, values: self._counted(arguments, values, most=False),
    str(SH.maxCount): lambda self, shape, arguments, focus, values: self._counted(arguments, values, most=True),
    str(SH.hasValue): lambda self, shape, arguments, focus, values: self._has(arguments, values),
    str(SH.property): lambda self, shape, arguments, focus, values: self._children(arguments, values),
    str(SH.qualifiedValueShape): lambda self, shape, arguments, focus, values: self._qualified(
        shape, arguments, values
    ),
    str(SH.closed): lambda self, shape, arguments, focus, values: self._closed(shape, arguments, values),
    str(SH.uniqueLang): lambda self, shape, arguments, focus, values: _unique_languages(arguments, values),
}

_Item = TypeVar("_Item")


def _stays_apart(value: Term) -> bool:
    """Return whether a value is certainly not equal to rdflib to another that it differs from here."""
    return not isinstance(value, ox.Literal) or bool(value.language) or value.datatype.value.endswith("#string")


def _unique_languages(arguments: _Values, values: list[Term]) -> Verdict:
    if not any(isinstance(value, Literal) and value.value is True for value in arguments):
        return True
    languages = [value.language.lower() for value in values if isinstance(value, ox.Literal) and value.language]
    return len(set(languages)) == len(languages)


def _is_resource(name: str, value: Term) -> bool:
    return name == str(RDF.type) and isinstance(value, ox.NamedNode) and value.value == str(RDFS.Resource)


def _distinct(values: Iterable[_Item] | None) -> list[_Item] | None:
    return None if values is None else list(dict.fromkeys(values))


def _all(verdicts: Iterable[Verdict]) -> Verdict:
    known: Verdict = True
    for verdict in verdicts:
        if verdict is False:
            return False
        if verdict is None:
            known = None
    return known


def _any(verdicts: Iterable[Verdict]) -> Verdict:
    return _negated(_all(map(_negated, verdicts)))


def _one(verdicts: Iterable[Verdict]) -> Verdict:
    found = list(verdicts)
    if None in found:
        return None
    return found.count(True) == 1


def _negated(verdict: Verdict) -> Verdict:
    return None if verdict is None else not verdict
