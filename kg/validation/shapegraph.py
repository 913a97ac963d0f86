"""Reads a shapes graph into values: shapes with their targets, paths and constraints."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import Literal

import rdflib
from rdflib import RDF, RDFS, SH
from rdflib.term import Node, URIRef

from kg.store.terms import to_pyoxigraph
from kg.validation.facts import Term

SINGLE = (SH.node, SH.property, SH["not"], SH.qualifiedValueShape)
LISTED = (SH["and"], SH["or"], SH.xone)
TARGETS = (SH.targetClass, SH.targetNode, SH.targetObjectsOf, SH.targetSubjectsOf)
"""The parameters whose values are shapes, and those whose values are lists of shapes."""
TERMS = frozenset((*SH.__annotations__, *SH._extras))
"""The local names of all terms of SHACL."""
_REPEATED: Mapping[URIRef, Literal["*", "+", "?"]] = MappingProxyType(
    {SH.zeroOrMorePath: "*", SH.oneOrMorePath: "+", SH.zeroOrOnePath: "?"}
)


@dataclass(frozen=True, slots=True)
class Path:
    """A property path; `sparql` is None where pySHACL and SPARQL may differ, or a query would not bind a bare node.

    `kind` is ``iri`` (then `iri`), ``inverse``, ``sequence``, ``alternative``, ``*``, ``+``, ``?`` or ``unknown``.
    """

    kind: str
    iri: str = ""
    steps: tuple[Path, ...] = ()

    @property
    def predicates(self) -> frozenset[str]:
        """Every predicate that the path names."""
        inner = frozenset[str]().union(*(step.predicates for step in self.steps))
        return inner | {self.iri} if self.iri else inner

    @property
    def sparql(self) -> str | None:
        """The path as SPARQL writes it."""
        inner = [step.sparql for step in self.steps]
        if self.kind == "iri":
            return f"<{self.iri}>"
        if self.kind == "inverse" and self.steps[0].kind == "iri":
            return f"^{inner[0]}"
        if self.kind in ("sequence", "alternative") and len(inner) > 1 and None not in inner:
            return f"({('/' if self.kind == 'sequence' else '|').join(map(str, inner))})"
        return None


@dataclass(frozen=True, slots=True)
class Targets:
    """What a shape declares as its targets; classes do not hold their subclasses yet."""

    nodes: tuple[Term, ...]
    classes: tuple[str, ...]
    subjects_of: tuple[str, ...]
    objects_of: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.nodes or self.classes or self.subjects_of or self.objects_of)


@dataclass(frozen=True, slots=True)
class Shape:
    """A shape; `constraints` maps each parameter to its values, without what is no constraint."""

    node: Node
    path: Path | None
    deactivated: bool
    constraints: Mapping[URIRef, tuple[Node, ...]] = field(hash=False)


class ShapesGraph:
    """The shapes of a graph, each read once."""

    def __init__(self, graph: rdflib.Graph) -> None:
        self.graph = graph
        self.shape = lru_cache(maxsize=None)(self._shape)
        self.recursive = lru_cache(maxsize=None)(self._recursive)
        self.members = lru_cache(maxsize=None)(self._members)

    @cached_property
    def roots(self) -> tuple[tuple[Node, Targets], ...]:
        """The shapes with targets of their own, in a fixed order."""
        named = {shape for predicate in TARGETS for shape in self.graph.subjects(predicate, None)}
        found = sorted(named | set(self.implicit_classes), key=str)
        return tuple((shape, self._targets(shape)) for shape in found)

    @cached_property
    def implicit_classes(self) -> Mapping[Node, tuple[Node, ...]]:
        """The shapes that are classes as well, and so their own target, with the types that make them classes."""
        metaclasses = {RDFS.Class, *self.graph.subjects(RDFS.subClassOf, RDFS.Class)}
        shapes = {*self.graph.subjects(RDF.type, SH.NodeShape), *self.graph.subjects(RDF.type, SH.PropertyShape)}
        shapes |= {*self.graph.subjects(SH.property, None), *self.graph.subjects(SH.node, None)}
        found = {
            shape: tuple(kind for kind in self.graph.objects(shape, RDF.type) if kind in metaclasses)
            for shape in shapes
        }
        return MappingProxyType({shape: kinds for shape, kinds in found.items() if kinds})

    @cached_property
    def conditions(self) -> frozenset[Node]:
        """Shapes that others refer to as conditions, and all that stand under those."""
        todo = [
            shape for predicate in SINGLE if predicate != SH.property for shape in self.graph.objects(None, predicate)
        ]
        todo += [
            shape
            for predicate in LISTED
            for start in self.graph.objects(None, predicate)
            for shape in self.graph.items(start)
        ]
        return self.with_all_below(todo)

    @cached_property
    def indivisible(self) -> frozenset[Node]:
        """The shapes that need their property shapes: closed ones, and parents of siblings that must be disjoint."""
        siblings = self.graph.subjects(SH.qualifiedValueShapesDisjoint, None)
        parents = (parent for shape in siblings for parent in self.graph.subjects(SH.property, shape))
        return self.with_all_below({*self.graph.subjects(SH.closed, None), *parents})

    def with_all_below(self, shapes: Iterable[Node]) -> frozenset[Node]:
        """Return shapes with the property shapes under them."""
        todo, found = list(shapes), set[Node]()
        while todo:
            shape = todo.pop()
            if shape not in found:
                found.add(shape)
                todo.extend(self.children(shape))
        return frozenset(found)

    @cached_property
    def custom_parameters(self) -> frozenset[Node]:
        """The parameters of constraint components that the graph itself declares."""
        parameters = set(self.graph.objects(None, SH.parameter))
        return frozenset(path for parameter in parameters for path in self.graph.objects(parameter, SH.path))

    def children(self, shape: Node) -> Iterator[Node]:
        """Yield the property shapes of a shape."""
        return self.graph.objects(shape, SH.property)

    def name(self, shape: Node) -> str:
        """Return what people may call a shape; one without a name by the shape that it stands in, and its path."""
        if isinstance(shape, URIRef):
            return local_name(shape)
        parents = sorted(parent for parent in self.graph.subjects(None, shape) if isinstance(parent, URIRef))
        path = self.graph.value(shape, SH.path)
        parts = [local_name(part) for part in (*parents[:1], path) if isinstance(part, URIRef)]
        return " ".join(parts) or "nameless shape"

    def _recursive(self, shape: Node) -> bool:
        """Return whether a shape refers to itself, directly or by way of others."""
        todo, seen = list(self._referred(shape)), set[Node]()
        while todo:
            other = todo.pop()
            if other == shape:
                return True
            if other not in seen:
                seen.add(other)
                todo.extend(self._referred(other))
        return False

    def _members(self, start: Node) -> tuple[Node, ...]:
        """Return the members of a list."""
        return tuple(self.graph.items(start))

    def _referred(self, shape: Node) -> Iterator[Node]:
        for predicate in SINGLE:
            yield from self.graph.objects(shape, predicate)
        for predicate in LISTED:
            for start in self.graph.objects(shape, predicate):
                yield from self.graph.items(start)

    def _shape(self, node: Node) -> Shape:
        path = self.graph.value(node, SH.path)
        constraints: dict[URIRef, list[Node]] = {}
        for predicate, value in self.graph.predicate_objects(node):
            # What SHACL does not have constrains nothing; whoever reads the shapes says so.
            if str(predicate).removeprefix(str(SH)) in TERMS or predicate in self.custom_parameters:
                constraints.setdefault(URIRef(str(predicate)), []).append(value)
        deactivated = any(getattr(value, "value", False) for value in self.graph.objects(node, SH.deactivated))
        found = {name: tuple(sorted(values, key=str)) for name, values in sorted(constraints.items())}
        return Shape(node, None if path is None else self.path(path), deactivated, MappingProxyType(found))

    def path(self, node: Node, depth: int = 0) -> Path:
        """Return the path that a node of the graph describes; of kind ``unknown`` if it describes none."""
        if isinstance(node, URIRef):
            return Path("iri", str(node))
        if depth > 9:  # pySHACL refuses deeper ones
            return Path("unknown")
        if len({name for name in self.graph.predicates(node) if str(name) != str(RDF.rest)}) > 1:
            return Path("unknown")
        for predicate, kind in ((SH.inversePath, "inverse"), *_REPEATED.items()):
            inner = self.graph.value(node, predicate)
            if inner is not None:
                return Path(kind, steps=(self.path(inner, depth + 1),))
        choices = self.graph.value(node, SH.alternativePath)
        if choices is not None:
            return Path("alternative", steps=tuple(self.path(step, depth + 1) for step in self.graph.items(choices)))
        if (node, RDF.first, None) in self.graph:
            return Path("sequence", steps=tuple(self.path(step, depth + 1) for step in self.graph.items(node)))
        return Path("unknown")

    def _targets(self, shape: Node) -> Targets:
        classes = {str(kind) for kind in self.graph.objects(shape, SH.targetClass)}
        if shape in self.implicit_classes:
            classes.add(str(shape))
        return Targets(
            nodes=tuple(to_pyoxigraph(node) for node in sorted(self.graph.objects(shape, SH.targetNode), key=str)),
            classes=tuple(sorted(classes)),
            subjects_of=tuple(sorted(str(name) for name in self.graph.objects(shape, SH.targetSubjectsOf))),
            objects_of=tuple(sorted(str(name) for name in self.graph.objects(shape, SH.targetObjectsOf))),
        )


def local_name(node: Node) -> str:
    """Return the last part of an IRI."""
    return str(node).replace("#", "/").rpartition("/")[2]
