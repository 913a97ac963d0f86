"""The ontology, for people as a page and for programs as RDF; the page is the one that releases hold."""

from __future__ import annotations

from kg.ontology import load
from kg.web.answers import Content
from kg.web.documents import construct_triples, document_links, serialised
from kg.web.rendering import page
from kg.web.routes import FORMS, RDF_FORMS
from kg.web.views import View

_PATH = "ontology"
_NAMES = {"ttl": "Turtle", "jsonld": "JSON-LD", "nt": "N-Triples", "rdf": "RDF/XML"}


def ontology_answer(view: View, form: str) -> Content:
    """Return the ontology in one of its forms."""
    graph = view.naming.names.thing("graph", "ontology")
    if form != "html":
        query = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}"
        body = serialised(construct_triples(view.site.store, [query]), form, view.site.base)
        return Content(body, FORMS[form], links=document_links(_PATH), location=f"{_PATH}.{form}")
    # Only this page has to do with the documentation: the start of the site does not wait for its modules.
    from kg.documentation.examples import from_store
    from kg.documentation.rendering import Addresses, ontology_part

    language = view.asked.language
    addresses = Addresses(
        thing=lambda iri: _address(view, iri),
        scheme=lambda key: view.asked.href(f"scheme/{key}"),
        forms=tuple((_NAMES[ending], f"{view.asked.root}{_PATH}.{ending}") for ending in RDF_FORMS),
    )
    examples = from_store(view.site.store, lambda iri: view.naming.label(iri, language))
    documented = ontology_part(load(view.site.base), language, addresses, examples)
    return page(view.asked, "ontology.html", documented=documented, links=document_links(_PATH))


def _address(view: View, iri: str) -> str:
    path = view.naming.path(iri)
    return view.asked.href(path) if path else iri
