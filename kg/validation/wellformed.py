"""Refuses shapes that break the syntax rules of SHACL, naming shape, line and rule, before anything is checked.

pySHACL ignores some such mistakes, fails on others, and names no shape; https://www.w3.org/TR/shacl/#syntax-rules.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import NamedTuple

import pyoxigraph as ox
import rdflib
from rdflib import RDF, SH, XSD
from rdflib.term import BNode, Literal, Node, URIRef

from kg.errors import InputError
from kg.store.syntax import illegal_query
from kg.validation.shapegraph import LISTED, SINGLE, TERMS, ShapesGraph
from kg.validation.sparql_constraints import declared_prefixes

_KINDS = frozenset((SH.BlankNode, SH.IRI, SH.Literal, SH.BlankNodeOrIRI, SH.BlankNodeOrLiteral, SH.IRIOrLiteral))
_COUNTS = (SH.minCount, SH.maxCount, SH.minLength, SH.maxLength, SH.qualifiedMinCount, SH.qualifiedMaxCount)
_PAIRS = (SH.equals, SH.disjoint, SH.lessThan, SH.lessThanOrEquals)
_RANGES = (SH.minInclusive, SH.maxInclusive, SH.minExclusive, SH.maxExclusive)
_ON_PROPERTIES = (SH.minCount, SH.maxCount, SH.uniqueLang, SH.lessThan, SH.lessThanOrEquals, SH.qualifiedValueShape)
_ONCE = frozenset(
    (
        *(*_COUNTS, *_RANGES, SH.path, SH.datatype, SH.nodeKind, SH.pattern, SH.flags, SH.uniqueLang, SH["in"]),
        *(SH.languageIn, SH.closed, SH.ignoredProperties, SH.deactivated, SH.qualifiedValueShape),
    )
)
_STEPS = (SH.inversePath, SH.zeroOrMorePath, SH.oneOrMorePath, SH.zeroOrOnePath)
_LISTS = (SH["in"], SH.languageIn, SH.ignoredProperties, *LISTED)


class Problem(NamedTuple):
    """A mistake in a shapes graph: the shape, the term whose value is wrong, and what the rule is."""

    shape: Node
    term: URIRef
    rule: str


@dataclass(frozen=True, slots=True)
class _Rule:
    """What a value of a term must be, in words and as a test."""

    says: str
    holds: Callable[[Node], bool]


def _is_count(value: Node) -> bool:
    whole = isinstance(value, Literal) and value.datatype == XSD.integer
    return whole and re.fullmatch(r"\+?[0-9]+", str(value)) is not None


def _is_boolean(value: Node) -> bool:
    return isinstance(value, Literal) and value.datatype == XSD.boolean and str(value) in ("true", "false", "0", "1")


def _is_text(value: Node) -> bool:
    return isinstance(value, Literal) and value.datatype in (None, XSD.string)


_IRI = _Rule("an IRI", lambda value: isinstance(value, URIRef))
_SHAPE = _Rule("a shape, not a literal", lambda value: isinstance(value, URIRef | BNode))
_COUNT = _Rule("a whole number of 0 or more (xsd:integer)", _is_count)
_BOOLEAN = _Rule("true or false", _is_boolean)
_TEXT = _Rule("a text", _is_text)
_NUMBER = _Rule("a literal", lambda value: isinstance(value, Literal))
_KIND = _Rule("one of " + ", ".join(sorted(f"sh:{kind.rpartition('#')[2]}" for kind in _KINDS)), _KINDS.__contains__)
_VALUES: Mapping[Node, _Rule] = {
    **dict.fromkeys(_COUNTS, _COUNT),
    **dict.fromkeys(_PAIRS, _IRI),
    **dict.fromkeys(_RANGES, _NUMBER),
    **dict.fromkeys(SINGLE, _SHAPE),
    **dict.fromkeys((SH.datatype, SH["class"], SH.severity, SH.targetClass), _IRI),
    **dict.fromkeys((SH.targetSubjectsOf, SH.targetObjectsOf), _IRI),
    **dict.fromkeys((SH.pattern, SH.flags), _TEXT),
    **dict.fromkeys((SH.closed, SH.uniqueLang, SH.deactivated), _BOOLEAN),
    SH.nodeKind: _KIND,
}


def refuse_problems(graph: rdflib.Graph, texts: Mapping[str, str]) -> None:
    """Refuse a shapes graph at its first mistake; `texts` are the files that it was read from, by name.

    Raises:
        InputError: the shapes break a syntax rule, or refer to themselves, which SHACL leaves undefined.
    """
    for problem in problems(graph):
        found = ((name, line_of(graph, problem, text)) for name, text in texts.items())
        place = next((f"{name}:{line}" for name, line in found if line), next(iter(texts)))
        raise InputError(f"{place}: {named(graph, problem.shape)}: {problem.rule}")


def problems(graph: rdflib.Graph) -> Iterator[Problem]:
    """Yield the mistakes of a shapes graph, in a stable order within each kind."""
    for term in sorted(_ONCE):
        for shape in _sorted(graph.subjects(term, None)):
            if len(list(graph.objects(shape, term))) > 1:
                yield Problem(shape, term, f"{_short(term)} stands there more than once")
    for parameter, rule in _VALUES.items():
        for shape, value in _pairs(graph, parameter):
            if not rule.holds(value) and isinstance(value, URIRef | BNode | Literal):
                rest = f"the value of {_short(parameter)}, {value.n3()}, is not {rule.says}"
                yield Problem(shape, URIRef(str(parameter)), rest)
    yield from _bad_lists(graph)
    yield from _bad_patterns(graph)
    yield from _bad_properties(graph)
    yield from _bad_queries(graph)
    yield from _recursion(graph)


def unknown_terms(graph: rdflib.Graph) -> Iterator[str]:
    """Yield what is wrong with each term in SHACL's namespace that SHACL does not have, so that it is ignored."""
    used = {str(term).removeprefix(str(SH)) for term in graph.predicates() if str(term).startswith(str(SH))}
    for name in sorted(used - TERMS):
        near = get_close_matches(name, sorted(TERMS), n=1)
        hint = f"; do you mean sh:{near[0]}?" if near else ""
        yield f"sh:{name} is no term of SHACL and is ignored{hint}"


def _bad_lists(graph: rdflib.Graph) -> Iterator[Problem]:
    for term in _LISTS:
        for shape, start in _pairs(graph, term):
            members = _members(graph, start)
            if members is None:
                yield Problem(shape, term, f"the value of {_short(term)} is no list, written ( … )")
            elif term in LISTED and any(isinstance(each, Literal) for each in members):
                yield Problem(shape, term, f"a member of {_short(term)} is a literal and no shape")
            elif term == SH.languageIn and not all(map(_is_text, members)):
                yield Problem(shape, term, "a member of sh:languageIn is no text")


def _members(graph: rdflib.Graph, start: Node) -> list[Node] | None:
    """Return the members of a list, None where it is none, has two ends, or bites its own tail."""
    found: list[Node] = []
    seen: set[Node] = set()
    while start != RDF.nil:
        first, rest = list(graph.objects(start, RDF.first)), list(graph.objects(start, RDF.rest))
        if start in seen or len(first) != 1 or len(rest) != 1:
            return None
        seen.add(start)
        found.append(first[0])
        start = rest[0]
    return found


def _bad_patterns(graph: rdflib.Graph) -> Iterator[Problem]:
    for shape, pattern in _pairs(graph, SH.pattern):
        try:
            re.compile(str(pattern))
        except re.error as error:
            yield Problem(shape, SH.pattern, f"sh:pattern {pattern.n3()} is no regular expression: {error}")


def _bad_properties(graph: rdflib.Graph) -> Iterator[Problem]:
    for shape, path in _pairs(graph, SH.path):
        if not _is_path(graph, path):
            yield Problem(shape, SH.path, "the value of sh:path is no property path")
    for _, shape in _pairs(graph, SH.property):
        if (shape, SH.path, None) not in graph:
            yield Problem(shape, SH.property, "a property shape needs a sh:path")
    for term in _ON_PROPERTIES:
        for shape in _sorted(graph.subjects(term, None)):
            if (shape, SH.path, None) not in graph:
                yield Problem(shape, term, f"{_short(term)} stands in a shape without sh:path")
    for shape in _sorted(graph.subjects(SH.qualifiedValueShape, None)):
        if not any((shape, term, None) in graph for term in (SH.qualifiedMinCount, SH.qualifiedMaxCount)):
            rule = "sh:qualifiedValueShape needs sh:qualifiedMinCount or sh:qualifiedMaxCount"
            yield Problem(shape, SH.qualifiedValueShape, rule)


def _is_path(graph: rdflib.Graph, path: Node) -> bool:
    """Return whether a node describes a path; what else it may say beside that is no mistake."""
    if isinstance(path, URIRef):
        return True
    steps = [step for term in _STEPS for step in graph.objects(path, term)]
    for start in (*graph.objects(path, SH.alternativePath), *((path,) if (path, RDF.first, None) in graph else ())):
        members = _members(graph, start)
        if members is None or path in members:
            return False
        steps += members
    return bool(steps) and all(step != path and _is_path(graph, step) for step in steps)


def _bad_queries(graph: rdflib.Graph) -> Iterator[Problem]:
    shapes = ShapesGraph(graph)
    # Those that an imported ontology declares count too, and the judge knows which do.
    anywhere = {str(graph.value(each, SH.prefix)): str(name) for each, name in graph.subject_objects(SH.namespace)}
    for shape, constraint in _pairs(graph, SH.sparql):
        texts = list(graph.objects(constraint, SH.select))
        if len(texts) != 1 or not _is_text(texts[0]):
            yield Problem(shape, SH.sparql, "a SPARQL constraint needs one sh:select")
            continue
        try:
            ox.Store().query(str(texts[0]), prefixes={**anywhere, **declared_prefixes(shapes, constraint)})
        except SyntaxError as error:
            yield Problem(shape, SH.select, f"its sh:select: {illegal_query(str(texts[0]), error)}")


def _recursion(graph: rdflib.Graph) -> Iterator[Problem]:
    shapes = ShapesGraph(graph)
    referring = {
        node
        for predicate in (*SINGLE, *LISTED)
        for node in graph.subjects(predicate, None)
        if not isinstance(node, Literal)
    }
    recursive = _sorted(node for node in referring if shapes.recursive(node))
    # A named shape of the circle says more than a nameless one.
    for shape in sorted(recursive, key=lambda node: isinstance(node, BNode)):
        term = next(each for each in (*SINGLE, *LISTED) if (shape, each, None) in graph)
        yield Problem(
            shape, URIRef(term), f"the shape refers to itself by way of {_short(term)}: SHACL defines no recursion"
        )


def named(graph: rdflib.Graph, shape: Node) -> str:
    """Return what a shape is called: its IRI, or the named shape that it stands in, and its path."""
    if isinstance(shape, URIRef):
        return f"shape {shape.n3()}"
    path = graph.value(shape, SH.path)
    own = f"the property {path.n3()}" if isinstance(path, URIRef) else "a nameless shape"
    owner = _owner(graph, shape)
    return f"{own} of shape {owner.n3()}" if owner else own


def line_of(graph: rdflib.Graph, problem: Problem, text: str) -> int:
    """Return the line on which the term of a problem stands, from its shape's name on; 0 where it does not stand."""
    owner = problem.shape if isinstance(problem.shape, URIRef) else _owner(graph, problem.shape)
    start = 0
    if owner is not None:
        last = re.escape(re.split(r"[/#]", owner)[-1])
        places = [rf"^[ \t]*(?:<[^>\s]*{last}>|[\w.-]*:{last})(?=\s)", rf"{last}(?=[\s>\"])"]
        found = next((match for each in places if (match := re.search(each, text, re.MULTILINE))), None)
        if found is None:
            return 0
        start = found.start()
    local = re.escape(str(problem.term).rpartition("#")[2])
    values = [str(value) for value in graph.objects(problem.shape, problem.term) if isinstance(value, Literal)]
    spelt = [rf"\b{local}\b[>\s\"]*[^\n]*{re.escape(value)}" for value in values if "\n" not in value]
    term = next((match for each in (*spelt, rf"\b{local}\b") if (match := re.compile(each).search(text, start))), None)
    place = term.start() if term else start
    return text.count("\n", 0, place) + 1


def _owner(graph: rdflib.Graph, shape: Node) -> URIRef | None:
    """Return the nearest named thing that leads to a nameless node."""
    todo, seen = [shape], set[Node]()
    while todo:
        node = todo.pop(0)
        for parent in _sorted(graph.subjects(None, node)):
            if isinstance(parent, URIRef):
                return parent
            if parent not in seen:
                seen.add(parent)
                todo.append(parent)
    return None


def _pairs(graph: rdflib.Graph, term: Node) -> list[tuple[Node, Node]]:
    return sorted(graph.subject_objects(term), key=lambda pair: (str(pair[0]), str(pair[1])))


def _sorted(nodes: Iterator[Node]) -> list[Node]:
    return sorted(set(nodes), key=str)


def _short(term: Node) -> str:
    return f"sh:{str(term).rpartition('#')[2]}"
