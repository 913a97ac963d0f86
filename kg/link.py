"""Outward links on equal identifiers: asks a SPARQL server such as Wikidata's, and writes a file that a person reviews.

Nothing is linked by likeness of names. An identifier that several items carry, or an item that carries the identifiers
of several things, proves neither and is reported. `kg build --links FILE` adds a reviewed file as a graph of its own.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import InputError
from kg.link_server import Asking, answer
from kg.store.http import check_address
from kg.terms import base_of
from kg.vocabulary import EXTERNAL_PREFIXES, Names

if TYPE_CHECKING:
    from kg.store import Store

WIKIDATA = "https://query.wikidata.org/sparql"
BATCH = 150
"""Identifiers asked for at once: a question that every public server answers in seconds."""
_WDT = "http://www.wikidata.org/prop/direct/"
_KINDS = (("owner", "P6460"), ("nuts", "P605"), ("municipality", "P525"))
_SAME, _EXACT = EXTERNAL_PREFIXES["owl"] + "sameAs", EXTERNAL_PREFIXES["skos"] + "exactMatch"
_SHOWN = 5
"""How many identifiers of one item a line names."""
_TAKEN_OUT = re.compile(r"#+\s*(<[^<>\s]+> (?:owl:sameAs|skos:exactMatch) <[^<>\s]+>)")


@dataclass(frozen=True, slots=True)
class Identified:
    """A thing of the graph with the identifier by which others know it; `kind` is owner, nuts or municipality."""

    iri: str
    label: str
    identifier: str
    kind: str


@dataclass(frozen=True, slots=True)
class Link:
    """A thing and the item elsewhere that carries the same identifier."""

    thing: Identified
    item: str


@dataclass(frozen=True, slots=True)
class Linked:
    """The links that identifiers prove, and for each identifier that proves none why."""

    links: tuple[Link, ...]
    unclear: tuple[str, ...]


def identified(store: Store) -> list[Identified]:
    """Return the owners with a number, the NUTS regions and the municipalities of a graph; raises what it raises."""
    names, skos = Names(store.base), EXTERNAL_PREFIXES["skos"]
    label = f'<{skos}prefLabel> ?l FILTER(LANG(?l) = "sv")'
    owners = f"?t a <{names.term('Owner')}> ; <{names.term('organisationNumber')}> ?i ; {label}"
    regions = f"?t a <{names.term('Region')}> ; <{skos}notation> ?i ; {label}"
    found = [
        Identified(str(iri), str(name), str(number), "owner")
        for iri, name, number in store.texts(f"SELECT DISTINCT ?t ?l ?i {{ {owners} }}")
    ]
    for iri, name, code in store.texts(f"SELECT DISTINCT ?t ?l ?i {{ {regions} }}"):
        kind = "municipality" if str(code).isdecimal() else "nuts"
        found.append(Identified(str(iri), str(name), str(code), kind))
    return sorted(found, key=lambda thing: (thing.kind, thing.identifier))


def links(things: Sequence[Identified], asking: Asking) -> Linked:
    """Ask for the items that carry the identifiers of `things`.

    Raises:
        UsageError: the endpoint is not an http or https address.
        EndpointError: the server cannot be reached, or keeps refusing.
        BuildError: the cache cannot be written.
    """
    check_address(asking.endpoint)
    items: defaultdict[Identified, set[str]] = defaultdict(set)
    for kind, property_ in _KINDS:
        some = [thing for thing in things if thing.kind == kind]
        for start in range(0, len(some), BATCH):
            batch = {form: thing for thing in some[start : start + BATCH] for form in _forms(thing)}
            for item, value in answer(_question(property_, list(batch)), asking):
                if value in batch:
                    items[batch[value]].add(item)
    return _proved(items)


def _forms(thing: Identified) -> tuple[str, ...]:
    """Return the ways in which an identifier is written: organisation numbers with the hyphen and without."""
    plain = thing.identifier
    return (f"{plain[:6]}-{plain[6:]}", plain) if thing.kind == "owner" else (plain,)


def _question(property_: str, values: Sequence[str]) -> str:
    listed = " ".join(json.dumps(value) for value in values)
    return f"SELECT ?item ?value WHERE {{ VALUES ?value {{ {listed} }} ?item <{_WDT}{property_}> ?value }}"


def _proved(items: Mapping[Identified, set[str]]) -> Linked:
    carried: defaultdict[tuple[str, str], list[Identified]] = defaultdict(list)
    things = sorted(items, key=lambda thing: (thing.kind, thing.identifier))
    for thing in things:
        for item in items[thing]:
            carried[thing.kind, item].append(thing)
    proved, unclear = [], []
    for thing in things:
        first, *more = sorted(items[thing])
        if more:
            shown = ", ".join((first, *more))
            unclear.append(f"{thing.identifier} ({thing.label}) is carried by several items: {shown}")
        elif len(carried[thing.kind, first]) == 1:
            proved.append(Link(thing, first))
    unclear += [f"{item} carries {_named(several)}" for (_, item), several in carried.items() if len(several) > 1]
    return Linked(tuple(proved), tuple(unclear))


def _named(things: Sequence[Identified]) -> str:
    names = [f"{thing.identifier} ({thing.label})" for thing in things]
    left = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + f" and {left} more" if left > 0 else " and ".join(names)


def taken_out(path: Path) -> frozenset[str]:
    """Return the links of a reviewed file before which a person has put ``#``; none where there is no such file."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return frozenset()
    return frozenset(match[1] for line in lines if (match := _TAKEN_OUT.match(line)))


def turtle(linked: Linked, base: str, out: Collection[str] = ()) -> Iterator[str]:
    """Yield the lines of a file of links: one statement a line, with name and identifier as a comment to review.

    Args:
        linked: the links.
        base: under which our things are named.
        out: links that a person has taken out before, as `taken_out` gives them; they stay out.
    """
    yield f"BASE <{base}>\n"
    yield f"PREFIX owl: <{EXTERNAL_PREFIXES['owl']}>\n"
    yield f"PREFIX skos: <{EXTERNAL_PREFIXES['skos']}>\n\n"
    yield "# Links on equal identifiers. Put # before a line that is wrong: it stays out, also when kg link\n"
    yield "# writes this file again. kg build --links adds the others.\n"
    known = set()
    for each in linked.links:
        predicate = "owl:sameAs" if each.thing.kind == "owner" else "skos:exactMatch"
        subject = each.thing.iri.removeprefix(base)
        comment = " ".join(f"{each.thing.label}, {each.thing.identifier}".split())
        link = f"<{subject}> {predicate} <{each.item}>"
        known.add(link)
        yield f"{'# ' if link in out else ''}{link} . # {comment}\n"
    for link in sorted(set(out) - known):
        yield f"# {link} .\n"
    for text in linked.unclear:
        yield f"# not linked: {' '.join(text.split())}\n"


def read_links(path: Path, base: str) -> list[str]:
    """Return the statements of a file of links under `base`, as N-Triples lines without full stop.

    Raises:
        InputError: the file cannot be read, is not Turtle with a line BASE, or says more than links of our things.
    """
    import pyoxigraph

    declared = base_of(path)
    text = path.read_text(encoding="utf-8").replace(declared, base)
    found = []
    try:
        for triple in pyoxigraph.parse(text.encode(), format=pyoxigraph.RdfFormat.TURTLE):
            subject, predicate, value = triple.subject, triple.predicate, triple.object
            if predicate.value not in (_SAME, _EXACT):
                raise InputError(f"{path}: {predicate} is no link; a file of links has owl:sameAs and skos:exactMatch")
            if not isinstance(value, pyoxigraph.NamedNode) or not str(subject).startswith(f"<{base}id/"):
                raise InputError(f"{path}: {subject} {predicate} {value} does not link a thing of ours to an item")
            found.append(f"{subject} {predicate} {value}")
    except SyntaxError as error:
        raise InputError(f"{path} is not Turtle: {error}") from error
    return sorted(set(found))
