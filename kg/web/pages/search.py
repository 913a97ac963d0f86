"""Search: words, choices with counts, orders and pages; the same as JSON, CSV and Turtle."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from urllib.parse import urlencode

from kg.errors import UsageError
from kg.search import FACETS, KINDS, ORDERS, Answered, Count, Query, Thing
from kg.search.words import words_of
from kg.web.answers import Content, Link
from kg.web.pages.search_files import csv_file, records, turtle_file
from kg.web.rendering import page
from kg.web.routes import FORMS
from kg.web.views import ThingLink, View

SIZE = 20
MOST_PAGES = 5_000
MOST_EXPORTED = 10_000
"""Projects that one CSV or Turtle answer holds; JSON is given by pages."""
FACET_ROWS, MORE_ROWS = 8, 200
_MOST_NAMED = 6
"""Words that are read as two names, one after the other."""
WITHIN = MappingProxyType(
    {"owner": "owner", "partner": "owner", "place": "region", "field": "intervention-field", "area": "programme-area"}
)
"""Parameters that name a thing that every project must be linked to, with the kind of the thing."""
PARAMETERS = MappingProxyType(
    {"method": "method", "region": "region", "county": "county", "programme": "programme", "fund": "fund",
     "objective": "specific-objective", "year": "year", "type": "owner-type"}
)  # fmt: skip
"""Parameters that choose values of facets."""
TAKES = frozenset(("q", "order", "page", "more", *PARAMETERS, *WITHIN))
_BY_FACET = {facet: name for name, facet in PARAMETERS.items()}


@dataclass(frozen=True, slots=True)
class FacetRow:
    """A value of a facet: its label, how many projects it would give, and the address that chooses or drops it."""

    label: str
    language: str | None
    projects: int
    chosen: bool
    href: str
    key: str


@dataclass(frozen=True, slots=True)
class FacetBox:
    """A facet: its name, its rows, and the address that shows more of them, if there are more."""

    name: str
    parameter: str
    rows: tuple[FacetRow, ...]
    more: str | None


@dataclass(frozen=True, slots=True)
class Chip:
    """A choice in force, and the address that drops it."""

    facet: str
    label: str
    href: str


def search_answer(view: View, form: str) -> Content:
    """Return what a search finds.

    Raises:
        UsageError: a parameter is not what it should be.
    """
    query = _query(view)
    if form == "html":
        return _page(view, query, view.index.search(query))
    if form == "json":
        return _json(view, query, view.index.search(query))
    everything = replace(query, page=1, size=MOST_EXPORTED)
    found = view.index.search(everything)
    content = csv_file(view, found) if form == "csv" else turtle_file(view, found)
    return replace(content, links=_links(view))


def _query(view: View) -> Query:
    asked = view.asked
    order = asked.value("order") or ("relevance" if asked.value("q").strip() else "newest")
    if order not in ORDERS:
        raise UsageError(f"the order {order!r} is not one of {', '.join(ORDERS)}")
    number = asked.value("page", "1")
    if not number.isdecimal() or not 1 <= int(number) <= MOST_PAGES:
        raise UsageError(f"the page is a number from 1 to {MOST_PAGES}")
    return Query(
        text=asked.value("q"),
        chosen={facet: asked.all(name) for name, facet in PARAMETERS.items()},
        within=[(kind, key) for name, kind in WITHIN.items() for key in asked.all(name)],
        order=order,
        page=int(number),
        size=SIZE,
    )


def _page(view: View, query: Query, found: Answered) -> Content:
    asked = view.asked
    return page(
        asked,
        "search.html",
        query=query,
        found=found,
        cards=view.cards(found.projects, words=found.reading.forms),
        boxes=[_box(view, facet, found.facets[facet]) for facet in FACETS],
        chips=list(_chips(view)),
        named=_named(view, query),
        orders=[(order, _address(view, order=order)) for order in ORDERS if order != "relevance" or query.text],
        pages=list(_pages(view, query, found)),
        first=_address(view),
        most=MOST_EXPORTED,
        formats={form: _format_address(view, form) for form in ("csv", "json", "ttl")},
        kept=[(name, value) for name, value in asked.values if name not in ("q", "page", "more")],
        links=_links(view),
    )


def _links(view: View) -> tuple[Link, ...]:
    return tuple(Link(f"search.{form}", "alternate", FORMS[form]) for form in ("json", "csv", "ttl"))


def _named(view: View, query: Query) -> Sequence[ThingLink]:
    """Return things that bear the words as a name, which people often mean: a method, an owner, a region."""
    if query.page > 1 or any(query.chosen.values()) or not query.text.strip():
        return ()
    found = view.index.named(query.text, limit=4, begun=4)
    return view.links(found or _named_apart(view, query.text))


def _named_apart(view: View, text: str) -> Sequence[Thing]:
    """Return things of which the words name one after the other, as in a method and a place; the longest name first."""
    words = words_of(text)[:_MOST_NAMED]
    for at in range(len(words) - 1, 0, -1):
        parts = (view.index.named(" ".join(part), limit=1, begun=4) for part in (words[:at], words[at:]))
        found = [thing for part in parts for thing in part]
        if len(found) == 2:
            return found
    return ()


def _address(
    view: View, *, add: tuple[str, str] | None = None, drop: tuple[str, str] | None = None, **changed: str
) -> str:
    """Return the address of this search with something added, dropped or changed; such a one begins at page 1."""
    kept = [pair for pair in view.asked.values if pair[0] not in ("page", *changed) and pair != drop and pair[1]]
    pairs = [*kept, *([add] if add else []), *((name, value) for name, value in changed.items() if value)]
    return view.asked.href("search") + _written(pairs)


def _written(pairs: Sequence[tuple[str, str]]) -> str:
    return f"?{urlencode(pairs)}" if pairs else ""


def _format_address(view: View, form: str) -> str:
    pairs = [pair for pair in view.asked.values if pair[0] not in ("page", "more")]
    return view.asked.plain(f"search.{form}") + _written(pairs)


def _box(view: View, facet: str, counts: Sequence[Count]) -> FacetBox:
    parameter = _BY_FACET[facet]
    wanted = MORE_ROWS if view.asked.value("more") == parameter else FACET_ROWS
    counts = [count for count in counts if count.value >= 0]
    first = [count for count in counts if count.chosen]
    others = [count for count in counts if not count.chosen][: max(0, wanted - len(first))]
    shown = first + others if facet != "year" else sorted(first + others, key=lambda count: -count.value)
    more = _address(view, more=parameter) if len(counts) > len(shown) else None
    return FacetBox(facet, parameter, tuple(_facet_row(view, facet, count) for count in shown), more)


def _facet_row(view: View, facet: str, count: Count) -> FacetRow:
    label, language, key = _named_value(view, facet, count.value)
    pair = (_BY_FACET[facet], key)
    href = _address(view, drop=pair) if count.chosen else _address(view, add=pair)
    return FacetRow(label, language, count.projects, count.chosen, href, key)


def _named_value(view: View, facet: str, value: int) -> tuple[str, str | None, str]:
    if facet == "year":
        return str(value), None, str(value)
    thing = view.index.thing(value)
    label = thing.label(view.asked.language)
    if facet == "specific-objective" and thing.notation and thing.notation != label:
        label = f"{thing.notation} {label}"
    return label, thing.label_language(view.asked.language), thing.key


def _chips(view: View) -> Iterator[Chip]:
    """Yield every choice in force, those that name nothing in the graph as well: they too must be dropped again."""
    for name, facet in {**PARAMETERS, **WITHIN}.items():
        for key in view.asked.all(name):
            thing = view.index.thing_of(KINDS.get(facet, facet), key)
            label = _named_value(view, facet, thing.id)[0] if thing else key
            yield Chip(facet, label, _address(view, drop=(name, key)))


def _pages(view: View, query: Query, found: Answered) -> Iterator[tuple[int, str] | None]:
    """Yield the pages to choose from, None where some are left out."""
    near = {1, found.pages, *range(query.page - 2, query.page + 3)}
    before = 0
    for number in sorted(place for place in near if 1 <= place <= min(found.pages, MOST_PAGES)):
        if number > before + 1:
            yield None
        yield number, _address(view, page=str(number))
        before = number


def _json(view: View, query: Query, found: Answered) -> Content:
    facets = {
        _BY_FACET[facet]: [
            {"key": key, "label": label, "projects": count.projects, "chosen": count.chosen}
            for count in found.facets[facet][:MORE_ROWS]
            if count.value >= 0
            for label, _, key in (_named_value(view, facet, count.value),)
        ]
        for facet in FACETS
    }
    document = {
        "total": found.total,
        "page": query.page,
        "pages": found.pages,
        "order": query.order,
        "understood": {
            "instead": dict(found.reading.instead),
            "unknown": list(found.reading.unknown),
            "anyWord": found.loose,
        },
        "projects": list(records(view, found.projects)),
        "facets": facets,
    }
    return Content(json.dumps(document, ensure_ascii=False).encode(), FORMS["json"], links=_links(view))
