"""What explains the data: the ontology and the rules, the concept schemes, the queries, as files of a release."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from kg import resources, terms
from kg.errors import InputError
from kg.export import Source, jsonld
from kg.export.rdfxml import rdf_xml
from kg.ontology import SCHEMES, Ontology, load
from kg.queries import named_queries
from kg.queries.listing import examples
from kg.queries.reading import rebased
from kg.statements import triples
from kg.turtle import turtle
from kg.vocabulary import Names

Document = tuple[str, Iterable[str]]
"""A path below the release, and the pieces of the text."""


def documents(source: Source, endpoint: str | None) -> Iterator[Document]:
    """Yield every document that explains a graph; `endpoint` is the address of the service that the queries are for.

    Raises:
        InputError: a file of the installation is missing or damaged.
    """
    ontology = load(source.names.base)
    yield from _ontology(ontology)
    yield "ontology/shapes.ttl", [shapes(ontology.base)]
    yield from _schemes(ontology)
    for query in named_queries():
        yield f"queries/{query.name}.rq", [rebased(query.text, ontology.base)]
    yield "queries/examples.ttl", examples(named_queries(), ontology.base, endpoint)


def shapes(base: str) -> str:
    """Return the Turtle text of the shapes under a base.

    Raises:
        InputError: the file is missing or does not open with its base.
    """
    path = resources.folder("ontology") / "shapes.ttl"
    declared = terms.base_of(path)
    try:
        return path.read_text(encoding="utf-8").replace(declared, base)
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error}") from error


def _ontology(ontology: Ontology) -> Iterator[Document]:
    names = ontology.names
    found = _triples(ontology, ("ontology",))
    header = names.term("Project").partition("#")[0]
    shape = jsonld.context(found, names)
    yield "ontology/ontology.ttl", turtle(found, names.prefixes(), (f"{header}>", f"{header}#"))
    yield "ontology/ontology.nt", (f"{triple} .\n" for triple in found)
    yield "ontology/ontology.jsonld", jsonld.document(found, shape)
    yield "ontology/ontology.rdf", rdf_xml(found, names.prefixes())


def _schemes(ontology: Ontology) -> Iterator[Document]:
    names = ontology.names
    found = _triples(ontology, ("reference", "methods"))
    for scheme in SCHEMES:
        members = {f"<{concept.iri}>" for concept in ontology.concepts(scheme)}
        head = f"<{names.thing('scheme', scheme)}>"
        wanted = [triple for triple in found if triple.partition(" ")[0] in members or triple.startswith(f"{head} ")]
        yield f"schemes/{scheme}.ttl", turtle(wanted, _prefixes(names), (head[1:-1],))


def _prefixes(names: Names) -> dict[str, str]:
    return {**names.prefixes(), **{kind: names.thing(kind, "") for kind in SCHEMES.values()}}


def _triples(ontology: Ontology, graphs: Sequence[str]) -> list[str]:
    lines = (
        line for graph in graphs for line in ontology.graphs[ontology.names.thing("graph", graph)].decode().split("\n")
    )
    return triples(lines)
