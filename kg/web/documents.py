"""Documents about things as RDF: what the graph says of a thing, of its parts, and who leads to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from kg.export.jsonld import Context, context, document
from kg.export.rdfxml import rdf_xml
from kg.literals import escaped
from kg.ontology import Ontology, load
from kg.store import Store
from kg.turtle import turtle
from kg.vocabulary import Names
from kg.web.answers import Content, Link
from kg.web.routes import FORMS, RDF_FORMS
from kg.web.views import View

if TYPE_CHECKING:
    from rdflib.term import Node

MOST_INCOMING = 1_000
"""Things that lead to a thing are listed up to this number."""
_XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"
VOID = "http://rdfs.org/ns/void#"
LICENCE = "https://creativecommons.org/publicdomain/zero/1.0/"

# What each document says: the thing, its parts, their labels, and what leads to the thing.
_SAYS = """
CONSTRUCT {{ ?subject ?property ?value }} WHERE {{
  {{ VALUES ?subject {{ <{iri}> }} ?subject ?property ?value }}
  UNION {{ <{iri}> kg:methodUse|prov:wasDerivedFrom|kg:ownerUnit ?subject . ?subject ?property ?value }}
  UNION {{ VALUES ?property {{ rdfs:label skos:prefLabel dcterms:title skos:notation }}
          <{iri}> (kg:methodUse/kg:useOf)|!rdf:type ?subject . ?subject ?property ?value }}
}}"""
_LEADS_HERE = """
CONSTRUCT {{ ?subject ?property <{iri}> . ?subject ?named ?name }} WHERE {{
  {{ SELECT DISTINCT ?subject ?property WHERE {{ ?subject ?property <{iri}> }}
     ORDER BY ?subject ?property LIMIT {most} }}
  OPTIONAL {{ VALUES ?named {{ rdfs:label skos:prefLabel dcterms:title }} ?subject ?named ?name }}
}}"""


def thing_triples(store: Store, iri: str) -> list[str]:
    """Return what the document about a thing says, as sorted triples in N-Triples form.

    Numbers have the datatype that the ontology gives their property, which stores do not keep.
    """
    prefixes = "".join(f"PREFIX {name}: <{space}> " for name, space in Names(store.base).prefixes().items())
    queries = (_SAYS, _LEADS_HERE)
    return construct_triples(store, [prefixes + query.format(iri=iri, most=MOST_INCOMING) for query in queries])


def construct_triples(store: Store, queries: Iterable[str]) -> list[str]:
    """Return what CONSTRUCT queries make, together, as sorted triples in N-Triples form."""
    ranges = _ranges(store.base)
    found: set[str] = set()
    for query in queries:
        found.update(f"<{s}> <{p}> {_term(o, ranges.get(str(p)))}" for s, p, o in store.construct(query))
    return sorted(found)


def _term(term: Node, datatype: str | None) -> str:
    from rdflib.term import Literal

    if not isinstance(term, Literal):
        return f"<{term}>"
    text = f'"{escaped(str(term))}"'
    if term.language:
        return f"{text}@{term.language}"
    own = str(term.datatype) if term.datatype else _XSD_STRING
    kept = datatype if datatype and own.endswith("#integer") else own
    return text if kept == _XSD_STRING else f"{text}^^<{kept}>"


@lru_cache(maxsize=4)
def _ranges(base: str) -> Mapping[str, str]:
    """Return the datatype of each property whose values are whole numbers of some kind."""
    return {
        field.iri: field.datatype
        for field in _ontology(base).fields
        if field.datatype and field.datatype.endswith("Integer")
    } | {_ontology(base).names.term(name): f"{_XSD_STRING.removesuffix('string')}nonNegativeInteger"
         for name in ("quoteStart", "quoteEnd")}  # fmt: skip


def _ontology(base: str) -> Ontology:
    return load(base)


@lru_cache(maxsize=4)
def _json_context(base: str) -> Context:
    from kg.statements import triples

    terms = load(base)
    lines = terms.graphs[terms.names.thing("graph", "ontology")].decode().splitlines()
    return context(triples(lines), terms.names)


def serialised(found: Sequence[str], form: str, base: str) -> bytes:
    """Return sorted triples in one of the forms of RDF."""
    names = Names(base)
    prefixes = {**names.prefixes(), "foaf": "http://xmlns.com/foaf/0.1/"}
    writers: Mapping[str, Callable[[], Iterator[str]]] = {
        "ttl": lambda: turtle(found, prefixes, (f"<{base}id/",)),
        "jsonld": lambda: document(found, _json_context(base)),
        "nt": lambda: (f"{triple} .\n" for triple in found),
        "rdf": lambda: rdf_xml(found, prefixes),
    }
    return "".join(writers[form]()).encode()


def about(view: View, iri: str, path: str) -> list[str]:
    """Return what the document says of itself: what it is about, its licence, and the data set that it is a part of."""
    prefixes = view.naming.names.prefixes()
    subject = f"<{view.asked.absolute(path)}>"
    return [
        f"{subject} <{prefixes['rdf']}type> <{prefixes['foaf']}Document>",
        f"{subject} <{prefixes['foaf']}primaryTopic> <{iri}>",
        f"{subject} <{prefixes['dcterms']}isPartOf> <{view.asked.absolute('.well-known/void')}#dataset>",
    ]


def thing_document(view: View, iri: str, path: str, form: str) -> Content:
    """Return the document about a thing in one of the forms of RDF."""
    found = sorted({*thing_triples(view.site.store, iri), *about(view, iri, path)})
    body = serialised(found, form, view.site.base)
    return Content(body, FORMS[form], links=document_links(path), location=f"{path}.{form}")


def document_links(path: str) -> tuple[Link, ...]:
    """Return the links from a document to its other forms and to the description of the data set."""
    return (
        *(Link(f"{path}.{form}", "alternate", FORMS[form]) for form in ("html", *RDF_FORMS)),
        Link(".well-known/void", "describedby", "text/turtle"),
    )
