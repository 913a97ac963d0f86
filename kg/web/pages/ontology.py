"""The ontology, for people as a page and for programs as RDF."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kg.web.answers import Content
from kg.web.documents import construct_triples, document_links, serialised
from kg.web.rendering import page
from kg.web.routes import FORMS
from kg.web.terms import Term
from kg.web.views import View

_CLASS = "http://www.w3.org/2002/07/owl#Class"
_PATH = "ontology"


@dataclass(frozen=True, slots=True)
class TermView:
    """A term as the page shows it."""

    name: str
    iri: str
    label: str
    definition: str
    examples: Sequence[str]
    printed: Sequence[str]
    facts: Sequence[tuple[str, Sequence[tuple[str, str]]]]


def ontology_answer(view: View, form: str) -> Content:
    """Return the ontology in one of its forms."""
    graph = view.naming.names.thing("graph", "ontology")
    if form != "html":
        query = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}"
        body = serialised(construct_triples(view.site.store, [query]), form, view.site.base)
        return Content(body, FORMS[form], links=document_links(_PATH), location=f"{_PATH}.{form}")
    namespace = view.naming.names.term("Project").removesuffix("Project")
    terms = [term for iri, term in sorted(view.site.terms.by_iri.items()) if iri.startswith(namespace)]
    head = view.site.terms.by_iri.get(namespace.removesuffix("#"))
    return page(
        view.asked,
        "ontology.html",
        namespace=namespace,
        title=head.text("title", view.asked.language) if head else "",
        description=head.text("description", view.asked.language) if head else "",
        version=head.text("version", "") if head else "",
        classes=[_shown(view, term, namespace) for term in terms if _CLASS in term.texts("type")],
        properties=[_shown(view, term, namespace) for term in terms if _CLASS not in term.texts("type")],
        links=document_links(_PATH),
    )


def _shown(view: View, term: Term, namespace: str) -> TermView:
    language, terms = view.asked.language, view.site.terms
    facts = []
    for name in ("domain", "range", "parent", "parent_property", "close"):
        values = [(terms.short(iri), _address(iri, namespace)) for iri in term.texts(name)]
        if values:
            facts.append((name, values))
    name = term.iri.removeprefix(namespace)
    return TermView(
        name=name,
        iri=term.iri,
        label=term.text("label", language) or name,
        definition=term.text("definition", language) or "",
        examples=term.texts("example"),
        printed=term.texts("printed"),
        facts=facts,
    )


def _address(iri: str, namespace: str) -> str:
    return f"#{iri.removeprefix(namespace)}" if iri.startswith(namespace) else iri
