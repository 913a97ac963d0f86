"""The document about any thing: found or not, gone or not, for people or for programs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from kg.search import Thing
from kg.web.answers import Content
from kg.web.documents import document_links, thing_document
from kg.web.facts import Facts, read_facts
from kg.web.pages.graph import graph_answer
from kg.web.pages.method import method_page
from kg.web.pages.other import other_page
from kg.web.pages.owner import owner_page
from kg.web.pages.project import project_page
from kg.web.refusal import Refusal
from kg.web.views import View

_Maker = Callable[[View, Thing, Facts], Content]
_MAKERS: Mapping[str, _Maker] = {"project": project_page, "owner": owner_page, "method": method_page}


def thing_answer(view: View, form: str) -> Content | Refusal:
    """Return the document about the thing that the path names, as a page or as RDF."""
    kind, key = view.asked.parameters["kind"], view.asked.parameters["key"]
    iri = view.naming.names.thing(kind, key)
    facts = read_facts(view.site.store, iri)
    if facts is None:
        return (graph_answer(view, iri, form) if kind == "graph" else None) or _missing(view, kind, key)
    if form != "html":
        return thing_document(view, iri, f"{kind}/{key}", form)
    thing = view.index.thing_of(kind, key) or Thing(-1, kind, key, facts.text("skos:prefLabel"), None, None, 0)
    content = _MAKERS.get(kind, other_page)(view, thing, facts)
    return replace(content, links=document_links(f"{kind}/{key}"))


def _missing(view: View, kind: str, key: str) -> Refusal:
    before = view.site.before
    if before and read_facts(before, view.naming.names.thing(kind, key)):
        return Refusal(410, f"{kind}/{key} was in an earlier build of the graph and is not in this one")
    return Refusal(404, f"the graph has no {kind} {key}")
