"""Lists of all things of a kind, as pages, JSON and CSV."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from types import MappingProxyType

from kg.errors import UsageError
from kg.search import Thing
from kg.web.answers import Content, Link
from kg.web.rendering import page
from kg.web.routes import FORMS, Handler
from kg.web.views import ThingLink, View

LISTS: Mapping[str, str] = MappingProxyType(
    {
        "owners": "owner",
        "units": "unit",
        "regions": "region",
        "funds": "fund",
        "programmes": "programme",
        "programme-areas": "programme-area",
        "specific-objectives": "specific-objective",
        "intervention-fields": "intervention-field",
        "owner-types": "owner-type",
        "sources": "source",
    }
)
"""Lists by path, with the kind of their things; methods have a page of their own."""
ALL_LISTS: Mapping[str, str] = MappingProxyType({"projects": "project", "methods": "method", **LISTS})
LEVELS = ("region", "county", "municipality")
"""Regions stand in three lists: those in which projects say that they work, and those in which beneficiaries sit."""
SIZE = 100
_WITH_UNUSED = frozenset(("project", "region", "owner-type"))


def takes(path: str) -> frozenset[str]:
    """Return the parameters of a list."""
    own = {"owners": "type", "regions": "level"}.get(path)
    return frozenset(("q", "page", own) if own else ("q", "page"))


@dataclass(frozen=True, slots=True)
class Group:
    """A group of methods with its methods, those in most projects first."""

    link: ThingLink
    members: tuple[ThingLink, ...]
    used: int


def list_answer(path: str) -> Handler:
    """Return the handler of a list."""
    kind = ALL_LISTS[path]

    def answer(view: View, form: str) -> Content:
        number = _page(view)
        if form != "html":
            return _file(view, path, _part(view, kind, 0, None)[0], form)
        shown, total = _part(view, kind, (number - 1) * SIZE, SIZE)
        return page(
            view.asked,
            "list.html",
            kind=kind,
            path=path,
            total=total,
            things=[view.link(thing) for thing in shown],
            rows=view.index.project_rows([thing.id for thing in shown]) if kind == "project" else (),
            codes={thing.key: thing.notation for thing in shown if thing.notation},
            largest=max((thing.projects for thing in shown), default=1) or 1,
            types=view.links(view.index.things("owner-type")) if kind == "owner" else (),
            levels=LEVELS if kind == "region" else (),
            level=_level_asked(view) if kind == "region" else "",
            text=view.asked.value("q"),
            before=_address(view, path, number - 1) if number > 1 else None,
            after=_address(view, path, number + 1) if number * SIZE < total else None,
            links=_links(path),
        )

    return answer


def methods_answer(view: View, form: str) -> Content:
    """Return the methods by group."""
    if form != "html":
        return _file(view, "methods", view.index.things("method"), form)
    groups = sorted(_groups(view), key=lambda group: (-group.used, group.link.label))
    return page(
        view.asked, "methods.html", groups=groups, total=view.index.figures.count("method"), links=_links("methods")
    )


def overview_page(view: View, form: str) -> Content:
    """Return the list of lists."""
    counts = view.index.figures.kinds
    rows = [
        (path, kind, counts[kind], view.index.figures.count(kind, used=True))
        for path, kind in ALL_LISTS.items()
        if kind in counts
    ]
    return page(view.asked, "lists.html", rows=rows)


def _groups(view: View) -> Iterator[Group]:
    methods = {thing.id: thing for thing in view.index.things("method")}
    parents = {
        number: [other for _, other in linked]
        for number, linked in view.index.targets(list(methods), "broader").items()
    }
    for number, thing in methods.items():
        if not parents[number]:
            members = _below(number, methods, parents)
            if members:
                yield Group(view.link(thing), view.links(members), sum(member.projects > 0 for member in members))


def _below(group: int, methods: Mapping[int, Thing], parents: Mapping[int, Sequence[Thing]]) -> list[Thing]:
    """Return the methods anywhere below a group, those in most projects first."""
    inside = {group}
    while True:
        more = {number for number in methods if number not in inside and any(p.id in inside for p in parents[number])}
        if not more:
            break
        inside |= more
    found = [methods[number] for number in inside - {group}]
    return sorted(found, key=lambda thing: (-thing.projects, thing.sv or thing.key))


def _part(view: View, kind: str, skip: int, limit: int | None) -> tuple[list[Thing], int]:
    """Return the things of a kind that were asked for, from one place of the list on, and how many there are in all."""
    index, used = view.index, kind not in _WITH_UNUSED
    if kind == "region" and (limit is not None or "level" in dict(view.asked.values)):
        return _regions(view, skip, limit)
    text, chosen = view.asked.value("q").strip(), view.asked.value("type") if kind == "owner" else ""
    if not text and not chosen:
        return index.things(kind, used=used, limit=-1 if limit is None else limit, skip=skip), index.figures.count(
            kind, used=used
        )
    found = index.matching(kind, text, used=used)
    if chosen:
        thing = index.thing_of("owner-type", chosen)
        inside = set(index.source_numbers(thing.id, "ownerType")) if thing else set()
        found = [number for number in found if number in inside]
    return index.many(found[skip:] if limit is None else found[skip : skip + limit]), len(found)


def _regions(view: View, skip: int, limit: int | None) -> tuple[list[Thing], int]:
    level = _level_asked(view)
    numbers = view.index.matching("region", view.asked.value("q").strip())
    found = [thing for thing in view.index.many(numbers) if level in ("", _level(thing))]
    return found[skip:] if limit is None else found[skip : skip + limit], len(found)


def _level(region: Thing) -> str:
    """Return the level of a region: a municipality has a number, a county a NUTS code of three more characters."""
    return "municipality" if region.key.isdigit() else "county" if len(region.key) == len("SE110") else "region"


def _level_asked(view: View) -> str:
    """Return the level to list; whoever looks for a name finds it on every level."""
    levels = [value for name, value in view.asked.values if name == "level"]
    level = levels[0] if levels else ""
    if levels and level not in LEVELS:
        raise UsageError(f"the level {level!r} is not one of {', '.join(LEVELS)}")
    return level or ("" if view.asked.value("q").strip() else LEVELS[0])


def _page(view: View) -> int:
    number = view.asked.value("page", "1")
    if not number.isdecimal() or not 1 <= int(number) <= 100_000:
        raise UsageError("the page is a number from 1 to 100000")
    return int(number)


def _address(view: View, path: str, number: int) -> str:
    kept = {name: view.asked.value(name) for name in ("q", "type", "level") if view.asked.value(name)}
    return view.asked.href(path, **kept, page=str(number))


def _links(path: str) -> tuple[Link, ...]:
    return tuple(Link(f"{path}.{form}", "alternate", FORMS[form]) for form in ("json", "csv"))


def _file(view: View, path: str, found: Sequence[Thing], form: str) -> Content:
    records = [
        {
            "key": thing.key,
            "iri": view.iri(thing),
            "notation": thing.notation,
            "sv": thing.sv,
            "en": thing.en,
            "projects": thing.projects,
        }
        for thing in found
    ]
    if form == "json":
        body = json.dumps({"kind": ALL_LISTS[path], "total": len(records), "things": records}, ensure_ascii=False)
        return Content(body.encode(), FORMS[form], links=_links(path))
    text = StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(("key", "iri", "notation", "sv", "en", "projects"))
    writer.writerows(["" if value is None else value for value in record.values()] for record in records)
    return Content(text.getvalue().encode(), FORMS[form], links=_links(path))
