"""The page of an owner: names, totals with what is unknown, projects in time, methods, and who works alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from kg.search import Thing
from kg.web.answers import Content
from kg.web.breakdown import breakdown
from kg.web.facts import Facts
from kg.web.json_ld import owner_json_ld
from kg.web.rendering import page
from kg.web.things import fact_rows, source_notes
from kg.web.views import ProjectCard, ThingLink, View

_FIRST = 40
_ELSEWHERE = frozenset(("rdf:type", "skos:prefLabel"))
_ALIKE, _SHARED = 6, 8
_METHODS = 20


@dataclass(frozen=True, slots=True)
class Bar:
    """A project on the timeline: where its bar begins and how long it is, in parts of a thousand."""

    card: ProjectCard
    start: float
    width: float


@dataclass(frozen=True, slots=True)
class Timeline:
    """Projects over the years from `first` to the end of `last`; `grid` is a path with a line where a year begins."""

    first: int
    last: int
    grid: str
    bars: tuple[Bar, ...]
    undated: tuple[ProjectCard, ...]


@dataclass(frozen=True, slots=True)
class AlikeOwner:
    """An owner that uses the same methods: the rarest of them, how many more, and if they have a project together."""

    link: ThingLink
    methods: tuple[ThingLink, ...]
    more: int
    together: bool


def owner_page(view: View, thing: Thing, facts: Facts) -> Content:
    """Return the page of an owner."""
    index = view.index
    owned = index.source_numbers(thing.id, "owner")
    joined = index.source_numbers(thing.id, "partner")
    notes = source_notes(view, facts)
    methods = breakdown(view, owned, "method", most=_METHODS + 1)
    types = [other for _, other in index.targets([thing.id], "ownerType")[thing.id]]
    return page(
        view.asked,
        "owner.html",
        thing=thing,
        link=view.link(thing),
        number=facts.text("kg:organisationNumber"),
        types=view.links(types),
        spellings=sorted({value.text for value in facts.of("skos:altLabel")} - {thing.sv}),
        units=view.links(index.sources(thing.id, "unitOf")),
        projects=len(owned),
        timeline=_timeline(view.cards(owned[:_FIRST])),
        more=view.asked.href("search", owner=thing.key) if len(owned) > _FIRST else None,
        years=breakdown(view, owned, "year") if len(owned) > _FIRST else (),
        shown=_FIRST,
        partnered=view.cards(joined[:_FIRST]),
        totals=view.totals(owned) if owned else [],
        methods=methods[:_METHODS],
        more_methods=view.asked.href("search", owner=thing.key, more="method") if len(methods) > _METHODS else None,
        alike=list(_alike(view, thing)),
        facts=fact_rows(view, facts, notes, _ELSEWHERE),
        notes=notes,
        json_ld=owner_json_ld(view, thing, facts),
    )


def _timeline(cards: Sequence[ProjectCard]) -> Timeline | None:
    dated = [(card, _day(card.row.start), _day(card.row.end)) for card in cards]
    known = [day for _, start, end in dated for day in (start, end) if day]
    if not known:
        return Timeline(0, 0, "", (), tuple(cards)) if cards else None
    first, last = min(known).year, max(known).year
    origin, length = date(first, 1, 1).toordinal(), date(last, 12, 31).toordinal() - date(first, 1, 1).toordinal() + 1

    def place(day: date) -> float:
        return round(1000 * (day.toordinal() - origin) / length, 1)

    bars = []
    for card, start, end in dated:
        begin, stop = start or end, end or start
        if begin and stop:
            bars.append(Bar(card, place(begin), max(4.0, round(place(stop) - place(begin), 1))))
    grid = "".join(f"M{place(date(year, 1, 1))} 0V20" for year in range(first, last + 1))
    undated = tuple(card for card, start, end in dated if not (start or end))
    return Timeline(first, last, grid, tuple(bars), undated)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def _alike(view: View, thing: Thing) -> Iterator[AlikeOwner]:
    own = view.index.joined(thing.id)
    for alike in view.index.likeness.owners(thing.id, _ALIKE):
        methods = view.links(view.index.thing(number) for _, number in alike.shared[:_SHARED])
        together = not own.isdisjoint(view.index.joined(alike.number))
        yield AlikeOwner(view.link(view.index.thing(alike.number)), methods, len(alike.shared) - len(methods), together)
