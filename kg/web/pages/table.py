"""The table of all pages."""

from __future__ import annotations

from kg.web.pages import explore, lists, machines, map, method, ontology, quality, query, search, texts
from kg.web.pages.openapi import openapi_answer
from kg.web.pages.start import start_page
from kg.web.pages.thing import thing_answer
from kg.web.routes import DOCUMENT, RDF_FORMS, Page

_LIST = ("html", "json", "csv")

PAGES: tuple[Page, ...] = (
    Page("", start_page),
    Page("search", search.search_answer, takes=search.TAKES, forms=("html", "json", "csv", "ttl")),
    Page("projects", lists.list_answer("projects"), takes=lists.takes("projects"), forms=_LIST),
    Page("methods", lists.methods_answer, forms=_LIST),
    *(Page(path, lists.list_answer(path), takes=lists.takes(path), forms=_LIST) for path in lists.LISTS),
    Page("data", lists.overview_page),
    Page("map", map.map_page, takes=map.TAKES),
    Page("quality", quality.quality_page, takes=quality.TAKES),
    Page("query", query.query_page, takes=query.TAKES),
    Page("ontology", ontology.ontology_answer, forms=DOCUMENT),
    Page("downloads", texts.downloads_page),
    *(Page(name, texts.text_page(name)) for name in texts.TEXTS),
    Page("suggest.json", machines.suggest_answer, takes=frozenset(("q", "lang")), forms=("json",), bare=True),
    Page("openapi.json", openapi_answer, forms=("json",), bare=True),
    Page(".well-known/void", machines.void_answer, forms=RDF_FORMS, bare=True),
    Page("sitemap.xml", machines.sitemap_answer, forms=("xml",), bare=True),
    Page("sitemap/{number:int}.xml", machines.sitemap_part, forms=("xml",), bare=True),
    Page("robots.txt", machines.robots_answer, forms=("txt",), bare=True),
    Page("explore", explore.explore_start),
    Page("explore/{kind:kind}/{key:path}", explore.explore_page, takes=explore.TAKES),
    Page("{kind:kind}/{key:path}", thing_answer, takes=method.TAKES, forms=DOCUMENT, open_ended=True),
)
"""Every page, those with fixed paths first."""
