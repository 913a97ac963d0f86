"""Tells results of SHACL as findings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache, partial
from types import MappingProxyType

import rdflib
from rdflib import RDF, RDFS, SH
from rdflib.term import BNode, Literal, Node, URIRef

from kg.validation.model import SEVERITIES, Finding, Stated
from kg.validation.outcomes import Result
from kg.validation.things import Things

_TEMPLATE = re.compile(r"\{[?$]\w+\}")
_COUNTED = frozenset(("MinCount", "MaxCount", "UniqueLang", "QualifiedMinCount", "QualifiedMaxCount", "SPARQL"))
"""Components whose results may carry no value: the values that were counted or compared are shown."""
_PAIRS = {
    "Disjoint": (SH.disjoint,),
    "Equals": (SH.equals,),
    "LessThan": (SH.lessThan,),
    "LessThanOrEquals": (SH.lessThanOrEquals,),
    "SPARQL": (RDFS.seeAlso,),
}
"""Where a shape names the other property of a comparison; one that compares by a query names it as a hint."""
_NO_MESSAGES: tuple[Mapping[str, str], bool] = (MappingProxyType({}), False)
_AFTER = {SH.zeroOrMorePath: "*", SH.oneOrMorePath: "+", SH.zeroOrOnePath: "?"}


def findings_of(
    results: Iterable[Result], data: rdflib.Graph, shapes: rdflib.Graph, things: Things
) -> tuple[Finding, ...]:
    """Return results found in `data` as findings, in a stable order."""
    reader = _Reader(data, shapes, things)
    return tuple(sorted(map(reader.finding, results), key=in_order))


def property_path(graph: rdflib.Graph, path: Node) -> str:
    """Return a path as SPARQL writes it, with full IRIs.

    Raises:
        ValueError: the node is no path.
    """
    if isinstance(path, URIRef):
        return path.n3()
    if (path, RDF.first, None) in graph:
        return "(" + "/".join(property_path(graph, step) for step in graph.items(path)) + ")"
    alternatives = graph.value(path, SH.alternativePath)
    if alternatives is not None:
        return "(" + "|".join(property_path(graph, choice) for choice in graph.items(alternatives)) + ")"
    inverse = graph.value(path, SH.inversePath)
    if inverse is not None:
        return f"^{property_path(graph, inverse)}"
    for kind, sign in _AFTER.items():
        inner = graph.value(path, kind)
        if inner is not None:
            return f"({property_path(graph, inner)}){sign}"
    raise ValueError(f"{path!r} is no property path")


class _Reader:
    def __init__(self, data: rdflib.Graph, shapes: rdflib.Graph, things: Things) -> None:
        self._data, self._shapes, self._things = data, shapes, things
        self._rule = lru_cache(maxsize=None)(self._rule_name)
        self._own_messages = lru_cache(maxsize=None)(self._shape_messages)
        self._path = lru_cache(maxsize=None)(partial(property_path, shapes))
        self._component = lru_cache(maxsize=None)(component_name)

    def finding(self, result: Result) -> Finding:
        """Return the finding of one result."""
        component, focus, value = self._component(result.component), result.focus, result.value
        about = self._things.about(focus)
        return Finding(
            severity=_local(result.severity),
            rule=self._rule(result.shape),
            shape=node_name(result.shape),
            component=component,
            focus=node_name(focus),
            path=None if result.path is None else self._path(result.path),
            value=None if value is None else node_name(value),
            messages=self._messages(result),
            project=about.project,
            identifier=about.identifier,
            title=about.title,
            subject=about.subject,
            stated=self._stated(focus, result.shape, result.path, value, component),
            sources=about.sources,
        )

    def _stated(
        self, focus: Node, shape: Node, path: Node | None, value: Node | None, component: str
    ) -> tuple[Stated, ...]:
        if value is None:
            counted = component in _COUNTED and isinstance(path, URIRef)
            return self._things.stated(focus, path, set(self._data.objects(focus, path)) if counted else ())
        if value == focus:
            return ()
        found = self._things.stated(focus, path, [value])
        others = [other for pair in _PAIRS.get(component, ()) for other in self._shapes.objects(shape, pair)]
        if not others or path is None:
            return found
        # A value that breaks a comparison says nothing without the one that it was compared with.
        named = [
            (path, found),
            *((other, self._things.stated(focus, other, self._data.objects(focus, other))) for other in others),
        ]
        return tuple(
            Stated(f"{self._things.short(str(name))} {one.value}", one.sources) for name, ones in named for one in ones
        )

    def _messages(self, result: Result) -> Mapping[str, str]:
        # pySHACL drops the language from the messages of SPARQL constraints; the shapes still have it.
        of_constraint = result.constraint is not None and self._own_messages(result.constraint)
        own, fixed = of_constraint or self._own_messages(result.shape) or _NO_MESSAGES
        return own if fixed else _by_language(result.messages)

    def _shape_messages(self, shape: Node) -> tuple[Mapping[str, str], bool] | None:
        """Return the messages of a shape or constraint, if any, and whether nothing is to be filled in."""
        found = _by_language(self._shapes.objects(shape, SH.message))
        return (found, not any(map(_TEMPLATE.search, found.values()))) if found else None

    def _rule_name(self, shape: Node) -> str:
        """Return the local name of a shape; for one without a name that of the shape it stands in, and its path."""
        if isinstance(shape, URIRef):
            return _local(shape)
        path = self._shapes.value(shape, SH.path)
        parts = [] if path is None else [self._things.short(str(path)) if isinstance(path, URIRef) else "path"]
        parent = next(iter(sorted(self._shapes.subjects(SH.property, shape), key=str)), None)
        return " ".join([*([self._rule_name(parent)] if parent is not None else []), *parts]) or "unnamed shape"


def _by_language(messages: Iterable[Node]) -> Mapping[str, str]:
    found = sorted((message.language or "", str(message)) for message in messages if isinstance(message, Literal))
    return MappingProxyType(dict(reversed(found)))


def component_name(component: Node) -> str:
    """Return the local name of a constraint component without its ending: ``MinCount``."""
    return _local(component).removesuffix("ConstraintComponent")


def _local(iri: Node) -> str:
    return re.split(r"[/#:]", str(iri))[-1]


def node_name(node: Node) -> str:
    """Return an IRI or the text of a literal as it is, and a blank node with ``_:`` before it."""
    return f"_:{node}" if isinstance(node, BNode) else str(node)


def in_order(finding: Finding) -> tuple[object, ...]:
    """Return the key by which findings are sorted: severity, project, rule, value."""
    rank = SEVERITIES.index(finding.severity) if finding.severity in SEVERITIES else len(SEVERITIES)
    named = (finding.identifier or "", finding.title or "", finding.project or "", finding.focus)
    said = (tuple(finding.messages.items()), tuple((each.value, each.sources) for each in finding.stated))
    about = (finding.rule, finding.path or "", finding.component, finding.value or "")
    return (rank, finding.severity, *named, *about, *said)
