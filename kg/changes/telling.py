"""Tells changes in words, as plain values for programs, and as RDF.

The RDF is TriG. The change is an ``as:Collection`` of ActivityStreams 2.0 (a W3C recommendation); each item is an
``as:Create``, ``as:Delete`` or ``as:Update`` with the thing as ``as:object``, a sentence in both languages as
``as:summary``, and for an update each property that changed as ``rdf:predicate``. Two named graphs, ``…/added`` and
``…/removed``, hold the statements themselves.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from kg.changes.naming import LONGEST
from kg.changes.summary import Changes, State, ThingChange, ValueChange
from kg.literals import in_language, literal
from kg.release.words import Text
from kg.turtle import trig
from kg.vocabulary import EXTERNAL_PREFIXES, Names

ACTIVITIES = "https://www.w3.org/ns/activitystreams#"
_CLASSES: Mapping[State, str] = {"added": "Create", "removed": "Delete", "changed": "Update"}
_STATES: Mapping[State, Text] = {
    "added": Text("tillkom", "added"),
    "removed": Text("försvann", "removed"),
    "changed": Text("ändrades", "changed"),
}
_KINDS = {
    "project": Text("Projekt", "Projects"),
    "owner": Text("Organisationer", "Organisations"),
    "unit": Text("Enheter", "Units"),
    "method": Text("Metoder", "Methods"),
    "region": Text("Regioner", "Regions"),
    "fund": Text("Fonder", "Funds"),
    "programme": Text("Program", "Programmes"),
    "programme-area": Text("Programområden", "Programme areas"),
    "specific-objective": Text("Specifika mål", "Specific objectives"),
    "intervention-field": Text("Interventionsområden", "Intervention fields"),
    "owner-type": Text("Typer av organisationer", "Types of organisations"),
    "source": Text("Källor", "Sources"),
    "name-match": Text("Namnträffar", "Name matches"),
    "scheme": Text("Kodlistor", "Code lists"),
    "agent": Text("Utgivare", "Publishers"),
    "": Text("Termer och annat", "Terms and others"),
}
_NOTHING = Text("(inget)", "(none)")
_AROUND = 24


def lines(changes: Changes, language: str) -> Iterator[str]:
    """Yield the changes in words, a line at a time, in Swedish (``sv``) or English; fit for a terminal."""
    # With control characters a source could write anywhere on a terminal.
    yield from (
        "".join(c if c.isprintable() or c.isspace() else "�" for c in line) for line in _lines(changes, language)
    )


def _lines(changes: Changes, language: str) -> Iterator[str]:
    difference = changes.difference
    if difference.same:
        yield Text("Samma innehåll.", "The same content.").in_language(language)
        return
    yield _totals(changes).in_language(language)
    heading = ("", "")
    for thing in changes.things:
        if (thing.kind, thing.state) != heading:
            heading = (thing.kind, thing.state)
            kind = _KINDS.get(thing.kind, Text(thing.kind, thing.kind)).in_language(language)
            yield ""
            yield f"{kind}, {_STATES[thing.state].in_language(language)}"
        name = thing.label.in_language(language)
        yield f"  {thing.key}" + (f" {name}" if name != thing.key else "")
        yield from (f"    {line}" for value in thing.values for line in _told(value, language))


def plain(changes: Changes) -> dict[str, Any]:
    """Return the changes as values that JSON can hold."""
    return {
        "old": changes.old,
        "new": changes.new,
        "same": changes.difference.same,
        "statements": {
            "added": len(changes.difference.added),
            "removed": len(changes.difference.removed),
            "otherSources": changes.difference.moved,
        },
        "things": [_plain(thing) for thing in changes.things],
    }


def rdf(changes: Changes) -> Iterator[str]:
    """Yield the pieces of a TriG document of the changes; the same changes give the same text."""
    names = Names(changes.base)
    mark = hashlib.sha256("\n".join((*changes.difference.removed, "", *changes.difference.added)).encode())
    subject = names.thing("change", mark.hexdigest()[:16])
    graphs = {
        "": sorted(set(_described(changes, subject))),
        f"<{subject}/added>": changes.difference.added,
        f"<{subject}/removed>": changes.difference.removed,
    }
    return trig({name: found for name, found in graphs.items() if found}, {**names.prefixes(), "as": ACTIVITIES})


def _totals(changes: Changes) -> Text:
    parts: dict[str, list[str]] = {tag: [] for tag in Text.TAGS}
    for kind in ("project", "owner", "method"):
        counts = [(state, changes.count(kind, state)) for state in _STATES]
        for tag in Text.TAGS:
            told = ", ".join(f"{count} {_STATES[state].in_language(tag)}" for state, count in counts if count)
            if told:
                parts[tag].append(f"{_KINDS[kind].in_language(tag)}: {told}.")
    difference = changes.difference
    parts["sv"].append(f"Utsagor: {len(difference.added)} tillkom, {len(difference.removed)} försvann.")
    parts["en"].append(f"Statements: {len(difference.added)} added, {len(difference.removed)} removed.")
    if difference.moved:
        parts["sv"].append(f"Samma utsaga från annan källa: {difference.moved}.")
        parts["en"].append(f"The same statement from another source: {difference.moved}.")
    return Text(" ".join(parts["sv"]), " ".join(parts["en"]))


def _told(value: ValueChange, language: str) -> Iterator[str]:
    label = value.label.in_language(language)
    old, new = ([text.in_language(language) for text in texts] for texts in (value.old, value.new))
    if value.links and (len(old) != 1 or len(new) != 1):
        marked = [*(f"− {text}" for text in old), *(f"+ {text}" for text in new)]
        yield from (f"{label}: {_short(text)}" for text in marked)
    elif len(old) == len(new) == 1:
        yield f"{label}: " + " → ".join(_around(old[0], new[0]))
    else:
        before, after = (", ".join(map(_short, texts)) or _NOTHING.in_language(language) for texts in (old, new))
        yield f"{label}: {before} → {after}"


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1].rstrip()}…"


def _around(old: str, new: str) -> tuple[str, str]:
    """Return two texts; long ones are cut to what differs, with a little of what stands before it."""
    if max(len(old), len(new)) <= LONGEST:
        return _short(old), _short(new)
    start = next((n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    start = max(0, start - _AROUND)
    lead = "…" if start else ""
    return _short(lead + old[start:]), _short(lead + new[start:])


def _plain(thing: ThingChange) -> dict[str, Any]:
    values = [
        {
            "property": value.property,
            "label": dict(value.label.pairs()),
            "old": [text.sv for text in value.old],
            "new": [text.sv for text in value.new],
        }
        for value in thing.values
    ]
    named = {"iri": thing.iri, "kind": thing.kind, "key": thing.key, "label": dict(thing.label.pairs())}
    return {**named, "change": thing.state, **({"values": values} if values else {})}


def _described(changes: Changes, subject: str) -> Iterator[str]:
    rdf_type, label = f"<{EXTERNAL_PREFIXES['rdf']}type>", f"<{EXTERNAL_PREFIXES['rdfs']}label>"
    yield f"<{subject}> {rdf_type} <{ACTIVITIES}Collection>"
    yield f"<{subject}> <{ACTIVITIES}totalItems> {literal(len(changes.things))}"
    for tag, text in _totals(changes).pairs():
        yield f"<{subject}> <{ACTIVITIES}summary> {in_language(text, tag)}"
    for state, found in (("added", changes.difference.added), ("removed", changes.difference.removed)):
        if found:
            yield f"<{subject}/{state}> <{ACTIVITIES}context> <{subject}>"
            for tag, text in Text(f"Utsagor: {len(found)}", f"Statements: {len(found)}").pairs():
                yield f"<{subject}/{state}> {label} {in_language(text, tag)}"
    for number, thing in enumerate(changes.things, 1):
        item = f"<{subject}/{number}>"
        yield f"<{subject}> <{ACTIVITIES}items> {item}"
        yield f"{item} {rdf_type} <{ACTIVITIES}{_CLASSES[thing.state]}>"
        named = thing.iri if thing.iri.startswith("_:") else f"<{thing.iri}>"
        yield f"{item} <{ACTIVITIES}object> {named}"
        for tag in Text.TAGS:
            yield f"{item} <{ACTIVITIES}summary> {in_language(_sentence(thing, tag), tag)}"
        for value in thing.values:
            yield f"{item} <{EXTERNAL_PREFIXES['rdf']}predicate> <{value.property}>"


def _sentence(thing: ThingChange, language: str) -> str:
    name = thing.label.in_language(language)
    head = f"{thing.key} {name}" if name != thing.key else name
    told = "; ".join(line for value in thing.values for line in _told(value, language))
    return f"{head}: {told or _STATES[thing.state].in_language(language)}"
