"""The page of a project: facts with units and sources, methods with their words, the text, and its relatives."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from kg.search import Thing, UseRow
from kg.web.answers import Content
from kg.web.facts import Facts, Value
from kg.web.json_ld import project_json_ld
from kg.web.pages.others import told_of_others
from kg.web.rendering import page
from kg.web.things import FactRow, SourceNote, fact_rows, source_notes
from kg.web.views import ThingLink, View, by_strength

_ELSEWHERE = frozenset(
    """rdf:type dcterms:title dcterms:description kg:method kg:methodUse kg:mention prov:wasDerivedFrom""".split()
)
"""Properties that the page shows in another form than as a row of the table."""
_SURE, _LIKELY = 0.8, 0.5
_MOST_SISTERS, _MOST_SIMILAR, _MOST_REASONS = 8, 6, 5


@dataclass(frozen=True, slots=True)
class UseView:
    """A method in the project: the sentence in three parts around the name that was found, and how sure it is."""

    method: ThingLink
    role: str
    before: str
    matched: str
    after: str
    rule: str
    confidence: float | None
    sureness: str
    anchor: str
    href: str


@dataclass(frozen=True, slots=True)
class TextPiece:
    """A piece of the description; `anchors` name the uses whose sentence or name it belongs to."""

    text: str
    quoted: bool
    anchor: str
    method: str


@dataclass(frozen=True, slots=True)
class Sister:
    """A project that belongs with this one, and why (a message)."""

    link: ThingLink
    reason: str


@dataclass(frozen=True, slots=True)
class Similar:
    """A project like this one, when it ran, and what the two share."""

    link: ThingLink
    period: str
    shared: tuple[ThingLink, ...]


def project_page(view: View, thing: Thing, facts: Facts) -> Content:
    """Return the page of a project."""
    row = view.index.project_rows([thing.id])[0]
    notes = source_notes(view, facts)
    description = _description(facts)
    uses = sorted(
        view.index.uses(project=thing.id), key=lambda use: (by_strength(use.role), use.start or 0, use.method)
    )
    shown = [_use_view(view, thing, use) for use in uses]
    rows: list[FactRow] = fact_rows(view, facts, notes, _ELSEWHERE)
    linked = view.index.targets([thing.id], "owner", "ownerUnit", "partner", "region", "programme", "fund")[thing.id]
    return page(
        view.asked,
        "project.html",
        thing=thing,
        link=view.link(thing),
        row=row,
        facts=rows,
        notes=notes,
        linked={name: view.links(other for relation, other in linked if relation == name) for name in _RELATIONS},
        uses=shown,
        pieces=list(_pieces(description, uses, {use.anchor: use.method.label for use in shown})),
        text_language=description.language or "sv" if description else "sv",
        told=told_of_others(view, facts),
        sisters=list(_sisters(view, thing)),
        findings=view.site.findings.by_project.get(facts.iri, ()),
        similar=list(_similar(view, thing)),
        json_ld=project_json_ld(view, thing, row, facts),
        origin=_origin(notes),
    )


_RELATIONS = ("owner", "ownerUnit", "partner", "region", "programme", "fund")


def _origin(notes: Mapping[str, SourceNote]) -> SourceNote | None:
    return next((note for note in notes.values() if note.address), None)


def _description(facts: Facts) -> Value | None:
    found = facts.of("dcterms:description")
    return next((value for value in found if value.language == "sv"), found[0] if found else None)


def anchor_of(use: UseRow) -> str:
    """Return the name of the place on the page where a use stands."""
    return f"use-{use.method}-{use.role}"


def _use_view(view: View, project: Thing, use: UseRow) -> UseView:
    method = view.index.thing(use.method)
    quote, matched = use.quote or "", use.matched or ""
    before, found, after = quote.partition(matched) if matched else (quote, "", "")
    confidence = use.confidence
    sureness = (
        "unstated"
        if confidence is None
        else "sure"
        if confidence >= _SURE
        else "likely"
        if confidence >= _LIKELY
        else "unsure"
    )
    return UseView(
        method=view.link(method),
        role=use.role,
        before=before,
        matched=found,
        after=after,
        rule=use.rule or "",
        confidence=confidence,
        sureness=sureness,
        anchor=anchor_of(use),
        href=view.asked.href(f"use/{project.key}/{method.key}/{use.role}"),
    )


def _pieces(description: Value | None, uses: Sequence[UseRow], methods: Mapping[str, str]) -> Iterator[TextPiece]:
    """Yield the description in pieces: sentences that prove a method, and in them the names that were found."""
    if description is None:
        return
    text = description.text
    quotes, names = _spans(text, uses)
    bounds = sorted({0, len(text), *(place for span in (*quotes, *names) for place in span)})
    for start, end in pairwise(bounds):
        quoted = any(first <= start and end <= last for first, last in quotes)
        anchor = next((mark for (first, last), mark in names.items() if first <= start and end <= last), "")
        yield TextPiece(text[start:end], quoted, anchor, methods.get(anchor, ""))


def _spans(text: str, uses: Iterable[UseRow]) -> tuple[set[tuple[int, int]], dict[tuple[int, int], str]]:
    """Return where the sentences of the uses stand in the text, and the names found, with the place of their use."""
    quotes: set[tuple[int, int]] = set()
    names: dict[tuple[int, int], str] = {}
    for use in uses:
        if use.start is None or use.end is None or text[use.start : use.end] != use.matched:
            continue  # the words stand in another text of the project than the one that is shown
        names.setdefault((use.start, use.end), anchor_of(use))
        start = text.rfind(use.quote or use.matched, 0, use.start + len(use.quote or use.matched))
        if use.quote and 0 <= start <= use.start:
            quotes.add((start, start + len(use.quote)))
    return quotes, names


def _sisters(view: View, thing: Thing) -> Iterator[Sister]:
    """Yield the projects that this one continues, that continue it, and that run beside it with the same owner."""
    earlier = [other for _, other in view.index.targets([thing.id], "continues")[thing.id]]
    later = view.index.sources(thing.id, "continues")
    for reason, found in (("continues", earlier), ("continued_by", later)):
        for other in found:
            yield Sister(view.link(other), reason)
    seen = {thing.id, *(other.id for other in (*earlier, *later))}
    owners = [other for _, other in view.index.targets([thing.id], "owner")[thing.id]]
    found_together: dict[int, list[Thing]] = defaultdict(list)
    for owner in owners:
        for other in view.index.sources(owner.id, "owner", limit=_MOST_SISTERS):
            found_together[other.id].append(other)
    for number, others in found_together.items():
        if number not in seen:
            yield Sister(view.link(others[0]), "same_owner")


def _similar(view: View, thing: Thing) -> Iterator[Similar]:
    found = view.index.likeness.projects(thing.id, _MOST_SIMILAR)
    rows = {row.thing.id: row for row in view.index.project_rows([alike.number for alike in found])}
    for alike in found:
        row = rows[alike.number]
        years = " – ".join(dict.fromkeys(day[:4] for day in (row.start, row.end) if day))
        shared = view.links(view.index.thing(number) for _, number in alike.shared[:_MOST_REASONS])
        yield Similar(view.link(row.thing), years, shared)
