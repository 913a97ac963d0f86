"""What only programs read: the description of the data set, the map of the site, rules for robots, suggestions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from xml.sax.saxutils import escape

from kg.errors import UsageError
from kg.web.answers import LANGUAGES, Content
from kg.web.documents import LICENCE, serialised
from kg.web.pages.lists import ALL_LISTS
from kg.web.refusal import Refusal
from kg.web.routes import FORMS
from kg.web.views import View

SUGGESTIONS = 8
URLS_A_MAP = 40_000
_KINDS = {"project": "Project", "owner": "Owner", "method": "Method", "region": "Region"}
"""Kinds of things that the description counts, with their classes."""
_XML, _TEXT = "application/xml", "text/plain"
_MAPPED = ("project", "owner", "method", "region", "fund", "programme", "programme-area", "specific-objective",
           "intervention-field", "owner-type")  # fmt: skip
_TEXT_PAGES = ("", "search", "map", "data", "about", "quality", "ontology", "query", "downloads", "licence",
               "privacy", "accessibility", "explore")  # fmt: skip


def suggest_answer(view: View, form: str) -> Content:
    """Return things whose name begins like what was typed."""
    text = view.asked.value("q")
    language = view.asked.value("lang", "sv")
    if language not in LANGUAGES:
        raise UsageError(f"the language {language!r} is not one of {', '.join(LANGUAGES)}")
    found = [
        {
            "kind": thing.kind,
            "key": thing.key,
            "label": thing.label(language),
            "projects": thing.projects,
            "href": f"{view.asked.root}{language}/{thing.kind}/{thing.key}",
        }
        for thing in view.index.named(text, limit=SUGGESTIONS)
    ]
    return Content(json.dumps({"suggestions": found}, ensure_ascii=False).encode(), FORMS["json"])


def void_answer(view: View, form: str) -> Content:
    """Return the description of the data set in VoID."""
    return Content(serialised(sorted(set(_void(view))), form, view.site.base), FORMS[form])


def _void(view: View) -> Iterator[str]:
    """Yield the description that releases hold too, with the counts that the site knows without counting."""
    # Making releases takes many modules, for which the start of the site would wait.
    from kg.release.statistics import Statistics
    from kg.release.void import Dataset, void_triples
    from kg.release.words import DESCRIPTION, TITLE

    asked, names, index = view.asked, view.naming.names, view.index
    address = asked.absolute(".well-known/void")
    dataset = Dataset(
        iri=f"{address}#dataset",
        partition=f"{address}#",
        title=TITLE,
        description=DESCRIPTION,
        licence=LICENCE,
        homepage=asked.absolute(""),
        endpoint=asked.absolute("sparql"),
        dumps=[asked.absolute("data.nq")],
        modified=view.site.built.isoformat(timespec="seconds") if view.site.built else None,
        endings=("nq",),
    )
    examples = (thing for kind in _KINDS for thing in index.things(kind, limit=1))
    counts = view.site.report.get("counts", {})
    known = Statistics(
        triples=int(counts.get("triples") or 0),
        subjects=0,
        objects=0,
        things=0,
        graphs=0,
        classes={names.term(name): index.figures.count(kind) for kind, name in _KINDS.items()},
        properties={},
        examples=tuple(view.iri(thing) for thing in examples),
    )
    return void_triples(dataset, known, names)


def sitemap_answer(view: View, form: str) -> Content:
    """Return the map of the site, or the list of its parts where one is not enough."""
    count = len(list(_addresses(view)))
    if count <= URLS_A_MAP:
        return _urls(view, 1)
    parts = "".join(
        f"<sitemap><loc>{escape(view.asked.absolute(f'sitemap/{number}.xml'))}</loc></sitemap>"
        for number in range(1, -(-count // URLS_A_MAP) + 1)
    )
    return _xml(f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{parts}</sitemapindex>')


def sitemap_part(view: View, form: str) -> Content | Refusal:
    """Return one part of the map of the site."""
    number = int(view.asked.parameters["number"])
    if not 1 <= number <= -(-len(list(_addresses(view))) // URLS_A_MAP):
        return Refusal(404, "the map of the site has no such part")
    return _urls(view, number)


def _urls(view: View, number: int) -> Content:
    chosen = list(_addresses(view))[(number - 1) * URLS_A_MAP : number * URLS_A_MAP]
    urls = "".join(f"<url><loc>{escape(address)}</loc></url>" for address in chosen)
    return _xml(f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>')


def _xml(text: str) -> Content:
    return Content(f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode(), _XML)


def _addresses(view: View) -> Iterator[str]:
    for language in LANGUAGES:
        for path in (*_TEXT_PAGES, *ALL_LISTS):
            yield view.asked.absolute(f"{language}/{path}")
        for kind in _MAPPED:
            for thing in view.index.things(kind, used=kind not in ("project", "method")):
                yield view.asked.absolute(f"{language}/{kind}/{thing.key}")


def robots_answer(view: View, form: str) -> Content:
    """Return what robots may read: everything but endless combinations of choices."""
    root = view.asked.root
    barred = [f"{root}sparql", *(f"{root}{language}/{path}?" for language in LANGUAGES for path in ("search", "map"))]
    barred += [f"{root}{language}/explore/" for language in LANGUAGES]
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in barred),
        f"Sitemap: {view.asked.absolute('sitemap.xml')}",
    ]
    return Content(("\n".join(lines) + "\n").encode(), _TEXT)
