"""The page of a method: what it is, who uses it in which role and words, when, where, and what goes with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg.errors import UsageError
from kg.model import LINKING_ROLES, ROLES
from kg.search import Thing, UseRow
from kg.web.answers import Content
from kg.web.breakdown import breakdown, owners_of
from kg.web.facts import Facts
from kg.web.json_ld import term_json_ld
from kg.web.pages.map import map_width, shades
from kg.web.rendering import page
from kg.web.things import fact_rows, source_notes
from kg.web.views import ProjectCard, ThingLink, View

SIZE = 20
TAKES = frozenset(("role", "page"))
_ELSEWHERE = frozenset("rdf:type skos:definition skos:inScheme skos:topConceptOf skos:broader skos:related".split())
_ALIASES = 24
_TRAINERS = 6


@dataclass(frozen=True, slots=True)
class Quote:
    """A project that has the method, with its role and the sentence in three parts around the name found."""

    card: ProjectCard
    role: str
    before: str
    matched: str
    after: str
    href: str


@dataclass(frozen=True, slots=True)
class RoleChoice:
    """A role, in how many projects the method has it, and the address that shows only those."""

    role: str
    projects: int
    href: str
    chosen: bool


def method_page(view: View, thing: Thing, facts: Facts) -> Content:
    """Return the page of a method.

    Raises:
        UsageError: the role or the page is not one.
    """
    role, number = _asked(view)
    counts = view.index.role_counts(thing.id)
    roles = (role,) if role else tuple(sorted(LINKING_ROLES))
    uses = view.index.uses(method=thing.id, roles=roles, limit=SIZE + 1, skip=(number - 1) * SIZE)
    projects = view.index.source_numbers(thing.id, "method")
    related = [other for _, other in view.index.targets([thing.id], "related")[thing.id]]
    related.extend(view.index.sources(thing.id, "related"))
    notes = source_notes(view, facts)
    regions = breakdown(view, projects, "region")
    return page(
        view.asked,
        "method.html",
        thing=thing,
        link=view.link(thing),
        definition=facts.text("skos:definition", view.asked.language),
        aliases=sorted({value.text for value in facts.of("skos:altLabel")} - {thing.label(view.asked.language)})[
            :_ALIASES
        ],
        unconfirmed=facts.truth("kg:unconfirmed"),
        replacements=view.links(_replacements(view, facts)),
        broader=view.links(other for _, other in view.index.targets([thing.id], "broader")[thing.id]),
        narrower=view.links(view.index.sources(thing.id, "broader")),
        related=view.links({other.id: other for other in related}.values()),
        roles=list(_roles(view, thing, counts, role)),
        quotes=list(_quotes(view, thing, uses[:SIZE])),
        before=_page_address(view, thing, role, number - 1) if number > 1 else None,
        after=_page_address(view, thing, role, number + 1) if len(uses) > SIZE else None,
        projects=len(projects),
        totals=view.totals(projects) if projects else [],
        years=breakdown(view, projects, "year"),
        regions=regions,
        shades=shades(view, regions) if regions else (),
        map_width=map_width(),
        trainers=_trainers(view, thing),
        companions=[row for row in breakdown(view, projects, "method", most=9) if row.key != thing.key][:8],
        owners=owners_of(view, projects, 8),
        outside=_outside(facts),
        facts=fact_rows(view, facts, notes, _ELSEWHERE, called={"skos:scopeNote": "method.note"}),
        notes=notes,
        json_ld=term_json_ld(view, thing, facts),
    )


def _replacements(view: View, facts: Facts) -> list[Thing]:
    """Return the method that has taken the place of this one, if it is no longer used."""
    found = (view.naming.thing(iri) for iri in facts.texts("dcterms:isReplacedBy"))
    return [thing for thing in found if thing]


def _asked(view: View) -> tuple[str, int]:
    role, number = view.asked.value("role"), view.asked.value("page", "1")
    if role and role not in ROLES:
        raise UsageError(f"the role {role!r} is not one of {', '.join(ROLES)}")
    if not number.isdecimal() or not 1 <= int(number) <= 10_000:
        raise UsageError("the page is a number from 1 to 10000")
    return role, int(number)


def _trainers(view: View, thing: Thing) -> list[ProjectCard]:
    """Return the latest projects that train people in the method."""
    found = dict.fromkeys(
        use.project for use in view.index.uses(method=thing.id, roles=("trains",), limit=4 * _TRAINERS)
    )
    return view.cards(list(found)[:_TRAINERS])


def _page_address(view: View, thing: Thing, role: str, number: int) -> str:
    chosen = {"role": role} if role else {}
    return view.asked.href(f"method/{thing.key}", **chosen, page=str(number))


def _roles(view: View, thing: Thing, counts: dict[str, int], chosen: str) -> Iterator[RoleChoice]:
    for role in ROLES:
        if counts.get(role):
            href = view.asked.href(f"method/{thing.key}", role=role)
            yield RoleChoice(role, counts[role], href, role == chosen)


def _quotes(view: View, thing: Thing, uses: Sequence[UseRow]) -> Iterator[Quote]:
    numbers = list(dict.fromkeys(use.project for use in uses))
    cards = {card.row.thing.id: card for card in view.cards(numbers)}
    for use in uses:
        card = cards[use.project]
        before, matched, after = parted(use)
        href = view.asked.href(f"use/{card.link.key}/{thing.key}/{use.role}")
        yield Quote(card, use.role, before, matched, after, href)


def parted(use: UseRow) -> tuple[str, str, str]:
    """Return the sentence of a use in three parts, around the name that was found in it."""
    quote = use.quote or ""
    return quote.partition(use.matched) if use.matched else (quote, "", "")


def _outside(facts: Facts) -> list[ThingLink]:
    links = []
    for short in ("rdfs:seeAlso", "skos:closeMatch", "skos:exactMatch", "skos:relatedMatch"):
        for iri in facts.texts(short):
            if iri.startswith(("http://", "https://")):
                host = iri.partition("://")[2].partition("/")[0].removeprefix("www.")
                links.append(ThingLink(iri, host, "", short.replace(":", "-"), iri))
    return links
