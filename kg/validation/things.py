"""Names things for people: projects by diary number and title, values with the sources that state them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Protocol

import rdflib
from rdflib import DCTERMS, PROV, RDF, RDFS, SKOS
from rdflib.term import Literal, Node, URIRef

from kg.validation.model import Stated
from kg.vocabulary import EXTERNAL_PREFIXES, Names

Origins = Callable[[Node, Node, Node], Iterable[Node]]
"""Names the graphs that state a triple."""


class Describes(Protocol):
    """A graph as far as naming needs it."""

    def objects(self, subject: Node, predicate: Node, /) -> Iterable[Node]:
        """Return the values of a predicate of a thing."""

    def subjects(self, predicate: Node, value: Node, /) -> Iterable[Node]:
        """Return the things that have a value, which is no literal."""


_LABELS = (DCTERMS.title, SKOS.prefLabel, RDFS.label)
NAMING = (*_LABELS, DCTERMS.identifier, PROV.wasDerivedFrom, RDF.type)
"""The predicates that are looked up of each thing."""
_TO_PROJECT = ("methodUse", "ownerUnit", "owner")


@dataclass(frozen=True, slots=True)
class About:
    """What a finding is about; all but `subject` are None where they are unknown."""

    subject: str
    project: str | None
    identifier: str | None
    title: str | None
    sources: tuple[str, ...]


def graphs_of(data: rdflib.Graph) -> Origins:
    """Return a function that names the graphs of a dataset that state a triple; none of a single graph."""

    def graphs(subject: Node, predicate: Node, value: Node) -> Iterable[Node]:
        if not isinstance(data, rdflib.Dataset):
            return ()
        return (quad[3] for quad in data.quads((subject, predicate, value, None)) if quad[3] is not None)

    return graphs


class Things:
    """Looks up names in one graph; `base` is the base of our IRIs if the graph is ours."""

    def __init__(self, graph: Describes, origins: Origins, base: str | None) -> None:
        self._graph, self._origins, self._base = graph, origins, base
        prefixes = {name: iri for name, iri in EXTERNAL_PREFIXES.items() if name != "schema"}
        self._short = {iri: f"{name}:" for name, iri in (Names(base).prefixes() if base else prefixes).items()}
        self.about = lru_cache(maxsize=None)(self._about)
        self._source = lru_cache(maxsize=None)(self._source_name)
        self._label = lru_cache(maxsize=65536)(self._swedish_label)

    def short(self, iri: str) -> str:
        """Return an IRI as people read it: without our base, or with a known prefix."""
        if self._base and iri.startswith(f"{self._base}id/"):
            return iri.removeprefix(f"{self._base}id/")
        namespace = next((known for known in self._short if iri.startswith(known)), None)
        return self._short[namespace] + iri.removeprefix(namespace) if namespace else iri

    def text(self, node: Node) -> str:
        """Return a term as people read it; a thing with a label by its label and short IRI."""
        if isinstance(node, Literal):
            return str(node)
        label = self._label(node)
        short = self.short(str(node)) if isinstance(node, URIRef) else f"_:{node}"
        return f"{label} <{short}>" if label else short

    def stated(self, focus: Node, predicate: Node | None, values: Iterable[Node]) -> tuple[Stated, ...]:
        """Return values as shown, sorted, each with the sources that state it of `focus`."""
        found = (Stated(self.text(value), self._stated_in(focus, predicate, value)) for value in values)
        return tuple(sorted(found, key=lambda each: (each.value, each.sources)))

    def _stated_in(self, focus: Node, predicate: Node | None, value: Node) -> tuple[str, ...]:
        if not isinstance(predicate, URIRef):  # no triple of the focus node leads to the end of a path
            return ()
        return tuple(sorted({self._source(graph) for graph in self._origins(focus, predicate, value)}))

    def _about(self, focus: Node) -> About:
        project = self._project(focus)
        named = focus if project is None else project
        identifier = min(map(str, self._graph.objects(named, DCTERMS.identifier)), default=None)
        sources = sorted({self._source(source) for source in self._graph.objects(named, PROV.wasDerivedFrom)})
        return About(
            subject=self.text(focus),
            project=None if project is None else str(project),
            identifier=identifier,
            title=self._label(named),
            sources=tuple(sources),
        )

    def _project(self, focus: Node) -> Node | None:
        """Return the project itself, or the only project that names `focus` as use, unit, owner or source."""
        if self._project_class is None or isinstance(focus, Literal):
            return None
        if self._project_class in self._graph.objects(focus, RDF.type):
            return focus
        for predicate in self._project_links:
            found = sorted(set(self._graph.subjects(predicate, focus)), key=str)
            if found:
                return found[0] if len(found) == 1 else None
        return None

    @cached_property
    def _project_class(self) -> URIRef | None:
        return URIRef(Names(self._base).term("Project")) if self._base else None

    @cached_property
    def _project_links(self) -> tuple[URIRef, ...]:
        ours = tuple(URIRef(Names(self._base).term(name)) for name in _TO_PROJECT) if self._base else ()
        return (*ours, PROV.wasDerivedFrom)

    def _swedish_label(self, node: Node) -> str | None:
        if isinstance(node, Literal):
            return None
        for predicate in _LABELS:
            labels = [
                (getattr(label, "language", None) != "sv", str(label)) for label in self._graph.objects(node, predicate)
            ]
            if labels:
                return min(labels)[1]
        return None

    def _source_name(self, graph: Node) -> str:
        return self._label(graph) or self.short(str(graph))
