"""What explains the data: the ontology and the rules, the concept schemes, the queries, as files of a release."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from kg.documentation.examples import from_triples as examples_of
from kg.documentation.model import shapes_text
from kg.documentation.rendering import Addresses, ontology_part, page, schemes_part
from kg.drawing import model_picture
from kg.export import Source, jsonld
from kg.export.rdfxml import rdf_xml
from kg.ontology import SCHEMES, Ontology, load
from kg.queries import named_queries
from kg.queries.listing import examples
from kg.queries.reading import rebased
from kg.release.parts import FORMS
from kg.release.words import Text, page_name
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
    yield "ontology/shapes.ttl", [shapes_text(ontology.base)]
    yield from _pages(source, ontology)
    yield from _schemes(ontology)
    for query in named_queries():
        yield f"queries/{query.name}.rq", [rebased(query.text, ontology.base)]
    yield "queries/examples.ttl", examples(named_queries(), ontology.base, endpoint)


def _ontology(ontology: Ontology) -> Iterator[Document]:
    names = ontology.names
    found = _triples(ontology, ("ontology",))
    header = names.term("Project").partition("#")[0]
    shape = jsonld.context(found, names)
    yield "ontology/ontology.ttl", turtle(found, names.prefixes(), (f"{header}>", f"{header}#"))
    yield "ontology/ontology.nt", (f"{triple} .\n" for triple in found)
    yield "ontology/ontology.jsonld", jsonld.document(found, shape)
    yield "ontology/ontology.rdf", rdf_xml(found, names.prefixes())


def _pages(source: Source, ontology: Ontology) -> Iterator[Document]:
    """Yield the pages about terms and concepts, in both languages, and the picture that they show."""
    found = examples_of(source.union, ontology.names, lambda iri: source.things.label(f"<{iri}>"))
    forms = tuple((FORMS[ending].name.en, f"ontology.{ending}") for ending in ("ttl", "jsonld", "rdf", "nt"))
    pages = {language: page_name(language) for language in Text.TAGS}
    titles = Text("ESF-KG:s ontologi", "The ESF-KG ontology"), Text("ESF-KG:s kodlistor", "The ESF-KG code lists")
    for language, name in pages.items():
        addresses = Addresses(
            thing=partial(_address, ontology.names, name),
            scheme=f"../schemes/{name}#{{}}".format,
            forms=(*forms, ("SHACL", "shapes.ttl")),
        )
        bodies = ontology_part(ontology, language, addresses, found), schemes_part(ontology, language)
        for folder, title, body in zip(("ontology", "schemes"), titles, bodies, strict=True):
            yield f"{folder}/{name}", [page(language, title.in_language(language), body, pages, f"../{name}")]
        yield f"ontology/model.{language}.svg", [model_picture(ontology, language)]


def _address(names: Names, page_of_schemes: str, thing: str) -> str:
    """Return where a thing is shown: a concept on the page of the code lists, any other at its own address."""
    kind, _, key = thing.removeprefix(names.thing("x").removesuffix("x/")).partition("/")
    return f"../schemes/{page_of_schemes}#{kind}/{key}" if kind in SCHEMES.values() else thing


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
