"""The page of anything that has none of its own: what the graph says of it, and its projects."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kg.search import Thing
from kg.web.answers import Content
from kg.web.breakdown import BarRow, breakdown, owners_of
from kg.web.facts import Facts
from kg.web.json_ld import term_json_ld
from kg.web.pages.lists import ALL_LISTS
from kg.web.pages.map import Shade, map_shapes, map_width, shades
from kg.web.rendering import page
from kg.web.things import fact_rows, source_notes
from kg.web.views import View

_FIRST = 20
_ROWS = 8
_LISTS = {kind: path for path, kind in ALL_LISTS.items()}
_ELSEWHERE = ("rdf:type", "skos:prefLabel", "rdfs:label", "skos:definition", "skos:inScheme", "skos:topConceptOf")


def other_page(view: View, thing: Thing, facts: Facts) -> Content:
    """Return the page of a code, a unit, a source, a use of a method or a scheme."""
    notes = source_notes(view, facts)
    numbers = view.index.projects_of(thing.id) if thing.id >= 0 else []
    return page(
        view.asked,
        "other.html",
        thing=thing,
        link=view.link(thing),
        definition=facts.text("skos:definition", view.asked.language),
        listed=_LISTS.get(thing.kind),
        unconfirmed=facts.truth("kg:unconfirmed"),
        facts=fact_rows(view, facts, notes, _ELSEWHERE),
        notes=notes,
        cards=view.cards(numbers[:_FIRST]),
        projects=len(numbers),
        totals=view.totals(numbers) if numbers else [],
        more=view.all_projects(thing) if len(numbers) > _FIRST else None,
        by_seat=thing.kind == "region" and bool(numbers) and not len(view.index.columns.having("region", thing.id)),
        spreads=list(_spreads(view, thing, numbers)) if len(numbers) > 1 else [],
        shades=_shades(view, thing, numbers),
        map_width=map_width(),
        narrower=view.links(view.index.sources(thing.id, "broader")) if thing.id >= 0 else (),
        json_ld=term_json_ld(view, thing, facts) if thing.notation else None,
    )


def _shades(view: View, thing: Thing, numbers: Sequence[int]) -> Sequence[Shade]:
    """Return the map of a region with only itself shaded, or of where the projects of another thing are."""
    if thing.kind != "region":
        return shades(view, breakdown(view, numbers, "region")) if len(numbers) > 1 else ()
    inside = [shape.code for shape in map_shapes() if shape.code == thing.key]
    return shades(view, [BarRow(thing.key, "", "", code, len(numbers), 0) for code in inside]) if inside else ()


def _spreads(view: View, thing: Thing, numbers: Sequence[int]) -> Iterator[tuple[str, list[BarRow]]]:
    """Yield how the projects of a thing spread over methods, owners, years and regions: kind and rows."""
    yield "method", breakdown(view, numbers, "method", most=_ROWS)
    yield "owner", owners_of(view, numbers, _ROWS)
    yield "year", breakdown(view, numbers, "year")
    if thing.kind != "region":
        yield "region", breakdown(view, numbers, "region")
