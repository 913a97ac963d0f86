"""Outward links on equal identifiers: asks a SPARQL server such as Wikidata's, and writes a file that a person reviews.

Nothing is linked by likeness of names. An identifier that several items carry, or an item that carries the identifiers
of several things, proves neither and is reported. `kg build --links FILE` adds a reviewed file as a graph of its own.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.errors import EndpointError, InputError
from kg.store.http import check_address
from kg.terms import base_of
from kg.vocabulary import EXTERNAL_PREFIXES, Names

if TYPE_CHECKING:
    from kg.store import Store

WIKIDATA = "https://query.wikidata.org/sparql"
AGENT = "esf-kg/0.1 (knowledge graph of Swedish European Social Fund projects; SPARQLWrapper)"
BATCH = 150
"""Identifiers asked for at once: a question that every public server answers in seconds."""
RETRIES, FIRST_WAIT_SECONDS, TIMEOUT_SECONDS = 4, 1.0, 60
_WDT = "http://www.wikidata.org/prop/direct/"
_KINDS = (("owner", "P6460"), ("nuts", "P605"), ("municipality", "P525"))
_SAME, _EXACT = EXTERNAL_PREFIXES["owl"] + "sameAs", EXTERNAL_PREFIXES["skos"] + "exactMatch"
_RETRIED = frozenset((429, 500, 502, 503, 504))


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


@dataclass(frozen=True, slots=True)
class Asking:
    """How a server is asked: its address, a folder that keeps answers (None for none), and how to wait, in seconds."""

    endpoint: str
    cache: Path | None = None
    wait: Callable[[float], None] = time.sleep


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
    """
    check_address(asking.endpoint)
    items: defaultdict[Identified, set[str]] = defaultdict(set)
    for kind, property_ in _KINDS:
        some = [thing for thing in things if thing.kind == kind]
        for start in range(0, len(some), BATCH):
            batch = {form: thing for thing in some[start : start + BATCH] for form in _forms(thing)}
            for item, value in _answer(_question(property_, list(batch)), asking):
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
    carried: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for thing, found in items.items():
        for item in found:
            carried[thing.kind, item].add(thing.identifier)
    proved, unclear = [], []
    for thing in sorted(items, key=lambda thing: (thing.kind, thing.identifier)):
        first, *more = sorted(items[thing])
        if more:
            unclear.append(
                f"{thing.identifier} ({thing.label}) is carried by several items: {', '.join((first, *more))}"
            )
        elif len(carried[thing.kind, first]) > 1:
            others = ", ".join(sorted(carried[thing.kind, first] - {thing.identifier}))
            unclear.append(f"{first} carries {thing.identifier} ({thing.label}) and {others}")
        else:
            proved.append(Link(thing, first))
    return Linked(tuple(proved), tuple(unclear))


def _answer(question: str, asking: Asking) -> list[tuple[str, str]]:
    """Return the rows of an answer, from the cache if it was asked before."""
    name = hashlib.sha256(f"{asking.endpoint}\n{question}".encode()).hexdigest()
    kept = asking.cache / f"{name}.json" if asking.cache else None
    known = _kept(kept) if kept else None
    if known is not None:
        return known
    rows = _asked(question, asking)
    if kept:
        kept.parent.mkdir(parents=True, exist_ok=True)
        # Whole or not at all: a run that is killed must not leave half an answer.
        part = kept.with_suffix(".part")
        part.write_text(json.dumps(rows), encoding="utf-8")
        part.replace(kept)
    return rows


def _kept(path: Path) -> list[tuple[str, str]] | None:
    """Return an answer that was kept, None where there is none that can be read."""
    try:
        return [(str(item), str(value)) for item, value in json.loads(path.read_text(encoding="utf-8"))]
    except (OSError, ValueError, TypeError):
        return None


def _asked(question: str, asking: Asking) -> list[tuple[str, str]]:
    seconds = FIRST_WAIT_SECONDS
    for attempt in range(RETRIES + 1):
        problem, wanted = _try(question, asking.endpoint)
        if isinstance(problem, list):
            return problem
        if attempt == RETRIES:
            raise EndpointError(f"{asking.endpoint} {problem}, after {RETRIES + 1} attempts")
        asking.wait(wanted or seconds)
        seconds *= 2
    raise AssertionError("the loop returns or raises")


def _try(question: str, endpoint: str) -> tuple[list[tuple[str, str]] | str, float]:
    """Return the rows, or what went wrong and how many seconds the server asks to wait (0 for its silence on it)."""
    from http.client import HTTPException
    from urllib.error import HTTPError, URLError

    from SPARQLWrapper import JSON, POST, SPARQLWrapper
    from SPARQLWrapper.SPARQLExceptions import SPARQLWrapperException

    wrapper = SPARQLWrapper(endpoint, returnFormat=JSON, agent=AGENT)
    wrapper.setQuery(question)
    wrapper.setMethod(POST)
    wrapper.setTimeout(TIMEOUT_SECONDS)
    try:
        answer: Any = wrapper.query().convert()
        rows = answer["results"]["bindings"]
        return [(row["item"]["value"], row["value"]["value"]) for row in rows], 0.0
    except (HTTPError, SPARQLWrapperException) as error:
        cause = error if isinstance(error, HTTPError) else error.__context__
        status = cause.code if isinstance(cause, HTTPError) else 500
        wanted = cause.headers.get("Retry-After", "") if isinstance(cause, HTTPError) else ""
        if isinstance(cause, HTTPError):
            cause.close()
        if status not in _RETRIED:
            raise EndpointError(f"{endpoint} answers {status} to a question for identifiers") from error
        return f"answers {status}", float(wanted) if wanted.isdecimal() else 0.0
    except (OSError, HTTPException) as error:
        return (
            f"cannot be reached ({error.reason if isinstance(error, URLError) else error or type(error).__name__})",
            0.0,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise EndpointError(f"{endpoint} does not answer in the JSON of SPARQL results") from error


def turtle(linked: Linked, base: str) -> Iterator[str]:
    """Yield the lines of a file of links: one statement a line, with name and identifier as a comment to review."""
    yield f"BASE <{base}>\n"
    yield f"PREFIX owl: <{EXTERNAL_PREFIXES['owl']}>\n"
    yield f"PREFIX skos: <{EXTERNAL_PREFIXES['skos']}>\n\n"
    yield "# Links on equal identifiers. Delete a line that is wrong; kg build --links adds what stays.\n"
    for each in linked.links:
        predicate = "owl:sameAs" if each.thing.kind == "owner" else "skos:exactMatch"
        subject = each.thing.iri.removeprefix(base)
        comment = " ".join(f"{each.thing.label}, {each.thing.identifier}".split())
        yield f"<{subject}> {predicate} <{each.item}> . # {comment}\n"
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
