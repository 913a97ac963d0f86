"""The document about a named graph that is no source: what it is for and how much it holds."""

from __future__ import annotations

from kg.literals import literal
from kg.web.answers import Content
from kg.web.documents import VOID, document_links, serialised
from kg.web.rendering import page
from kg.web.routes import FORMS
from kg.web.views import View
from kg.web.wording import Wording


def graph_answer(view: View, iri: str, form: str) -> Content | None:
    """Return the document about a graph, or None where there is no such graph."""
    name = view.asked.parameters["key"]
    message = f"graph.{name}"
    if not Wording(view.asked.language).has(message):
        return None
    query = f"SELECT (COUNT(*) AS ?triples) WHERE {{ GRAPH <{iri}> {{ ?s ?p ?o }} }}"
    ((triples,),) = view.site.store.texts(query)
    if not int(triples or 0):
        return None
    path = f"graph/{name}"
    if form == "html":
        return page(
            view.asked, "graph.html", name=name, triples=int(triples or 0), path=path, links=document_links(path)
        )
    prefixes = view.naming.names.prefixes()
    lines = [
        f"<{iri}> <{prefixes['rdf']}type> <{VOID}Dataset>",
        f"<{iri}> <{VOID}triples> {literal(int(triples or 0))}",
    ]
    for language in ("sv", "en"):
        lines.append(f"<{iri}> <{prefixes['rdfs']}label> {literal(Wording(language)(message))}@{language}")
    return Content(
        serialised(sorted(lines), form, view.site.base),
        FORMS[form],
        links=document_links(path),
        location=f"{path}.{form}",
    )
