"""The Turtle files of the ontology as the tests read them: with rdflib, apart from the code that is tested."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import rdflib
from rdflib import RDF, SKOS, Graph, Literal, Namespace, URIRef

from kg import ontology, resources

FOLDER = resources.folder("ontology")
SHAPES = "shapes.ttl"
NAMES = (
    "alignment.ttl",
    "funds.ttl",
    "intervention-fields.ttl",
    "kg.ttl",
    "methods.ttl",
    "municipalities.ttl",
    "objectives.ttl",
    "owner-types.ttl",
    "programmes.ttl",
    "regions.ttl",
)
BASE = ontology.default_base()
KG = Namespace(f"{BASE}ontology#")


@cache
def graph(*names: str) -> Graph:
    """Return the graph of the named files, of all files if none is named."""
    found = Graph()
    for name in names or NAMES:
        found.parse(FOLDER / name, format="turtle")
    return found


def statements(path: Path) -> list[str]:
    """Return the subjects of a file in its order: each is a line of its own that is not indented."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and line[0] not in " .#" and not line.startswith(("BASE ", "PREFIX "))]


def schemes() -> list[URIRef]:
    return sorted(node for node in graph().subjects(RDF.type, SKOS.ConceptScheme) if isinstance(node, URIRef))


def members(scheme: rdflib.term.Node) -> list[URIRef]:
    return sorted(node for node in graph().subjects(SKOS.inScheme, scheme) if isinstance(node, URIRef))


def concepts() -> list[URIRef]:
    return sorted(node for node in graph().subjects(RDF.type, SKOS.Concept) if isinstance(node, URIRef))


def texts(subject: rdflib.term.Node, predicate: URIRef) -> Iterator[Literal]:
    """Yield the literals of a predicate; a value that is no literal is an error of the test's data."""
    for value in graph().objects(subject, predicate):
        assert isinstance(value, Literal), f"{subject} {predicate} {value}"
        yield value


def languages(subject: rdflib.term.Node, predicate: URIRef) -> list[str | None]:
    return sorted((text.language for text in texts(subject, predicate)), key=str)
